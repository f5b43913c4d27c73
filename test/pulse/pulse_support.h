#ifndef DT_TEST_PULSE_SUPPORT_H
#define DT_TEST_PULSE_SUPPORT_H

/* What the simulated drummer plays, as the pulse takes it. Include first, from a cmocka test. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/groove_charts.h"
#include "../support/near.h"
#include "dt/drummer.h"
#include "dt/pulse.h"

enum { DT__STROKES_MAX = 4000 };

typedef struct dt__play {
  dt_pulse_strokes strokes;
  double time_s[DT__STROKES_MAX];
  dt_voice voice[DT__STROKES_MAX];
  double weight[DT__STROKES_MAX];
  double click_beat[DT__STROKES_MAX]; /* where the stroke falls on the click, 0 = first beat */
  double truth_beat[DT__STROKES_MAX]; /* where it belongs, swing included */
  double own[DT__STROKES_MAX];
  double reference[DT__STROKES_MAX];
} dt__play;

/* Static storage: one play at a time. */
static inline dt__play* dt__play_groove(const char* groove, const char* how, uint64_t seed) {
  static dt__play play;
  dt_drummer drummer = dt_drummer_default();
  dt_error err = {.sentence = ""};
  dt_truths truths;
  drummer.seed = seed;
  drummer.bpm = dt__groove_bpm(groove);
  if (dt_drummer_parse(&drummer, how, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  dt_part part = dt__groove_part(groove, drummer.bars, drummer.bpm);
  if (dt_drummer_play(&drummer, &part, NULL, &truths, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  const double swing = drummer.swing > 0 ? drummer.swing : part.swing;
  const double lead_s = dt_drummer_lead_in_s(&drummer, &part);
  size_t n = 0;
  for (size_t i = 0; i < truths.count; ++i) {
    const dt_truth* t = &truths.items[i];
    if (t->kind == DT_TRUTH_GRACE)
      continue;
    assert_true(n < DT__STROKES_MAX);
    play.time_s[n] = t->stroke.time_s;
    play.voice[n] = dt_drum_voice(t->stroke.drum);
    play.weight[n] = (double)t->stroke.velocity / 127;
    play.click_beat[n] = (t->stroke.time_s - lead_s) * drummer.bpm / 60;
    play.truth_beat[n] = dt_swing_tick(t->tick, part.swing_pair, swing) / DT_TICKS_PER_QUARTER;
    ++n;
  }
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  play.strokes = (dt_pulse_strokes){play.time_s, play.voice, play.weight, n};
  return &play;
}

/* Largest distance of the own beats from the truth, once a common shift is taken out. */
static inline double dt__worst(const dt__play* play, double shift) {
  double worst = 0;
  for (size_t i = 0; i < play->strokes.count; ++i)
    worst = fmax(worst, fabs(play->own[i] - play->truth_beat[i] - shift));
  return worst;
}

static inline double dt__mean_shift(const dt__play* play) {
  double sum = 0;
  for (size_t i = 0; i < play->strokes.count; ++i)
    sum += (play->own[i] - play->truth_beat[i]) / (double)play->strokes.count;
  return sum;
}

#endif
