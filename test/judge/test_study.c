#include "../support/failing_allocator.h"
#include "practise_play.h"

/* The study as a whole: it fails cleanly, says the same twice, and takes what there is. */

static bool make_and_clear(const dt_allocator* allocator, void* ctx) {
  dt_study study;
  const dt_status status = dt__practice_study(ctx, allocator, &study);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_null(study.marks.items);
    assert_null(study.rolls.items);
    assert_int_equal(study.practise.count, 0);
    return false;
  }
  dt_study_clear(&study, allocator);
  return true;
}

static const char WORDS[] = "bars=9 velocity=6 lead-in=1.4s closed=5% kick.scatter=3x";

static void refused_memory_is_said_and_nothing_is_kept(void** state) {
  (void)state;
  dt__practice p;
  dt__practice_make(&p, "rock-song", WORDS, 1, true);
  assert_true(dt_failing_sweep(make_and_clear, &p) >= 10);
  dt__practice_clear(&p);
  dt__practice_make(&p, "rock-song", WORDS, 1, false);
  assert_true(dt_failing_sweep(make_and_clear, &p) >= 8);
  dt__practice_clear(&p);
}

static void an_empty_take_and_a_single_stroke_are_no_errors(void** state) {
  (void)state;
  dt_take take;
  memset(&take, 0, sizeof take);
  dt_stroke stroke;
  memset(&stroke, 0, sizeof stroke);
  stroke.time_s = 1.0;
  stroke.drum = DT_SNARE;
  stroke.velocity = 90.0F;
  stroke.openness = -1.0F;
  dt_chart chart;
  assert_int_equal(dt_chart_library_load(&chart, NULL, dt_chart_library_named("funk")), DT_OK);
  for (size_t count = 0; count < 2; count++) {
    take.strokes.items = &stroke;
    take.strokes.count = count;
    take.duration_s = 2.0;
    for (int written = 0; written < 2; written++) {
      dt_error err;
      dt_alignment alignment;
      dt_verdict verdict;
      dt_study study;
      dt_judge_config config = dt_judge_default(&take);
      assert_int_equal(dt_align(&alignment, NULL, &take, &config, &chart, &err), DT_OK);
      config.chart = written ? &chart : NULL;
      config.alignment = written ? &alignment : NULL;
      assert_int_equal(dt_judge(&verdict, NULL, &take, &config, &err), DT_OK);
      assert_int_equal(dt_study_make(&study, NULL, &take, &verdict, config.alignment, config.chart),
                       DT_OK);
      assert_int_equal(study.marks.count, count);
      assert_int_equal(study.practise.count, 0);
      dt_study_clear(&study, NULL);
      dt_verdict_clear(&verdict, NULL);
      dt_alignment_clear(&alignment, NULL);
    }
  }
  dt_chart_clear(&chart, NULL);
}

static void assert_bits(const double* a, const double* b) {
  assert_memory_equal(a, b, sizeof *a);
}

static void assert_same(const dt_study* a, const dt_study* b) {
  assert_int_equal(a->marks.count, b->marks.count);
  for (size_t k = 0; k < a->marks.count; k++)
    assert_bits(&a->marks.items[k].residual_ms, &b->marks.items[k].residual_ms);
  assert_int_equal(a->curve.count, b->curve.count);
  for (size_t k = 0; k < a->curve.count; k++)
    assert_bits(&a->curve.items[k].high_bpm, &b->curve.items[k].high_bpm);
  assert_int_equal(a->places.place_count, b->places.place_count);
  for (size_t k = 0; k < a->places.place_count; k++)
    assert_bits(&a->places.places[k].offset_ms.high, &b->places.places[k].offset_ms.high);
  assert_int_equal(a->rolls.count, b->rolls.count);
  assert_bits(&a->hands.left_right.later_ms.high, &b->hands.left_right.later_ms.high);
  assert_bits(&a->unison.spread_ms.high, &b->unison.spread_ms.high);
  assert_bits(&a->dynamics.evenness_db.high, &b->dynamics.evenness_db.high);
  assert_bits(&a->fatigue.scatter_pct.per_min.high, &b->fatigue.scatter_pct.per_min.high);
  assert_bits(&a->timekeeper.clock_ms.high, &b->timekeeper.clock_ms.high);
  assert_int_equal(a->practise.count, b->practise.count);
  for (int k = 0; k < a->practise.count; k++) {
    assert_string_equal(a->practise.lines[k].text, b->practise.lines[k].text);
    assert_bits(&a->practise.lines[k].severity, &b->practise.lines[k].severity);
    assert_memory_equal(a->practise.lines[k].bars, b->practise.lines[k].bars,
                        sizeof a->practise.lines[k].bars);
  }
}

static void the_same_take_gives_the_same_bytes(void** state) {
  (void)state;
  for (int written = 0; written < 2; written++) {
    dt__practice p;
    dt_study first;
    dt_study second;
    dt__practice_make(&p, "funk-song", "bars=24 velocity=6 kick.scatter=3x ghost=80", 4,
                      written != 0);
    assert_int_equal(dt__practice_study(&p, NULL, &first), DT_OK);
    /* Memory that begins with other bytes. */
    dt_failing failing = {0};
    const dt_allocator other = dt_failing_allocator(&failing);
    assert_int_equal(dt__practice_study(&p, &other, &second), DT_OK);
    assert_true(!written || first.practise.count > 0);
    assert_same(&first, &second);
    dt_study_clear(&second, &other);
    dt_study_clear(&first, NULL);
    assert_int_equal(failing.live_blocks, 0);
    dt__practice_clear(&p);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(refused_memory_is_said_and_nothing_is_kept),
      cmocka_unit_test(an_empty_take_and_a_single_stroke_are_no_errors),
      cmocka_unit_test(the_same_take_gives_the_same_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
