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
static const double SWINGS_BELOW = 600.0; /* strokes a minute: a slower run may be swung */
static const double BREAKS_P = 0.02;
static const double FLAM_LOWEST_MS = 18.0; /* flatter sounds like one stroke */
static const double FLAM_WIDEST_MS = DT_FLAM_NORM_HIGH_MS;
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

/* What intervals of a roll may spread by, in percent: 10 ms of each stroke, which is noticed below
 * 240 ms between strokes (Friberg & Sundberg 1993), and a share of the interval where that is less;
 * both for a professional, and more for the others (a choice of ours: no norms are published). */
static double limit_pct(const dt__faults* f, double strokes_per_min) {
  static const double LIMIT_MS[] = {
      [DT_LEVEL_BEGINNER] = 20.0, [DT_LEVEL_PLAYER] = 14.0, [DT_LEVEL_PRO] = 10.0};
  static const double LIMIT_SHARE[] = {
      [DT_LEVEL_BEGINNER] = 0.15, [DT_LEVEL_PLAYER] = 0.10, [DT_LEVEL_PRO] = 0.08};
  const dt_level level = f->verdict->level;
  const double limit_ms = fmin(LIMIT_MS[level], f->verdict->tolerance.scatter_ms);
  return 100.0 * sqrt(2.0) * fmin(limit_ms * strokes_per_min / 60e3, LIMIT_SHARE[level]);
}

/* Slower by more than its own unevenness can make of a part of it: 0.3 is what is left of the
 * intervals' variance in a mean, where neighbours make up for each other. */
static bool is_surely_slower(const dt_roll* roll) {
  const double share = roll->breakdown_after_s / (roll->end_s - roll->start_s);
  const double n = (double)roll->stroke_count * share * (1.0 - share);
  const double cv = 0.01 * fmax(roll->cv_before_pct, roll->cv_after_pct);
  return 1.0 - roll->rate_after / roll->rate_before > 4.0 * cv * sqrt(0.3 / n);
}

/* A roll that was uneven from its beginning does not break down; and of many that hold one seems to
 * (Bonferroni). */
bool dt__roll_broke(const dt__faults* f, const dt_roll* roll) {
  if (roll->breakdown == DT_HOLDS ||
      roll->breakdown_p * (double)f->study->rolls.tested_count > BREAKS_P) {
    return false;
  }
  return roll->breakdown == DT_BREAKS_SLOW
             ? is_surely_slower(roll)
             : roll->cv_before_pct <= limit_pct(f, roll->strokes_per_min.value);
}

size_t dt__rolls_broken(const dt__faults* f) {
  size_t count = 0;
  for (size_t i = 0; i < f->study->rolls.count; ++i) {
    count += dt__roll_broke(f, &f->study->rolls.items[i]);
  }
  return count;
}

static void rolls(dt__faults* f) {
  const dt_rolls* r = &f->study->rolls;
  if (r->cv_pct.known == DT_KNOWN && r->strokes_per_min.known == DT_KNOWN) {
    const double usual = limit_pct(f, r->strokes_per_min.value);
    const dt_estimate ratio = {r->cv_pct.value / usual, r->cv_pct.low / usual,
                               r->cv_pct.high / usual, DT_KNOWN};
    dt__fault_rate(dt__fault_add_ratio(f, DT_WEAK_ROLL, DT_VOICE_COUNT, &ratio, 1.05, 1),
                   log(1.35));
  }
  if (f->study->chart || r->strokes_per_min.value > SWINGS_BELOW) {
    dt__fault_add(f, DT_WEAK_ROLL_HANDS, DT_VOICE_COUNT, &r->hands.later_ms, NOTICED_HANDS_MS, 0);
  }
  const size_t broken = dt__rolls_broken(f);
  if (broken > 0) {
    const double share = (double)broken / (double)r->tested_count;
    const dt_estimate e = {share, 0.5 * share, 1.5 * share, DT_KNOWN};
    dt__fault_add(f, DT_WEAK_ROLL_BREAKS, DT_VOICE_COUNT, &e, 0.3, 1);
  }
}

static void add_variant(dt__fault* fault, int variant) {
  if (fault) {
    fault->variant = variant;
  }
}

/* Without a chart a flat flam is a drum that triggers twice. */
static void flams(dt__faults* f) {
  if (!f->study->chart) {
    return;
  }
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
  if (f->study->chart) { /* without one nothing says what was meant equally loud */
    dt__fault_add(f, DT_WEAK_EVENNESS, DT_VOICE_COUNT, &uneven, 0.3 * NOTICED_DB, 1);
  }
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
