#include "judge_support.h"

#include "dt/beat_swing.h"
#include "dt/study.h"

/* What a take without a click is judged on: the pulse that is heard in it. */

static dt_verdict freely(dt_take* take) {
  const dt_judge_config config = dt__config(DT_GRID_FREE, 0, -1);
  take->has_click = false;
  return dt__judge(take, &config);
}

static void a_waltz_is_counted_in_three(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    dt_take take = dt__played("waltz", "bpm=138 bars=24 scatter=7ms", seed);
    dt_verdict v = freely(&take);
    assert_int_equal(v.meter.numerator, 3);
    assert_int_equal(v.meter.denominator, 4);
    assert_near(v.all.tempo_bpm.value, 138, 0.5);
    assert_true(v.has_sections);
    for (size_t i = 0; i < take.strokes.count; ++i)
      if (take.strokes.items[i].drum == DT_KICK && !v.judged[i].outlier && !v.judged[i].ornament &&
          fabs(fmod(v.judged[i].beat, 3.0)) > 0.01)
        fail_msg("seed %llu: a kick on beat %g of the bar", (unsigned long long)seed,
                 1 + fmod(v.judged[i].beat, 3.0));
    dt_verdict_clear(&v, NULL);
    dt_take_clear(&take, NULL);
  }
}

/* Half-time: the snare on three alone does not make the tempo half. */
static void the_octave_is_the_one_that_was_counted(void** state) {
  (void)state;
  static const char* const GROOVES[] = {"rock", "rock16", "halftime", "shuffle", "train"};
  for (size_t k = 0; k < sizeof GROOVES / sizeof *GROOVES; ++k) {
    char how[96];
    snprintf(how, sizeof how, "bpm=%g bars=16 scatter=8ms clock=4ms alpha=0.3",
             dt__groove_bpm(GROOVES[k]));
    dt_take take = dt__played(GROOVES[k], how, 11);
    dt_verdict v = freely(&take);
    const double times = v.all.tempo_bpm.value / dt__groove_bpm(GROOVES[k]);
    if (fabs(times - 1) > 0.01)
      fail_msg("%s: %.3f times its tempo", GROOVES[k], times);
    assert_true(v.tempo_probability > 0.2 && v.tempo_probability <= 1);
    dt_verdict_clear(&v, NULL);
    dt_take_clear(&take, NULL);
  }
}

/* An hour and ten between two strokes: judged as before, at no cost. */
static void a_forgotten_recorder_is_no_trouble(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=16 scatter=7ms", 5);
  for (size_t i = take.strokes.count / 2; i < take.strokes.count; ++i)
    take.strokes.items[i].time_s += 4200;
  take.duration_s += 4200;
  dt_verdict v = freely(&take);
  assert_false(v.has_sections);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

static bool judged(const dt_allocator* allocator, void* ctx) {
  const dt_judge_config config = dt__config(DT_GRID_FREE, 0, -1);
  dt_verdict v;
  const dt_status status = dt_judge(&v, allocator, ctx, &config, NULL);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && !v.judged));
  dt_verdict_clear(&v, allocator);
  return status == DT_OK;
}

static void without_memory_nothing_is_judged(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=3 scatter=7ms", 6);
  take.has_click = false;
  assert_true(dt_failing_sweep(judged, &take) >= 6);
  dt_take_clear(&take, NULL);
}

/* --- swing against the beats ------------------------------------------------------------------ */

typedef struct found {
  dt_take take;
  dt_beat_track track;
} found;

static found find(const char* groove, const char* how) {
  found f = {.take = dt__played(groove, how, 8)};
  const dt_beat_config config = dt_beat_default();
  assert_int_equal(dt_beat_track_find(&f.track, NULL, f.take.strokes.items, f.take.strokes.count,
                                      f.take.duration_s, &config),
                   DT_OK);
  return f;
}

static void release(found* f) {
  dt_beat_track_clear(&f->track, NULL);
  dt_take_clear(&f->take, NULL);
}

static void every_ratio_is_measured(void** state) {
  (void)state;
  static const double SHARES[] = {0.5, 0.58, 0.62, 0.667};
  for (size_t k = 0; k < sizeof SHARES / sizeof *SHARES; ++k) {
    char how[64];
    snprintf(how, sizeof how, "bpm=120 bars=24 scatter=5ms swing=%.1f%%", 100 * SHARES[k]);
    found f = find("jazz", how);
    dt_beat_swing swing;
    assert_int_equal(dt_beat_swing_measure(&swing, NULL, &f.take.strokes, &f.track, 0), DT_OK);
    assert_int_equal(swing.swing.all.share.known, DT_KNOWN);
    assert_near(swing.swing.all.share.value, SHARES[k], 0.015);
    assert_int_equal(swing.pair_count, swing.swing.all.pair_count);
    for (size_t i = 0; i < swing.pair_count; ++i) {
      assert_true(swing.pairs[i].beat < f.track.beat_count);
      assert_near(swing.pairs[i].share, SHARES[k], 0.12);
      assert_near(swing.pairs[i].bpm, 120, 3);
    }
    dt_beat_swing_clear(&swing, NULL);
    release(&f);
  }
}

static void without_beats_nothing_swings(void** state) {
  (void)state;
  const dt_beat_track none = {.beat_count = 0};
  dt_take take = dt__played("rock", "bars=2", 1);
  dt_beat_swing swing;
  assert_int_equal(dt_beat_swing_measure(&swing, NULL, &take.strokes, &none, 0), DT_OK);
  assert_int_equal(swing.swing.all.share.known, DT_NOT_TESTABLE);
  assert_int_equal(swing.pair_count, 0);
  dt_beat_swing_clear(&swing, NULL);
  dt_take_clear(&take, NULL);
}

static bool measured(const dt_allocator* allocator, void* ctx) {
  const found* f = ctx;
  dt_beat_swing swing;
  const dt_status status = dt_beat_swing_measure(&swing, allocator, &f->take.strokes, &f->track, 0);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && swing.pair_count == 0));
  dt_beat_swing_clear(&swing, allocator);
  return status == DT_OK;
}

static void without_memory_no_swing_is_claimed(void** state) {
  (void)state;
  found f = find("jazz", "bars=12 scatter=5ms");
  assert_true(dt_failing_sweep(measured, &f) >= 4);
  release(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_waltz_is_counted_in_three),
      cmocka_unit_test(the_octave_is_the_one_that_was_counted),
      cmocka_unit_test(a_forgotten_recorder_is_no_trouble),
      cmocka_unit_test(without_memory_nothing_is_judged),
      cmocka_unit_test(every_ratio_is_measured),
      cmocka_unit_test(without_beats_nothing_swings),
      cmocka_unit_test(without_memory_no_swing_is_claimed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
