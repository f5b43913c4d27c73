#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "dt/rng.h"

/* Output of pcg32-demo for seed 42, stream 54, as published with the reference code. */
static void the_numbers_are_those_of_pcg32(void** state) {
  (void)state;
  const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                               0x83d2f293, 0xbfa4784b, 0xcbed606e};
  dt_rng rng = dt_rng_seeded(42, 54);
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; ++i)
    assert_int_equal(dt_rng_bits(&rng), expected[i]);
}

static void the_same_seed_gives_the_same_take(void** state) {
  (void)state;
  dt_rng a = dt_rng_seeded(7, 1);
  dt_rng b = dt_rng_seeded(7, 1);
  dt_rng other_seed = dt_rng_seeded(8, 1);
  dt_rng other_stream = dt_rng_seeded(7, 2);
  int same_seed = 0;
  int same_stream = 0;
  for (int i = 0; i < 1000; ++i) {
    const double x = dt_rng_normal(&a);
    assert_true(x == dt_rng_normal(&b));
    same_seed += x == dt_rng_normal(&other_seed);
    same_stream += x == dt_rng_normal(&other_stream);
  }
  assert_int_equal(same_seed + same_stream, 0);
}

static void uniform_is_flat_and_never_one(void** state) {
  (void)state;
  printf("seed 11\n");
  dt_rng rng = dt_rng_seeded(11, 1);
  const int count = 200000;
  int bins[20] = {0};
  bool fine_bits = false;
  for (int i = 0; i < count; ++i) {
    const double u = dt_rng_uniform(&rng);
    assert_true(u >= 0.0 && u < 1.0);
    ++bins[(int)(u * 20.0)];
    fine_bits = fine_bits || u * 0x1p32 != floor(u * 0x1p32);
  }
  assert_true(fine_bits);
  double chi2 = 0.0;
  for (int i = 0; i < 20; ++i)
    chi2 += (bins[i] - count / 20.0) * (bins[i] - count / 20.0) / (count / 20.0);
  assert_true(chi2 < 43.8); /* 99.9 % for 19 degrees */
}

static void below_reaches_all_and_favours_none(void** state) {
  (void)state;
  printf("seed 12\n");
  dt_rng rng = dt_rng_seeded(12, 1);
  assert_int_equal(dt_rng_below(&rng, 1), 0);
  /* With this bound a plain remainder would favour the first third two to one. */
  const uint32_t bound = 0xC0000000U;
  int low = 0;
  for (int i = 0; i < 30000; ++i) {
    const uint32_t n = dt_rng_below(&rng, bound);
    assert_true(n < bound);
    low += n < bound / 3;
  }
  assert_in_range(low, 9600, 10400);
  int seen[6] = {0};
  for (int i = 0; i < 600; ++i)
    ++seen[dt_rng_below(&rng, 6)];
  for (int i = 0; i < 6; ++i)
    assert_in_range(seen[i], 60, 140);
}

static void normal_has_the_shape_of_a_normal(void** state) {
  (void)state;
  printf("seed 13\n");
  dt_rng rng = dt_rng_seeded(13, 1);
  const int count = 200000;
  double sum = 0.0;
  double squares = 0.0;
  double fourths = 0.0;
  double neighbours = 0.0;
  double last = 0.0;
  for (int i = 0; i < count; ++i) {
    const double z = dt_rng_normal(&rng);
    assert_true(isfinite(z));
    sum += z;
    squares += z * z;
    fourths += z * z * z * z;
    neighbours += z * last;
    last = z;
  }
  /* Four standard errors each. */
  assert_true(fabs(sum / count) < 4.0 / sqrt(count));
  assert_true(fabs(squares / count - 1.0) < 4.0 * sqrt(2.0 / count));
  assert_true(fabs(fourths / count - 3.0) < 4.0 * sqrt(96.0 / count));
  assert_true(fabs(neighbours / count) < 4.0 / sqrt(count));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_numbers_are_those_of_pcg32),
      cmocka_unit_test(the_same_seed_gives_the_same_take),
      cmocka_unit_test(uniform_is_flat_and_never_one),
      cmocka_unit_test(below_reaches_all_and_favours_none),
      cmocka_unit_test(normal_has_the_shape_of_a_normal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
