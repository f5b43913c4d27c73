/* The ladder finds the clean tempo from below, both ways, and does not run past it. */

#include "coach_support.h"

#include "dt/rng.h"

static dt_ladder ladder;

static void climb(double clean_bpm, double from_bpm, int takes, uint64_t seed, double* farthest) {
  dt_rng rng = dt_rng_seeded(seed, 1);
  dt_ladder_start(&ladder, from_bpm);
  *farthest = 0.0;
  for (int t = 0; t < takes; ++t) {
    const double bpm = dt_ladder_next(&ladder);
    const double x = log(bpm / clean_bpm);
    const double m = 0.12 * (dt_rng_normal(&rng) - 1.04 + x / 0.03);
    *farthest = fmax(*farthest, x);
    dt_ladder_learn(&ladder, bpm, m <= 0.0, exp(m));
  }
}

static void the_clean_tempo_is_found(void** state) {
  (void)state;
  int held = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    double farthest;
    climb(150.0, 110.0, 30, seed, &farthest);
    const dt_clean_tempo found = dt_ladder_clean_tempo(&ladder);
    if (fabs(log(found.bpm / 150.0)) > 0.05 || farthest > 0.08)
      fail_msg("Seed %d: %.1f bpm found, %.1f %% past", (int)seed, found.bpm, 100.0 * farthest);
    held += found.low_bpm <= 150.0 && 150.0 <= found.high_bpm;
    assert_true(found.low_bpm < found.bpm && found.bpm < found.high_bpm);
  }
  assert_true(held >= 18);
}

static void it_goes_down_after_failures_and_up_after_clean_takes(void** state) {
  (void)state;
  dt_ladder_resume(&ladder, 120.0, 0.03, 120.0, 0.0);
  const double before = dt_ladder_next(&ladder);
  dt_ladder_learn(&ladder, before, false, (double)NAN);
  const double after = dt_ladder_next(&ladder);
  assert_true(after < before);
  for (int i = 0; i < 6; ++i)
    dt_ladder_learn(&ladder, after, true, (double)NAN);
  assert_true(dt_ladder_next(&ladder) > after);
}

static void a_step_is_small_and_under_the_ceiling(void** state) {
  (void)state;
  dt_ladder_start(&ladder, 80.0);
  double bpm = dt_ladder_next(&ladder);
  for (int t = 0; t < 20; ++t) {
    dt_ladder_learn(&ladder, bpm, true, 0.4);
    const double next = dt_ladder_next(&ladder);
    assert_true(next <= bpm * 1.031 && next <= dt_ladder_ceiling(&ladder));
    bpm = next;
  }
  assert_true(bpm > 100.0);
}

static void a_margin_near_the_limit_says_more_than_clean(void** state) {
  (void)state;
  dt_ladder_start(&ladder, 100.0);
  for (int t = 0; t < 8; ++t)
    dt_ladder_learn(&ladder, 100.0 * pow(1.03, t), true, exp(-0.30 + 0.04 * t));
  const double narrow = dt_ladder_clean_tempo(&ladder).bpm;
  dt_ladder_start(&ladder, 100.0);
  for (int t = 0; t < 8; ++t)
    dt_ladder_learn(&ladder, 100.0 * pow(1.03, t), true, 0.3);
  assert_true(dt_ladder_clean_tempo(&ladder).bpm > narrow * 1.03);
}

static void days_make_it_vaguer(void** state) {
  (void)state;
  dt_ladder_resume(&ladder, 120.0, 0.02, 120.0, 1.0);
  const double one = dt_ladder_clean_tempo(&ladder).sd;
  dt_ladder_resume(&ladder, 120.0, 0.02, 120.0, 16.0);
  assert_true(dt_ladder_clean_tempo(&ladder).sd > 2.0 * one);
  assert_near(dt_ladder_clean_tempo(&ladder).bpm, 120.0, 1.0);
}

static void it_stays_a_probability_at_the_ends(void** state) {
  (void)state;
  dt_ladder_start(&ladder, 1.0);
  for (int t = 0; t < 60; ++t)
    dt_ladder_learn(&ladder, dt_ladder_next(&ladder), false, 1e9);
  assert_true(dt_ladder_next(&ladder) >= DT_LADDER_MIN_BPM);
  dt_ladder_start(&ladder, 1e9);
  for (int t = 0; t < 60; ++t)
    dt_ladder_learn(&ladder, dt_ladder_next(&ladder), true, 1e-9);
  const dt_clean_tempo t = dt_ladder_clean_tempo(&ladder);
  assert_true(isfinite(t.bpm) && t.high_bpm <= 410.0 && dt_ladder_next(&ladder) <= 400.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_clean_tempo_is_found),
      cmocka_unit_test(it_goes_down_after_failures_and_up_after_clean_takes),
      cmocka_unit_test(a_step_is_small_and_under_the_ceiling),
      cmocka_unit_test(a_margin_near_the_limit_says_more_than_clean),
      cmocka_unit_test(days_make_it_vaguer),
      cmocka_unit_test(it_stays_a_probability_at_the_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
