#include <math.h>

#include "practise_internal.h"

/*
 * Weaknesses of the tempo and of spreads. Spreads are held against the
 * level's own tolerance, or against the strokes beside them. A step of the tempo is just heard at
 * 2.5 % (Friberg & Sundberg 1995); one that comes back at every fill adds up to that in four.
 */

static const double NOTICED_SPREAD = 1.35;  /* times that of the others */
static const double NOTICED_OF_ALL = 0.05;  /* of the spread of the whole */
static const double NOTICED_STEP = 0.006;   /* of the tempo, at every fill or section */
static const double NOTICED_INSIDE = 0.025; /* in a fill: a step of the tempo that is just heard */

/* The ranking counts from here: a pro's limit of drift is what can be measured, not what is heard,
 * and a spread is hardly looser just above its limit. */
static const double RATED_DRIFT = 1.0;
static const double RATED_SPREAD = 1.35;

static void drift(dt__faults* f) {
  const dt_verdict* v = f->verdict;
  const double minutes = v->span_s / 60.0;
  if (!(minutes > 0.0)) {
    return;
  }
  const double rated = fmax(v->tolerance.drift_percent, RATED_DRIFT) / minutes;
  if (v->drift_found) {
    dt__fault_rate(dt__fault_add(f, DT_WEAK_DRIFT, DT_VOICE_COUNT, &v->all.drift_percent_per_min,
                                 v->tolerance.drift_percent / minutes, 0),
                   rated);
  }
  if (v->ahead_of_click && v->click_bpm > 0.0) {
    const double percent = 100.0 / v->click_bpm;
    const dt_estimate* tempo = &v->all.tempo_bpm;
    const dt_estimate away = {percent * (tempo->value - v->click_bpm),
                              percent * (tempo->low - v->click_bpm),
                              percent * (tempo->high - v->click_bpm), tempo->known};
    dt__fault* fault =
        dt__fault_add(f, DT_WEAK_DRIFT, DT_VOICE_COUNT, &away, v->tolerance.drift_percent, 0);
    dt__fault_rate(fault, fmax(v->tolerance.drift_percent, RATED_DRIFT));
    if (fault) {
      fault->variant = DT__OFF_THE_CLICK;
    }
  }
}

/* Every section begins where a fill has just ended: then what happens there is the fill's. */
static bool follow_fills(const dt_places* p) {
  size_t after_fill = 0;
  for (size_t i = 0; i < p->change_count; ++i) {
    bool found = false;
    for (size_t k = 0; k < p->fills.count && !found; ++k) {
      const int away = p->changes[i].bar - p->fills.items[k].first_bar;
      found = away == 1 || away == 2;
    }
    after_fill += found;
  }
  return 2 * after_fill > p->change_count && p->fills.gain_bpm.known == DT_KNOWN;
}

static void steps(dt__faults* f) {
  const dt_places* p = &f->study->places;
  const double bpm = f->study->marks.bpm;
  dt__fault_add(f, DT_WEAK_FILLS, DT_VOICE_COUNT, &p->fills.gain_bpm, NOTICED_STEP * bpm, 0);
  dt__fault* inside = dt__fault_add(f, DT_WEAK_FILLS, DT_VOICE_COUNT, &p->fills.inside_bpm,
                                    NOTICED_INSIDE * bpm, 0);
  if (inside) {
    inside->variant = DT__FILLS_INSIDE;
  }
  if (!follow_fills(p)) {
    dt__fault_add(f, DT_WEAK_SECTIONS, DT_VOICE_COUNT, &p->change_bpm, NOTICED_STEP * bpm, 0);
  }
}

/* A group that is looser, where it costs the whole something. */
static dt__fault* loose_group(dt__faults* f, dt_weakness weakness, dt_voice voice,
                              const dt_estimate* ratio, int sign) {
  dt__fault* fault = dt__fault_add_ratio(f, weakness, voice, ratio, NOTICED_SPREAD, sign);
  if (fault) {
    double now = 0.0;
    double without = 0.0;
    dt__fault_effect(f, fault, &now, &without);
    if (without > (1.0 - NOTICED_OF_ALL) * now) {
      --f->count;
      return NULL;
    }
  }
  return fault;
}

/* Without a chart the pedal is no voice: it is heard whenever the hi-hat closes. */
static void loose_voice(dt__faults* f, dt_voice voice) {
  if (voice == DT_VOICE_HIHAT_PEDAL && !f->study->chart) {
    return;
  }
  dt__fault* fault = loose_group(f, DT_WEAK_VOICE_SCATTER, voice, &f->spreads.voice[voice], 1);
  if (fault) { /* a drum that is seldom played matters little to the whole */
    fault->severity *= fmin(1.0, sqrt(f->spreads.count[voice] / fmax(f->verdict->bars, 1.0)));
  }
}

static void spreads(dt__faults* f) {
  const dt_estimate* scatter = &f->verdict->all.scatter_ms;
  const double tight = f->verdict->tolerance.scatter_ms;
  const dt_estimate ratio = {scatter->value / tight, scatter->low / tight, scatter->high / tight,
                             scatter->known};
  dt__fault_rate(dt__fault_add_ratio(f, DT_WEAK_SCATTER, DT_VOICE_COUNT, &ratio, 1.05, 1),
                 log(RATED_SPREAD));
  const dt__spreads* s = &f->spreads;
  for (int voice = 0; voice < DT_VOICE_COUNT; ++voice) {
    loose_voice(f, (dt_voice)voice);
  }
  loose_group(f, DT_WEAK_SWING, DT_VOICE_COUNT, &s->swung, 1);
  loose_group(f, DT_WEAK_UNISON, DT_VOICE_COUNT, &s->unison, 1);
  dt__fault_add_ratio(f, DT_WEAK_HAND_SCATTER, DT_VOICE_COUNT, &s->left, NOTICED_SPREAD, 0);
}

void dt__faults_of_time(dt__faults* f) {
  drift(f);
  steps(f);
  spreads(f);
}
