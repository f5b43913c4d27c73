#include <math.h>

#include "dt/level.h"
#include "practise_internal.h"

/*
 * Weaknesses of touch: rolls, flams, dynamics, the hi-hat's foot, and tiring. For loudness 3 dB is
 * taken as noticed: three times what listeners just hear of a steady sound, since no two drum
 * strokes are alike. Written loudness is that of the chart (dt_loud_velocity).
 */

static const double NOTICED_DB = 3.0;
static const double NOTICED_HANDS_MS = 5.0;
static const double FLAM_LOWEST_MS = 18.0; /* flatter sounds like one stroke */
static const double FLAM_WIDEST_MS = 75.0;
static const double FLAM_SPREAD_MS = 12.0;
static const double SLOPPY_SHARE = 0.12;
static const double TIRING_GROWTH = 40.0; /* percent of scatter over the take */
static const double TIRING_DB = 3.0;      /* over the take */

static double written_db(dt_loud loud) {
  return dt_velocity_db(dt_loud_velocity(loud)) - dt_velocity_db(dt_loud_velocity(DT_LOUD_NORMAL));
}

/* e less a constant. */
static dt_estimate less(const dt_estimate* e, double constant) {
  return (dt_estimate){e->value - constant, e->low - constant, e->high - constant, e->known};
}

/* What rolls spread by in ms, against the tolerance of the level: an interval has two ends. */
static void rolls(dt__faults* f) {
  const dt_rolls* r = &f->study->rolls;
  if (r->cv_pct.known == DT_KNOWN && r->strokes_per_min.known == DT_KNOWN) {
    const double usual =
        100.0 * sqrt(2.0) * f->verdict->tolerance.scatter_ms * r->strokes_per_min.value / 60e3;
    const dt_estimate ratio = {r->cv_pct.value / usual, r->cv_pct.low / usual,
                               r->cv_pct.high / usual, DT_KNOWN};
    dt__fault_add_ratio(f, DT_WEAK_ROLL, DT_VOICE_COUNT, &ratio, 1.05, 1);
  }
  dt__fault_add(f, DT_WEAK_ROLL_HANDS, DT_VOICE_COUNT, &r->hands.later_ms, NOTICED_HANDS_MS, 0);
  if (r->breakdown_count > 0) {
    const double share = (double)r->breakdown_count / (double)r->tested_count;
    const dt_estimate e = {share, 0.5 * share, 1.5 * share, DT_KNOWN};
    dt__fault_add(f, DT_WEAK_ROLL_BREAKS, DT_VOICE_COUNT, &e, 0.3, 1);
  }
}

static void add_variant(dt__fault* fault, int variant) {
  if (fault) {
    fault->variant = variant;
  }
}

static void flams(dt__faults* f) {
  const dt_spacing* flam = &f->study->flams.flam;
  const dt_estimate flat = less(&flam->mean_ms, FLAM_LOWEST_MS);
  const dt_estimate wide = less(&flam->mean_ms, FLAM_WIDEST_MS);
  const dt_estimate uneven = less(&flam->sd_ms, FLAM_SPREAD_MS);
  add_variant(dt__fault_add(f, DT_WEAK_FLAM, DT_VOICE_COUNT, &flat, 2.0, -1), DT__FLAM_FLAT);
  add_variant(dt__fault_add(f, DT_WEAK_FLAM, DT_VOICE_COUNT, &wide, 5.0, 1), DT__FLAM_WIDE);
  add_variant(dt__fault_add(f, DT_WEAK_FLAM, DT_VOICE_COUNT, &uneven, 1.0, 1), DT__FLAM_UNEVEN);
}

static void dynamics(dt__faults* f) {
  const dt_dynamics* d = &f->study->dynamics;
  for (size_t i = 0; i < d->voice_count; ++i) {
    const dt_voice_dynamics* v = &d->voices[i];
    if (v->inferred || v->levels != DT_LEVELS_GOOD) {
      continue;
    }
    const dt_estimate ghost = less(&v->ghost_db, written_db(DT_LOUD_GHOST));
    dt__fault_add(f, DT_WEAK_GHOSTS, v->voice, &ghost, NOTICED_DB, 1);
    const dt_estimate accent = less(&v->accent_db, written_db(DT_LOUD_ACCENT));
    dt__fault_add(f, DT_WEAK_ACCENTS, v->voice, &accent, 0.6 * NOTICED_DB, -1);
    const dt_estimate whole =
        less(&v->accent_ghost_db, written_db(DT_LOUD_ACCENT) - written_db(DT_LOUD_GHOST));
    if (v->loud_count[DT_LOUD_NORMAL] == 0) {
      dt__fault_add(f, DT_WEAK_GHOSTS, v->voice, &whole, NOTICED_DB, -1);
    }
  }
  const dt_estimate uneven = less(&d->evenness_db, NOTICED_DB);
  dt__fault_add(f, DT_WEAK_EVENNESS, DT_VOICE_COUNT, &uneven, 0.3 * NOTICED_DB, 1);
  dt__fault_add(f, DT_WEAK_HAND_LEVEL, DT_VOICE_COUNT, &f->study->hands.left_right.louder_db,
                NOTICED_DB, 0);
  dt__fault_add(f, DT_WEAK_OPENNESS, DT_VOICE_HIHAT, &f->study->openness.sloppy_share, SLOPPY_SHARE,
                1);
}

static void tiring(dt__faults* f) {
  const dt_fatigue* t = &f->study->fatigue;
  if (t->minutes <= 0.0) {
    return;
  }
  dt__fault_add(f, DT_WEAK_TIRING, DT_VOICE_COUNT, &t->scatter_pct.per_min,
                TIRING_GROWTH / t->minutes, 1);
  add_variant(dt__fault_add(f, DT_WEAK_TIRING, DT_VOICE_COUNT, &t->level_db.per_min,
                            TIRING_DB / t->minutes, -1),
              DT__TIRING_LEVEL);
}

void dt__faults_of_touch(dt__faults* f) {
  rolls(f);
  flams(f);
  dynamics(f);
  tiring(f);
}
