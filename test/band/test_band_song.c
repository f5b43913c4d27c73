#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/groove_charts.h"
#include "../support/near.h"
#include "band_run.h"

enum { RATE = 48000, LOW = 8000 };

static dt_band_song* song_of(const dt_part* part) {
  dt_band_song* song = NULL;
  assert_int_equal(dt_band_song_new(&song, NULL, part), DT_OK);
  return song;
}

/* Plays it and stops soon after its end. */
static band_run play(const dt_band_command* start, int rate_hz, size_t frames) {
  dt_band* band = new_band(rate_hz, true);
  put(band, start);
  band_run run = {0};
  run_frames(&run, band, 0, frames, 0);
  dt_band_free(band);
  return run;
}

/* Every groove: each plain note at the moment that the part gives it, and no other strokes. */
static void the_band_plays_what_is_written_where_it_is_written(void** state) {
  (void)state;
  for (size_t g = 0; dt_chart_library_at(g); g++) {
    dt_chart chart = {0};
    dt_part part = {0};
    assert_int_equal(dt_chart_library_load(&chart, NULL, dt_chart_library_at(g)), DT_OK);
    const int64_t once = dt_chart_played_bars(&chart);
    assert_int_equal(dt_part_from_chart(&part, NULL, &chart, once < 4 ? (int)once : 4, 0), DT_OK);
    dt_band_song* song = song_of(&part);
    dt_band_command start = dt_band_command_of(DT_BAND_START, 0);
    start.start.song = song;
    start.start.bpm = 0;
    const double end_s = dt_tempo_map_seconds(&part.map, (double)part.end);
    band_run run = play(&start, LOW, (size_t)(end_s * LOW) + LOW / 2);
    assert_int_equal(count_kind(&run, DT_BAND_STROKE), dt_band_song_strokes(song));
    assert_int_equal(nth_kind(&run, DT_BAND_STOPPED, 0)->frame, (dt_frame)floor(end_s * LOW + 0.5));
    for (size_t n = 0; n < part.note_count; n++) {
      const dt_chart_note* note = &part.notes[n].note;
      const double want = dt_part_seconds(&part, note->tick) * LOW;
      double nearest = 1e9;
      for (size_t e = 0; e < run.event_count; e++) {
        const dt_band_event* got = &run.events[e];
        if (got->kind == DT_BAND_STROKE && got->drum == note->drum)
          nearest = fmin(nearest, fabs((double)got->frame + got->offset_frames - want));
      }
      if (nearest > 0.01)
        fail_msg("%s: note %zu is %g frames off", dt_chart_library_at(g)->name, n, nearest);
    }
    run_free(&run);
    dt_band_song_free(song);
    dt_part_clear(&part, NULL);
    dt_chart_clear(&chart, NULL);
  }
}

static void a_stroke_sounds_from_its_frame_on(void** state) {
  (void)state;
  dt_part part = dt__part_of("tempo: 97\nmeter: 4/4\nstep: 1/4\n\nsnare |-x--|\n", 1, 0);
  dt_band_song* song = song_of(&part);
  dt_band* band = new_band(RATE, true);
  dt_band_command c = dt_band_command_of(DT_BAND_LEVEL, 0);
  c.level.db = DT_BAND_SILENT_DB;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 5000);
  c.start.song = song;
  c.start.bpm = 0;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, RATE * 3, 0);
  const dt_frame at = (dt_frame)floor(5000 + 60.0 / 97 * RATE + 0.5);
  assert_int_equal(nth_kind(&run, DT_BAND_STROKE, 0)->frame, at);
  assert_true(run.samples[at - 1] == 0 && run.samples[at] != 0);
  run_free(&run);
  dt_band_free(band);
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

static void ornaments_become_strokes(void** state) {
  (void)state;
  dt_part part = dt__part_of("tempo: 60\nmeter: 4/4\nstep: 1/4\n\nsnare |-fd-|\n", 1, 0);
  dt_band_song* song = song_of(&part);
  dt_band_command start = dt_band_command_of(DT_BAND_START, 0);
  start.start.song = song;
  start.start.bpm = 0;
  band_run run = play(&start, RATE, RATE * 5);
  static const double want_s[] = {0.975, 1, 1.94, 1.97, 2};
  assert_int_equal(count_kind(&run, DT_BAND_STROKE), 5);
  for (size_t i = 0; i < 5; i++) {
    const dt_band_event* stroke = nth_kind(&run, DT_BAND_STROKE, i);
    assert_near((double)stroke->frame, want_s[i] * RATE, 1);
    assert_true((stroke->velocity > 80) == (i == 1 || i == 4));
  }
  run_free(&run);
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

static void trading_fours_leaves_four_bars_to_the_drummer(void** state) {
  (void)state;
  dt_part part = dt__part_of("tempo: 240\nmeter: 4/4\nstep: 1/4\n\nsnare |xxxx|\n", 1, 0);
  dt_band_song* song = song_of(&part);
  dt_band* band = new_band(RATE, true);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.song = song;
  c.start.bpm = 0;
  c.start.times = 16;
  c.start.count_in_bars = 1;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_BARS, 0);
  c.bars.bus = DT_BAND_DRUMS;
  c.bars.bars = (dt_band_bars){.on = 4, .off = 4};
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, RATE * 20, 0);
  assert_int_equal(count_kind(&run, DT_BAND_STROKE), 64);
  for (size_t i = 0; i < 64; i++) {
    const dt_band_event* stroke = nth_kind(&run, DT_BAND_STROKE, i);
    assert_int_equal(stroke->sounding, stroke->bar / 4 % 2 == 0);
    assert_int_equal(stroke->song_bar, 0);
  }
  /* The click goes on. */
  for (size_t i = 0; i < 68; i++)
    assert_true(nth_kind(&run, DT_BAND_TICKED, i)->sounding);
  run_free(&run);
  dt_band_free(band);
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

static void muted_drums_are_told_but_not_heard(void** state) {
  (void)state;
  dt_part part =
      dt__part_of("tempo: 120\nmeter: 4/4\nstep: 1/4\n\nsnare |-x-x|\nkick |x-x-|\n", 2, 0);
  dt_band_song* song = song_of(&part);
  for (int how = 0; how < 3; how++) {
    dt_band* band = new_band(RATE, true);
    dt_band_command c = dt_band_command_of(DT_BAND_KIT, 0);
    if (how == 0)
      c.kit.muted = 1U << DT_SNARE;
    if (how == 1)
      c.kit.solo = 1U << DT_KICK;
    if (how == 2)
      c.kit.db[DT_SNARE] = DT_BAND_SILENT_DB;
    put(band, &c);
    c = dt_band_command_of(DT_BAND_START, 0);
    c.start.song = song;
    put(band, &c);
    band_run run = {0};
    run_frames(&run, band, 0, RATE * 5, 0);
    for (size_t i = 0; i < 8; i++) {
      const dt_band_event* stroke = nth_kind(&run, DT_BAND_STROKE, i);
      assert_int_equal(stroke->sounding, stroke->drum == DT_KICK);
    }
    run_free(&run);
    dt_band_free(band);
  }
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

static void a_loop_and_another_tempo_keep_the_songs_own_changes(void** state) {
  (void)state;
  /* 100, and in bar 2 150; asked for at 200: 200 and 300. Bars 1 and 2, three times. */
  dt_part part = dt__part_of("tempo: 100\nmeter: 4/4\nstep: 1/4\n\nsnare |x---|\n", 3, 0);
  assert_int_equal(dt_tempo_map_set_tempo(&part.map, NULL, 3840 + 1920, 60e6 / 150), DT_OK);
  dt_band_song* song = song_of(&part);
  assert_near(dt_band_song_bpm(song), 100, 1e-9);
  assert_int_equal(dt_band_song_bars(song), 3);
  dt_band_command start = dt_band_command_of(DT_BAND_START, 0);
  start.start.song = song;
  start.start.bpm = 200;
  start.start.first_bar = 0;
  start.start.bar_count = 2;
  start.start.times = 3;
  band_run run = play(&start, RATE, RATE * 8);
  assert_int_equal(count_kind(&run, DT_BAND_STROKE), 6);
  const double once_s = 6 * 60 / 200.0 + 2 * 60 / 300.0;
  for (size_t i = 0; i < 6; i++)
    assert_near((double)nth_kind(&run, DT_BAND_STROKE, i)->frame,
                (once_s * (double)(i / 2) + (i % 2 ? 4 * 60 / 200.0 : 0)) * RATE, 0.6);
  assert_near((double)nth_kind(&run, DT_BAND_STOPPED, 0)->frame, 3 * once_s * RATE, 0.6);
  assert_int_equal(count_kind(&run, DT_BAND_RELEASED), 1);
  assert_ptr_equal(nth_kind(&run, DT_BAND_RELEASED, 0)->song, song);
  assert_int_equal(count_kind(&run, DT_BAND_TEMPO_SET), 6);
  run_free(&run);
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

/* Each start with a song gives it back once, whatever becomes of the start. */
static void a_song_is_given_back_for_every_start(void** state) {
  (void)state;
  dt_part part = dt__part_of("tempo: 240\nmeter: 4/4\nstep: 1/4\n\nsnare |x---|\n", 4, 0);
  dt_band_song* song = song_of(&part);
  for (uint64_t seed = 1; seed <= 20; seed++) {
    dt_rng rng = dt_rng_seeded(seed, 1);
    dt_band* band = new_band(8000, true);
    band_run run = {0};
    size_t starts = 0;
    dt_frame at = 0;
    for (int i = 0; i < 60; i++) {
      dt_band_command c =
          dt_band_command_of(DT_BAND_START, at + (dt_frame)dt_rng_below(&rng, 9000));
      if (dt_rng_below(&rng, 4) == 0)
        c = dt_band_command_of(DT_BAND_STOP, c.at);
      else
        c.start.song = song, starts++;
      c.bar = (int)dt_rng_below(&rng, 6) - 2;
      put(band, &c);
      run_frames(&run, band, at, 4000, 0);
      at += 4000;
    }
    const dt_band_command stop = dt_band_command_of(DT_BAND_STOP, at + 10000);
    put(band, &stop);
    run_frames(&run, band, at, 20000, 0);
    if (count_kind(&run, DT_BAND_RELEASED) != starts)
      fail_msg("seed %llu: %zu starts, %zu released", (unsigned long long)seed, starts,
               count_kind(&run, DT_BAND_RELEASED));
    run_free(&run);
    dt_band_free(band);
  }
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_band_plays_what_is_written_where_it_is_written),
      cmocka_unit_test(a_stroke_sounds_from_its_frame_on),
      cmocka_unit_test(ornaments_become_strokes),
      cmocka_unit_test(trading_fours_leaves_four_bars_to_the_drummer),
      cmocka_unit_test(muted_drums_are_told_but_not_heard),
      cmocka_unit_test(a_loop_and_another_tempo_keep_the_songs_own_changes),
      cmocka_unit_test(a_song_is_given_back_for_every_start),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
