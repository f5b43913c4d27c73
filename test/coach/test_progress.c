/* The history is read right: one point a day, what is due first, in one sentence. */

#include "coach_support.h"

static dt_past line(int64_t day, const char* chart, double bpm) {
  dt_past p = {.day = day, .mode = DT_MODE_LADDER, .bpm = bpm, .sd = 0.02, .played_s = 60.0};
  p.low_bpm = bpm * 0.97;
  p.high_bpm = bpm * 1.03;
  p.top_bpm = bpm;
  strcpy(p.chart, chart);
  return p;
}

static void one_point_a_day_oldest_first(void** state) {
  (void)state;
  dt_past past[] = {line(12, "a", 110.0), line(10, "a", 100.0), line(12, "a", 112.0),
                    line(11, "b", 80.0), line(11, "a", 105.0)};
  past[0].cold_bpm = 104.0;
  past[0].cold_kept = true;
  dt_progress_point points[8];
  assert_int_equal(dt_progress_curve(points, 8, past, 5, "a", DT_LIMBS_ALL), 3);
  assert_near(points[0].bpm, 100.0, 0.0);
  assert_near(points[1].bpm, 105.0, 0.0);
  assert_near(points[2].bpm, 112.0, 0.0);
  assert_true(points[2].cold_kept && points[2].cold_bpm == 104.0);
  assert_int_equal(dt_progress_curve(points, 2, past, 5, "a", DT_LIMBS_ALL), 2);
  assert_near(points[0].bpm, 105.0, 0.0);
  assert_near(dt_progress_played_s(past, 5, 12), 120.0, 0.0);
  assert_int_equal(dt_progress_curve(points, 8, past, 5, "c", DT_LIMBS_ALL), 0);
}

static void what_is_due_comes_first(void** state) {
  (void)state;
  dt_past past[] = {line(20, "today", 100.0), line(19, "yesterday", 100.0),
                    line(18, "forgotten", 90.0), line(15, "weak", 0.0), line(20, "tired", 120.0)};
  past[2].cold_bpm = 95.0;
  past[3].mode = DT_MODE_GAP;
  past[3].weak_count = 2;
  past[3].weak_bars[0] = 3;
  past[3].weak_bars[1] = 7;
  past[4].tired = true;
  dt_due due[8];
  assert_int_equal(dt_progress_today(due, 8, past, 5, 20), 5);
  assert_string_equal(due[0].chart, "forgotten");
  assert_int_equal(due[0].why, DT_DUE_FORGOTTEN);
  assert_string_equal(due[1].chart, "yesterday");
  assert_int_equal(due[1].mode, DT_MODE_RETENTION);
  assert_string_equal(due[2].chart, "weak");
  assert_string_equal(due[3].chart, "today");
  assert_string_equal(due[4].chart, "tired");
  char text[DT_PROGRESS_TEXT_MAX];
  dt_due_text(text, &due[1]);
  assert_string_equal(text, "yesterday: cold test at 100 bpm, last played yesterday.");
  dt_due_text(text, &due[2]);
  assert_string_equal(text, "weak: bar 4, 8 failed last time; take them apart.");
  assert_int_equal(dt_progress_today(due, 1, past, 5, 20), 1);
  assert_string_equal(due[0].chart, "forgotten");
}

static void three_days_at_one_tempo_are_a_plateau(void** state) {
  (void)state;
  const dt_past past[] = {line(10, "a", 100.0), line(11, "a", 100.5), line(12, "a", 99.8)};
  dt_due due[2];
  assert_int_equal(dt_progress_today(due, 2, past, 3, 13), 1);
  assert_int_equal(due[0].why, DT_DUE_PLATEAU);
  const dt_past rising[] = {line(10, "a", 100.0), line(11, "a", 103.0), line(12, "a", 106.0)};
  assert_int_equal(dt_progress_today(due, 2, rising, 3, 13), 1);
  assert_int_equal(due[0].why, DT_DUE_COLD_TEST);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_point_a_day_oldest_first),
      cmocka_unit_test(what_is_due_comes_first),
      cmocka_unit_test(three_days_at_one_tempo_are_a_plateau),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
