#include "pulse_support.h"

/* Where in the beat every stroke falls, when the tempo is known or nearly so. */

static double phase(dt__play* p, const double* reference, dt_anchor anchor) {
  double fit = 0;
  assert_int_equal(dt_pulse_phase(&p->strokes, reference, anchor, NULL, p->own, &fit), DT_OK);
  assert_true(isfinite(fit));
  return fit;
}

static const dt_anchor ANCHORS[] = {DT_ANCHOR_NONE, DT_ANCHOR_START, DT_ANCHOR_ALL};

static void who_plays_with_the_click_keeps_its_count(void** state) {
  (void)state;
  static const char* const GROOVES[] = {"rock", "funk", "shuffle", "jazz", "bossa", "waltz"};
  for (int k = 0; k < 6; ++k)
    for (int a = 0; a < 3; ++a)
      for (uint64_t seed = 1; seed <= 3; ++seed) {
        dt__play* p = dt__play_groove(GROOVES[k], "bars=16 scatter=8ms", seed);
        phase(p, p->click_beat, ANCHORS[a]);
        const double worst = dt__worst(p, 0);
        if (worst > 0.11)
          fail_msg("%s, anchor %d, seed %llu: %.3f beats away", GROOVES[k], a,
                   (unsigned long long)seed, worst);
      }
}

/* The reference knows the tempo and not the phase. */
static void the_beat_is_found_from_anywhere(void** state) {
  (void)state;
  for (int k = 0; k < 20; ++k) {
    const double shift = 1000.0 + 0.05 * k;
    dt__play* p = dt__play_groove(k % 2 ? "rock" : "shuffle", "bars=16 scatter=6ms", 4);
    for (size_t i = 0; i < p->strokes.count; ++i)
      p->reference[i] = p->click_beat[i] + shift;
    phase(p, p->reference, DT_ANCHOR_NONE);
    const double count = floor(dt__mean_shift(p) + 0.5);
    if (dt__worst(p, count) > 0.12)
      fail_msg("A shift of %.2f beats: %.3f away", shift, dt__worst(p, count));
    assert_true(fabs(count - shift) < 1.01); /* On a beat near the first stroke. */
  }
}

/* Ahead of the click or behind it: his beat is where he plays it. */
static void a_pushed_or_laid_back_player_has_his_own_beat(void** state) {
  (void)state;
  static const char* const HOW[] = {"bars=16 scatter=4ms placement=-45ms",
                                    "bars=16 scatter=4ms placement=+45ms"};
  for (int k = 0; k < 2; ++k)
    for (int a = 0; a < 3; ++a) {
      dt__play* p = dt__play_groove("rock", HOW[k], 3);
      phase(p, p->click_beat, ANCHORS[a]);
      assert_true(dt__worst(p, 0) < 0.05);
    }
}

/* Against a reference 2 % off, for ever, and against one that moves. */
static void a_player_who_leaves_the_reference_is_followed(void** state) {
  (void)state;
  static const double SPEED[] = {0.98, 0.99, 1.01, 1.02};
  for (int k = 0; k < 4; ++k)
    for (int a = 0; a < 2; ++a) {
      dt__play* p = dt__play_groove("rock", "bars=32 scatter=6ms", 5);
      for (size_t i = 0; i < p->strokes.count; ++i)
        p->reference[i] = p->click_beat[i] * SPEED[k];
      phase(p, p->reference, ANCHORS[a]);
      assert_true(dt__worst(p, floor(dt__mean_shift(p) + 0.5)) < 0.12);
      if (ANCHORS[a] == DT_ANCHOR_START)
        assert_true(dt__worst(p, 0) < 0.12);
    }
  dt__play* p = dt__play_groove("funk", "bpm=100 bars=32 scatter=7ms drift=+1.8bpm/min", 6);
  phase(p, p->click_beat, DT_ANCHOR_START);
  assert_true(dt__worst(p, 0) < 0.12);
  const size_t last = p->strokes.count - 1;
  assert_true(p->click_beat[last] - p->own[last] < -0.5); /* The click has long been left. */
}

static void who_is_held_to_the_click_never_leaves_it(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bars=32 scatter=8ms drift=+10bpm/min", 7);
  phase(p, p->click_beat, DT_ANCHOR_ALL);
  for (size_t i = 0; i < p->strokes.count; ++i)
    assert_true(fabs(p->own[i] - p->click_beat[i]) < 0.14);
}

static void a_wrong_reference_fits_worse(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bars=32 scatter=8ms", 8);
  const double good = phase(p, p->click_beat, DT_ANCHOR_NONE);
  static const double WRONG[] = {0.9, 1.2, 1.37, 2.0 / 3.0};
  for (int k = 0; k < 4; ++k) {
    for (size_t i = 0; i < p->strokes.count; ++i)
      p->reference[i] = p->click_beat[i] * WRONG[k];
    assert_true(phase(p, p->reference, DT_ANCHOR_NONE) < good - 0.3);
  }
}

static void misses_and_silence_do_not_lose_the_beat(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bars=32 scatter=8ms miss=40%", 9);
  phase(p, p->click_beat, DT_ANCHOR_START);
  assert_true(dt__worst(p, 0) < 0.12);
  /* Eight bars of rest in the middle. */
  p = dt__play_groove("rock", "bars=32 scatter=8ms", 9);
  size_t n = 0;
  for (size_t i = 0; i < p->strokes.count; ++i) {
    if (p->truth_beat[i] >= 40 && p->truth_beat[i] < 72)
      continue;
    p->voice[n] = p->voice[i];
    p->time_s[n] = p->time_s[i];
    p->weight[n] = p->weight[i];
    p->click_beat[n] = p->click_beat[i];
    p->truth_beat[n++] = p->truth_beat[i];
  }
  p->strokes.count = n;
  phase(p, p->click_beat, DT_ANCHOR_START);
  assert_true(dt__worst(p, 0) < 0.12);
}

static void own_beats_keep_the_order_of_the_strokes(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("samba", "bars=32 scatter=25ms clock=10ms", 10);
  for (int a = 0; a < 3; ++a) {
    phase(p, p->click_beat, ANCHORS[a]);
    for (size_t i = 1; i < p->strokes.count; ++i)
      assert_true(p->own[i] >= p->own[i - 1]);
  }
}

static void one_stroke_and_none_have_a_beat(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bars=1", 11);
  double fit = 7;
  p->strokes.count = 0;
  assert_int_equal(dt_pulse_phase(&p->strokes, p->click_beat, DT_ANCHOR_ALL, NULL, p->own, &fit),
                   DT_OK);
  assert_near(fit, 0, 0);
  p->strokes.count = 1;
  p->click_beat[0] = 3.02;
  phase(p, p->click_beat, DT_ANCHOR_START);
  assert_near(p->own[0], 3.0, 0.06);
}

static void what_is_no_reference_is_refused(void** state) {
  (void)state;
  dt__play* p = dt__play_groove("rock", "bars=4", 12);
  double fit = 0;
  const size_t n = p->strokes.count;
  memcpy(p->reference, p->click_beat, sizeof(p->reference));
  p->reference[10] = p->reference[9] - 0.001;
  assert_int_equal(dt_pulse_phase(&p->strokes, p->reference, DT_ANCHOR_NONE, NULL, p->own, &fit),
                   DT_BAD_ARGUMENT);
  p->reference[10] = (double)NAN;
  assert_int_equal(dt_pulse_phase(&p->strokes, p->reference, DT_ANCHOR_NONE, NULL, p->own, &fit),
                   DT_BAD_ARGUMENT);
  p->reference[10] = p->reference[9];
  p->reference[n - 1] = (double)INFINITY;
  assert_int_equal(dt_pulse_phase(&p->strokes, p->reference, DT_ANCHOR_NONE, NULL, p->own, &fit),
                   DT_BAD_ARGUMENT);
  p->reference[n - 1] = 1e6;
  assert_int_equal(dt_pulse_phase(&p->strokes, p->reference, DT_ANCHOR_NONE, NULL, p->own, &fit),
                   DT_BAD_ARGUMENT);
}

static bool find_phase(const dt_allocator* allocator, void* ctx) {
  dt__play* p = ctx;
  double fit = 0;
  return dt_pulse_phase(&p->strokes, p->click_beat, DT_ANCHOR_START, allocator, p->own, &fit) ==
         DT_OK;
}

static void memory_that_runs_out_is_given_back(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(find_phase, dt__play_groove("rock", "bars=4", 13)), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(who_plays_with_the_click_keeps_its_count),
      cmocka_unit_test(the_beat_is_found_from_anywhere),
      cmocka_unit_test(a_pushed_or_laid_back_player_has_his_own_beat),
      cmocka_unit_test(a_player_who_leaves_the_reference_is_followed),
      cmocka_unit_test(who_is_held_to_the_click_never_leaves_it),
      cmocka_unit_test(a_wrong_reference_fits_worse),
      cmocka_unit_test(misses_and_silence_do_not_lose_the_beat),
      cmocka_unit_test(own_beats_keep_the_order_of_the_strokes),
      cmocka_unit_test(one_stroke_and_none_have_a_beat),
      cmocka_unit_test(what_is_no_reference_is_refused),
      cmocka_unit_test(memory_that_runs_out_is_given_back),
  };
  return cmocka_run_group_tests_name("phase", tests, NULL, NULL);
}
