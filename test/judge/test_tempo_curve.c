#include "judge_support.h"

#include "dt/tempo_curve.h"

static dt_tempo_curve curve_of(const char* groove, const char* how, uint64_t seed) {
  dt_take take = dt__played(groove, how, seed);
  dt_verdict verdict = dt__judge(&take, NULL);
  dt_marks marks;
  dt_tempo_curve curve;
  assert_int_equal(dt_marks_make(&marks, NULL, &take, &verdict, NULL, NULL), DT_OK);
  assert_int_equal(dt_tempo_curve_make(&curve, NULL, &marks), DT_OK);
  dt_marks_clear(&marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
  return curve;
}

/* A drummer's tempo is bpm + drift t from the first beat on, here after a bar of 2 s. */
static double truth_bpm(double drift, double time_s) {
  return 120.0 + drift * (time_s - 2.0) / 60.0;
}

static void the_band_holds_the_tempo_of_a_drummer_who_rushes(void** state) {
  (void)state;
  size_t inside = 0;
  size_t points = 0;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    dt_tempo_curve curve = curve_of("rock", "bars=32 bpm=120 scatter=9ms drift=+4bpm/min", seed);
    assert_true(curve.count >= 124 && curve.count <= 128);
    for (size_t i = 0; i < curve.count; i++) {
      const dt_tempo_point* p = &curve.items[i];
      const double truth = truth_bpm(4.0, p->time_s);
      inside += p->low_bpm <= truth && truth <= p->high_bpm;
      points++;
      assert_near(p->bpm, truth, 2.5);
      assert_near(p->beat, 4.0 + (double)i, 1e-9);
    }
    dt_tempo_curve_clear(&curve, NULL);
  }
  /* Points of one take share their fate, so 60 takes are less than they seem. */
  assert_in_range(100 * inside / points, 90, 99);
}

static void a_steady_machine_has_a_flat_curve(void** state) {
  (void)state;
  dt_tempo_curve curve = curve_of("shuffle", "machine bars=8 bpm=120", 3);
  for (size_t i = 0; i < curve.count; i++)
    assert_near(curve.items[i].bpm, 120.0, 0.01);
  assert_true(curve.count >= 30);
  dt_tempo_curve_clear(&curve, NULL);
}

static void too_few_strokes_make_no_curve(void** state) {
  (void)state;
  dt_tempo_curve curve = curve_of("quarters", "bars=2 bpm=120", 3);
  assert_int_equal(curve.count, 0);
  assert_null(curve.items);
}

typedef struct sweep {
  dt_marks marks;
} sweep;

static bool make_curve(const dt_allocator* allocator, void* context) {
  dt_tempo_curve curve;
  const dt_status status = dt_tempo_curve_make(&curve, allocator, &((sweep*)context)->marks);
  dt_tempo_curve_clear(&curve, allocator);
  return status == DT_OK;
}

static void a_curve_without_memory_is_empty(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=4", 7);
  dt_verdict verdict = dt__judge(&take, NULL);
  sweep context;
  assert_int_equal(dt_marks_make(&context.marks, NULL, &take, &verdict, NULL, NULL), DT_OK);
  assert_int_equal(dt_failing_sweep(make_curve, &context), 2);
  dt_marks_clear(&context.marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_band_holds_the_tempo_of_a_drummer_who_rushes),
      cmocka_unit_test(a_steady_machine_has_a_flat_curve),
      cmocka_unit_test(too_few_strokes_make_no_curve),
      cmocka_unit_test(a_curve_without_memory_is_empty),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
