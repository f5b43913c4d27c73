#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "dt/lpc.h"
#include "dt/rng.h"

#define COUNT 20000
#define SEED  42

static float x[COUNT + 64];

static void correlation_is_the_mean_of_products(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int n = 0; n < 1000; n++)
    x[n] = (float)dt_rng_normal(&rng);
  static const size_t counts[] = {0, 1, 7, 8, 9, 16, 17, 63, 64, 65, 529, 1000};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    double r[21];
    dt_autocorrelation(x, counts[i], 20, r);
    for (size_t k = 0; k <= 20; k++) {
      double sum = 0;
      for (size_t n = 0; n + k < counts[i]; n++)
        sum += (double)x[n] * (double)x[n + k];
      double expected = counts[i] > 0 ? sum / (double)counts[i] : 0;
      assert_true(fabs(r[k] - expected) < 1e-5);
    }
  }
}

static void a_resonance_is_predicted(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 2);
  for (int n = 0; n < COUNT; n++) {
    double past1 = n > 0 ? (double)x[n - 1] : 0;
    double past2 = n > 1 ? (double)x[n - 2] : 0;
    x[n] = (float)(1.6 * past1 - 0.9 * past2 + 0.1 * dt_rng_normal(&rng));
  }
  double r[5];
  double a[5];
  dt_autocorrelation(x, COUNT, 4, r);
  double power = dt_lpc(r, 4, a);
  assert_true(fabs(power - 0.01) < 0.0005);
  assert_true(fabs(a[0] - 1) < 1e-12);
  assert_true(fabs(a[1] + 1.6) < 0.02);
  assert_true(fabs(a[2] - 0.9) < 0.02);
  assert_true(fabs(a[3]) < 0.05 && fabs(a[4]) < 0.05);
}

static void the_error_filter_is_a_plain_sum(void** state) {
  (void)state;
  const double a[4] = {1, -0.5, 0.25, 0.125};
  float error[37];
  dt_lpc_error(a, 3, x + 10, 37, error);
  for (int n = 0; n < 37; n++) {
    double expected = 0;
    for (int k = 0; k <= 3; k++)
      expected += a[k] * (double)x[10 + n - k];
    assert_true(fabs((double)error[n] - expected) < 1e-5);
  }
}

static void a_pure_tone_or_nonsense_does_not_break_the_recursion(void** state) {
  (void)state;
  const double constant[4] = {1, 1, 1, 1};
  const double nonsense[4] = {1, 2, -3, 5};
  const double none[4] = {0, 0, 0, 0};
  const double* const cases[] = {constant, nonsense, none};
  for (int i = 0; i < 3; i++) {
    double a[4];
    double power = dt_lpc(cases[i], 3, a);
    assert_true(power >= 0 && isfinite(power));
    for (int k = 0; k < 4; k++)
      assert_true(isfinite(a[k]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(correlation_is_the_mean_of_products),
      cmocka_unit_test(a_resonance_is_predicted),
      cmocka_unit_test(the_error_filter_is_a_plain_sum),
      cmocka_unit_test(a_pure_tone_or_nonsense_does_not_break_the_recursion),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
