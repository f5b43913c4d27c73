#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/groove_charts.h"
#include "band_run.h"

enum { RATE = 48000, BEAT = 24000 /* at 120 */, CLOCK = 1000 };

static size_t bytes_of(const band_run* run, uint8_t byte) {
  size_t count = 0;
  for (size_t i = 0; i < run->midi_count; i++)
    count += run->midi[i].byte == byte;
  return count;
}

static const dt_band_midi* first_byte(const band_run* run, uint8_t byte) {
  for (size_t i = 0; i < run->midi_count; i++)
    if (run->midi[i].byte == byte)
      return &run->midi[i];
  return NULL;
}

static dt_band* leader(const dt_band_command* start) {
  dt_band* band = new_band(RATE, start->start.song != NULL);
  const dt_band_command c = dt_band_command_of(DT_BAND_MIDI, 0);
  put(band, &c);
  put(band, start);
  return band;
}

static void a_follower_hears_tempo_then_start_then_24_a_quarter(void** state) {
  (void)state;
  dt_band_command c = dt_band_command_of(DT_BAND_START, 500);
  c.start.count_in_bars = 1;
  dt_band* band = leader(&c);
  c = dt_band_command_of(DT_BAND_STOP, 0);
  c.at = 500;
  c.bar = 2;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 14 * BEAT, 0);
  size_t clocks = 0;
  for (size_t i = 0; i < run.midi_count; i++)
    if (run.midi[i].byte == 0xF8)
      assert_int_equal(run.midi[i].frame, 500 + (dt_frame)clocks++ * CLOCK);
  assert_int_equal(clocks, 12 * 24);
  assert_int_equal(bytes_of(&run, 0xFA), 1);
  assert_int_equal(first_byte(&run, 0xFA)->frame, 500 + 4 * BEAT);
  /* The start comes first, then the clock of the same frame. */
  const dt_band_midi* start = first_byte(&run, 0xFA);
  assert_true(start[1].byte == 0xF8 && start[1].frame == start->frame);
  assert_int_equal(run.midi[run.midi_count - 1].byte, 0xFC);
  assert_int_equal(run.midi[run.midi_count - 1].frame, 500 + 12 * BEAT);
  run_free(&run);
  dt_band_free(band);
}

/* At any tempo, on ramps too, each clock stands at the nearest frame to its place. */
static void clocks_have_no_jitter_but_the_frame(void** state) {
  (void)state;
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.bpm = 97.3;
  dt_band* band = leader(&c);
  c = dt_band_command_of(DT_BAND_TEMPO, 0);
  c.bar = 8;
  c.tempo.bpm = 211;
  c.tempo.ramp_bars = 4;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, RATE * 40, 0);
  const double period = 60.0 * RATE / 97.3 / 24;
  size_t clocks = 0;
  dt_frame last = -1;
  for (size_t i = 0; i < run.midi_count; i++) {
    if (run.midi[i].byte != 0xF8)
      continue;
    if (clocks < 8 * 96)
      assert_int_equal(run.midi[i].frame, (dt_frame)floor((double)clocks * period + 0.5));
    if (clocks % 96 == 0) {
      /* And bars begin on a clock, ramp or not. */
      const dt_band_event* bar = nth_kind(&run, DT_BAND_BAR, clocks / 96);
      assert_int_equal(run.midi[i].frame, bar->frame);
    }
    assert_true(run.midi[i].frame > last);
    last = run.midi[i].frame;
    clocks++;
  }
  assert_true(clocks > 12 * 96);
  run_free(&run);
  dt_band_free(band);
}

static void from_the_middle_the_place_is_said(void** state) {
  (void)state;
  dt_part part = dt__part_of("tempo: 120\nmeter: 4/4\nstep: 1/4\n\nsnare |x---|\n", 40, 0);
  dt_band_song* song = NULL;
  assert_int_equal(dt_band_song_new(&song, NULL, &part), DT_OK);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.song = song;
  c.start.first_bar = 20;
  dt_band* band = leader(&c);
  band_run run = {0};
  run_frames(&run, band, 0, BEAT, 0);
  static const uint8_t want[] = {0xF2, 320 & 127, 320 >> 7, 0xFB, 0xF8};
  for (size_t i = 0; i < sizeof want; i++) {
    assert_int_equal(run.midi[i].byte, want[i]);
    assert_int_equal(run.midi[i].frame, 0);
  }
  run_free(&run);
  dt_band_free(band);
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

static void switched_on_in_mid_music_it_joins_at_the_bar(void** state) {
  (void)state;
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  put(band, &c);
  c = dt_band_command_of(DT_BAND_MIDI, 5 * BEAT);
  put(band, &c);
  c.at = 13 * BEAT + 1;
  c.midi_clock = false;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 16 * BEAT, 0);
  assert_int_equal(run.midi[0].byte, 0xF2);
  assert_int_equal(run.midi[0].frame, 8 * BEAT);
  assert_int_equal(run.midi[1].byte, 32);
  assert_int_equal(run.midi[3].byte, 0xFB);
  assert_int_equal(bytes_of(&run, 0xF8), 5 * 24 + 1);
  assert_int_equal(run.midi[run.midi_count - 1].byte, 0xFC);
  assert_int_equal(run.midi[run.midi_count - 1].frame, 13 * BEAT + 1);
  run_free(&run);
  dt_band_free(band);
}

/* The device lost half a second: the follower gets its clocks, late but all. */
static void a_jump_of_the_device_loses_no_clock(void** state) {
  (void)state;
  const dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  dt_band* band = leader(&c);
  band_run run = {0};
  run_frames(&run, band, 0, BEAT + 7, 0);
  run_frames(&run, band, 2 * BEAT, BEAT, 0);
  assert_int_equal(bytes_of(&run, 0xF8), 72);
  for (size_t i = 1; i < run.midi_count; i++)
    assert_true(run.midi[i].frame >= run.midi[i - 1].frame);
  run_free(&run);
  dt_band_free(band);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_follower_hears_tempo_then_start_then_24_a_quarter),
      cmocka_unit_test(clocks_have_no_jitter_but_the_frame),
      cmocka_unit_test(from_the_middle_the_place_is_said),
      cmocka_unit_test(switched_on_in_mid_music_it_joins_at_the_bar),
      cmocka_unit_test(a_jump_of_the_device_loses_no_clock),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
