#include "pulse_support.h"

/* Nothing known: the tempo, which of its relatives is the beat, and where the bar begins. */

static double free_bpm(dt__play* p) {
  double bpm = 0;
  double probability = 0;
  assert_int_equal(dt_pulse_free(&p->strokes, NULL, p->own, &bpm, &probability), DT_OK);
  assert_true(probability > 0.2 && probability <= 1);
  return bpm;
}

/* All but the 6/8, whose eighths at 168 are as good a beat as its quarters at 84. */
static void the_built_in_grooves_are_felt_at_their_tempo(void** state) {
  (void)state;
  static const char* const ONE_DRUM[] = {"paradiddle", "rolls", "doubles", "flams", "quarters"};
  for (size_t k = 0; k < DT__GROOVES; ++k) {
    const char* groove = dt__grooves[k].name;
    bool alone = false;
    for (size_t i = 0; i < sizeof ONE_DRUM / sizeof *ONE_DRUM; ++i)
      alone = alone || strcmp(groove, ONE_DRUM[i]) == 0;
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      dt__play* p = dt__play_groove(groove, "bars=16 scatter=8ms", seed);
      const double times = free_bpm(p) / dt__groove_bpm(groove);
      const double expected = strcmp(groove, "sixeight") == 0 ? 2 : 1;
      if (fabs(times / expected - 1) > 0.015)
        fail_msg("%s, seed %llu: %.3f times its tempo", groove, (unsigned long long)seed, times);
      if (expected < 1.5) {
        /* Bars of seven eighths begin on the beat and off it by turns; sixteenths on one drum
         * begin anywhere. */
        const double turn = strcmp(groove, "seven") == 0 ? 2 : alone ? 4 : 1;
        double worst = 0;
        for (size_t i = 0; i < p->strokes.count; ++i) {
          const double away = turn * (p->own[i] - p->truth_beat[i]);
          worst = fmax(worst, fabs(away - floor(away + 0.5)) / turn);
        }
        if (worst > 0.13)
          fail_msg("%s, seed %llu: the beat is %.3f away", groove, (unsigned long long)seed, worst);
      }
    }
  }
}

static void drift_and_misses_do_not_change_the_octave(void** state) {
  (void)state;
  static const char* const HOW[] = {
      "bars=24 scatter=8ms drift=+5bpm/min", "bars=24 scatter=8ms drift=-5bpm/min",
      "bars=24 scatter=10ms miss=20%", "bars=24 scatter=6ms clock=6ms"};
  for (int k = 0; k < 4; ++k) {
    dt__play* p = dt__play_groove("rock", HOW[k], 40);
    assert_near(free_bpm(p), 120, 5);
    p = dt__play_groove("shuffle", HOW[k], 41);
    assert_near(free_bpm(p), 116, 5);
  }
}

/* Kick on one and three, snare on two and four, wherever the count begins; nothing tells one from
 * three here. */
static void the_bar_begins_with_the_kick(void** state) {
  (void)state;
  for (int start = 0; start < 4; ++start) {
    dt__play* p = dt__play_groove("rock", "bars=8 scatter=6ms", 42);
    for (size_t i = 0; i < p->strokes.count; ++i)
      p->own[i] = p->truth_beat[i] + start + 8;
    const int shift = dt_pulse_bar_shift(&p->strokes, p->own, 4);
    assert_true(shift >= 0 && shift < 4);
    assert_int_equal((start + shift) % 2, 0);
  }
  for (int start = 0; start < 3; ++start) {
    dt__play* p = dt__play_groove("waltz", "bars=8 scatter=6ms", 43);
    for (size_t i = 0; i < p->strokes.count; ++i)
      p->own[i] = p->truth_beat[i] + start - 30;
    assert_int_equal((start + dt_pulse_bar_shift(&p->strokes, p->own, 3)) % 3, 0);
  }
}

static void a_snare_is_a_backbeat(void** state) {
  (void)state;
  static const dt_voice VOICE[] = {DT_VOICE_SNARE, DT_VOICE_SNARE, DT_VOICE_SNARE};
  static const double WEIGHT[] = {1, 1, 1};
  static const double BEAT[] = {0, 2, 4};
  const dt_pulse_strokes strokes = {BEAT, VOICE, WEIGHT, 3};
  assert_int_equal(dt_pulse_bar_shift(&strokes, BEAT, 4) % 2, 1);
}

static void a_crash_is_a_beginning(void** state) {
  (void)state;
  static const dt_voice VOICE[] = {DT_VOICE_RIDE, DT_VOICE_CRASH, DT_VOICE_RIDE, DT_VOICE_RIDE,
                                   DT_VOICE_RIDE};
  static const double WEIGHT[] = {1, 1, 1, 1, 1};
  static const double BEAT[] = {0, 1, 2, 3, 4};
  const dt_pulse_strokes strokes = {BEAT, VOICE, WEIGHT, 5};
  assert_int_equal(dt_pulse_bar_shift(&strokes, BEAT, 4), 3);
}

static void without_kick_snare_or_crash_the_count_stays(void** state) {
  (void)state;
  static const dt_voice VOICE[] = {DT_VOICE_RIDE, DT_VOICE_KICK};
  static const double WEIGHT[] = {1, 1};
  static const double BEAT[] = {0.0, 1.4}; /* The kick is nowhere near a beat. */
  const dt_pulse_strokes strokes = {BEAT, VOICE, WEIGHT, 2};
  assert_int_equal(dt_pulse_bar_shift(&strokes, BEAT, 4), 0);
  assert_int_equal(dt_pulse_bar_shift(&strokes, BEAT, 1), 0);
}

static bool find_free(const dt_allocator* allocator, void* ctx) {
  dt__play* p = ctx;
  double bpm = 0;
  double probability = 0;
  return dt_pulse_free(&p->strokes, allocator, p->own, &bpm, &probability) == DT_OK;
}

static void memory_that_runs_out_is_given_back(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(find_free, dt__play_groove("rock", "bars=4", 44)) >= 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_built_in_grooves_are_felt_at_their_tempo),
      cmocka_unit_test(drift_and_misses_do_not_change_the_octave),
      cmocka_unit_test(the_bar_begins_with_the_kick),
      cmocka_unit_test(a_snare_is_a_backbeat),
      cmocka_unit_test(a_crash_is_a_beginning),
      cmocka_unit_test(without_kick_snare_or_crash_the_count_stays),
      cmocka_unit_test(memory_that_runs_out_is_given_back),
  };
  return cmocka_run_group_tests_name("free", tests, NULL, NULL);
}
