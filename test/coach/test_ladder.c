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

/* Players of whom one in three gives no warning, as consistent as most. */
static bool pushed_past(uint64_t seed, bool warns) {
  dt_rng rng = dt_rng_seeded(seed, 2);
  const double width = 0.02 + 0.04 * dt_rng_uniform(&rng);
  const double from = 0.6 + 0.3 * dt_rng_uniform(&rng);
  bool pushed = false;
  dt_ladder_start(&ladder, 150.0 * from);
  for (int t = 0; t < 30; ++t) {
    const double bpm = dt_ladder_next(&ladder);
    const double x = log(bpm / 150.0);
    const double z = dt_rng_normal(&rng) - 1.04 + x / width;
    const double m = warns ? fmax(0.12 * z, -0.6) : -0.5 + 0.1 * dt_rng_normal(&rng);
    pushed = pushed || bpm > 150.0 * 1.08;
    dt_ladder_learn(&ladder, bpm, z <= 0.0, exp(m));
  }
  return pushed;
}

static void hardly_anybody_is_pushed_far_past_the_clean_tempo(void** state) {
  (void)state;
  int pushed = 0;
  for (uint64_t seed = 1; seed <= 90; ++seed)
    pushed += pushed_past(seed, seed % 3 != 0);
  print_message("seeds 1 to 90: %d pushed\n", pushed);
  assert_true(pushed <= 1);
}

static void the_first_take_is_the_tempo_that_was_asked_for(void** state) {
  (void)state;
  dt_ladder_start(&ladder, 90.0);
  assert_near(dt_ladder_next(&ladder), 90.0, 1e-9);
  dt_ladder_learn(&ladder, 90.0, false, 1.5);
  assert_true(dt_ladder_next(&ladder) < 90.0);
}

static void a_tempo_that_only_seemed_comfortable_is_given_up(void** state) {
  (void)state;
  int pushed = 0;
  int found = 0;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    dt_rng rng = dt_rng_seeded(seed, 3);
    dt_ladder_start(&ladder, 150.0 * 1.2);
    for (int t = 0; t < 30; ++t) {
      const double bpm = dt_ladder_next(&ladder);
      const double z = dt_rng_normal(&rng) - 1.04 + log(bpm / 150.0) / 0.04;
      pushed += t > 2 && bpm > 150.0 * 1.08;
      dt_ladder_learn(&ladder, bpm, z <= 0.0, exp(0.12 * z));
    }
    found += fabs(log(dt_ladder_clean_tempo(&ladder).bpm / 150.0)) < 0.04;
  }
  print_message("seeds 1 to 30: found %d, pushed in %d takes\n", found, pushed);
  assert_true(found >= 28 && pushed == 0);
}

static void a_margin_that_follows_no_tempo_is_not_trusted(void** state) {
  (void)state;
  static const double LIES_LEVEL[] = {-0.42, -0.36, -0.44, -0.33, -0.40, -0.38, -0.45, -0.35};
  dt_ladder_start(&ladder, 100.0);
  for (int t = 0; t < 8; ++t)
    dt_ladder_learn(&ladder, 100.0 * pow(1.03, t), true, exp(-0.40 + 0.05 * t));
  const double rising = dt_ladder_forewarned(&ladder);
  dt_ladder_start(&ladder, 100.0);
  for (int t = 0; t < 8; ++t)
    dt_ladder_learn(&ladder, 100.0 * pow(1.03, t), t < 6, exp(LIES_LEVEL[t]));
  const double level = dt_ladder_forewarned(&ladder);
  assert_true(rising > 0.7 && level < 0.3);
  dt_ladder_resume(&ladder, 120.0, 0.05, 120.0, 1.0);
  const double before = dt_ladder_ceiling(&ladder);
  dt_ladder_forewarn(&ladder, level);
  assert_near(dt_ladder_forewarned(&ladder), fmax(level, 0.02), 1e-6);
  assert_near(dt_ladder_ceiling(&ladder), before, 0.1);
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
      cmocka_unit_test(hardly_anybody_is_pushed_far_past_the_clean_tempo),
      cmocka_unit_test(the_first_take_is_the_tempo_that_was_asked_for),
      cmocka_unit_test(a_tempo_that_only_seemed_comfortable_is_given_up),
      cmocka_unit_test(a_margin_that_follows_no_tempo_is_not_trusted),
      cmocka_unit_test(days_make_it_vaguer),
      cmocka_unit_test(it_stays_a_probability_at_the_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
