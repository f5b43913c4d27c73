#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/groove_charts.h"
#include "band_run.h"

enum { RATE = 48000, BEAT = 24000 /* at 120 */ };

/* Clicks must follow each other by whole beats, from one that is bar 0, beat 0, without a gap. */
static void whole_and_single(const band_run* run, size_t least) {
  size_t clicks = 0;
  const dt_band_event* last = NULL;
  for (size_t i = 0; i < run->event_count; i++) {
    const dt_band_event* e = &run->events[i];
    if (e->kind == DT_BAND_STARTED)
      last = NULL;
    if (e->kind != DT_BAND_TICKED)
      continue;
    if (last == NULL)
      assert_true(e->bar <= 0 && e->beat == 0);
    else
      assert_int_equal(e->tick, last->tick + 960);
    last = e;
    clicks++;
  }
  assert_true(clicks >= least);
}

static void music_that_is_asked_for_too_late_starts_whole(void** state) {
  (void)state;
  dt_band* band = new_band(RATE, false);
  band_run run = {0};
  run_frames(&run, band, 0, 10000, 512);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 3000);
  put(band, &c);
  run_frames(&run, band, 10000, 10 * BEAT, 512);
  whole_and_single(&run, 10);
  const dt_band_event* started = nth_kind(&run, DT_BAND_STARTED, 0);
  assert_int_equal(started->frame, 10000);
  assert_int_equal(nth_kind(&run, DT_BAND_TICKED, 0)->frame, 10000);
  assert_true(nth_kind(&run, DT_BAND_TOOK, 0)->late);
  assert_int_equal(dt_band_counts(band).late, 1);
  /* And it sounds from that frame on. */
  assert_true(run.samples[9999] == 0 && run.samples[10000] != 0);
  run_free(&run);
  dt_band_free(band);
}

/* Tempo, click and level, put while their frames are passing, at random. */
static void late_commands_lose_and_double_no_click(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 30; seed++) {
    dt_rng rng = dt_rng_seeded(seed, 1);
    dt_band* band = new_band(RATE, false);
    dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
    put(band, &c);
    band_run run = {0};
    dt_frame at = 0;
    for (int i = 0; i < 300; i++) {
      const size_t frames = 1 + dt_rng_below(&rng, 3000);
      const dt_frame when = at - 2000 + (dt_frame)dt_rng_below(&rng, 4000);
      const uint32_t what = dt_rng_below(&rng, 4);
      c = dt_band_command_of(what == 0   ? DT_BAND_TEMPO
                             : what == 1 ? DT_BAND_CLICK
                             : what == 2 ? DT_BAND_LEVEL
                                         : DT_BAND_MIDI,
                             when);
      if (what == 0)
        c.tempo.bpm = 60 + 400 * dt_rng_uniform(&rng);
      if (what == 0)
        c.tempo.ramp_bars = (int)dt_rng_below(&rng, 2);
      if (what == 3)
        c.midi_clock = dt_rng_below(&rng, 2);
      put(band, &c);
      run_block(&run, band, at, frames);
      at += (dt_frame)frames;
    }
    print_message("seed %llu: %zu clicks, %llu late\n", (unsigned long long)seed,
                  count_kind(&run, DT_BAND_TICKED), (unsigned long long)dt_band_counts(band).late);
    assert_true(dt_band_counts(band).late > 50);
    whole_and_single(&run, 20);
    /* In the order of their frames. */
    for (size_t i = 1; i < run.event_count; i++)
      assert_true(run.events[i].frame >= run.events[i - 1].frame);
    run_free(&run);
    dt_band_free(band);
  }
}

static void a_full_queue_is_counted_and_the_rest_is_kept(void** state) {
  (void)state;
  dt_band_config config = dt_band_config_default(RATE);
  config.has_kit = false;
  config.commands = 4;
  dt_band* band = NULL;
  assert_int_equal(dt_band_new(&band, NULL, &config), DT_OK);
  const dt_band_command c = dt_band_command_of(DT_BAND_LEVEL, 100);
  for (int i = 0; i < 4; i++)
    assert_int_equal(dt_band_put(band, &c), DT_OK);
  assert_int_equal(dt_band_put(band, &c), DT_TOO_LARGE);
  band_run run = {0};
  run_block(&run, band, 0, 200);
  assert_int_equal(count_kind(&run, DT_BAND_TOOK), 4);
  assert_int_equal(dt_band_counts(band).queue_full, 1);
  assert_int_equal(dt_band_put(band, &c), DT_OK);
  run_free(&run);
  dt_band_free(band);
}

static void a_bar_that_never_comes_drops_its_command_and_says_so(void** state) {
  (void)state;
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  put(band, &c);
  c = dt_band_command_of(DT_BAND_TEMPO, 0);
  c.bar = 9;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_STOP, 0);
  c.bar = 2;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 12 * BEAT, 4000);
  assert_int_equal(count_kind(&run, DT_BAND_TICKED), 8);
  assert_int_equal(nth_kind(&run, DT_BAND_STOPPED, 0)->frame, 8 * BEAT);
  assert_int_equal(dt_band_counts(band).dropped, 1);
  run_free(&run);
  dt_band_free(band);
}

static void a_bar_that_has_passed_means_the_next_line(void** state) {
  (void)state;
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 9 * BEAT, 4000);
  c = dt_band_command_of(DT_BAND_TEMPO, 9 * BEAT);
  c.tempo.bpm = 240;
  c.bar = 1;
  put(band, &c);
  run_frames(&run, band, 9 * BEAT, 5 * BEAT, 4000);
  const dt_band_event* set = nth_kind(&run, DT_BAND_TEMPO_SET, 1);
  assert_int_equal(set->frame, 12 * BEAT);
  assert_int_equal(dt_band_counts(band).late, 1);
  run_free(&run);
  dt_band_free(band);
}

static void again_from_the_top_at_the_bar_line_leaves_no_hole(void** state) {
  (void)state;
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.bpm = 119.7;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 0);
  c.start.bpm = 93.1;
  c.bar = 3;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_TEMPO,
                         0); /* for the new music, which has not begun: bar 1 comes */
  c.tempo.bpm = 200;
  c.bar = 5;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 24 * BEAT, 4000);
  const double line = 12 * 60 / 119.7 * RATE;
  assert_int_equal(nth_kind(&run, DT_BAND_STARTED, 1)->frame, (dt_frame)floor(line + 0.5));
  const dt_band_event* second = nth_kind(&run, DT_BAND_TICKED, 13);
  assert_int_equal(second->frame, (dt_frame)floor(line + 60 / 93.1 * RATE + 0.5));
  assert_int_equal(second->bar, 0);
  assert_int_equal(second->beat, 1);
  run_free(&run);
  dt_band_free(band);
}

static void a_device_that_jumps_ahead_does_not_move_the_beat(void** state) {
  (void)state;
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 2 * BEAT + 100, 4000);
  /* Half a second is lost: the click of beat 3 with it. */
  run_frames(&run, band, 3 * BEAT + 128, 4 * BEAT, 4000);
  const dt_band_event* lost = nth_kind(&run, DT_BAND_TICKED, 3);
  assert_int_equal(lost->frame, 3 * BEAT);
  assert_false(lost->sounding);
  assert_int_equal(nth_kind(&run, DT_BAND_TICKED, 4)->frame, 4 * BEAT);
  assert_true(nth_kind(&run, DT_BAND_TICKED, 4)->sounding);
  const dt_band_counters counts = dt_band_counts(band);
  assert_int_equal(counts.discontinuities, 1);
  assert_int_equal(counts.skipped, 1);
  whole_and_single(&run, 7);
  run_free(&run);
  dt_band_free(band);
}

static void a_device_that_counts_anew_takes_the_music_along(void** state) {
  (void)state;
  static const dt_frame jumps[] = {-96, -1000000, 1000000, (dt_frame)1 << 40};
  for (size_t j = 0; j < sizeof jumps / sizeof *jumps; j++) {
    dt_band* band = new_band(RATE, false);
    dt_band_command c = dt_band_command_of(DT_BAND_START, 2000000);
    put(band, &c);
    band_run run = {0};
    run_frames(&run, band, 2000000, 2 * BEAT + 100, 4000);
    const dt_frame base = 2000000 + jumps[j];
    run_frames(&run, band, base + 2 * BEAT + 100, 3 * BEAT, 4000);
    assert_int_equal(nth_kind(&run, DT_BAND_TICKED, 2)->frame, 2000000 + 2 * BEAT);
    assert_int_equal(nth_kind(&run, DT_BAND_TICKED, 3)->frame, base + 3 * BEAT);
    assert_true(nth_kind(&run, DT_BAND_TICKED, 3)->sounding);
    assert_int_equal(dt_band_counts(band).discontinuities, 1);
    whole_and_single(&run, 5);
    run_free(&run);
    dt_band_free(band);
  }
}

static void a_click_that_changes_in_mid_bar_is_neither_lost_nor_doubled(void** state) {
  (void)state;
  /* At every frame around a beat: eighths from there on. */
  for (int offset = -3; offset <= 3; offset++) {
    dt_band* band = new_band(RATE, false);
    dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
    put(band, &c);
    c = dt_band_command_of(DT_BAND_CLICK, BEAT + offset);
    c.click.divide = 2;
    put(band, &c);
    band_run run = {0};
    run_frames(&run, band, 0, 2 * BEAT, 4000);
    assert_int_equal(count_kind(&run, DT_BAND_TICKED), 3);
    assert_int_equal(nth_kind(&run, DT_BAND_TICKED, 1)->frame, BEAT);
    assert_int_equal(nth_kind(&run, DT_BAND_TICKED, 2)->frame, BEAT + BEAT / 2);
    run_free(&run);
    dt_band_free(band);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(music_that_is_asked_for_too_late_starts_whole),
      cmocka_unit_test(late_commands_lose_and_double_no_click),
      cmocka_unit_test(a_full_queue_is_counted_and_the_rest_is_kept),
      cmocka_unit_test(a_bar_that_never_comes_drops_its_command_and_says_so),
      cmocka_unit_test(a_bar_that_has_passed_means_the_next_line),
      cmocka_unit_test(again_from_the_top_at_the_bar_line_leaves_no_hole),
      cmocka_unit_test(a_device_that_jumps_ahead_does_not_move_the_beat),
      cmocka_unit_test(a_device_that_counts_anew_takes_the_music_along),
      cmocka_unit_test(a_click_that_changes_in_mid_bar_is_neither_lost_nor_doubled),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
