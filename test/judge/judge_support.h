#ifndef DT_TEST_JUDGE_SUPPORT_H
#define DT_TEST_JUDGE_SUPPORT_H

/* Takes to judge, and what holds of every verdict. Include first, from a cmocka test. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/near.h"
#include "../support/play_chart.h"
#include "dt/drummer.h"
#include "dt/judge.h"

/* What the simulated drummer plays; release with dt_take_clear. */
static inline dt_take dt__played(const char* groove, const char* how, uint64_t seed) {
  dt_drummer drummer = dt_drummer_default();
  drummer.seed = seed;
  dt_error err = {.sentence = ""};
  if (dt_drummer_parse(&drummer, how, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  dt_take take;
  if (dt__play_text(&drummer, dt__groove_text(groove), &take, NULL, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return take;
}

static inline dt_judge_config dt__config(dt_grid_mode mode, double bpm, double start_s) {
  const dt_judge_config config = {
      .mode = mode, .bpm = bpm, .start_s = start_s, .level = DT_LEVEL_PLAYER};
  return config;
}

/* Release with dt_verdict_clear. */
static inline dt_verdict dt__judge(const dt_take* take, const dt_judge_config* config) {
  const dt_judge_config given = config ? *config : dt_judge_default(take);
  dt_verdict verdict;
  dt_error err = {.sentence = ""};
  if (dt_judge(&verdict, NULL, take, &given, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return verdict;
}

static inline const dt_timing* dt__voice_timing(const dt_verdict* verdict, dt_voice voice) {
  for (size_t k = 0; k < verdict->voice_count; ++k)
    if (verdict->voices[k].voice == voice)
      return &verdict->voices[k].timing;
  fail_msg("No %s in the verdict", dt_voice_name(voice));
  return NULL;
}

static inline void dt__assert_estimate(const char* what, dt_estimate e) {
  if (e.known == DT_KNOWN) {
    if (!isfinite(e.value) || !isfinite(e.low) || !isfinite(e.high))
      fail_msg("%s is known but not a number: %g (%g .. %g)", what, e.value, e.low, e.high);
    if (!(e.low <= e.value && e.value <= e.high))
      fail_msg("%s: %g stands outside %g .. %g", what, e.value, e.low, e.high);
  } else if (!isnan(e.value) || !isnan(e.low) || !isnan(e.high)) {
    fail_msg("%s is not known but says %g (%g .. %g)", what, e.value, e.low, e.high);
  }
}

static inline void dt__assert_timing(const dt_timing* t) {
  dt__assert_estimate("placement", t->placement_ms);
  dt__assert_estimate("placement against own pulse", t->placement_own_ms);
  dt__assert_estimate("tempo", t->tempo_bpm);
  dt__assert_estimate("drift", t->drift_bpm_per_min);
  dt__assert_estimate("drift in percent", t->drift_percent_per_min);
  dt__assert_estimate("scatter", t->scatter_ms);
  if (t->scatter_ms.known == DT_KNOWN)
    assert_true(t->scatter_ms.low >= 0);
  if (t->drift_bpm_per_min.known == DT_KNOWN)
    assert_true(t->drift_p >= 0 && t->drift_p <= 1);
  else
    assert_true(isnan(t->drift_p));
}

/* What holds of every verdict, whatever was played. */
static inline void dt__assert_sound(const dt_verdict* v, const dt_take* take) {
  dt__assert_timing(&v->all);
  size_t in_voices = 0;
  for (size_t k = 0; k < v->voice_count; ++k) {
    dt__assert_timing(&v->voices[k].timing);
    in_voices += v->voices[k].timing.stroke_count;
    assert_true(k == 0 || v->voices[k].voice > v->voices[k - 1].voice);
  }
  if (v->voice_count > 0)
    assert_int_equal(in_voices, v->all.stroke_count);
  assert_in_range(v->word, DT_WORD_CANT_TELL, DT_WORD_IN_THE_POCKET);
  if (v->word == DT_WORD_CANT_TELL)
    assert_in_range(v->strokes_needed, 1, 2000);
  else
    assert_true(isfinite(v->bpm_change) && v->all.scatter_ms.known == DT_KNOWN);
  assert_int_equal(v->judged_count, take->strokes.count);
  size_t outliers = 0;
  size_t ornaments = 0;
  for (size_t i = 0; i < v->judged_count; ++i) {
    const dt_judged* j = &v->judged[i];
    assert_int_equal(j->stroke, i);
    outliers += j->outlier;
    ornaments += j->ornament;
    const bool taken = !j->outlier && !j->ornament && v->voice_count > 0;
    if (taken != (isfinite(j->asynchrony_ms) != 0) || taken != (isfinite(j->residual_ms) != 0) ||
        taken != (isfinite(j->grid_time_s) != 0) || (taken && !isfinite(j->beat)))
      fail_msg("Stroke %zu: taken %d, asynchrony %g, residual %g, grid %g, beat %g", i, taken,
               j->asynchrony_ms, j->residual_ms, j->grid_time_s, j->beat);
    if (taken)
      assert_near(j->asynchrony_ms, 1e3 * (take->strokes.items[i].time_s - j->grid_time_s), 1e-6);
  }
  assert_int_equal(outliers, v->outlier_count);
  assert_int_equal(ornaments, v->ornament_count);
  assert_true(v->tempo_probability >= 0 && v->tempo_probability <= 1);
  assert_true(v->tolerance.scatter_ms > 0 && v->tolerance.drift_percent > 0);
  if (v->all.stroke_count > 0 && v->all.scatter_ms.known == DT_KNOWN) {
    assert_true(v->beat_s > 0 && isfinite(v->beat_s));
    assert_true(v->subdivision.probability > 0 && v->subdivision.probability <= 1);
    assert_true(v->subdivision.swing >= 0.5 && v->subdivision.swing <= 0.78);
    assert_true(v->slow_share >= 0 && v->slow_share <= 1);
    assert_true(v->noise_model[0] != '\0');
  }
}

#endif
