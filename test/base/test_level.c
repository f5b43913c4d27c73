#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/near.h"
#include "dt/level.h"

static void the_ends_are_forty_decibels_apart(void** state) {
  (void)state;
  assert_near(dt_velocity_db(127), 0, 1e-12);
  assert_near(dt_velocity_db(1), -40, 1e-12);
  assert_near(dt_velocity_db(64), 40 * log10(0.55), 1e-12); /* half way: r = 0.55 */
}

static void level_and_velocity_undo_each_other(void** state) {
  (void)state;
  for (double v = 1; v <= 127; v += 0.25)
    assert_near(dt_velocity_at_db(dt_velocity_db(v)), v, 1e-9);
}

static void louder_is_always_more(void** state) {
  (void)state;
  for (double v = 2; v <= 127; v += 1) {
    assert_true(dt_velocity_db(v) > dt_velocity_db(v - 1));
    const double slope = (dt_velocity_db(v) - dt_velocity_db(v - 0.001)) / 0.001;
    assert_near(dt_velocity_db_slope(v), slope, 1e-4);
  }
}

static void what_is_unknown_stays_unknown(void** state) {
  (void)state;
  assert_true(isnan(dt_velocity_db(0)));
  assert_true(isnan(dt_velocity_db(-3)));
  assert_true(isnan(dt_velocity_db((double)NAN)));
  assert_true(isnan(dt_velocity_at_db((double)NAN)));
  assert_true(isnan(dt_velocity_db_slope(0)));
}

static void past_the_ends_is_the_end(void** state) {
  (void)state;
  assert_near(dt_velocity_db(300), 0, 1e-12);
  assert_near(dt_velocity_db(0.5), -40, 1e-12);
  assert_near(dt_velocity_at_db(3), 127, 0);
  assert_near(dt_velocity_at_db(-90), 1, 0);
  assert_near(dt_velocity_at_db(-(double)INFINITY), 1, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_ends_are_forty_decibels_apart),
      cmocka_unit_test(level_and_velocity_undo_each_other),
      cmocka_unit_test(louder_is_always_more),
      cmocka_unit_test(what_is_unknown_stays_unknown),
      cmocka_unit_test(past_the_ends_is_the_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
