#include "pulse_support.h"

/* The tempo curve, when the tempo is known to a few percent, and when it is not at all. */

static double tempo(dt__play* p, double low, double high) {
  double bpm = 0;
  assert_int_equal(dt_pulse_tempo(&p->strokes, low, high, NULL, p->reference, &bpm), DT_OK);
  for (size_t i = 1; i < p->strokes.count; ++i)
    assert_true(p->reference[i] >= p->reference[i - 1]);
  const size_t last = p->strokes.count - 1;
  assert_near(bpm, 60 * (p->reference[last] - p->reference[0]) / (p->time_s[last] - p->time_s[0]),
              1e-9);
  return bpm;
}

static void a_constant_tempo_is_found(void** state) {
  (void)state;
  static const char* const GROOVES[] = {"rock", "rock16", "funk",  "shuffle",
                                        "jazz", "waltz",  "seven", "quarters"};
  static const double BPM[] = {60, 84, 110, 137, 180};
  for (int k = 0; k < 8; ++k)
    for (int b = 0; b < 5; ++b) {
      char how[64];
      snprintf(how, sizeof(how), "bpm=%g bars=24 scatter=7ms", BPM[b]);
      dt__play* p = dt__play_groove(GROOVES[k], how, 20 + (uint64_t)b);
      const double bpm = tempo(p, 0.88 * BPM[b], 1.12 * BPM[b]);
      if (fabs(bpm / BPM[b] - 1) > 0.015)
        fail_msg("%s at %g bpm: %.2f", GROOVES[k], BPM[b], bpm);
    }
}

static void a_tempo_that_moves_is_followed(void** state) {
  (void)state;
  static const double DRIFT[] = {-12, -5, 5, 12};
  for (int k = 0; k < 4; ++k) {
    char how[80];
    snprintf(how, sizeof(how), "bpm=120 bars=40 scatter=7ms drift=%gbpm/min", DRIFT[k]);
    dt__play* p = dt__play_groove("rock", how, 30);
    tempo(p, 90, 160);
    /* A quarter from each end: the local tempo of the curve. */
    const size_t n = p->strokes.count;
    for (int end = 0; end < 2; ++end) {
      const size_t from = end ? n / 2 : 0;
      const size_t to = end ? n - 1 : n / 2;
      const double bpm =
          60 * (p->reference[to] - p->reference[from]) / (p->time_s[to] - p->time_s[from]);
      const double truth =
          60 * (p->truth_beat[to] - p->truth_beat[from]) / (p->time_s[to] - p->time_s[from]);
      assert_near(bpm, truth, 0.02 * truth);
    }
  }
}

static void noise_and_misses_do_not_move_the_tempo(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bpm=100 bars=32 scatter=25ms miss=30%", 31);
  assert_near(tempo(p, 88, 112), 100, 1.5);
}

static void without_enough_strokes_there_is_no_tempo(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bars=4", 32);
  double bpm = 0;
  for (size_t n = 0; n < 4; ++n) {
    p->strokes.count = n;
    assert_int_equal(dt_pulse_tempo(&p->strokes, 60, 180, NULL, p->reference, &bpm), DT_TOO_FEW);
    double probability = 0;
    assert_int_equal(dt_pulse_free(&p->strokes, NULL, p->own, &bpm, &probability), DT_TOO_FEW);
  }
  p->strokes.count = 8;
  for (int i = 0; i < 8; ++i)
    p->time_s[i] = 3 + 0.14 * i;
  assert_int_equal(dt_pulse_tempo(&p->strokes, 60, 180, NULL, p->reference, &bpm), DT_TOO_FEW);
  p->time_s[7] = 4.01;
  assert_int_equal(dt_pulse_tempo(&p->strokes, 60, 180, NULL, p->reference, &bpm), DT_OK);
  assert_true(bpm >= 60 && bpm <= 180);
}

static void what_is_no_range_and_no_order_is_refused(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bars=4", 33);
  double bpm = 0;
  static const double RANGE[][2] = {{9, 100},   {100, 100},         {120, 100},
                                    {60, 1001}, {(double)NAN, 100}, {60, (double)NAN}};
  for (int k = 0; k < 6; ++k)
    assert_int_equal(
        dt_pulse_tempo(&p->strokes, RANGE[k][0], RANGE[k][1], NULL, p->reference, &bpm),
        DT_BAD_ARGUMENT);
  assert_int_equal(dt_pulse_tempo(&p->strokes, 10, 1000, NULL, p->reference, &bpm), DT_OK);
  const double was = p->time_s[5];
  p->time_s[5] = p->time_s[4] - 0.01;
  assert_int_equal(dt_pulse_tempo(&p->strokes, 60, 180, NULL, p->reference, &bpm), DT_BAD_ARGUMENT);
  double probability = 0;
  assert_int_equal(dt_pulse_free(&p->strokes, NULL, p->own, &bpm, &probability), DT_BAD_ARGUMENT);
  p->time_s[5] = (double)NAN;
  assert_int_equal(dt_pulse_tempo(&p->strokes, 60, 180, NULL, p->reference, &bpm), DT_BAD_ARGUMENT);
  p->time_s[5] = was;
  p->time_s[p->strokes.count - 1] = 1e7;
  assert_int_equal(dt_pulse_tempo(&p->strokes, 60, 180, NULL, p->reference, &bpm), DT_BAD_ARGUMENT);
}

static bool find_tempo(const dt_allocator* allocator, void* ctx) {
  dt__play* p = ctx;
  double bpm = 0;
  return dt_pulse_tempo(&p->strokes, 60, 180, allocator, p->reference, &bpm) == DT_OK;
}

static void memory_that_runs_out_is_given_back(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(find_tempo, dt__play_groove("rock", "bars=4", 34)), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_constant_tempo_is_found),
      cmocka_unit_test(a_tempo_that_moves_is_followed),
      cmocka_unit_test(noise_and_misses_do_not_move_the_tempo),
      cmocka_unit_test(without_enough_strokes_there_is_no_tempo),
      cmocka_unit_test(what_is_no_range_and_no_order_is_refused),
      cmocka_unit_test(memory_that_runs_out_is_given_back),
  };
  return cmocka_run_group_tests_name("tempo", tests, NULL, NULL);
}
