#include "../support/failing_allocator.h"

#include <math.h>
#include <string.h>

#include "../support/near.h"
#include "dt/rng.h"
#include "dt/timekeeper.h"

/* From judged strokes to one value per beat; and the long-range exponent of a series. */

enum { STROKES_MAX = 64 };

static dt_stroke strokes[STROKES_MAX];
static dt_judged judged[STROKES_MAX];
static dt_take take;
static dt_verdict verdict;

/* A take of the strokes given by hit(), 120 bpm in 4/4 to a click. */
static void begin(void) {
  memset(&take, 0, sizeof(take));
  memset(&verdict, 0, sizeof(verdict));
  take.strokes.items = strokes;
  verdict.judged = judged;
  verdict.phase_known = true;
  verdict.meter = (dt_meter){4, 4};
  verdict.instrument_jitter_ms = 0.5;
}

static dt_judged* hit(dt_drum drum, double beat, double asynchrony_ms) {
  const size_t i = take.strokes.count++;
  verdict.judged_count = take.strokes.count;
  strokes[i] = dt_stroke_at(10.0 + 0.5 * beat + 1e-3 * asynchrony_ms, drum);
  judged[i] = (dt_judged){.stroke = i, .beat = beat, .asynchrony_ms = asynchrony_ms};
  return &judged[i];
}

static void each_beat_has_its_stroke_and_a_gap_where_there_is_none(void** state) {
  (void)state;
  begin();
  hit(DT_KICK, 4.0, -3.0);
  hit(DT_SNARE, 5.0, 7.0);
  hit(DT_SNARE, 5.5, 99.0); /* between the beats */
  hit(DT_SNARE, 7.0, 9.0);
  hit(DT_SNARE, 7.0, 33.0); /* its second stroke there */
  hit(DT_SNARE, 8.0, 88.0)->outlier = true;
  hit(DT_SNARE, 9.0, 88.0)->ornament = true;
  hit(DT_SNARE, 10.0, 1.0);
  dt_beats beats;
  assert_int_equal(dt_beats_of(&beats, NULL, &take, &verdict, DT_VOICE_COUNT), DT_OK);
  assert_int_equal(beats.count, 6); /* the snare's, 5 .. 10 */
  assert_near(beats.value_ms[0], 7.0, 1e-12);
  assert_true(isnan(beats.value_ms[1]));
  assert_near(beats.value_ms[2], 9.0, 1e-12);
  assert_true(isnan(beats.value_ms[3]) && isnan(beats.value_ms[4]));
  assert_near(beats.value_ms[5], 1.0, 1e-12);
  assert_int_equal(beats.cycle, 4);
  assert_near(beats.detector_ms, 0.5, 1e-12);
  dt_beats_clear(&beats, NULL);
  assert_int_equal(dt_beats_of(&beats, NULL, &take, &verdict, DT_VOICE_KICK), DT_OK);
  assert_int_equal(beats.count, 1);
  dt_beats_clear(&beats, NULL);
}

static void without_a_click_the_values_are_times(void** state) {
  (void)state;
  begin();
  verdict.phase_known = false;
  hit(DT_KICK, 0.0, 0.0);
  hit(DT_KICK, 2.0, 4.0);
  dt_beats beats;
  assert_int_equal(dt_beats_of(&beats, NULL, &take, &verdict, DT_VOICE_KICK), DT_OK);
  assert_int_equal(beats.count, 3);
  assert_near(beats.value_ms[0], 0.0, 1e-9);
  assert_near(beats.value_ms[2], 1004.0, 1e-9);
  dt_beats_clear(&beats, NULL);
}

static void in_six_eight_a_beat_is_a_dotted_quarter(void** state) {
  (void)state;
  begin();
  verdict.meter = (dt_meter){6, 8};
  hit(DT_RIDE, 0.0, 1.0);
  hit(DT_RIDE, 1.0, 50.0);
  hit(DT_RIDE, 1.5, 2.0);
  hit(DT_RIDE, 3.0, 3.0);
  dt_beats beats;
  assert_int_equal(dt_beats_of(&beats, NULL, &take, &verdict, DT_VOICE_RIDE), DT_OK);
  assert_int_equal(beats.count, 3);
  assert_int_equal(beats.cycle, 2);
  assert_near(beats.value_ms[1], 2.0, 1e-12);
  dt_beats_clear(&beats, NULL);
}

static void unisons_leave_out_what_each_voice_always_does(void** state) {
  (void)state;
  begin();
  /* The kick is 10 ms before the hat, and once 4 ms more. */
  static const double EXTRA[] = {0, 0, 4, 0};
  for (int i = 0; i < 4; ++i) {
    hit(DT_KICK, i, -10.0 - EXTRA[i]);
    hit(DT_HIHAT_CLOSED, i, 0.0);
  }
  hit(DT_SNARE, 4.0, 5.0); /* alone */
  dt_beats beats;
  assert_int_equal(dt_beats_together(&beats, NULL, &take, &verdict), DT_OK);
  assert_int_equal(beats.count, 5);
  assert_near(beats.strokes[0], 2.0, 0.0);
  assert_near(beats.strokes[4], 1.0, 0.0);
  assert_near(beats.value_ms[4], 5.0, 1e-9);
  /* Differences -10 -10 -14 -10: about their mean 1 1 -3 1; a difference d is d^2 / 2. */
  assert_near(beats.unison_df, 3.0, 1e-12);
  assert_near(beats.unison_ms2, 6.0, 1e-6);
  dt_beats_clear(&beats, NULL);
}

static void nothing_on_a_beat_is_an_empty_series(void** state) {
  (void)state;
  begin();
  hit(DT_SNARE, 0.5, 1.0);
  dt_beats beats;
  assert_int_equal(dt_beats_of(&beats, NULL, &take, &verdict, DT_VOICE_COUNT), DT_OK);
  assert_int_equal(beats.count, 0);
  assert_int_equal(dt_beats_together(&beats, NULL, &take, &verdict), DT_OK);
  assert_int_equal(beats.count, 0);
  hit(DT_SNARE, 0.0, 1.0);
  hit(DT_SNARE, 1e6 - 1.0, 1.0);
  hit(DT_SNARE, 1e9, 1.0);
  assert_int_equal(dt_beats_of(&beats, NULL, &take, &verdict, DT_VOICE_COUNT), DT_OK);
  assert_int_equal(beats.count, 1000000);
  dt_beats_clear(&beats, NULL);
  hit(DT_SNARE, 1e6, 1.0);
  assert_int_equal(dt_beats_of(&beats, NULL, &take, &verdict, DT_VOICE_COUNT), DT_TOO_LARGE);
  assert_int_equal(beats.count, 0);
}

static bool reduce(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_beats beats;
  const dt_status status = dt_beats_together(&beats, allocator, &take, &verdict);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && beats.value_ms == NULL));
  dt_beats_clear(&beats, allocator);
  return status == DT_OK;
}

static void no_memory_is_said(void** state) {
  (void)state;
  begin();
  hit(DT_KICK, 0.0, 0.0);
  hit(DT_SNARE, 1.0, 0.0);
  assert_true(dt_failing_sweep(reduce, NULL) >= 3);
}

/* --- long range --------------------------------------------------------------------------------
 */

static double series[1200];

static void white_noise_has_no_memory_and_its_sum_has_all(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(3, 1);
  double sum = 0.0;
  for (size_t i = 0; i < 600; ++i) {
    series[i] = 10.0 * dt_rng_normal(&rng);
  }
  dt_longrange found;
  assert_int_equal(dt_longrange_of(&found, NULL, series, 600), DT_OK);
  assert_int_equal(found.exponent.known, DT_KNOWN);
  assert_true(found.exponent.low < 0.5 && 0.5 < found.exponent.high);
  assert_near(found.exponent.value, 0.5, 0.15);
  assert_true(found.point_count > 10);
  assert_near(found.window_beats[0], 10.0, 1e-12);
  assert_near(found.window_beats[found.point_count - 1], 150.0, 1e-12);
  for (size_t i = 0; i < 600; ++i) {
    sum += series[i];
    series[i] = sum;
  }
  assert_int_equal(dt_longrange_of(&found, NULL, series, 600), DT_OK);
  assert_near(found.exponent.value, 1.5, 0.25);
}

static void below_five_hundred_beats_nothing_is_said(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(4, 1);
  for (size_t i = 0; i < 700; ++i) {
    series[i] = dt_rng_normal(&rng);
  }
  dt_longrange found;
  assert_int_equal(dt_longrange_of(&found, NULL, series, 499), DT_OK);
  assert_int_equal(found.exponent.known, DT_NOT_TESTABLE);
  assert_int_equal(found.point_count, 0);
  for (size_t i = 5; i < 700; i += 8) {
    series[i] = (double)NAN;
  }
  assert_int_equal(dt_longrange_of(&found, NULL, series, 700), DT_OK);
  assert_int_equal(found.exponent.known, DT_NOT_TESTABLE); /* an eighth missing */
  for (size_t i = 0; i < 700; ++i) {
    series[i] = 1.0;
  }
  assert_int_equal(dt_longrange_of(&found, NULL, series, 700), DT_OK);
  assert_int_equal(found.exponent.known, DT_NOT_TESTABLE);
}

static void a_few_missing_beats_change_little(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(5, 1);
  for (size_t i = 0; i < 600; ++i) {
    series[i] = dt_rng_normal(&rng);
  }
  dt_longrange whole;
  dt_longrange holed;
  assert_int_equal(dt_longrange_of(&whole, NULL, series, 600), DT_OK);
  for (size_t i = 0; i < 600; i += 30) {
    series[i] = (double)NAN;
  }
  series[599] = (double)NAN;
  assert_int_equal(dt_longrange_of(&holed, NULL, series, 600), DT_OK);
  assert_int_equal(holed.exponent.known, DT_KNOWN);
  assert_int_equal(holed.beat_count, 579);
  assert_near(holed.exponent.value, whole.exponent.value, 0.05);
}

static bool analyse(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_longrange found;
  const dt_status status = dt_longrange_of(&found, allocator, series, 500);
  assert_true(status == DT_OK || found.exponent.known == DT_NOT_TESTABLE);
  return status == DT_OK;
}

static void no_memory_for_long_range_is_said(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(6, 1);
  for (size_t i = 0; i < 500; ++i) {
    series[i] = dt_rng_normal(&rng);
  }
  assert_true(dt_failing_sweep(analyse, NULL) >= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_beat_has_its_stroke_and_a_gap_where_there_is_none),
      cmocka_unit_test(without_a_click_the_values_are_times),
      cmocka_unit_test(in_six_eight_a_beat_is_a_dotted_quarter),
      cmocka_unit_test(unisons_leave_out_what_each_voice_always_does),
      cmocka_unit_test(nothing_on_a_beat_is_an_empty_series),
      cmocka_unit_test(no_memory_is_said),
      cmocka_unit_test(white_noise_has_no_memory_and_its_sum_has_all),
      cmocka_unit_test(below_five_hundred_beats_nothing_is_said),
      cmocka_unit_test(a_few_missing_beats_change_little),
      cmocka_unit_test(no_memory_for_long_range_is_said),
  };
  return cmocka_run_group_tests_name("timekeeper_beats", tests, NULL, NULL);
}
