#include "beats_support.h"

#include "../../src/pulse/recur.h"

/* Beats, bars, tempo and feel, offline. */

static dt_beat_track track_of(const played* p, const dt_beat_config* config) {
  dt_beat_track track;
  const double end = p->count > 0 ? p->strokes[p->count - 1].time_s : 0;
  assert_int_equal(dt_beat_track_find(&track, NULL, p->strokes, p->count, end, config), DT_OK);
  return track;
}

/* Share of true beats after 5 s that were found within 35 ms, with their number in the bar. */
static double found_share(const played* p, const dt_beat_track* track, bool with_number) {
  double hits = 0;
  double n = 0;
  for (size_t k = 0; k < p->beat_count; ++k) {
    if (p->beat_s[k] < 5 || p->beat_s[k] > p->strokes[p->count - 1].time_s)
      continue;
    n += 1;
    for (size_t j = 0; j < track->beat_count; ++j) {
      if (fabs(track->beats[j].time_s - p->beat_s[k]) < 0.035 &&
          (!with_number || track->beats[j].in_bar == p->in_bar[k])) {
        hits += 1;
        break;
      }
    }
  }
  return n > 0 ? hits / n : 0;
}

static void beats_and_bars_of_plain_grooves_are_found(void** state) {
  (void)state;
  static const char* const NAME[] = {"rock", "rock16", "funk", "shuffle"};
  const dt_beat_config config = dt_beat_default();
  for (size_t k = 0; k < sizeof NAME / sizeof *NAME; ++k) {
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      const played* p = play_text(groove_text(NAME[k]), "bars=12 scatter=8ms", seed);
      dt_beat_track track = track_of(p, &config);
      const double share = found_share(p, &track, true);
      if (share < 0.97)
        fail_msg("%s, seed %llu: %.2f of the beats found, %.1f bpm", NAME[k],
                 (unsigned long long)seed, share, track.bpm);
      assert_true(track.pulse_probability > 0.9);
      /* A shuffle may be written in 12/8: four beats a bar in both. */
      assert_true(track.meter.numerator == 4 || (k == 3 && track.meter.numerator == 12));
      dt_beat_track_clear(&track, NULL);
    }
  }
}

enum { KICK, SNARE, CRASH = 9, TOMS, SPOTS_MAX = 200 };

static size_t add_spot(dt__spot* spots, size_t n, double beat, int group) {
  assert_true(n < SPOTS_MAX);
  spots[n] = (dt__spot){beat, 1, group};
  return n + 1;
}

/* Sixteen bars of one groove; every eighth bar ends in toms, and a crash begins the next. */
static size_t play_phrases(dt__spot* spots, bool with_fills) {
  size_t n = 0;
  for (int bar = 0; bar < 16; ++bar) {
    n = add_spot(spots, n, 4 * bar, KICK);
    if (with_fills && bar == 8)
      n = add_spot(spots, n, 4 * bar, CRASH);
    n = add_spot(spots, n, 4 * bar + 1.5, KICK);
    n = add_spot(spots, n, 4 * bar + 2, SNARE);
    for (int k = 0; with_fills && bar % 8 == 7 && k < 2; ++k)
      n = add_spot(spots, n, 4 * bar + 3 + 0.5 * k, TOMS);
  }
  return n;
}

static void what_comes_again_tells_the_length_of_the_bar(void** state) {
  (void)state;
  dt__spot spots[SPOTS_MAX];
  dt__recurrence found;
  const size_t n = play_phrases(spots, false);
  dt__recur(spots, n, 1, &found);
  assert_true(found.repeat[2] > 0.99F); /* four beats */
  assert_true(found.repeat[0] < 0.1F && found.repeat[1] < 0.8F);
  dt__recur(spots, n, 0.5, &found);
  assert_true(found.repeat[1] > 0.99F); /* two beats, counted half as fast */
  assert_true(found.repeat[0] < 0.8F);
}

static void fills_are_seen_before_one_and_crashes_on_it(void** state) {
  (void)state;
  dt__spot spots[SPOTS_MAX];
  dt__recurrence found;
  dt__recur(spots, play_phrases(spots, true), 1, &found);
  for (int half = 0; half < 6; ++half) {
    assert_true(found.unusual[6] > found.unusual[half] && found.unusual[7] > found.unusual[half]);
    assert_true(half == 0 || found.crash[0] > found.crash[half]);
  }
  assert_true(found.crash[0] > 0);
}

/* A ride at 215, which counted at half that would be a slow beat in swung sixteenths. */
static void quick_swing_is_not_read_at_half_its_tempo(void** state) {
  (void)state;
  const dt_beat_config config = dt_beat_default();
  for (uint64_t seed = 41; seed <= 43; ++seed) {
    const played* p = play_text(groove_text("jazz"), "bars=16 bpm=215 scatter=8ms", seed);
    dt_beat_track track = track_of(p, &config);
    if (fabs(track.bpm / 215 - 1) > 0.02)
      fail_msg("seed %llu: %.1f bpm", (unsigned long long)seed, track.bpm);
    dt_beat_track_clear(&track, NULL);
  }
}

static void seven_eighths_are_counted_to_seven(void** state) {
  (void)state;
  const char* const SEVEN = "tempo: 124\nmeter: 7/8\nstep: 1/8\n\nhi-hat |XxXxXxx|\n"
                            "snare  |--X--X-|\nkick   |x---x--|\n";
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(SEVEN, "bars=16 scatter=6ms", 4);
  dt_beat_track track = track_of(p, &config);
  assert_int_equal(track.meter.numerator, 7);
  assert_true(found_share(p, &track, true) > 0.9);
  dt_beat_track_clear(&track, NULL);
}

static void tempo_is_right_to_half_a_percent(void** state) {
  (void)state;
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(groove_text("rock"), "bars=32 scatter=8ms", 5);
  dt_beat_track track = track_of(p, &config);
  double square = 0;
  size_t n = 0;
  for (size_t k = 4; k + 4 < track.beat_count; ++k, ++n)
    square += pow(track.beats[k].bpm / 120 - 1, 2);
  assert_true(n > 100);
  assert_true(sqrt(square / (double)n) < 0.005);
  dt_beat_track_clear(&track, NULL);
}

static void random_times_have_no_pulse(void** state) {
  (void)state;
  const dt_beat_config config = dt_beat_default();
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    static played p;
    dt_rng rng = dt_rng_seeded(seed, 1);
    double at = 0;
    p.count = 200;
    for (size_t k = 0; k < p.count; ++k) {
      at -= log(1 - dt_rng_uniform(&rng)) / 5;
      const dt_drum any = (dt_drum)(dt_rng_uniform(&rng) * DT_DRUM_OTHER);
      p.strokes[k] = dt_stroke_at(at, seed % 2 == 0 ? DT_SNARE : any);
    }
    dt_beat_track track = track_of(&p, &config);
    if (track.pulse_probability >= 0.5 || track.beat_count > 0)
      fail_msg("seed %llu: probability %.2f, %zu beats", (unsigned long long)seed,
               track.pulse_probability, track.beat_count);
    dt_beat_track_clear(&track, NULL);
  }
}

/* The ear takes six drums in ten for others; when they are struck it still knows. */
static void drums_that_are_mistaken_still_keep_a_pulse(void** state) {
  (void)state;
  static played p;
  dt_rng rng = dt_rng_seeded(3, 1);
  p = *play_text(groove_text("sixeight"), "bars=12 scatter=8ms", 5);
  for (size_t k = 0; k < p.count; ++k) {
    p.strokes[k].confidence = 0.8F;
    if (dt_rng_uniform(&rng) < 0.6)
      p.strokes[k].drum = (dt_drum)(dt_rng_uniform(&rng) * DT_DRUM_OTHER);
  }
  const dt_beat_config config = dt_beat_default();
  dt_beat_track track = track_of(&p, &config);
  if (track.pulse_probability < 0.5 || found_share(&p, &track, false) < 0.95)
    fail_msg("probability %.2f, found %.2f", track.pulse_probability,
             found_share(&p, &track, false));
  dt_beat_track_clear(&track, NULL);
}

static void slow_even_eighths_are_not_read_twice_as_fast(void** state) {
  (void)state;
  const char* const SLOW = "tempo: 72\nmeter: 4/4\nstep: 1/8\n\nhi-hat |XxXxXxXx|\n"
                           "snare  |--X---X-|\nkick   |x---xx--|\n";
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(SLOW, "bars=12 scatter=8ms", 32);
  dt_beat_track track = track_of(p, &config);
  assert_near(track.bpm, 72, 1);
  assert_true(found_share(p, &track, true) > 0.95);
  bool twice = false; /* what it could be instead is told */
  for (size_t k = 0; k < track.alternative_count; ++k)
    twice |= fabs(track.alternatives[k].ratio - 2) < 0.05 && track.alternatives[k].probability > 0;
  assert_true(twice);
  dt_beat_track_clear(&track, NULL);
}

static void taps_decide_the_tempo(void** state) {
  (void)state;
  const played* p = play_text(groove_text("rock"), "bars=8 scatter=5ms", 11);
  double taps[8];
  for (int k = 0; k < 8; ++k)
    taps[k] = p->beat_s[0] + k; /* half-time: every second beat */
  dt_beat_config config = dt_beat_default();
  config.tap_s = taps;
  config.tap_count = 8;
  dt_beat_track track = track_of(p, &config);
  assert_near(track.bpm, 60, 1.5);
  dt_beat_track_clear(&track, NULL);
}

static void double_time_is_a_feel_and_no_tempo(void** state) {
  (void)state;
  const char* const TEXT = "tempo: 110\nmeter: 4/4\nstep: 1/16\n\n[A] x8\n"
                           "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |----X-------X---|\n"
                           "kick   |x-------x-x-----|\n\n[B] x6\n"
                           "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |--X---X---X---X-|\n"
                           "kick   |x---x---x---x---|\n\n[A2] x6\n"
                           "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |----X-------X---|\n"
                           "kick   |x-------x-x-----|\n";
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(TEXT, "scatter=6ms", 12);
  dt_beat_track track = track_of(p, &config);
  assert_true(found_share(p, &track, false) > 0.97);
  bool seen = false;
  for (size_t k = 0; k < track.section_count; ++k) {
    seen |= track.sections[k].span == DT_BEAT_DOUBLE_TIME && track.sections[k].count >= 16;
    assert_near(track.sections[k].bpm, 110, 2);
  }
  assert_true(seen);
  dt_beat_track_clear(&track, NULL);
}

static void nonsense_is_refused(void** state) {
  (void)state;
  dt_beat_track track;
  dt_follower* f = NULL;
  dt_beat_config config = dt_beat_default();
  const dt_stroke back[2] = {dt_stroke_at(2, DT_KICK), dt_stroke_at(1, DT_KICK)};
  const dt_stroke nan_[1] = {dt_stroke_at((double)NAN, DT_KICK)};
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 2, 3, &config), DT_BAD_ARGUMENT);
  assert_int_equal(dt_beat_track_find(&track, NULL, nan_, 1, 3, &config), DT_BAD_ARGUMENT);
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 1, 1, &config), DT_BAD_ARGUMENT);
  config.low_bpm = 10;
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 1, 3, &config), DT_BAD_ARGUMENT);
  assert_int_equal(dt_follower_new(&f, NULL, &config), DT_BAD_ARGUMENT);
  assert_null(f);
  config = dt_beat_default();
  config.meter = (dt_meter){9, 16};
  assert_int_equal(dt_follower_new(&f, NULL, &config), DT_BAD_ARGUMENT);
  config = dt_beat_default();
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 0, 0, &config), DT_OK);
  assert_int_equal(track.beat_count, 0);
}

static bool track_once(const dt_allocator* allocator, void* ctx) {
  const played* p = ctx;
  const dt_beat_config config = dt_beat_default();
  dt_beat_track track;
  const dt_status status = dt_beat_track_find(&track, allocator, p->strokes, p->count,
                                              p->strokes[p->count - 1].time_s, &config);
  if (status != DT_OK)
    assert_int_equal(status, DT_NO_MEMORY);
  dt_beat_track_clear(&track, allocator);
  return status == DT_OK;
}

static bool follow_once(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  const dt_beat_config config = dt_beat_default();
  dt_follower* f = NULL;
  const dt_status status = dt_follower_new(&f, allocator, &config);
  dt_follower_free(f, allocator);
  return status == DT_OK;
}

static void no_memory_leaves_nothing_behind(void** state) {
  (void)state;
  played* p = play_text(groove_text("rock"), "bars=3", 1);
  assert_true(dt_failing_sweep(track_once, p) >= 6);
  assert_true(dt_failing_sweep(follow_once, NULL) >= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(beats_and_bars_of_plain_grooves_are_found),
      cmocka_unit_test(what_comes_again_tells_the_length_of_the_bar),
      cmocka_unit_test(fills_are_seen_before_one_and_crashes_on_it),
      cmocka_unit_test(quick_swing_is_not_read_at_half_its_tempo),
      cmocka_unit_test(seven_eighths_are_counted_to_seven),
      cmocka_unit_test(tempo_is_right_to_half_a_percent),
      cmocka_unit_test(random_times_have_no_pulse),
      cmocka_unit_test(drums_that_are_mistaken_still_keep_a_pulse),
      cmocka_unit_test(slow_even_eighths_are_not_read_twice_as_fast),
      cmocka_unit_test(taps_decide_the_tempo),
      cmocka_unit_test(double_time_is_a_feel_and_no_tempo),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(no_memory_leaves_nothing_behind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
