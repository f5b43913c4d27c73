#include "judge_support.h"

#include "dt/rng.h"

/* The judge from end to end on takes whose truth is known: the simulated drummer's. */

static dt_verdict judge_groove(const char* groove, const char* how, uint64_t seed) {
  dt_take take = dt__played(groove, how, seed);
  dt_verdict verdict = dt__judge(&take, NULL);
  dt__assert_sound(&verdict, &take);
  dt_take_clear(&take, NULL);
  return verdict;
}

static void assert_word(dt_word expected, const char* groove, const char* how) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    dt_verdict v = judge_groove(groove, how, seed);
    if (v.word != expected)
      fail_msg("%s, %s, seed %llu: %s, not %s", groove, how, (unsigned long long)seed,
               dt_word_text(v.word), dt_word_text(expected));
    dt_verdict_clear(&v, NULL);
  }
}

static void who_speeds_up_is_rushing_and_who_slows_down_is_dragging(void** state) {
  (void)state;
  assert_word(DT_WORD_RUSHING, "rock", "bars=32 scatter=8ms drift=+4bpm/min");
  assert_word(DT_WORD_DRAGGING, "rock", "bars=32 scatter=8ms drift=-4bpm/min");
  assert_word(DT_WORD_RUSHING, "shuffle",
              "bars=32 scatter=6ms clock=3ms alpha=0.3 drift=+4bpm/min");
  assert_word(DT_WORD_DRAGGING, "funk", "bpm=100 bars=32 scatter=9ms drift=-4bpm/min");
  assert_word(DT_WORD_DRAGGING, "sixeight", "bpm=100 bars=48 scatter=8ms drift=-5bpm/min");
}

static void steady_and_tight_is_in_the_pocket_and_loose_is_scattered(void** state) {
  (void)state;
  assert_word(DT_WORD_IN_THE_POCKET, "rock", "bars=32 scatter=8ms");
  assert_word(DT_WORD_IN_THE_POCKET, "jazz", "bars=32 scatter=8ms");
  assert_word(DT_WORD_IN_THE_POCKET, "rock16", "bpm=92 bars=16 machine");
  assert_word(DT_WORD_SCATTERED, "rock", "bars=64 scatter=32ms");
}

/* Drift is where the truth says, in the interval, with the sign of its word. */
static void the_drift_and_the_tempo_are_those_that_were_played(void** state) {
  (void)state;
  static const double DRIFT[] = {-6.0, -1.0, 0.0, 2.0, 8.0};
  int inside = 0;
  int inside_tempo = 0;
  int total = 0;
  for (size_t k = 0; k < sizeof(DRIFT) / sizeof(DRIFT[0]); ++k)
    for (uint64_t seed = 1; seed <= 8; ++seed) {
      char how[100];
      snprintf(how, sizeof(how), "bpm=110 bars=32 scatter=9ms drift=%gbpm/min", DRIFT[k]);
      dt_verdict v = judge_groove("rock", how, seed);
      const dt_estimate drift = v.all.drift_bpm_per_min;
      assert_int_equal(drift.known, DT_KNOWN);
      assert_near(drift.value, DRIFT[k], 0.5);
      inside += drift.low <= DRIFT[k] && DRIFT[k] <= drift.high;
      assert_near(v.all.drift_percent_per_min.value, 100 * drift.value / v.all.tempo_bpm.value,
                  1e-3 * fabs(drift.value) + 1e-9);
      /* Mean over the strokes; the drummer starts at 110. */
      const double tempo = 110 + 0.5 * DRIFT[k] * v.span_s / 60;
      assert_near(v.all.tempo_bpm.value, tempo, 0.3);
      inside_tempo += v.all.tempo_bpm.low <= tempo && tempo <= v.all.tempo_bpm.high;
      assert_int_equal(v.all.drift_p < 0.01, v.drift_found);
      if (fabs(DRIFT[k]) >= 1.0)
        assert_true(v.drift_found);
      ++total;
      dt_verdict_clear(&v, NULL);
    }
  assert_true(inside >= total * 85 / 100);
  assert_true(inside_tempo >= total * 85 / 100);
}

static void a_steady_tempo_that_is_not_the_clicks_is_named_too(void** state) {
  (void)state;
  /* Plays 123 bpm from the first beat on, against a click of 120. */
  dt_take take = dt__played("rock", "bpm=123 bars=16 scatter=8ms lead-in=0s", 1);
  dt_judge_config config = dt__config(DT_GRID_TEMPO, 120, 0.0);
  dt_verdict v = dt__judge(&take, &config);
  dt__assert_sound(&v, &take);
  assert_int_equal(v.word, DT_WORD_RUSHING);
  assert_true(v.ahead_of_click);
  assert_near(v.bpm_change, 3.0, 0.5);
  assert_near(v.click_bpm, 120.0, 1e-9);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
  dt_take slow = dt__played("rock", "bpm=117 bars=16 scatter=8ms lead-in=0s", 1);
  v = dt__judge(&slow, &config);
  assert_int_equal(v.word, DT_WORD_DRAGGING);
  assert_true(v.ahead_of_click);
  assert_near(v.bpm_change, -3.0, 0.5);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&slow, NULL);
}

static void early_is_negative_and_late_is_positive(void** state) {
  (void)state;
  static const double PLACEMENT[] = {-25, -8, 0, 8, 25};
  for (size_t k = 0; k < sizeof(PLACEMENT) / sizeof(PLACEMENT[0]); ++k) {
    char how[100];
    snprintf(how, sizeof(how), "bars=24 scatter=7ms placement=%gms", PLACEMENT[k]);
    dt_verdict v = judge_groove("rock", how, 3 + k);
    assert_int_equal(v.all.placement_ms.known, DT_KNOWN);
    assert_near(v.all.placement_ms.value, PLACEMENT[k], 2.0);
    assert_int_equal(v.word, DT_WORD_IN_THE_POCKET); /* A feel, not a fault. */
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < v.judged_count; ++i)
      if (isfinite(v.judged[i].asynchrony_ms)) {
        sum += v.judged[i].asynchrony_ms;
        ++count;
      }
    assert_near(sum / (double)count, v.all.placement_ms.value, 2.0);
    dt_verdict_clear(&v, NULL);
  }
}

static void a_laid_back_snare_is_placement_of_the_snare_not_scatter(void** state) {
  (void)state;
  dt_verdict plain = judge_groove("rock", "bars=32 scatter=7ms", 4);
  dt_verdict laid = judge_groove("rock", "bars=32 scatter=7ms snare=+20ms", 4);
  assert_near(laid.all.scatter_ms.value, plain.all.scatter_ms.value, 0.3);
  assert_int_equal(laid.word, DT_WORD_IN_THE_POCKET);
  const dt_timing* snare = dt__voice_timing(&laid, DT_VOICE_SNARE);
  const dt_timing* kick = dt__voice_timing(&laid, DT_VOICE_KICK);
  assert_near(snare->placement_ms.value - kick->placement_ms.value, 20.0, 4.0);
  /* Against his own pulse: 20 ms less the snare's own share of the mean. */
  const double share = (double)snare->stroke_count / (double)laid.all.stroke_count;
  assert_near(snare->placement_own_ms.value, 20.0 * (1 - share), 3.0);
  assert_true(snare->placement_own_ms.low > 10);
  assert_true(kick->placement_own_ms.value < 0);
  dt_verdict_clear(&plain, NULL);
  dt_verdict_clear(&laid, NULL);
}

/* A hi-hat with most of the strokes pulls the common pulse along. */
static void a_voice_is_placed_against_the_mean_of_all(void** state) {
  (void)state;
  dt_verdict v = judge_groove("rock", "bars=48 scatter=5ms hihat=+20ms", 4);
  const dt_timing* hihat = dt__voice_timing(&v, DT_VOICE_HIHAT);
  const double share = (double)hihat->stroke_count / (double)v.all.stroke_count;
  assert_near(hihat->placement_own_ms.value, 20.0 * (1 - share), 1.5);
  assert_near(dt__voice_timing(&v, DT_VOICE_SNARE)->placement_own_ms.value, -20.0 * share, 2.0);
  dt_verdict_clear(&v, NULL);
}

/* All limbs follow one wandering timekeeper: between them it cancels. */
static void limbs_are_told_apart_more_finely_than_from_the_click(void** state) {
  (void)state;
  dt_verdict v = judge_groove("rock", "bars=48 scatter=4ms clock=12ms alpha=0.2 snare=+8ms", 5);
  const dt_timing* snare = dt__voice_timing(&v, DT_VOICE_SNARE);
  const dt_estimate own = snare->placement_own_ms;
  const dt_estimate click = snare->placement_ms;
  assert_true(own.high - own.low < 0.3 * (click.high - click.low));
  const double share = (double)snare->stroke_count / (double)v.all.stroke_count;
  assert_near(own.value, 8.0 * (1 - share), 1.5);
  dt_verdict_clear(&v, NULL);
}

/* So far from the click that only his own count is left: still from the click's first beat. */
static void a_runaway_keeps_the_count_of_his_first_bar(void** state) {
  (void)state;
  static const char* const HOW[] = {"bars=40 scatter=6ms drift=+8bpm/min",
                                    "bars=40 scatter=6ms drift=-8bpm/min"};
  for (int k = 0; k < 2; ++k) {
    dt_verdict v = judge_groove("rock", HOW[k], 3);
    assert_int_equal(v.word, k == 0 ? DT_WORD_RUSHING : DT_WORD_DRAGGING);
    assert_near(v.judged[0].beat, 4.0, 1e-9);
    assert_near(v.judged[v.judged_count - 1].beat, 4.0 + 4 * 40 - 0.5, 1e-9);
    assert_near(v.all.drift_bpm_per_min.value, k == 0 ? 8 : -8, 0.5);
    dt_verdict_clear(&v, NULL);
  }
}

/* The freedom that habits take is given back, and chance looks like chance. */
static void many_short_takes_are_right_on_average(void** state) {
  (void)state;
  enum { TAKES = 80 };
  double scatter = 0;
  int likely = 0;
  for (uint64_t seed = 1; seed <= TAKES; ++seed) {
    dt_verdict v = judge_groove("rock", "bars=6 scatter=8ms", 500 + seed);
    scatter += v.all.scatter_ms.value / TAKES;
    likely += v.all.drift_p < 0.5;
    dt_verdict_clear(&v, NULL);
  }
  assert_near(scatter, 8.0, 0.25);
  assert_in_range(likely, TAKES / 4, 3 * TAKES / 4);
}

static void swing_is_feel_not_scatter(void** state) {
  (void)state;
  static const double SWING[] = {58, 62, 66.7, 72};
  for (size_t k = 0; k < sizeof(SWING) / sizeof(SWING[0]); ++k) {
    char how[100];
    snprintf(how, sizeof(how), "bpm=110 bars=32 scatter=6ms swing=%g%%", SWING[k]);
    dt_verdict v = judge_groove("shuffle", how, 5 + k);
    assert_int_equal(v.subdivision.feel, DT_FEEL_SWUNG_EIGHTHS);
    assert_near(v.subdivision.swing, SWING[k] / 100, 0.01);
    assert_near(v.all.scatter_ms.value, 6.0, 0.8);
    assert_int_equal(v.word, DT_WORD_IN_THE_POCKET);
    dt_verdict_clear(&v, NULL);
  }
}

static void the_scatter_is_that_which_was_played_for_each_limb(void** state) {
  (void)state;
  dt_verdict v = judge_groove("rock", "bars=64 scatter=8ms kick.scatter=2x hihat.scatter=0.5x", 6);
  assert_near(dt__voice_timing(&v, DT_VOICE_KICK)->scatter_ms.value, 16.0, 2.5);
  assert_near(dt__voice_timing(&v, DT_VOICE_SNARE)->scatter_ms.value, 8.0, 1.5);
  assert_near(dt__voice_timing(&v, DT_VOICE_HIHAT)->scatter_ms.value, 4.0, 0.5);
  dt_verdict_clear(&v, NULL);
}

static void the_instruments_own_jitter_is_taken_off_the_scatter(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=64 scatter=10ms", 7);
  dt_verdict plain = dt__judge(&take, NULL);
  take.clock_jitter_s = 0.006;
  take.clock_bias_s = 0.0015;
  dt_verdict v = dt__judge(&take, NULL);
  assert_near(v.all.scatter_ms.value,
              sqrt(plain.all.scatter_ms.value * plain.all.scatter_ms.value - 36), 1e-6);
  assert_near(v.instrument_jitter_ms, 6.0, 1e-9);
  assert_near(v.instrument_bias_ms, 1.5, 1e-9);
  assert_near(v.all.placement_ms.value, plain.all.placement_ms.value, 1e-9);
  dt_verdict_clear(&v, NULL);
  take.clock_jitter_s = 0.020; /* More than there is: nothing is left, and no NAN. */
  v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_near(v.all.scatter_ms.value, 0.0, 0);
  dt_verdict_clear(&v, NULL);
  dt_verdict_clear(&plain, NULL);
  dt_take_clear(&take, NULL);
}

static void one_voice_alone_is_judged(void** state) {
  (void)state;
  dt_verdict v = judge_groove("paradiddle", "bpm=90 bars=16 scatter=8ms placement=-10ms", 10);
  assert_int_equal(v.word, DT_WORD_IN_THE_POCKET);
  assert_int_equal(v.voice_count, 1);
  assert_near(v.all.scatter_ms.value, 8.0, 1.0);
  assert_near(v.voices[0].timing.placement_ms.value, -10.0, 2.0);
  assert_int_not_equal(v.voices[0].timing.placement_own_ms.known, DT_KNOWN);
  dt_verdict_clear(&v, NULL);
}

static void a_habit_at_a_place_in_the_bar_is_feel(void** state) {
  (void)state;
  /* The last hi-hat of every bar comes 25 ms late. */
  dt_take take = dt__played("rock", "bars=32 scatter=5ms", 17);
  for (size_t i = 0; i < take.strokes.count; ++i) {
    const double in_bar = fmod(take.strokes.items[i].time_s + 0.125, 2.0);
    if (in_bar >= 1.75 && in_bar < 2.0)
      take.strokes.items[i].time_s += 0.025;
  }
  dt_verdict v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_near(v.all.scatter_ms.value, 5.0, 0.7);
  assert_int_equal(v.word, DT_WORD_IN_THE_POCKET);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

static void grace_strokes_and_strays_are_kept_apart(void** state) {
  (void)state;
  dt_take take = dt__played("flams", "bpm=80 bars=16 scatter=6ms flam=30ms", 18);
  dt_verdict v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_int_equal(v.ornament_count, 64);
  assert_int_equal(v.all.stroke_count + v.outlier_count, 64);
  assert_near(v.all.scatter_ms.value, 6.0, 1.2);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
  /* A stroke where no limb plays. */
  take = dt__played("quarters", "bpm=100 bars=16 scatter=5ms", 19);
  dt_stroke stray = dt_stroke_at(take.strokes.items[20].time_s + 0.21, DT_SNARE);
  assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stray), DT_OK);
  dt_strokes_sort(&take.strokes);
  v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_int_equal(v.outlier_count, 1);
  assert_true(v.judged[21].outlier);
  assert_near(v.all.scatter_ms.value, 5.0, 1.2);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

static void missed_notes_do_not_move_the_rest(void** state) {
  (void)state;
  dt_verdict v = judge_groove("funk", "bpm=100 bars=32 scatter=8ms miss=20% placement=-5ms", 20);
  assert_int_equal(v.word, DT_WORD_IN_THE_POCKET);
  assert_near(v.all.placement_ms.value, -5.0, 1.5);
  assert_near(v.all.scatter_ms.value, 8.0, 0.8);
  dt_verdict_clear(&v, NULL);
}

static void without_a_click_placement_cannot_be_tested(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=32 scatter=8ms placement=-20ms", 13);
  dt_judge_config config = dt__config(DT_GRID_FREE, 0, -1);
  dt_verdict v = dt__judge(&take, &config);
  dt__assert_sound(&v, &take);
  assert_int_equal(v.all.placement_ms.known, DT_NOT_TESTABLE);
  assert_int_equal(v.all.placement_own_ms.known, DT_NOT_TESTABLE);
  assert_int_equal(dt__voice_timing(&v, DT_VOICE_KICK)->placement_ms.known, DT_NOT_TESTABLE);
  assert_int_equal(dt__voice_timing(&v, DT_VOICE_KICK)->placement_own_ms.known, DT_KNOWN);
  assert_false(v.phase_known);
  assert_true(isnan(v.click_bpm));
  assert_near(v.all.tempo_bpm.value, 120.0, 0.3);
  assert_true(v.tempo_probability > 0.5 && v.tempo_probability <= 1);
  dt_verdict_clear(&v, NULL);
  config = dt__config(DT_GRID_TEMPO, 120, -1);
  v = dt__judge(&take, &config);
  assert_int_equal(v.all.placement_ms.known, DT_NOT_TESTABLE);
  assert_false(v.phase_known);
  assert_near(v.click_bpm, 120.0, 1e-9);
  assert_near(v.tempo_probability, 1.0, 0);
  dt_verdict_clear(&v, NULL);
  config.start_s = 2.0; /* One bar of count-in. */
  v = dt__judge(&take, &config);
  assert_true(v.phase_known);
  assert_near(v.all.placement_ms.value, -20.0, 2.5);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(who_speeds_up_is_rushing_and_who_slows_down_is_dragging),
      cmocka_unit_test(steady_and_tight_is_in_the_pocket_and_loose_is_scattered),
      cmocka_unit_test(the_drift_and_the_tempo_are_those_that_were_played),
      cmocka_unit_test(a_steady_tempo_that_is_not_the_clicks_is_named_too),
      cmocka_unit_test(early_is_negative_and_late_is_positive),
      cmocka_unit_test(a_laid_back_snare_is_placement_of_the_snare_not_scatter),
      cmocka_unit_test(a_voice_is_placed_against_the_mean_of_all),
      cmocka_unit_test(limbs_are_told_apart_more_finely_than_from_the_click),
      cmocka_unit_test(a_runaway_keeps_the_count_of_his_first_bar),
      cmocka_unit_test(many_short_takes_are_right_on_average),
      cmocka_unit_test(swing_is_feel_not_scatter),
      cmocka_unit_test(the_scatter_is_that_which_was_played_for_each_limb),
      cmocka_unit_test(the_instruments_own_jitter_is_taken_off_the_scatter),
      cmocka_unit_test(one_voice_alone_is_judged),
      cmocka_unit_test(without_a_click_placement_cannot_be_tested),
      cmocka_unit_test(a_habit_at_a_place_in_the_bar_is_feel),
      cmocka_unit_test(grace_strokes_and_strays_are_kept_apart),
      cmocka_unit_test(missed_notes_do_not_move_the_rest),
  };
  return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
