#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>

#include "dt/rng.h"
#include "dt/stat.h"
#include "stat_table.h"

#define SEED 20240612U

static void check(const char* what, const stat_row* row, double got, double expected,
                  double limit) {
  const double error = fabs(got - expected) / fabs(expected);
  if (!(error <= limit))
    fail_msg("%s, p %.17g, df %.17g: %.17g instead of %.17g", what, row->p, row->df, got, expected);
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void normal_agrees_with_the_table(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(normal_rows); ++i) {
    const stat_row* row = &normal_rows[i];
    check("quantile", row, dt_normal_quantile(row->p), row->quantile, 1e-13);
    check("cdf", row, dt_normal_cdf(row->quantile), row->p, 1e-13);
  }
}

static void student_agrees_with_the_table(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(student_rows); ++i) {
    const stat_row* row = &student_rows[i];
    check("quantile", row, dt_student_quantile(row->p, row->df), row->quantile, 1e-12);
    check("cdf", row, dt_student_cdf(row->quantile, row->df), row->p, 1e-12);
  }
}

static void chi2_agrees_with_the_table(void** state) {
  (void)state;
  for (size_t i = 0; i < COUNT(chi2_rows); ++i) {
    const stat_row* row = &chi2_rows[i];
    check("quantile", row, dt_chi2_quantile(row->p, row->df), row->quantile, 1e-12);
    check("cdf", row, dt_chi2_cdf(row->quantile, row->df), row->p, 1e-11);
  }
}

/* The figures of every textbook, so that table and code cannot be wrong together. */
static void the_figures_of_the_textbooks_come_out(void** state) {
  (void)state;
  assert_true(fabs(dt_normal_quantile(0.975) - 1.959963984540054) < 1e-14);
  assert_true(fabs(dt_student_quantile(0.975, 10.0) - 2.228138851964939) < 1e-8);
  assert_true(fabs(dt_student_quantile(0.975, 1.0) - 12.7062) < 1e-4);
  assert_true(fabs(dt_chi2_quantile(0.95, 10.0) - 18.307038) < 1e-6);
  assert_true(fabs(dt_chi2_quantile(0.025, 29.0) - 16.047072) < 1e-6);
}

static double log_uniform(dt_rng* rng, double low, double high) {
  return low * exp(dt_rng_uniform(rng) * log(high / low));
}

/* Anywhere between the rows of the table: the function undoes its inverse. */
static void every_inverse_is_undone_by_its_function(void** state) {
  (void)state;
  printf("seed %u\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int i = 0; i < 5000; ++i) {
    stat_row row = {.p = log_uniform(&rng, 1e-9, 0.5), .df = log_uniform(&rng, 0.5, 1e6)};
    check("normal", &row, dt_normal_cdf(dt_normal_quantile(row.p)), row.p, 1e-12);
    check("student", &row, dt_student_cdf(dt_student_quantile(row.p, row.df), row.df), row.p,
          1e-10);
    check("chi2", &row, dt_chi2_cdf(dt_chi2_quantile(row.p, row.df), row.df), row.p, 1e-9);
    row.p = 1.0 - row.p;
    const double upper = 1.0 - row.p;
    check("student", &row, dt_student_cdf(-dt_student_quantile(row.p, row.df), row.df), upper,
          1e-10);
    check("chi2", &row, dt_chi2_cdf(dt_chi2_quantile(row.p, row.df), row.df), row.p, 1e-9);
  }
}

static void quantiles_rise_with_p_across_every_seam(void** state) {
  (void)state;
  const double dfs[] = {0.5, 1.0, 7.5, 19.99, 20.0, 999.9, 1000.1, 1e5};
  for (size_t d = 0; d < COUNT(dfs); ++d) {
    double t = -HUGE_VAL;
    double chi2 = -1.0;
    double z = -HUGE_VAL;
    for (int i = 1; i < 2000; ++i) {
      const double p = i / 2000.0;
      assert_true(dt_student_quantile(p, dfs[d]) > t);
      assert_true(dt_chi2_quantile(p, dfs[d]) > chi2);
      assert_true(dt_normal_quantile(p) > z);
      t = dt_student_quantile(p, dfs[d]);
      chi2 = dt_chi2_quantile(p, dfs[d]);
      z = dt_normal_quantile(p);
    }
  }
}

static void the_edges_are_sane(void** state) {
  (void)state;
  assert_true(dt_normal_quantile(0.5) == 0.0 && dt_student_quantile(0.5, 3.0) == 0.0);
  assert_true(dt_student_cdf(0.0, 3.0) == 0.5 && dt_chi2_cdf(0.0, 3.0) == 0.0);
  assert_true(dt_chi2_cdf(-1.0, 3.0) == 0.0 && dt_chi2_cdf(-HUGE_VAL, 3.0) == 0.0);
  assert_true(dt_chi2_cdf(HUGE_VAL, 3.0) == 1.0 && dt_chi2_cdf(1e7, 3.0) == 1.0);
  assert_true(dt_chi2_cdf(1e-9, 1e5) == 0.0);
  assert_true(dt_student_cdf(HUGE_VAL, 3.0) == 1.0 && dt_student_cdf(-HUGE_VAL, 3.0) == 0.0);
  assert_true(dt_student_cdf(-DBL_MAX, 5000.0) == 0.0 && dt_student_cdf(DBL_MAX, 0.5) == 1.0);
  assert_true(dt_student_cdf(1.5, HUGE_VAL) == dt_normal_cdf(1.5));
  assert_true(dt_student_quantile(0.9, HUGE_VAL) == dt_normal_quantile(0.9));
  /* Quantiles that no double can hold. */
  assert_true(dt_student_quantile(1e-300, 0.1) == -HUGE_VAL);
  assert_true(dt_chi2_quantile(1e-300, 0.5) == 0.0);
  assert_true(dt_chi2_quantile(1e-160, 1.0) == 0.0); /* 1.6e-320 has three digits */
  assert_true(fabs(dt_normal_quantile(1e-300) + 37.0471) < 1e-4);
}

static void arguments_out_of_range_give_no_number(void** state) {
  (void)state;
  const double bad_p[] = {0.0, 1.0, -0.1, 1.1, (double)NAN, HUGE_VAL};
  const double bad_df[] = {0.0, -1.0, (double)NAN};
  for (size_t i = 0; i < COUNT(bad_p); ++i) {
    assert_true(isnan(dt_normal_quantile(bad_p[i])));
    assert_true(isnan(dt_student_quantile(bad_p[i], 5.0)));
    assert_true(isnan(dt_chi2_quantile(bad_p[i], 5.0)));
  }
  for (size_t i = 0; i < COUNT(bad_df); ++i) {
    assert_true(isnan(dt_student_quantile(0.3, bad_df[i])));
    assert_true(isnan(dt_student_cdf(0.3, bad_df[i])));
    assert_true(isnan(dt_chi2_quantile(0.3, bad_df[i])));
    assert_true(isnan(dt_chi2_cdf(0.3, bad_df[i])));
  }
  assert_true(isnan(dt_chi2_quantile(0.3, 1.1e8)) && isnan(dt_chi2_cdf(0.3, HUGE_VAL)));
  assert_true(isnan(dt_normal_cdf((double)NAN)) && isnan(dt_student_cdf((double)NAN, 2.0)));
  assert_true(isnan(dt_chi2_cdf((double)NAN, 2.0)));
}

static void mean_and_sd_keep_their_digits_far_from_zero(void** state) {
  (void)state;
  const double x[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
  assert_true(dt_mean(x, 4) == 1e9 + 10);
  assert_true(fabs(dt_sd(x, 4) - sqrt(30.0)) < 1e-12);
  assert_true(dt_mean(x, 1) == x[0]);
  const double tenths[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
  assert_true(dt_mean(tenths, 10) == 0.1 && dt_sd(tenths, 10) == 0.0);
  assert_true(isnan(dt_mean(x, 0)) && isnan(dt_sd(x, 0)) && isnan(dt_sd(x, 1)));
}

/* R: quantile(c(15, 20, 35, 40, 50), c(.05, .3, .4, .5, 1)), type 7. */
static void quantiles_are_those_of_r(void** state) {
  (void)state;
  const double x[] = {50, 15, 40, 20, 35};
  double scratch[5];
  const double p[] = {0.0, 0.05, 0.3, 0.4, 0.5, 1.0};
  const double expected[] = {15, 16, 23, 29, 35, 50};
  for (size_t i = 0; i < COUNT(p); ++i)
    assert_true(fabs(dt_quantile(x, 5, p[i], scratch) - expected[i]) < 1e-12);
  assert_true(x[0] == 50 && x[4] == 35); /* x is left alone */
  assert_true(dt_median(x, 4, scratch) == 30.0);
  assert_true(fabs(dt_robust_sd(x, 5, scratch) - 20.0 / 1.349) < 1e-12);
  double own[] = {3, 1, 2};
  assert_true(dt_median(own, 3, own) == 2.0);
  assert_true(isnan(dt_quantile(x, 0, 0.5, scratch)) && isnan(dt_median(x, 0, scratch)));
  assert_true(isnan(dt_quantile(x, 5, -0.01, scratch)) && isnan(dt_quantile(x, 5, 1.01, scratch)));
  assert_true(isnan(dt_quantile(x, 5, (double)NAN, scratch)));
  assert_true(isnan(dt_robust_sd(x, 0, scratch)));
  for (size_t i = 0; i < 5; ++i) {
    double unknown[] = {50, 15, 40, 20, 35};
    unknown[i] = (double)NAN;
    assert_true(isnan(dt_median(unknown, 5, scratch)));
    assert_true(isnan(dt_robust_sd(unknown, 5, scratch)));
  }
}

static int rising(const void* left, const void* right) {
  const double a = *(const double*)left;
  const double b = *(const double*)right;
  return a < b ? -1 : a > b;
}

static void quantiles_agree_with_a_full_sort(void** state) {
  (void)state;
  printf("seed %u\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 2);
  static double x[1000];
  static double sorted[1000];
  static double scratch[1000];
  for (int round = 0; round < 2000; ++round) {
    const size_t count = 1 + dt_rng_below(&rng, round % 10 == 0 ? 1000 : 20);
    const uint32_t values = round % 3 == 0 ? 3 : 100000; /* many ties, or few */
    for (size_t i = 0; i < count; ++i)
      sorted[i] = x[i] = dt_rng_below(&rng, values);
    qsort(sorted, count, sizeof *sorted, rising);
    const double p = dt_rng_uniform(&rng);
    const double place = p * (double)(count - 1);
    const size_t rank = (size_t)place;
    const double above = rank + 1 < count ? sorted[rank + 1] : sorted[rank];
    const double expected = sorted[rank] + (place - (double)rank) * (above - sorted[rank]);
    if (dt_quantile(x, count, p, scratch) != expected)
      fail_msg("Round %d of seed %u", round, SEED);
  }
}

static void robust_sd_is_the_sd_of_a_normal(void** state) {
  (void)state;
  printf("seed %u\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 3);
  static double x[20000];
  static double scratch[20000];
  for (size_t i = 0; i < COUNT(x); ++i)
    x[i] = 5.0 + 2.0 * dt_rng_normal(&rng);
  assert_true(fabs(dt_sd(x, COUNT(x)) - 2.0) < 0.04);
  assert_true(fabs(dt_robust_sd(x, COUNT(x), scratch) - 2.0) < 0.07);
  for (size_t i = 0; i < COUNT(x); i += 20)
    x[i] = 1e6; /* one wild value in twenty */
  assert_true(dt_robust_sd(x, COUNT(x), scratch) < 2.4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(normal_agrees_with_the_table),
      cmocka_unit_test(student_agrees_with_the_table),
      cmocka_unit_test(chi2_agrees_with_the_table),
      cmocka_unit_test(the_figures_of_the_textbooks_come_out),
      cmocka_unit_test(every_inverse_is_undone_by_its_function),
      cmocka_unit_test(quantiles_rise_with_p_across_every_seam),
      cmocka_unit_test(the_edges_are_sane),
      cmocka_unit_test(arguments_out_of_range_give_no_number),
      cmocka_unit_test(mean_and_sd_keep_their_digits_far_from_zero),
      cmocka_unit_test(quantiles_are_those_of_r),
      cmocka_unit_test(quantiles_agree_with_a_full_sort),
      cmocka_unit_test(robust_sd_is_the_sd_of_a_normal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
