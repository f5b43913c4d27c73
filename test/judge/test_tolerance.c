#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/near.h"
#include "dt/judge.h"

/* What counts as tight and steady: figures that the manual states. */

static void tight_is_a_share_of_the_beat_for_each_level(void** state) {
  (void)state;
  assert_near(dt_level_tolerance(DT_LEVEL_PRO, 0.5).scatter_ms, 12.5, 1e-9);
  assert_near(dt_level_tolerance(DT_LEVEL_PLAYER, 0.5).scatter_ms, 22.0, 1e-9);
  assert_near(dt_level_tolerance(DT_LEVEL_BEGINNER, 0.5).scatter_ms, 44.0, 1e-9);
  assert_near(dt_level_tolerance(DT_LEVEL_PRO, 1.0).scatter_ms, 25.0, 1e-9);
}

static void nobody_is_asked_for_less_than_six_milliseconds(void** state) {
  (void)state;
  assert_near(dt_level_tolerance(DT_LEVEL_PRO, 0.2).scatter_ms, 6.0, 1e-9);
  assert_near(dt_level_tolerance(DT_LEVEL_PLAYER, 0.1).scatter_ms, 6.0, 1e-9);
  assert_true(dt_level_tolerance(DT_LEVEL_PRO, 0.25).scatter_ms > 6.0);
}

static void steady_is_a_share_of_the_tempo_whatever_the_tempo(void** state) {
  (void)state;
  static const double BEAT_S[] = {0.15, 0.5, 3.0};
  for (int k = 0; k < 3; ++k) {
    assert_near(dt_level_tolerance(DT_LEVEL_PRO, BEAT_S[k]).drift_percent, 0.2, 1e-12);
    assert_near(dt_level_tolerance(DT_LEVEL_PLAYER, BEAT_S[k]).drift_percent, 1.0, 1e-12);
    assert_near(dt_level_tolerance(DT_LEVEL_BEGINNER, BEAT_S[k]).drift_percent, 2.0, 1e-12);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tight_is_a_share_of_the_beat_for_each_level),
      cmocka_unit_test(nobody_is_asked_for_less_than_six_milliseconds),
      cmocka_unit_test(steady_is_a_share_of_the_tempo_whatever_the_tempo),
  };
  return cmocka_run_group_tests_name("tolerance", tests, NULL, NULL);
}
