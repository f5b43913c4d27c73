#include <math.h>

#include "practise_internal.h"

/*
 * Weaknesses of time and of the notes themselves. What is noticed: about 10 ms of a displaced
 * stroke (Friberg & Sundberg 1993, below 240 ms between strokes), a fortieth of a beat where that
 * is more; spreads against the level's own tolerance, or against the strokes beside them.
 */

static const double NOTICED_MS = 10.0;
static const double NOTICED_BEATS = 0.02;
static const double NOTICED_SPREAD = 1.35;      /* times that of the others */
static const double NOTICED_FILL_SHARE = 0.006; /* of the tempo, gained at every fill */
static const double NOTICED_MISSES = 0.03;      /* of the notes */

static double noticed_ms(const dt__faults* f) {
  return fmax(NOTICED_MS, NOTICED_BEATS * f->beat_ms);
}

static void tempo(dt__faults* f) {
  const dt_verdict* v = f->verdict;
  const dt_estimate* drift = &v->all.drift_percent_per_min;
  const double minutes = v->span_s / 60.0;
  if (v->drift_found && minutes > 0.0) {
    dt__fault_add(f, DT_WEAK_DRIFT, DT_VOICE_COUNT, drift, v->tolerance.drift_percent / minutes, 0);
  }
  const dt_places* places = &f->study->places;
  const double bpm = f->study->marks.bpm;
  dt__fault_add(f, DT_WEAK_FILLS, DT_VOICE_COUNT, &places->fills.gain_bpm, NOTICED_FILL_SHARE * bpm,
                0);
  dt__fault_add(f, DT_WEAK_SECTIONS, DT_VOICE_COUNT, &places->change_bpm, NOTICED_FILL_SHARE * bpm,
                0);
}

static void spreads(dt__faults* f) {
  const dt_verdict* v = f->verdict;
  if (v->all.scatter_ms.known == DT_KNOWN) {
    const dt_estimate ratio = {v->all.scatter_ms.value / v->tolerance.scatter_ms,
                               v->all.scatter_ms.low / v->tolerance.scatter_ms,
                               v->all.scatter_ms.high / v->tolerance.scatter_ms, DT_KNOWN};
    dt__fault_add_ratio(f, DT_WEAK_SCATTER, DT_VOICE_COUNT, &ratio, 1.05, 1);
  }
}

typedef bool (*group_fn)(const dt_marks* marks, size_t i, dt_voice voice, bool* counts);

/* Spread of the strokes in a group over that of the others; the interval from both counts (chi
 * square; its logarithm's normal approximation). Not known below 16 of each. */
static dt_estimate spread_ratio(const dt__faults* f, group_fn in_group, dt_voice voice) {
  const dt_marks* marks = &f->study->marks;
  double square[2] = {0.0, 0.0};
  double count[2] = {0.0, 0.0};
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    bool counts = mark->order == 0 && !isnan(mark->residual_ms);
    const int other = counts && !in_group(marks, i, voice, &counts);
    if (counts) {
      square[other] += mark->residual_ms * mark->residual_ms;
      count[other] += 1.0;
    }
  }
  dt_estimate e = {(double)NAN, (double)NAN, (double)NAN, DT_CANT_TELL};
  const double jitter = marks->jitter_ms * marks->jitter_ms;
  const double own = square[0] / count[0] - jitter;
  const double others = square[1] / count[1] - jitter;
  if (count[0] >= 16.0 && count[1] >= 16.0 && own > 0.0 && others > 0.0) {
    const double half = 1.96 * sqrt(0.5 / count[0] + 0.5 / count[1]);
    const double ratio = sqrt(own / others);
    e = (dt_estimate){ratio, ratio * exp(-half), ratio * exp(half), DT_KNOWN};
  }
  return e;
}

static bool is_of_voice(const dt_marks* marks, size_t i, dt_voice voice, bool* counts) {
  (void)counts;
  return marks->items[i].voice == voice;
}

/* Off-beats of the pair against the strokes on it. */
static bool is_swung(const dt_marks* marks, size_t i, dt_voice voice, bool* counts) {
  (void)voice;
  const dt_tick in_pair = (dt_tick)marks->items[i].tick % marks->swing_pair;
  *counts = in_pair == 0 || 2 * in_pair == marks->swing_pair;
  return in_pair != 0;
}

static bool same_tick(const dt_mark* a, const dt_mark* b) {
  return a->tick == b->tick && a->voice != b->voice && a->order == 0 && b->order == 0;
}

static bool is_unison(const dt_marks* marks, size_t i, dt_voice voice, bool* counts) {
  (void)voice;
  (void)counts;
  enum { NEAR = 6 };
  const dt_mark* mark = &marks->items[i];
  for (size_t k = i > NEAR ? i - NEAR : 0; k < marks->count && k <= i + NEAR; ++k) {
    if (same_tick(mark, &marks->items[k])) {
      return true;
    }
  }
  return false;
}

static void loose_groups(dt__faults* f) {
  for (int voice = 0; voice < DT_VOICE_COUNT; ++voice) {
    const dt_estimate e = spread_ratio(f, is_of_voice, (dt_voice)voice);
    dt__fault_add_ratio(f, DT_WEAK_VOICE_SCATTER, (dt_voice)voice, &e, NOTICED_SPREAD, 1);
  }
  if (f->study->marks.swing_pair > 0) {
    const dt_estimate e = spread_ratio(f, is_swung, DT_VOICE_COUNT);
    dt__fault_add_ratio(f, DT_WEAK_SWING, DT_VOICE_COUNT, &e, NOTICED_SPREAD, 1);
  }
  const dt_estimate e = spread_ratio(f, is_unison, DT_VOICE_COUNT);
  dt__fault_add_ratio(f, DT_WEAK_UNISON, DT_VOICE_COUNT, &e, NOTICED_SPREAD, 1);
}

static void places(dt__faults* f) {
  const dt_places* p = &f->study->places;
  for (size_t i = 0; i < p->place_count; ++i) {
    dt__fault* fault = dt__fault_add(f, DT_WEAK_PLACE, p->places[i].voice, &p->places[i].offset_ms,
                                     noticed_ms(f), 0);
    if (fault) {
      fault->bar_tick = p->places[i].bar_tick;
      /* A place that is seldom played matters little to the whole. */
      fault->severity *= fmin(1.0, sqrt((double)p->places[i].count / fmax(f->verdict->bars, 1.0)));
    }
  }
}

static void hands(dt__faults* f) {
  const dt_limb_contrast* c = &f->study->hands.left_right;
  dt__fault_add(f, DT_WEAK_HAND_TIME, DT_VOICE_COUNT, &c->later_ms, noticed_ms(f), 0);
  dt__fault_add_ratio(f, DT_WEAK_HAND_SCATTER, DT_VOICE_COUNT, &c->scatter_ratio, NOTICED_SPREAD,
                      0);
}

void dt__faults_of_time(dt__faults* f) {
  tempo(f);
  spreads(f);
  loose_groups(f);
  places(f);
  hands(f);
  dt__fault_add(f, DT_WEAK_SIXTEENTHS, DT_VOICE_COUNT, &f->study->swing.sixteenths_all.uneven_ms,
                0.6 * noticed_ms(f), 1);
}

/* Mistakes against the chart: Wilson's interval of their share (1927). */
void dt__faults_of_notes(dt__faults* f) {
  const dt_alignment* a = f->study->alignment;
  if (!a || a->event_count == 0) {
    return;
  }
  const double n = (double)a->event_count;
  const double wrong = (double)(a->missed_count + a->wrong_count + a->extra_count);
  const double share = fmin(wrong / n, 1.0);
  const double z = 1.96;
  const double middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
  const double half =
      z / (1.0 + z * z / n) * sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
  const dt_estimate e = {share, fmin(middle - half, share), fmax(middle + half, share), DT_KNOWN};
  dt__fault_add(f, DT_WEAK_MISSED, DT_VOICE_COUNT, &e, NOTICED_MISSES, 1);
}
