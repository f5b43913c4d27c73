#include "judge_support.h"

/* Which grid did the drummer play on? The built-in grooves, as written, at their tempo. */

typedef struct reading {
  const char* groove;
  dt_feel feel;
  int division;
  double swing;
} reading;

static const reading READINGS[] = {
    {"rock", DT_FEEL_STRAIGHT, 2, 0.5},           {"rock16", DT_FEEL_STRAIGHT, 4, 0.5},
    {"funk", DT_FEEL_STRAIGHT, 4, 0.5},           {"halftime", DT_FEEL_STRAIGHT, 2, 0.5},
    {"shuffle", DT_FEEL_SWUNG_EIGHTHS, 2, 0.667}, {"jazz", DT_FEEL_SWUNG_EIGHTHS, 2, 0.667},
    {"bossa", DT_FEEL_STRAIGHT, 2, 0.5},          {"samba", DT_FEEL_STRAIGHT, 4, 0.5},
    {"train", DT_FEEL_STRAIGHT, 4, 0.5},          {"sixeight", DT_FEEL_STRAIGHT, 2, 0.5},
    {"waltz", DT_FEEL_STRAIGHT, 2, 0.5},          {"seven", DT_FEEL_STRAIGHT, 2, 0.5},
    {"paradiddle", DT_FEEL_STRAIGHT, 4, 0.5},     {"rolls", DT_FEEL_STRAIGHT, 4, 0.5},
    {"doubles", DT_FEEL_STRAIGHT, 4, 0.5},        {"flams", DT_FEEL_STRAIGHT, 1, 0.5},
    {"quarters", DT_FEEL_STRAIGHT, 1, 0.5},
};
enum { READING_COUNT = sizeof(READINGS) / sizeof(READINGS[0]) };

static void assert_reading(const reading* r, const char* how, int mode) {
  char with_tempo[160];
  const double bpm = dt__groove_bpm(r->groove);
  snprintf(with_tempo, sizeof(with_tempo), "bpm=%g bars=16 %s", bpm, how);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    dt_take take = dt__played(r->groove, with_tempo, seed);
    const dt_judge_config config = dt__config((dt_grid_mode)mode, bpm, -1);
    dt_verdict v = dt__judge(&take, &config);
    dt__assert_sound(&v, &take);
    if (v.subdivision.feel != r->feel || v.subdivision.division != r->division ||
        fabs(v.subdivision.swing - r->swing) > 0.02)
      fail_msg("%s, %s, mode %d, seed %llu: feel %d in %d, swing %.3f", r->groove, how, mode,
               (unsigned long long)seed, (int)v.subdivision.feel, v.subdivision.division,
               v.subdivision.swing);
    assert_true(v.outlier_count <= take.strokes.count / 100);
    dt_verdict_clear(&v, NULL);
    dt_take_clear(&take, NULL);
  }
}

static void every_groove_is_read_as_it_is_written(void** state) {
  (void)state;
  assert_int_equal(READING_COUNT, DT__GROOVES);
  for (int k = 0; k < READING_COUNT; ++k)
    for (int mode = DT_GRID_CLICK; mode <= DT_GRID_TEMPO; ++mode) {
      assert_reading(&READINGS[k], "machine", mode);
      assert_reading(&READINGS[k], "scatter=8ms clock=4ms alpha=0.3", mode);
    }
  for (int k = 0; k < READING_COUNT; ++k) /* The 6/8 is felt in eighths when nothing is known. */
    if (strcmp(READINGS[k].groove, "sixeight") != 0)
      assert_reading(&READINGS[k], "scatter=8ms clock=4ms alpha=0.3", DT_GRID_FREE);
}

static void placement_drift_and_misses_do_not_change_the_reading(void** state) {
  (void)state;
  for (int k = 0; k < READING_COUNT; ++k) {
    assert_reading(&READINGS[k], "scatter=7ms placement=-15ms", DT_GRID_CLICK);
    assert_reading(&READINGS[k], "scatter=7ms placement=+15ms snare=+10ms", DT_GRID_CLICK);
    assert_reading(&READINGS[k], "scatter=7ms miss=15%", DT_GRID_CLICK);
    assert_reading(&READINGS[k], "scatter=7ms drift=+3bpm/min", DT_GRID_TEMPO);
  }
}

static void triplets_and_swung_sixteenths_are_told_from_straight(void** state) {
  (void)state;
  static const char TRIPLETS[] = "step: 1/12\n"
                                 "snare |xxxxxxxxxxxx|\n"
                                 "kick  |x-----x-----|\n";
  dt_drummer drummer = dt_drummer_default();
  assert_int_equal(dt_drummer_parse(&drummer, "bpm=100 bars=12 scatter=8ms", NULL), DT_OK);
  dt_take take;
  assert_int_equal(dt__play_text(&drummer, TRIPLETS, &take, NULL, NULL), DT_OK);
  dt_verdict v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_int_equal(v.subdivision.feel, DT_FEEL_TRIPLET);
  assert_int_equal(v.subdivision.division, 3);
  assert_true(v.subdivision.probability > 0.9);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
  take = dt__played("rock16", "bpm=92 bars=16 scatter=8ms swing=60%", 3);
  v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_int_equal(v.subdivision.feel, DT_FEEL_SWUNG_SIXTEENTHS);
  assert_near(v.subdivision.swing, 0.6, 0.01);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_groove_is_read_as_it_is_written),
      cmocka_unit_test(placement_drift_and_misses_do_not_change_the_reading),
      cmocka_unit_test(triplets_and_swung_sixteenths_are_told_from_straight),
  };
  return cmocka_run_group_tests_name("subdivision", tests, NULL, NULL);
}
