#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../support/near.h"
#include "dt/rng.h"
#include "dt/timekeeper.h"
#include "linalg_internal.h"
#include "timekeeper_internal.h"

/* Clock, hands and correction, told apart from one value per beat. */

enum { BEATS_MAX = 2000, TAKES = 40 };

typedef struct player {
  double alpha; /* 0: without a click, values are times */
  double clock_ms;
  double motor_ms;
  size_t beats;
  double miss;
} player;

static double value[BEATS_MAX];

static dt_beats play(const player* p, uint64_t seed) {
  dt_rng rng = dt_rng_seeded(seed, 5);
  double b = 0.0;
  const size_t settle = p->alpha > 0.0 ? 50 : 0;
  for (size_t i = 0; i < settle + p->beats; ++i) {
    const double m = p->motor_ms * dt_rng_normal(&rng);
    if (i >= settle) {
      const size_t n = i - settle;
      const double grid = p->alpha > 0.0 ? -10.0 : 500.0 * (double)n;
      value[n] = grid + b + m;
      value[n] = dt_rng_uniform(&rng) < p->miss ? (double)NAN : value[n];
    }
    b += p->clock_ms * dt_rng_normal(&rng) - p->alpha * (b + m);
  }
  return (dt_beats){.value_ms = value, .count = p->beats};
}

static dt_timekeeper judge(const player* p, const dt_beats* beats) {
  dt_timekeeper found;
  const dt_status status = p->alpha > 0.0 ? dt_timekeeper_click(&found, NULL, beats)
                                          : dt_timekeeper_free(&found, NULL, beats);
  assert_int_equal(status, DT_OK);
  return found;
}

typedef struct mean {
  double alpha;
  double clock;
  double motor;
} mean;

static mean mean_of(const player* p, int* inside) {
  mean out = {0};
  double n = 0.0;
  for (uint64_t seed = 1; seed <= TAKES; ++seed) {
    const dt_beats beats = play(p, seed);
    const dt_timekeeper found = judge(p, &beats);
    if (found.clock_ms.known != DT_KNOWN) {
      continue;
    }
    out.alpha += found.correction.known == DT_KNOWN ? found.correction.value : p->alpha;
    out.clock += found.clock_ms.value;
    out.motor += found.motor_ms.value;
    n += 1.0;
    *inside += found.clock_ms.low <= p->clock_ms && p->clock_ms <= found.clock_ms.high;
    *inside += found.motor_ms.low <= p->motor_ms && p->motor_ms <= found.motor_ms.high;
  }
  print_message("seeds 1..%d, %g known\n", TAKES, n);
  assert_true(n >= TAKES - 3);
  return (mean){out.alpha / n, out.clock / n, out.motor / n};
}

static void clock_hands_and_correction_come_out_as_dialled_in(void** state) {
  (void)state;
  const player p = {0.3, 10, 6, 400, 0};
  int inside = 0;
  const mean m = mean_of(&p, &inside);
  assert_near(m.alpha, 0.3, 0.04);
  assert_near(m.clock, 10.0, 0.9);
  assert_near(m.motor, 6.0, 0.8);
  assert_in_range(inside, 70, 80);
}

static void a_missed_beat_costs_only_itself(void** state) {
  (void)state;
  const player p = {0.3, 10, 6, 500, 0.2};
  int inside = 0;
  const mean m = mean_of(&p, &inside);
  assert_near(m.alpha, 0.3, 0.04);
  assert_near(m.clock, 10.0, 0.9);
  assert_near(m.motor, 6.0, 0.8);
  assert_in_range(inside, 70, 80);
}

static void without_a_click_clock_and_hands_come_out_as_dialled_in(void** state) {
  (void)state;
  const player p = {0, 8, 8, 200, 0.1};
  int inside = 0;
  const mean m = mean_of(&p, &inside);
  assert_near(m.clock, 8.0, 0.5);
  assert_near(m.motor, 8.0, 0.5);
  assert_in_range(inside, 70, 80);
}

static void without_a_click_correction_is_not_testable(void** state) {
  (void)state;
  const player p = {0, 8, 8, 200, 0};
  const dt_beats beats = play(&p, 1);
  const dt_timekeeper found = judge(&p, &beats);
  assert_int_equal(found.correction.known, DT_NOT_TESTABLE);
  assert_true(isnan(found.correction.value));
  assert_int_equal(found.clock_ms.known, DT_KNOWN);
  assert_true(found.lag1 < 0.0 && found.lag1 > -0.5);
}

static void a_tempo_that_drifts_evenly_is_no_noise(void** state) {
  (void)state;
  const player p = {0, 8, 8, 200, 0};
  dt_beats beats = play(&p, 3);
  const dt_timekeeper steady = judge(&p, &beats);
  for (size_t i = 0; i < beats.count; ++i) {
    beats.value_ms[i] -= 0.4 * (double)(i * i); /* 500 ms a beat, 340 at the end */
  }
  const dt_timekeeper drifting = judge(&p, &beats);
  assert_near(drifting.clock_ms.value, steady.clock_ms.value, 0.01);
  assert_near(drifting.motor_ms.value, steady.motor_ms.value, 0.01);
}

static void the_habit_of_a_place_in_the_bar_is_no_noise(void** state) {
  (void)state;
  const player p = {0.3, 10, 5, 400, 0};
  dt_beats beats = play(&p, 4);
  const dt_timekeeper plain = judge(&p, &beats);
  for (size_t i = 0; i < beats.count; ++i) {
    beats.value_ms[i] += i % 2 == 1 ? 25.0 : 0.0;
  }
  const dt_timekeeper mixed_up = judge(&p, &beats);
  beats.cycle = 4;
  const dt_timekeeper habit = judge(&p, &beats);
  assert_near(habit.clock_ms.value, plain.clock_ms.value, 1.0);
  assert_near(habit.motor_ms.value, plain.motor_ms.value, 1.5);
  assert_true(mixed_up.motor_ms.known != DT_KNOWN ||
              mixed_up.motor_ms.value > plain.motor_ms.value + 5.0);
}

static void the_instruments_own_jitter_is_taken_off_the_hands(void** state) {
  (void)state;
  const player p = {0, 8, 6, 2000, 0};
  dt_beats beats = play(&p, 6);
  dt_rng rng = dt_rng_seeded(6, 6);
  for (size_t i = 0; i < beats.count; ++i) {
    beats.value_ms[i] += 5.0 * dt_rng_normal(&rng);
  }
  const dt_timekeeper raw = judge(&p, &beats);
  beats.detector_ms = 5.0;
  const dt_timekeeper found = judge(&p, &beats);
  assert_near(raw.motor_ms.value, sqrt(36.0 + 25.0), 0.5);
  assert_near(found.motor_ms.value, 6.0, 0.5);
  assert_near(found.clock_ms.value, raw.clock_ms.value, 0.1);
}

static void unisons_tell_the_hands_from_the_clock(void** state) {
  (void)state;
  const player p = {0.6, 10, 5, 200, 0};
  double alone = 0.0;
  double helped = 0.0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    dt_beats beats = play(&p, seed);
    const dt_timekeeper without = judge(&p, &beats);
    beats.unison_df = 200.0;
    beats.unison_ms2 = 200.0 * 25.0;
    const dt_timekeeper with = judge(&p, &beats);
    if (without.motor_ms.known == DT_KNOWN && with.motor_ms.known == DT_KNOWN) {
      alone += without.motor_ms.high - without.motor_ms.low;
      helped += with.motor_ms.high - with.motor_ms.low;
    }
  }
  assert_true(helped > 0.0 && helped < 0.3 * alone);
}

static void few_beats_say_cant_tell(void** state) {
  (void)state;
  const player p = {0.3, 10, 5, DT_TIMEKEEPER_BEATS_MIN - 1, 0};
  dt_beats beats = play(&p, 1);
  dt_timekeeper found = judge(&p, &beats);
  assert_int_equal(found.clock_ms.known, DT_CANT_TELL);
  assert_int_equal(found.correction.known, DT_CANT_TELL);
  assert_int_equal(found.beat_count, DT_TIMEKEEPER_BEATS_MIN - 1);
  beats.count = 0;
  found = judge(&p, &beats);
  assert_int_equal(found.motor_ms.known, DT_CANT_TELL);
  assert_true(isnan(found.lag1) && isnan(found.fit_p));
}

static void intervals_that_hang_together_are_not_testable(void** state) {
  (void)state;
  /* The tempo itself wanders: intervals are an autoregression, lag-1 well above 0. */
  dt_rng rng = dt_rng_seeded(9, 1);
  double period = 0.0;
  double at = 0.0;
  for (size_t i = 0; i < 300; ++i) {
    value[i] = at;
    period = 0.8 * period + 5.0 * dt_rng_normal(&rng);
    at += 500.0 + period;
  }
  const dt_beats beats = {.value_ms = value, .count = 300};
  dt_timekeeper found;
  assert_int_equal(dt_timekeeper_free(&found, NULL, &beats), DT_OK);
  assert_int_equal(found.clock_ms.known, DT_NOT_TESTABLE);
  assert_true(found.lag1 > 0.5);
}

static void a_machine_is_not_testable(void** state) {
  (void)state;
  for (size_t i = 0; i < 100; ++i) {
    value[i] = 3.0;
  }
  const dt_beats beats = {.value_ms = value, .count = 100};
  dt_timekeeper found;
  assert_int_equal(dt_timekeeper_click(&found, NULL, &beats), DT_OK);
  assert_int_equal(found.clock_ms.known, DT_NOT_TESTABLE);
  assert_true(isnan(found.clock_ms.value));
}

static void nonsense_is_refused(void** state) {
  (void)state;
  const player p = {0.3, 10, 5, 100, 0};
  dt_beats beats = play(&p, 1);
  dt_timekeeper found;
  beats.cycle = 9;
  assert_int_equal(dt_timekeeper_click(&found, NULL, &beats), DT_BAD_ARGUMENT);
  assert_int_equal(found.clock_ms.known, DT_CANT_TELL);
  beats.cycle = 4;
  beats.detector_ms = -1.0;
  assert_int_equal(dt_timekeeper_click(&found, NULL, &beats), DT_BAD_ARGUMENT);
  beats.detector_ms = 0.0;
  beats.value_ms[7] = (double)INFINITY;
  assert_int_equal(dt_timekeeper_free(&found, NULL, &beats), DT_BAD_ARGUMENT);
}

/* --- the likelihood ----------------------------------------------------------------------------
 */

enum { SMALL = 12, NOISES = 1 + 2 * SMALL };

/* Covariance of a short series by brute force: every value as a sum of independent noises. */
static void dense_covariance(double alpha, double w, const double* share, double* covariance) {
  double mix[SMALL][NOISES] = {{0}};
  double b[NOISES] = {1.0}; /* the clock's error before the first beat */
  double variance[NOISES];
  const double m = 0.5 * w;
  variance[0] = (1.0 - w + alpha * alpha * m) / (alpha * (2.0 - alpha));
  for (int i = 0; i < SMALL; ++i) {
    variance[1 + i] = 1.0 - w;
    variance[1 + SMALL + i] = m * share[i];
    memcpy(mix[i], b, sizeof(b));
    mix[i][1 + SMALL + i] += 1.0;
    for (int k = 0; k < NOISES; ++k) {
      b[k] -= alpha * mix[i][k];
    }
    b[1 + i] += 1.0;
  }
  for (int i = 0; i < SMALL; ++i) {
    for (int j = 0; j < SMALL; ++j) {
      covariance[i * SMALL + j] = 0.0;
      for (int k = 0; k < NOISES; ++k) {
        covariance[i * SMALL + j] += mix[i][k] * mix[j][k] * variance[k];
      }
    }
  }
}

static void the_likelihood_is_exact(void** state) {
  (void)state;
  static const double SHARE[SMALL] = {1, 0.5, 1, 0.5, 1, 1, 1, 0.5, 0.5, 1, 0.5, 1};
  const double alpha = 0.4;
  const double w = 0.6;
  dt_rng rng = dt_rng_seeded(21, 1);
  double row[SMALL * 3];
  double v[SMALL * SMALL];
  for (int i = 0; i < SMALL; ++i) {
    row[3 * i] = 1.0;
    row[3 * i + 1] = (double)i;
    row[3 * i + 2] = 5.0 * dt_rng_normal(&rng);
  }
  dense_covariance(alpha, w, SHARE, v);
  /* REML: -1/2 (log |V| + log |X'V^-1 X|) - df/2 log(rest / df). */
  double log_det = 0.0;
  double log_det_columns = 0.0;
  double solved[3][SMALL];
  double sums[3][3];
  assert_true(dt__cholesky(v, SMALL, &log_det));
  for (int k = 0; k < 3; ++k) {
    for (int i = 0; i < SMALL; ++i) {
      solved[k][i] = row[3 * i + k];
    }
    dt__cholesky_solve(v, SMALL, solved[k]);
    for (int l = 0; l < 3; ++l) {
      sums[k][l] = 0.0;
      for (int i = 0; i < SMALL; ++i) {
        sums[k][l] += solved[k][i] * row[3 * i + l];
      }
    }
  }
  double x[4] = {sums[0][0], sums[0][1], sums[1][0], sums[1][1]};
  double b[2] = {sums[2][0], sums[2][1]};
  assert_true(dt__cholesky(x, 2, &log_det_columns));
  dt__cholesky_solve(x, 2, b);
  const double scale = (sums[2][2] - b[0] * sums[2][0] - b[1] * sums[2][1]) / (SMALL - 2);
  const dt__keeper keeper = {
      .count = SMALL, .present = SMALL, .columns = 2, .row = row, .share = SHARE};
  dt__keeper_node node = {.alpha = alpha, .w = w};
  assert_true(dt__keeper_filter(&keeper, &node));
  assert_near(node.df, SMALL - 2, 0.0);
  assert_near(node.scale, scale, 1e-9);
  assert_near(node.log_like, -0.5 * (log_det + log_det_columns) - 0.5 * (SMALL - 2) * log(scale),
              1e-9);
}

/* --- the published estimators ------------------------------------------------------------------
 */

static void bounded_least_squares_finds_a_long_series_within_its_bound(void** state) {
  (void)state;
  const player p = {0.4, 10, 5, 2000, 0.05};
  const dt_beats beats = play(&p, 11);
  dt_keeper_point found;
  assert_int_equal(dt_timekeeper_bgls(&found, NULL, &beats), DT_OK);
  assert_near(found.correction, 0.4, 0.1);
  assert_near(found.clock_ms, 10.0, 1.2);
  assert_near(found.motor_ms, 5.0, 1.7);
  /* Hands noisier than the clock: on the bound. */
  const player noisy = {0.1, 3, 10, 2000, 0};
  const dt_beats hands = play(&noisy, 11);
  assert_int_equal(dt_timekeeper_bgls(&found, NULL, &hands), DT_OK);
  assert_near(found.motor_ms, found.clock_ms, 1e-9);
}

static void moments_are_unbiased_in_short_series(void** state) {
  (void)state;
  const player p = {0, 12, 10, 41, 0.1};
  double clock2 = 0.0;
  double motor2 = 0.0;
  enum { SERIES = 4000 };
  for (uint64_t seed = 1; seed <= SERIES; ++seed) {
    const dt_beats beats = play(&p, seed);
    dt_keeper_point found;
    assert_int_equal(dt_timekeeper_moments(&found, NULL, &beats), DT_OK);
    /* lag1 = g1 / g0 and one SD give both variances, whatever their signs. */
    const double g0 = !isnan(found.clock_ms)
                          ? found.clock_ms * found.clock_ms / (1.0 + 2.0 * found.lag1)
                          : -found.motor_ms * found.motor_ms / found.lag1;
    clock2 += g0 * (1.0 + 2.0 * found.lag1) / SERIES;
    motor2 -= g0 * found.lag1 / SERIES;
  }
  print_message("seeds 1..%d\n", SERIES);
  assert_near(clock2, 144.0, 4.0);
  assert_near(motor2, 100.0, 3.0);
}

static void moments_take_the_detector_off(void** state) {
  (void)state;
  const player p = {0, 10, 10, 2000, 0.1};
  dt_beats beats = play(&p, 12);
  dt_keeper_point raw;
  dt_keeper_point found;
  assert_int_equal(dt_timekeeper_moments(&raw, NULL, &beats), DT_OK);
  beats.detector_ms = 4.0;
  assert_int_equal(dt_timekeeper_moments(&found, NULL, &beats), DT_OK);
  assert_near(found.motor_ms * found.motor_ms, raw.motor_ms * raw.motor_ms - 16.0, 1e-6);
  assert_near(found.clock_ms, raw.clock_ms, 1e-9);
}

/* --- memory ------------------------------------------------------------------------------------
 */

static bool estimate(const dt_allocator* allocator, void* ctx) {
  const dt_beats* beats = ctx;
  dt_timekeeper found;
  dt_keeper_point point;
  const dt_status status = dt_timekeeper_click(&found, allocator, beats);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_int_equal(found.clock_ms.known, DT_CANT_TELL);
    return false;
  }
  return dt_timekeeper_bgls(&point, allocator, beats) == DT_OK &&
         dt_timekeeper_moments(&point, allocator, beats) == DT_OK;
}

static void no_memory_is_said(void** state) {
  (void)state;
  const player p = {0.3, 10, 5, 60, 0};
  dt_beats beats = play(&p, 1);
  assert_true(dt_failing_sweep(estimate, &beats) >= 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clock_hands_and_correction_come_out_as_dialled_in),
      cmocka_unit_test(a_missed_beat_costs_only_itself),
      cmocka_unit_test(without_a_click_clock_and_hands_come_out_as_dialled_in),
      cmocka_unit_test(without_a_click_correction_is_not_testable),
      cmocka_unit_test(a_tempo_that_drifts_evenly_is_no_noise),
      cmocka_unit_test(the_habit_of_a_place_in_the_bar_is_no_noise),
      cmocka_unit_test(the_instruments_own_jitter_is_taken_off_the_hands),
      cmocka_unit_test(unisons_tell_the_hands_from_the_clock),
      cmocka_unit_test(few_beats_say_cant_tell),
      cmocka_unit_test(intervals_that_hang_together_are_not_testable),
      cmocka_unit_test(a_machine_is_not_testable),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(the_likelihood_is_exact),
      cmocka_unit_test(bounded_least_squares_finds_a_long_series_within_its_bound),
      cmocka_unit_test(moments_are_unbiased_in_short_series),
      cmocka_unit_test(moments_take_the_detector_off),
      cmocka_unit_test(no_memory_is_said),
  };
  return cmocka_run_group_tests_name("timekeeper", tests, NULL, NULL);
}
