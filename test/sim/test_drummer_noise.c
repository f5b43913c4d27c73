#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/near.h"
#include "../support/play_chart.h"
#include "dt/drummer.h"
#include "dt/stat.h"

/*
 * The noise of the simulated drummer has the statistics that its model states. Long takes, so that
 * the tolerances are several standard errors and no seed matters; DT_SEED picks another one.
 */
#define PI 3.14159265358979323846

static uint64_t seed_of_run(void) {
  static uint64_t seed = 0;
  if (seed == 0) {
    const char* given = getenv("DT_SEED");
    seed = given ? strtoull(given, NULL, 10) : 20241;
    print_message("seed %llu (DT_SEED=... picks another)\n", (unsigned long long)seed);
  }
  return seed;
}

static dt_drummer player(int bars) {
  dt_drummer drummer = dt_drummer_default();
  drummer.seed = seed_of_run();
  drummer.bars = bars;
  drummer.scatter_ms = 0;
  return drummer;
}

typedef struct series {
  double* x; /* ms off the player's own pulse, in order of position */
  size_t count;
} series;

static int by_tick(const void* left, const void* right) {
  const dt_truth* a = left;
  const dt_truth* b = right;
  return a->tick < b->tick ? -1 : a->tick > b->tick;
}

/* The deviations of all strokes of a one-drum groove. */
static series deviations(const dt_drummer* drummer, const char* groove) {
  dt_truths t;
  assert_int_equal(dt__play_text(drummer, dt__groove_text(groove), NULL, &t, NULL), DT_OK);
  qsort(t.items, t.count, sizeof *t.items, by_tick);
  series s = {test_malloc(t.count * sizeof(double)), t.count};
  for (size_t i = 0; i < t.count; i++)
    s.x[i] = 1000 * (t.items[i].stroke.time_s - t.items[i].own_time_s);
  dt_truths_clear(&t, NULL);
  return s;
}

static void done(series s) {
  test_free(s.x);
}

static double autocovariance(const double* x, size_t count, size_t lag) {
  const double mean = dt_mean(x, count);
  double sum = 0;
  for (size_t i = 0; i + lag < count; i++)
    sum += (x[i] - mean) * (x[i + lag] - mean);
  return sum / (double)(count - lag);
}

static void assert_within(double value, double expected, double relative) {
  if (!(fabs(value - expected) <= relative * fabs(expected)))
    fail_msg("%g is not within %g %% of %g", value, 100 * relative, expected);
}

static void scatter_is_white_and_of_the_size_asked(void** state) {
  (void)state;
  dt_drummer drummer = player(10000);
  drummer.scatter_ms = 9;
  const series s = deviations(&drummer, "quarters");
  assert_int_equal(s.count, 40000);
  assert_within(dt_sd(s.x, s.count), 9, 0.02);
  assert_true(fabs(dt_mean(s.x, s.count)) < 5 * 9 / sqrt(40000.0));
  for (size_t lag = 1; lag < 5; lag++)
    assert_true(fabs(autocovariance(s.x, s.count, lag)) < 81 * 5 / sqrt(40000.0));
  done(s);
}

/* Wing & Kristofferson 1973: intervals I(n) = T(n) + M(n+1) - M(n). */
static void from_memory_intervals_show_clock_and_hands(void** state) {
  (void)state;
  dt_drummer drummer = player(10000);
  drummer.scatter_ms = 8;
  drummer.clock_ms = 10;
  series s = deviations(&drummer, "quarters");
  for (size_t i = 0; i + 1 < s.count; i++)
    s.x[i] = s.x[i + 1] - s.x[i];
  s.count--;
  const double variance = autocovariance(s.x, s.count, 0);
  const double lag1 = autocovariance(s.x, s.count, 1);
  assert_within(variance, 10 * 10 + 2 * 8 * 8, 0.04);
  assert_within(lag1, -8 * 8, 0.06);
  assert_within(lag1 / variance, -64.0 / 228, 0.06);
  assert_true(fabs(autocovariance(s.x, s.count, 2)) < 0.03 * variance);
  done(s);
}

/* Vorberg & Schulze 2002: with A = B + M and B' = (1-a) B - a M + T, in the steady state
 * var B = (a^2 sM^2 + sC^2) / (1 - (1-a)^2), and cov(A', A) = (1-a) var B - a sM^2. */
static void with_a_click_the_asynchronies_follow_the_model(void** state) {
  (void)state;
  const double alphas[] = {0.1, 0.3, 0.7, 1.0};
  for (size_t i = 0; i < sizeof alphas / sizeof *alphas; i++) {
    const double a = alphas[i];
    dt_drummer drummer = player(10000);
    drummer.scatter_ms = 6;
    drummer.clock_ms = 10;
    drummer.phase_correction = a;
    const series s = deviations(&drummer, "quarters");
    const double var_b = (a * a * 36 + 100) / (1 - (1 - a) * (1 - a));
    assert_within(autocovariance(s.x, s.count, 0), var_b + 36, 0.07);
    assert_true(fabs(autocovariance(s.x, s.count, 1) - ((1 - a) * var_b - a * 36)) <
                0.07 * (var_b + 36));
    done(s);
  }
}

static void a_settled_player_is_settled_from_the_first_beat(void** state) {
  (void)state;
  const double a = 0.2;
  double first[2000];
  for (uint64_t i = 0; i < 2000; i++) {
    dt_drummer drummer = player(1);
    drummer.seed += i;
    drummer.clock_ms = 10;
    drummer.phase_correction = a;
    const series s = deviations(&drummer, "quarters");
    first[i] = s.x[0];
    done(s);
  }
  assert_within(dt_sd(first, 2000), 10 / sqrt(1 - (1 - a) * (1 - a)), 0.08);
}

static void period_correction_stays_bounded(void** state) {
  (void)state;
  dt_drummer drummer = player(10000);
  drummer.clock_ms = 10;
  drummer.phase_correction = 0.4;
  const series phase = deviations(&drummer, "quarters");
  drummer.period_correction = 0.1;
  const series both = deviations(&drummer, "quarters");
  const double sd = dt_sd(both.x, both.count);
  assert_true(sd > dt_sd(phase.x, phase.count)); /* it chases noise */
  assert_true(sd < 40);
  /* A wrong period is found and put right: no slow wandering is left. */
  assert_true(autocovariance(both.x, both.count, 20) < 0.1 * sd * sd);
  done(phase);
  done(both);
}

/* Power of the windowed series at `cycles` a take. */
static double power_at(const double* x, size_t count, double cycles) {
  double re = 0;
  double im = 0;
  for (size_t i = 0; i < count; i++) {
    const double at = 2 * PI * (double)i / (double)count;
    const double hann = 1 - cos(at);
    re += hann * x[i] * cos(cycles * at);
    im += hann * x[i] * sin(cycles * at);
  }
  return re * re + im * im;
}

/* Slope of log mean power over log frequency, over octaves 8..1024 cycles of 4,096 steps. */
static void pink_noise_falls_by_one_over_f(void** state) {
  (void)state;
  enum { OCTAVES = 8, TAKES = 6, BINS = 8 };
  double power[OCTAVES] = {0};
  for (uint64_t take = 0; take < TAKES; take++) {
    dt_drummer drummer = player(256);
    drummer.seed += take;
    drummer.pink_ms = 10;
    const series s = deviations(&drummer, "rolls");
    assert_int_equal(s.count, 4096);
    for (int o = 0; o < OCTAVES; o++)
      for (int b = 0; b < BINS; b++)
        power[o] += power_at(s.x, s.count, (double)(8 << o) + b * (double)(1 << o) / 2);
    done(s);
  }
  double sxy = 0;
  double sxx = 0;
  for (int o = 0; o < OCTAVES; o++) {
    const double x = o - (OCTAVES - 1) / 2.0;
    sxy += x * log2(power[o]);
    sxx += x * x;
  }
  print_message("slope %.3f\n", sxy / sxx);
  assert_true(fabs(sxy / sxx + 1) < 0.2);
}

/* Over its whole length, four times the take and more, its SD is the one asked for: over many takes
 * the second moment of any one stroke is. */
static void pink_noise_has_the_size_asked(void** state) {
  (void)state;
  enum { TAKES = 3000 };
  double at_3[TAKES];
  for (uint64_t take = 0; take < TAKES; take++) {
    dt_drummer drummer = player(2);
    drummer.seed += take;
    drummer.pink_ms = 7;
    const series s = deviations(&drummer, "quarters");
    at_3[take] = s.x[3];
    done(s);
  }
  assert_within(dt_sd(at_3, TAKES), 7, 0.06);
}

/* A trait has its own random numbers: adding one leaves the others' draws. */
static void noises_add_up(void** state) {
  (void)state;
  dt_drummer drummer = player(16);
  drummer.scatter_ms = 9;
  const series motor = deviations(&drummer, "rolls");
  drummer.pink_ms = 5;
  const series both = deviations(&drummer, "rolls");
  drummer.scatter_ms = 0;
  const series pink = deviations(&drummer, "rolls");
  for (size_t i = 0; i < both.count; i++)
    assert_near(both.x[i], motor.x[i] + pink.x[i], 1e-8);
  done(motor);
  done(both);
  done(pink);
}

static void between_beats_the_timekeeper_goes_straight(void** state) {
  (void)state;
  dt_drummer drummer = player(16);
  drummer.clock_ms = 10;
  const series s = deviations(&drummer, "rolls");
  for (size_t i = 0; i + 4 < s.count; i += 4)
    for (size_t k = 1; k < 4; k++)
      assert_near(s.x[i + k], s.x[i] + (s.x[i + 4] - s.x[i]) * (double)k / 4, 1e-8);
  done(s);
}

static void a_limb_can_be_looser_than_the_others(void** state) {
  (void)state;
  dt_drummer drummer = player(2000);
  drummer.scatter_ms = 8;
  drummer.limb_scatter[DT_VOICE_KICK] = 1.5;
  dt_truths t;
  assert_int_equal(dt__play_text(&drummer, dt__groove_text("rock"), NULL, &t, NULL), DT_OK);
  double sum[2] = {0};
  size_t count[2] = {0};
  for (size_t i = 0; i < t.count; i++) {
    const double off = 1000 * (t.items[i].stroke.time_s - t.items[i].own_time_s);
    const int kick = t.items[i].stroke.drum == DT_KICK;
    sum[kick] += off * off;
    count[kick]++;
  }
  assert_within(sqrt(sum[1] / (double)count[1]), 12, 0.04);
  assert_within(sqrt(sum[0] / (double)count[0]), 8, 0.04);
  dt_truths_clear(&t, NULL);
}

static void fatigue_loosens_the_hands_by_the_minute(void** state) {
  (void)state;
  dt_drummer drummer = player(300); /* ten minutes */
  drummer.scatter_ms = 5;
  drummer.fatigue = 0.2;
  const series s = deviations(&drummer, "rolls");
  const size_t minute = s.count / 10;
  assert_within(dt_sd(s.x, minute), 5 * 1.1, 0.12);
  assert_within(dt_sd(s.x + 9 * minute, minute), 5 * 2.9, 0.12);
  done(s);
}

static void misses_take_their_share(void** state) {
  (void)state;
  dt_drummer drummer = player(5000);
  drummer.miss_rate = 0.05;
  dt_truths t;
  assert_int_equal(dt__play_text(&drummer, dt__groove_text("rolls"), NULL, &t, NULL), DT_OK);
  const double share = (double)t.missed_count / (double)(t.missed_count + t.count);
  assert_within(share, 0.05, 0.06);
  assert_int_equal(t.missed_count + t.count, 80000);
  dt_truths_clear(&t, NULL);
}

static void dynamics_vary_within_midi(void** state) {
  (void)state;
  dt_drummer drummer = player(2000);
  drummer.velocity_sd = 6;
  dt_truths t;
  assert_int_equal(dt__play_text(&drummer, dt__groove_text("quarters"), NULL, &t, NULL), DT_OK);
  double* v = test_malloc(t.count * sizeof *v);
  for (size_t i = 0; i < t.count; i++)
    v[i] = (double)t.items[i].stroke.velocity;
  assert_within(dt_mean(v, t.count), 90, 0.01);
  assert_within(dt_sd(v, t.count), 6, 0.05);
  dt_truths_clear(&t, NULL);
  drummer.velocity_sd = 64;
  assert_int_equal(dt__play_text(&drummer, dt__groove_text("quarters"), NULL, &t, NULL), DT_OK);
  for (size_t i = 0; i < t.count; i++)
    assert_true(t.items[i].stroke.velocity >= 1 && t.items[i].stroke.velocity <= 127);
  test_free(v);
  dt_truths_clear(&t, NULL);
}

static void a_groove_in_six_keeps_time_in_two(void** state) {
  (void)state;
  dt_drummer drummer = player(8);
  drummer.clock_ms = 10;
  dt_truths t;
  assert_int_equal(dt__play_text(&drummer, dt__groove_text("sixeight"), NULL, &t, NULL), DT_OK);
  double at[48];
  for (size_t i = 0; i < t.count; i++)
    at[t.items[i].tick / 480] = t.items[i].stroke.time_s - t.items[i].own_time_s;
  for (size_t i = 0; i + 3 < 48; i += 3)
    assert_near(at[i + 1], at[i] + (at[i + 3] - at[i]) / 3, 1e-9);
  dt_truths_clear(&t, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scatter_is_white_and_of_the_size_asked),
      cmocka_unit_test(from_memory_intervals_show_clock_and_hands),
      cmocka_unit_test(with_a_click_the_asynchronies_follow_the_model),
      cmocka_unit_test(a_settled_player_is_settled_from_the_first_beat),
      cmocka_unit_test(period_correction_stays_bounded),
      cmocka_unit_test(pink_noise_falls_by_one_over_f),
      cmocka_unit_test(pink_noise_has_the_size_asked),
      cmocka_unit_test(noises_add_up),
      cmocka_unit_test(between_beats_the_timekeeper_goes_straight),
      cmocka_unit_test(a_limb_can_be_looser_than_the_others),
      cmocka_unit_test(fatigue_loosens_the_hands_by_the_minute),
      cmocka_unit_test(misses_take_their_share),
      cmocka_unit_test(dynamics_vary_within_midi),
      cmocka_unit_test(a_groove_in_six_keeps_time_in_two),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
