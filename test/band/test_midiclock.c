#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/near.h"
#include "band_run.h"
#include "dt/midiclock.h"

enum { RATE = 48000 };

static double clock_frames(double bpm) {
  return 60.0 * RATE / (24 * bpm);
}

static dt_midiclock new_clock(void) {
  dt_midiclock clock;
  assert_int_equal(dt_midiclock_init(&clock, RATE, 1), DT_OK);
  return clock;
}

/* Clocks from `at` on, with Gaussian jitter of so many ms; returns where the next would stand. */
static double feed(dt_midiclock* clock, dt_rng* rng, double at, int count, double bpm,
                   double jitter_ms) {
  for (int i = 0; i < count; i++, at += clock_frames(bpm)) {
    const double jitter = jitter_ms * RATE / 1000 * dt_rng_normal(rng);
    dt_midiclock_push(clock, (dt_frame)floor(at + jitter + 0.5), 0xF8);
  }
  return at;
}

static void a_steady_clock_is_known_after_two_beats(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(1, 1);
  dt_midiclock clock = new_clock();
  dt_midiclock_push(&clock, 1000, 0xFA);
  const double end = feed(&clock, &rng, 1000, 49, 97.3, 0);
  const dt_midiclock_place place = dt_midiclock_at(&clock, (dt_frame)end);
  assert_true(place.locked && place.running);
  assert_near(place.bpm, 97.3, 0.05);
  assert_near(place.tick, 49 * 40, 0.2);
  assert_int_equal(place.lost, 0);
  assert_int_equal(place.restarts, 0);
}

/* Error of place and tempo over many takes at once: what the filter claims must be true. */
static void under_jitter_the_estimate_is_better_than_the_clocks(void** state) {
  (void)state;
  static const double jitters_ms[] = {0.3, 1, 2};
  for (size_t j = 0; j < sizeof jitters_ms / sizeof *jitters_ms; j++) {
    double bpm_square = 0;
    double ms_square = 0;
    enum { TAKES = 200 };
    const char* text = getenv("DT_SEED");
    const uint64_t first = text ? strtoull(text, NULL, 10) : 1;
    for (uint64_t seed = first; seed < first + TAKES; seed++) {
      dt_rng rng = dt_rng_seeded(seed, 2);
      dt_midiclock clock;
      assert_int_equal(dt_midiclock_init(&clock, RATE, jitters_ms[j]), DT_OK);
      const double bpm = 60 + 140 * dt_rng_uniform(&rng);
      dt_midiclock_push(&clock, 0, 0xFA);
      const double end = feed(&clock, &rng, 500, 24 * 16, bpm, jitters_ms[j]);
      const dt_midiclock_place place = dt_midiclock_at(&clock, (dt_frame)floor(end + 0.5));
      assert_true(place.locked);
      assert_int_equal(place.restarts, 0);
      bpm_square += pow(place.bpm / bpm - 1, 2);
      ms_square += pow((place.tick / 40 - 24 * 16) * clock_frames(bpm) * 1000 / RATE, 2);
    }
    const double bpm_percent = 100 * sqrt(bpm_square / TAKES);
    const double ms = sqrt(ms_square / TAKES);
    print_message(
        "seeds %llu to %llu (DT_SEED), jitter %.1f ms: tempo %.3f %% RMS, place %.3f ms RMS\n",
        (unsigned long long)first, (unsigned long long)first + TAKES - 1, jitters_ms[j],
        bpm_percent, ms);
    assert_true(ms < 0.5 * jitters_ms[j]);
    assert_true(bpm_percent < 0.3);
  }
}

static void a_jump_of_tempo_is_followed_within_a_beat(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(3, 1);
  dt_midiclock clock = new_clock();
  dt_midiclock_push(&clock, 0, 0xFA);
  double at = feed(&clock, &rng, 0, 24 * 8, 100, 0.3);
  at = feed(&clock, &rng, at, 24, 180, 0.3);
  assert_near(dt_midiclock_at(&clock, (dt_frame)at).bpm, 180, 4);
  at = feed(&clock, &rng, at, 24 * 4, 180, 0.3);
  const dt_midiclock_place place = dt_midiclock_at(&clock, (dt_frame)at);
  assert_near(place.bpm, 180, 1);
  assert_near(place.tick, 40.0 * 24 * 13, 3);
  assert_true(place.restarts >= 1);
  assert_int_equal(place.lost, 0);
}

static void a_ramp_is_followed_closely(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(4, 1);
  dt_midiclock clock = new_clock();
  dt_midiclock_push(&clock, 0, 0xFA);
  double at = feed(&clock, &rng, 0, 24 * 8, 120, 0.5);
  double worst_ms = 0;
  for (int i = 0; i < 24 * 32; i++) {
    at = feed(&clock, &rng, at, 1, 120 + 40.0 * i / (24 * 32), 0.5);
    const dt_midiclock_place place = dt_midiclock_at(&clock, (dt_frame)at);
    const double off = place.tick / 40 - (24 * 8 + i + 1);
    worst_ms = fmax(worst_ms, fabs(off) * clock_frames(place.bpm) * 1000 / RATE);
  }
  print_message("a ramp from 120 to 160 in 8 bars: worst place %.2f ms\n", worst_ms);
  assert_true(worst_ms < 3);
  assert_near(dt_midiclock_at(&clock, (dt_frame)at).bpm, 160, 1.5);
}

static void lost_and_bunched_clocks_keep_the_count(void** state) {
  (void)state;
  dt_midiclock clock = new_clock();
  dt_midiclock_push(&clock, 0, 0xFA);
  const double period = clock_frames(120);
  for (int i = 0; i < 240; i++) {
    double at = i * period;
    if (i > 50 && i % 17 == 0)
      continue; /* lost */
    if (i > 50 && i % 29 == 0)
      at += 1.6 * period; /* held back until after the next one's time */
    if (i > 51 && (i - 1) % 29 == 0)
      at += 0.62 * period; /* and the next behind it */
    dt_midiclock_push(&clock, (dt_frame)floor(at + 0.5), 0xF8);
  }
  const dt_midiclock_place place = dt_midiclock_at(&clock, (dt_frame)(240 * period));
  assert_near(place.tick, 240 * 40, 4);
  assert_near(place.bpm, 120, 0.5);
  assert_int_equal(place.lost, 12);
}

static void start_stop_continue_and_song_position_say_the_place(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(5, 1);
  dt_midiclock clock = new_clock();
  double at = feed(&clock, &rng, 0, 24, 120, 0);
  dt_midiclock_place place = dt_midiclock_at(&clock, (dt_frame)at);
  assert_true(place.locked && !place.running);
  assert_near(place.tick, 0, 0);
  dt_midiclock_push(&clock, (dt_frame)at - 10, 0xFA);
  at = feed(&clock, &rng, at, 24, 120, 0);
  assert_near(dt_midiclock_at(&clock, (dt_frame)at).tick, 960, 0.1);
  dt_midiclock_push(&clock, (dt_frame)at - 10, 0xFC);
  at = feed(&clock, &rng, at, 30, 120, 0);
  place = dt_midiclock_at(&clock, (dt_frame)at);
  assert_false(place.running);
  assert_near(place.tick, 960, 0);
  dt_midiclock_push(&clock, (dt_frame)at - 10, 0xFB);
  at = feed(&clock, &rng, at, 12, 120, 0);
  assert_near(dt_midiclock_at(&clock, (dt_frame)at).tick, 960 + 480, 0.1);
  dt_midiclock_push(&clock, (dt_frame)at - 10, 0xFC);
  /* Song position 300 sixteenths, with a clock and active sensing in the middle of it. */
  static const uint8_t bytes[] = {0xF2, 300 & 127, 0xFE, 300 >> 7, 0xFB};
  for (size_t i = 0; i < sizeof bytes; i++)
    dt_midiclock_push(&clock, (dt_frame)at - 5, bytes[i]);
  at = feed(&clock, &rng, at, 24, 120, 0);
  assert_near(dt_midiclock_at(&clock, (dt_frame)at).tick, 300 * 240 + 960, 0.1);
}

static void a_clock_that_ends_is_no_lock(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(6, 1);
  dt_midiclock clock = new_clock();
  const double at = feed(&clock, &rng, 0, 48, 120, 0);
  assert_true(dt_midiclock_at(&clock, (dt_frame)at).locked);
  assert_false(dt_midiclock_at(&clock, (dt_frame)at + RATE + 1).locked);
  /* A frame counter that begins again. */
  (void)feed(&clock, &rng, -1e6, 48, 90, 0);
  const dt_midiclock_place place =
      dt_midiclock_at(&clock, -1000000 + (dt_frame)(48 * clock_frames(90)));
  assert_true(place.locked);
  assert_near(place.bpm, 90, 0.1);
}

static void any_bytes_leave_it_sane(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 50; seed++) {
    dt_rng rng = dt_rng_seeded(seed, 4);
    dt_midiclock clock = new_clock();
    dt_frame at = 0;
    for (int i = 0; i < 2000; i++) {
      at += (dt_frame)dt_rng_below(&rng, 2000) - (dt_rng_below(&rng, 50) == 0 ? 5000 : 0);
      const uint32_t draw = dt_rng_below(&rng, 4);
      dt_midiclock_push(&clock, at, draw > 0 ? 0xF8 : (uint8_t)dt_rng_below(&rng, 256));
      const dt_midiclock_place place = dt_midiclock_at(&clock, at + 100);
      if (!isfinite(place.bpm) || !isfinite(place.tick) || place.bpm < 0 || !(place.bpm_sd >= 0) ||
          !(place.tick_sd >= 0))
        fail_msg("seed %llu, byte %d: bpm %g +- %g, tick %g +- %g", (unsigned long long)seed, i,
                 place.bpm, place.bpm_sd, place.tick, place.tick_sd);
    }
  }
}

static void nonsense_is_refused(void** state) {
  (void)state;
  dt_midiclock clock;
  assert_int_equal(dt_midiclock_init(&clock, 7999, 1), DT_BAD_ARGUMENT);
  assert_int_equal(dt_midiclock_init(&clock, RATE, (double)NAN), DT_BAD_ARGUMENT);
  assert_int_equal(dt_midiclock_init(&clock, RATE, 0), DT_BAD_ARGUMENT);
  dt_midiclock_push(&clock, 0, 0xF8);
  assert_false(dt_midiclock_at(&clock, 0).locked);
}

/* The band leads, the clock follows: to the tick. */
static void the_band_and_its_follower_agree(void** state) {
  (void)state;
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_MIDI, 0);
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 1234);
  c.start.bpm = 133.7;
  c.start.count_in_bars = 1;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, RATE * 20, 0);
  dt_midiclock clock;
  assert_int_equal(dt_midiclock_init(&clock, RATE, 0.05), DT_OK);
  dt_frame last = 0;
  for (size_t i = 0; i < run.midi_count; i++) {
    dt_midiclock_push(&clock, run.midi[i].frame, run.midi[i].byte);
    last = run.midi[i].frame;
  }
  const dt_midiclock_place place = dt_midiclock_at(&clock, last);
  const double quarters = (double)(last - 1234) / RATE * 133.7 / 60 - 4;
  assert_near(place.tick, quarters * 960, 0.5);
  assert_near(place.bpm, 133.7, 0.05);
  run_free(&run);
  dt_band_free(band);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_steady_clock_is_known_after_two_beats),
      cmocka_unit_test(under_jitter_the_estimate_is_better_than_the_clocks),
      cmocka_unit_test(a_jump_of_tempo_is_followed_within_a_beat),
      cmocka_unit_test(a_ramp_is_followed_closely),
      cmocka_unit_test(lost_and_bunched_clocks_keep_the_count),
      cmocka_unit_test(start_stop_continue_and_song_position_say_the_place),
      cmocka_unit_test(a_clock_that_ends_is_no_lock),
      cmocka_unit_test(any_bytes_leave_it_sane),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(the_band_and_its_follower_agree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
