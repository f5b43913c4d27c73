/* A hopeless take is stopped with its cause and place, and a good one is not. */

#include "coach_support.h"

#include "dt/rng.h"

static dt_stop_test test;

static dt_bar_heard bar_at(int b, double mean_ms, double scatter_ms) {
  return (dt_bar_heard){.bar = b,
                        .written = b,
                        .notes = 12,
                        .strokes = 12,
                        .length_s = 2.0,
                        .mean_ms = mean_ms,
                        .squares_ms2 = 11.0 * scatter_ms * scatter_ms,
                        .level_db = -6.0};
}

static void good_takes_go_on(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(11, 1);
  int stopped = 0;
  for (int take = 0; take < 300; ++take) {
    dt_stop_start(&test, DT_LEVEL_PLAYER, 0.5, false);
    dt_stop stop = {.stop = false};
    for (int b = 0; b < 16; ++b) {
      dt_bar_heard bar =
          bar_at(b, -12.0 + 4.0 * dt_rng_normal(&rng), 14.0 + 3.0 * dt_rng_normal(&rng));
      bar.missed = dt_rng_uniform(&rng) < 0.1;
      stop = dt_stop_look(&test, &bar);
    }
    stopped += stop.stop;
  }
  print_message("seed 11: %d of 300 good takes stopped\n", stopped);
  assert_true(stopped <= 3);
}

static void dragging_after_the_fill_is_named_with_its_bar(void** state) {
  (void)state;
  dt_stop_start(&test, DT_LEVEL_PLAYER, 0.5, false);
  dt_stop stop = {.stop = false};
  int after = 0;
  double late = 0.0;
  for (int b = 0; b < 16 && !stop.stop; ++b) {
    late += b > 7 ? 40.0 : b == 7 ? 20.0 : 0.0; /* 2 % slower: a bar's mean is its middle's */
    dt_bar_heard bar = bar_at(b, (b % 2 ? 2.0 : -2.0) + late, 10.0);
    bar.fill = b == 6;
    stop = dt_stop_look(&test, &bar);
    after = b;
  }
  assert_true(stop.stop && after <= 11);
  assert_int_equal(stop.why, DT_FAIL_DRIFT);
  assert_int_equal(stop.direction, -1);
  assert_int_equal(stop.where, DT_WHERE_AFTER_FILL);
  assert_int_equal(stop.bar, 7);
}

static void a_step_is_placement(void** state) {
  (void)state;
  dt_stop_start(&test, DT_LEVEL_PLAYER, 0.5, false);
  dt_stop stop = {.stop = false};
  for (int b = 0; b < 12 && !stop.stop; ++b) {
    const dt_bar_heard bar = bar_at(b, b < 6 ? 0.0 : -60.0, 8.0);
    stop = dt_stop_look(&test, &bar);
  }
  assert_true(stop.stop);
  assert_int_equal(stop.direction, 1);
}

static void missed_notes_stop_it_and_one_does_not(void** state) {
  (void)state;
  dt_stop_start(&test, DT_LEVEL_PLAYER, 0.5, false);
  dt_bar_heard bar = bar_at(0, 0.0, 8.0);
  bar.missed = 1;
  assert_false(dt_stop_look(&test, &bar).stop);
  bar = bar_at(1, 0.0, 8.0);
  assert_false(dt_stop_look(&test, &bar).stop);
  bar = bar_at(2, 0.0, 8.0);
  bar.missed = 7;
  const dt_stop stop = dt_stop_look(&test, &bar);
  assert_true(stop.stop);
  assert_int_equal(stop.why, DT_FAIL_MISSED);
  assert_int_equal(stop.where, DT_WHERE_IN_BAR);
  assert_int_equal(stop.bar, 2);
}

static void one_wild_bar_is_not_a_loose_take(void** state) {
  (void)state;
  dt_stop_start(&test, DT_LEVEL_PLAYER, 0.5, false);
  for (int b = 0; b < 12; ++b) {
    const dt_bar_heard bar = bar_at(b, 0.0, b == 4 ? 90.0 : 8.0);
    assert_false(dt_stop_look(&test, &bar).stop);
  }
  dt_stop_start(&test, DT_LEVEL_PLAYER, 0.5, false);
  dt_stop stop = {.stop = false};
  int b = 0;
  for (; b < 12 && !stop.stop; ++b) {
    const dt_bar_heard bar = bar_at(b, 0.0, 45.0);
    stop = dt_stop_look(&test, &bar);
  }
  assert_true(stop.stop && b <= 4);
  assert_int_equal(stop.why, DT_FAIL_SCATTER);
  assert_near(stop.size, 45.0, 0.1);
}

static void without_a_click_the_placement_is_free(void** state) {
  (void)state;
  dt_stop_start(&test, DT_LEVEL_PLAYER, 0.5, true);
  for (int b = 0; b < 16; ++b) {
    const dt_bar_heard bar = bar_at(b, 6.0 * b, 8.0); /* 0.3 % slower */
    assert_false(dt_stop_look(&test, &bar).stop);
  }
}

static void nothing_heard_is_missed_and_not_a_crash(void** state) {
  (void)state;
  dt_stop_start(&test, DT_LEVEL_PRO, 0.3, false);
  dt_stop stop = {.stop = false};
  int b = 0;
  for (; b < 4 && !stop.stop; ++b) {
    const dt_bar_heard bar = {.bar = b, .notes = 8, .missed = 8, .length_s = 2.0};
    stop = dt_stop_look(&test, &bar);
  }
  assert_true(stop.stop && stop.why == DT_FAIL_MISSED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good_takes_go_on),
      cmocka_unit_test(dragging_after_the_fill_is_named_with_its_bar),
      cmocka_unit_test(a_step_is_placement),
      cmocka_unit_test(missed_notes_stop_it_and_one_does_not),
      cmocka_unit_test(one_wild_bar_is_not_a_loose_take),
      cmocka_unit_test(without_a_click_the_placement_is_free),
      cmocka_unit_test(nothing_heard_is_missed_and_not_a_crash),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
