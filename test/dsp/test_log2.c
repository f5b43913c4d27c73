#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/near.h"
#include "dt/log2.h"
#include "dt/rng.h"

static float log2_of(float x) {
  float y;
  dt_log2_scaled(&x, 1, 0, 1, 0, &y);
  return y;
}

static void every_size_of_number_has_its_logarithm(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(7, 0);
  for (int i = 0; i < 200000; i++) {
    float x = (float)pow(2, -125 + 252 * dt_rng_uniform(&rng));
    /* A float near 100 is only so exact itself. */
    assert_near((double)log2_of(x), log2((double)x), 1e-5);
  }
}

static void powers_of_two_are_exact(void** state) {
  (void)state;
  for (int e = -126; e <= 127; e++)
    assert_true(log2_of((float)ldexp(1, e)) == (float)e);
}

static void more_is_never_less(void** state) {
  (void)state;
  /* Where octaves meet is where a series may step back: a step of rounding at most. */
  for (int octave = -30; octave <= 30; octave++) {
    float before = log2_of((float)ldexp(0.7, octave));
    for (int i = 1; i < 2000; i++) {
      float here = log2_of((float)ldexp(0.7 + i * 1e-5, octave));
      assert_true(here > before - 1e-5f);
      before = here;
    }
  }
}

static void lists_are_scaled_and_may_be_replaced(void** state) {
  (void)state;
  float x[37];
  float y[37];
  for (int i = 0; i < 37; i++)
    x[i] = (float)i;
  dt_log2_scaled(x, 37, 1, 3, -2, y);
  for (int i = 0; i < 37; i++)
    assert_near((double)y[i], 3 * log2(i + 1.0) - 2, 3e-5);
  dt_log2_scaled(x, 37, 1, 3, -2, x);
  assert_memory_equal(x, y, sizeof x);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_size_of_number_has_its_logarithm),
      cmocka_unit_test(powers_of_two_are_exact),
      cmocka_unit_test(more_is_never_less),
      cmocka_unit_test(lists_are_scaled_and_may_be_replaced),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
