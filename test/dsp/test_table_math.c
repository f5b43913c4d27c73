#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/near.h"
#include "dt/stat.h"
#include "dt/table_math.h"

static void waves_are_those_of_the_library(void** state) {
  (void)state;
  for (int i = -5000; i <= 5000; i++) {
    double turns = i / 1777.0;
    assert_near(dt_table_cos(turns), cos(2 * DT_PI * turns), 4e-15);
    assert_near(dt_table_sin(turns), sin(2 * DT_PI * turns), 4e-15);
  }
}

static void quarters_are_exact(void** state) {
  (void)state;
  static const double cosines[] = {1, 0, -1, 0};
  for (int i = -8; i <= 8; i++) {
    assert_true(dt_table_cos(i / 4.0) == cosines[i & 3]);
    assert_true(dt_table_sin(i / 4.0) == cosines[(i + 3) & 3]);
  }
}

static void logarithms_are_those_of_the_library(void** state) {
  (void)state;
  assert_true(dt_table_ln(1) == 0);
  for (int i = -4000; i <= 4000; i++) {
    double x = pow(2, i / 97.0);
    assert_near(dt_table_ln(x), log(x), 1e-15 * (1 + fabs(log(x))));
  }
}

/* Abramowitz and Stegun, table 9.8 (times exp(x)). */
static void bessel_is_that_of_the_tables(void** state) {
  (void)state;
  assert_near(dt_table_bessel_i0(0), 1, 0);
  assert_near(dt_table_bessel_i0(1), 0.4657596077 * exp(1), 1e-9);
  assert_near(dt_table_bessel_i0(-5), 0.1835408126 * exp(5), 1e-7);
  assert_near(dt_table_bessel_i0(10), 0.1278333372 * exp(10), 1e-5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(waves_are_those_of_the_library),
      cmocka_unit_test(quarters_are_exact),
      cmocka_unit_test(logarithms_are_those_of_the_library),
      cmocka_unit_test(bessel_is_that_of_the_tables),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
