#include "judge_support.h"

#include "dt/marks.h"

/* Marks of a take with a click and no chart. */
static dt_marks marks_of(const dt_take* take, dt_verdict* verdict) {
  *verdict = dt__judge(take, NULL);
  dt_marks marks;
  assert_int_equal(dt_marks_make(&marks, NULL, take, verdict, NULL, NULL), DT_OK);
  return marks;
}

static void a_swung_off_beat_stands_on_its_straight_tick(void** state) {
  (void)state;
  dt_take take = dt__played("shuffle", "bars=8 scatter=3ms swing=62%", 5);
  dt_verdict verdict;
  dt_marks marks = marks_of(&take, &verdict);
  assert_int_equal(marks.count, take.strokes.count);
  assert_int_equal(marks.swing_pair, 960);
  for (size_t i = 0; i < marks.count; i++) {
    const dt_mark* mark = &marks.items[i];
    assert_int_equal((long)mark->tick % 480, 0);
    /* At 116 bpm the off-beat of a 62 % swing is 62 ms behind the straight one. */
    const double late_ms = (long)mark->tick % 960 == 480 ? 0.12 * 60e3 / verdict.click_bpm : 0.0;
    assert_near(mark->straight_ms, late_ms, 14.0);
    assert_near(mark->own_ms, 0.0, 14.0);
    assert_int_equal(mark->bar, (int)(mark->tick / 3840));
    assert_int_equal((long)mark->bar_tick, (long)mark->tick % 3840);
  }
  dt_marks_clear(&marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

static void the_strokes_of_a_flam_are_one_event(void** state) {
  (void)state;
  dt_take take = dt__played("flams", "bars=4 scatter=2ms", 6);
  dt_verdict verdict;
  dt_marks marks = marks_of(&take, &verdict);
  size_t graces = 0;
  for (size_t i = 0; i < marks.count; i++) {
    const dt_mark* mark = &marks.items[i];
    assert_int_equal(mark->ornament, DT_FLAM);
    if (mark->order == -1) {
      graces++;
      assert_int_equal(mark->event, marks.items[i + 1].event);
      assert_true(mark->tick == marks.items[i + 1].tick);
      assert_true(isnan(mark->own_ms));
    }
  }
  assert_int_equal(graces, 16);
  dt_marks_clear(&marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

static void no_memory_leaves_no_marks(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=2", 7);
  dt_verdict verdict = dt__judge(&take, NULL);
  dt_failing failing = {.fail_at = 1};
  dt_allocator allocator = dt_failing_allocator(&failing);
  dt_marks marks;
  assert_int_equal(dt_marks_make(&marks, &allocator, &take, &verdict, NULL, NULL), DT_NO_MEMORY);
  assert_null(marks.items);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_swung_off_beat_stands_on_its_straight_tick),
      cmocka_unit_test(the_strokes_of_a_flam_are_one_event),
      cmocka_unit_test(no_memory_leaves_no_marks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
