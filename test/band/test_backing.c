/* The band's line from a MIDI file: each message at the frame at which the click's place is. */
#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/backing_file.h"
#include "../support/groove_charts.h"
#include "band_run.h"
#include "dt/backing.h"

enum { RATE = 48000, SEED = 930001, ROUNDS = 60 };

static dt_backing* backing_of(dt_buffer* bytes) {
  dt_backing* backing = NULL;
  dt_error err = {.sentence = ""};
  if (dt_backing_new(&backing, NULL, bytes->bytes, bytes->size, (dt_meter){4, 4}, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  dt_buffer_clear(bytes);
  return backing;
}

static dt_backing* quarters(int bars) {
  dt_buffer bytes = dt__backing_quarters(bars);
  return backing_of(&bytes);
}

static const char four_four[] = "tempo: 97\nmeter: 4/4\nstep: 1/4\n\nsnare |-x--|x---|--x-|---x|\n";

/* ---- to the frame ---- */

static void bend(dt_part* part, dt_rng* rng) {
  for (size_t b = 0; b < part->bar_count; b++)
    for (int quarter = 0; quarter < 4; quarter++)
      if (dt_rng_below(rng, 3) == 0)
        assert_int_equal(dt_tempo_map_set_tempo(&part->map, NULL,
                                                part->bars[b].tick + quarter * 960 +
                                                    (dt_tick)dt_rng_below(rng, 960),
                                                2e5 + 4e5 * dt_rng_uniform(rng)),
                         DT_OK);
}

static void compare_with_click(const band_run* run, dt_backing_line* line, dt_frame start,
                               int round) {
  dt_backing_message m;
  size_t quarter = 0;
  for (size_t e = 0; e < run->event_count; e++) {
    const dt_band_event* click = &run->events[e];
    if (click->kind != DT_BAND_TICKED || click->bar < 0)
      continue;
    do
      assert_true(dt_backing_next(line, &m));
    while ((m.status & 0xF0) != 0x90);
    if (m.frame + start != click->frame)
      fail_msg("seed %d round %d: quarter %zu at %lld, its click at %lld", SEED, round, quarter,
               (long long)(m.frame + start), (long long)click->frame);
    quarter++;
  }
  assert_true(quarter >= 4);
  assert_int_equal(dt_backing_end(line) + start, nth_kind(run, DT_BAND_STOPPED, 0)->frame);
}

/* Any tempi, also such as are set while it plays (--sync), any rate, any start. */
static void every_note_stands_with_its_click(void** state) {
  (void)state;
  printf("seed %d\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  dt_backing* backing = quarters(4);
  dt_band* bands[2] = {new_band(RATE, true), new_band(44100, true)};
  dt_frame positions[2] = {0, 0};
  for (int round = 0; round < ROUNDS; round++) {
    const int rate_hz = round % 2 ? 44100 : RATE;
    dt_part part = dt__part_of(four_four, 4 + (int)dt_rng_below(&rng, 8), 0);
    bend(&part, &rng);
    const dt_backing_how how = {
        .rate_hz = rate_hz, .count_in_bars = (int)dt_rng_below(&rng, 3), .chart_bars = 4};
    dt_backing_line* line = NULL;
    assert_int_equal(dt_backing_lay(&line, NULL, backing, &part, &how), DT_OK);
    dt_band_song* song = NULL;
    assert_int_equal(dt_band_song_new(&song, NULL, &part), DT_OK);
    dt_band* band = bands[round % 2];
    const dt_frame position = positions[round % 2];
    const dt_frame start = position + 1000 + (dt_frame)dt_rng_below(&rng, 5000);
    dt_band_command c = dt_band_command_of(DT_BAND_START, start);
    c.start.song = song;
    c.start.bpm = 0;
    c.start.count_in_bars = how.count_in_bars;
    put(band, &c);
    for (int bar = 1; bar < 4 && round % 3 == 0; bar++) {
      c = dt_band_command_of(DT_BAND_TEMPO, start + 1);
      c.bar = bar;
      c.tempo.bpm = 60 + 90 * dt_rng_uniform(&rng);
      put(band, &c);
      (void)dt_backing_tempo(line, bar, c.tempo.bpm);
    }
    band_run run = {0};
    while (!nth_kind(&run, DT_BAND_STOPPED, 0))
      run_frames(&run, band, position + (dt_frame)run.sample_count, 65536, 0);
    positions[round % 2] = position + (dt_frame)run.sample_count;
    compare_with_click(&run, line, start, round);
    run_free(&run);
    dt_band_song_free(song);
    dt_backing_line_free(line);
    dt_part_clear(&part, NULL);
  }
  dt_band_free(bands[0]);
  dt_band_free(bands[1]);
  dt_backing_free(backing);
}

/* ---- which bar goes with which ---- */

/* Keys of the notes that begin, bar by bar of four. */
static void expect_keys(const dt_backing* backing, const dt_part* part, dt_backing_how how,
                        const int* first_keys) {
  dt_backing_line* line = NULL;
  assert_int_equal(dt_backing_lay(&line, NULL, backing, part, &how), DT_OK);
  dt_backing_message m;
  size_t note = 0;
  while (dt_backing_next(line, &m)) {
    if ((m.status & 0xF0) != 0x90)
      continue;
    assert_true(note / 4 < part->bar_count);
    assert_int_equal(m.data1, first_keys[note / 4] + (int)(note % 4));
    note++;
  }
  assert_int_equal(note, 4 * part->bar_count);
  dt_backing_line_free(line);
}

static void a_short_line_repeats_and_follows_the_loops(void** state) {
  (void)state;
  dt_backing* backing = quarters(2);
  dt_part part = dt__part_of(four_four, 5, 0);
  const dt_backing_how how = {.rate_hz = RATE, .chart_bars = 4};
  assert_int_equal(dt_backing_bars(backing), 2);
  expect_keys(backing, &part, how, (const int[]){36, 40, 36, 40, 36});
  for (int b = 0; b < 5; b++) /* the coach's loop of bars 3 and 4, after bar 2 */
    part.bars[b].written = (const int[]){1, 2, 3, 2, 3}[b];
  expect_keys(backing, &part, how, (const int[]){40, 36, 40, 36, 40});
  dt_part_clear(&part, NULL);
  dt_backing_free(backing);
}

static void a_long_line_goes_on_while_the_groove_goes_round(void** state) {
  (void)state;
  dt_backing* backing = quarters(12);
  dt_part part = dt__part_of("tempo: 97\nmeter: 4/4\nstep: 1/4\n\nsnare |-x--|\n", 14, 0);
  dt_backing_how how = {.rate_hz = RATE, .chart_bars = 1};
  expect_keys(backing, &part, how,
              (const int[]){36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 36, 40});
  dt_part_clear(&part, NULL);
  dt_backing_free(backing);
}

/* ---- what is set, and what ends ---- */

/* Two bars of eighths, every other one so many ticks of 480 late. */
static dt_backing* eighths(int late) {
  static dt__backing_file file;
  dt__backing_file_begin(&file, 480);
  dt__backing_file_meter(&file, 0, (dt_meter){4, 4});
  for (int e = 0; e < 16; e++) {
    const dt_tick at = 240 * e + (e % 2 ? late : 0);
    dt__backing_file_add(&file, at, 0x90, 40 + e, 100);
    dt__backing_file_add(&file, at + 100, 0x80, 40 + e, 0);
  }
  dt_buffer bytes = dt__backing_file_end(&file);
  return backing_of(&bytes);
}

static const char shuffle[] = "tempo: 97\nmeter: 4/4\nswing: 62%\nstep: 1/8\n\n"
                              "snare |xxxxxxxx|\n";

/* A straight file with a chart that swings: each note on the very frame of the chart's stroke. */
static void a_straight_line_swings_with_the_chart(void** state) {
  (void)state;
  dt_chart chart;
  dt_part part;
  dt_error err = {0};
  assert_int_equal(dt_chart_parse(&chart, NULL, shuffle, sizeof shuffle - 1, &err), DT_OK);
  assert_int_equal(dt_part_from_chart(&part, NULL, &chart, 2, 131.7), DT_OK);
  dt_backing* straight = eighths(0);
  dt_backing* swung = eighths(60);
  assert_true(dt_backing_swings(straight, chart.swing_pair, chart.swing));
  assert_false(dt_backing_swings(straight, chart.swing_pair, 0.5));
  assert_false(dt_backing_swings(swung, chart.swing_pair, chart.swing));
  const dt_backing_how how = {.rate_hz = 48000, .chart_bars = 1};
  for (int k = 0; k < 2; k++) {
    dt_backing_line* line = NULL;
    assert_int_equal(dt_backing_lay(&line, NULL, k ? swung : straight, &part, &how), DT_OK);
    dt_backing_message m;
    int note = 0;
    while (dt_backing_next(line, &m)) {
      if ((m.status & 0xF0) != 0x90)
        continue;
      const dt_tick tick = 480 * note + (note % 2 && k ? 120 : 0);
      const double at =
          k ? (double)tick * 60 / 131.7 / DT_TICKS_PER_QUARTER : dt_part_seconds(&part, tick);
      assert_true(fabs((double)m.frame - 48000 * at) <= 0.51);
      note++;
    }
    assert_int_equal(note, 16);
    dt_backing_line_free(line);
  }
  dt_backing_free(straight);
  dt_backing_free(swung);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

static bool finds(dt_backing_line* line, dt_backing_message* m, int status, int data1) {
  while (dt_backing_next(line, m))
    if (m->status == status && m->data1 == data1)
      return true;
  return false;
}

/* Bar 1: piano, loud; bar 2: organ, soft, and a note that lasts beyond the end. */
static dt_backing* two_sounds(void) {
  static dt__backing_file file;
  dt__backing_file_begin(&file, 96);
  dt__backing_file_meter(&file, 0, (dt_meter){4, 4});
  dt__backing_file_add(&file, 0, 0xC1, 5, 0);
  dt__backing_file_add(&file, 0, 0x91, 50, 90);
  dt__backing_file_add(&file, 0, 0x99, 38, 90); /* drums: not read */
  dt__backing_file_add(&file, 96, 0x81, 50, 0);
  dt__backing_file_add(&file, 384, 0xC1, 16, 0);
  dt__backing_file_add(&file, 384, 0xB1, 7, 40);
  dt__backing_file_add(&file, 480, 0x91, 60, 90);
  dt__backing_file_add(&file, 790, 0x81, 60, 0); /* a hair behind bar 2 */
  dt_buffer bytes = dt__backing_file_end(&file);
  return backing_of(&bytes);
}

static void a_loop_begins_with_the_sound_that_belongs_there(void** state) {
  (void)state;
  dt_backing* backing = two_sounds();
  assert_int_equal(dt_backing_bars(backing), 2);
  dt_part part = dt__part_of("tempo: 60\nmeter: 4/4\nstep: 1/4\n\nsnare |-x--|x---|\n", 3, 0);
  const dt_backing_how how = {.rate_hz = RATE, .chart_bars = 2, .from_bar = 1};
  for (int b = 0; b < 3; b++)
    part.bars[b].written = (const int[]){1, 1, 0}[b];
  dt_backing_line* line = NULL;
  assert_int_equal(dt_backing_lay(&line, NULL, backing, &part, &how), DT_OK);
  dt_backing_message m;
  assert_true(dt_backing_next(line, &m)); /* as bar 2 stands: its settings come before its line */
  assert_true(m.frame == 0 && m.status == 0xC1 && m.data1 == 5);
  assert_true(finds(line, &m, 0x91, 60) && m.frame == RATE);
  assert_true(finds(line, &m, 0x81, 60) && m.frame == 4 * RATE); /* cut where the loop turns */
  assert_true(finds(line, &m, 0x91, 60) && m.frame == 5 * RATE);
  assert_true(finds(line, &m, 0x81, 60) && m.frame == 8 * RATE);
  assert_true(finds(line, &m, 0xC1, 0) &&
              m.frame == 8 * RATE); /* bar 1 is entered: nothing was set */
  assert_true(finds(line, &m, 0xB1, 7) && m.data2 == 100);
  assert_true(finds(line, &m, 0xC1, 5) && m.frame == 8 * RATE);
  assert_true(finds(line, &m, 0x91, 50) && m.frame == 8 * RATE);
  assert_false(finds(line, &m, 0x99, 38));
  dt_backing_line_free(line);
  dt_part_clear(&part, NULL);
  dt_backing_free(backing);
}

static void a_tempo_that_comes_late_gives_its_bar_again(void** state) {
  (void)state;
  dt_backing* backing = quarters(4);
  dt_part part = dt__part_of(four_four, 4, 120);
  const dt_backing_how how = {.rate_hz = RATE, .chart_bars = 4};
  dt_backing_line* line = NULL;
  assert_int_equal(dt_backing_lay(&line, NULL, backing, &part, &how), DT_OK);
  dt_backing_message m;
  assert_true(finds(line, &m, 0x90, 46)); /* in bar 3 */
  assert_int_equal(m.frame, 10 * RATE / 2);
  assert_int_equal(dt_backing_tempo(line, 2, 60), 4 * RATE);
  assert_true(finds(line, &m, 0x90, 45) && m.frame == 5 * RATE);
  assert_true(finds(line, &m, 0x90, 46) && m.frame == 6 * RATE);
  assert_int_equal(dt_backing_end(line), 12 * RATE);
  dt_backing_line_free(line);
  dt_part_clear(&part, NULL);
  dt_backing_free(backing);
}

/* ---- what is refused ---- */

static void refuse(const void* bytes, size_t size, const char* words) {
  dt_backing* backing = NULL;
  dt_error err = {.sentence = ""};
  assert_int_not_equal(dt_backing_new(&backing, NULL, bytes, size, (dt_meter){4, 4}, &err), DT_OK);
  assert_null(backing);
  if (!strstr(err.sentence, words))
    fail_msg("'%s' does not say '%s'", err.sentence, words);
}

static void a_file_that_is_no_line_is_refused_in_a_sentence(void** state) {
  (void)state;
  static dt__backing_file file;
  refuse("a shopping list", 15, "MIDI");
  dt__backing_file_begin(&file, 96);
  dt__backing_file_add(&file, 0, 0x99, 38, 90);
  dt_buffer bytes = dt__backing_file_end(&file);
  refuse(bytes.bytes, bytes.size, "channel 10");
  dt_buffer_clear(&bytes);
  bytes = dt__backing_quarters(1);
  refuse(bytes.bytes, bytes.size - 9, "Byte");
  bytes.bytes[12] = 0xE8; /* 24 frames a second */
  refuse(bytes.bytes, bytes.size, "frames of a second");
  dt_buffer_clear(&bytes);
}

static void another_metre_than_the_charts_is_told(void** state) {
  (void)state;
  dt_backing* backing = quarters(2);
  dt_error err = {.sentence = ""};
  dt_chart three = dt__chart_of("tempo: 97\nmeter: 3/4\nstep: 1/4\n\nsnare |-x-|\n");
  assert_int_equal(dt_backing_fits(backing, &three, &err), DT_BAD_DATA);
  assert_non_null(strstr(err.sentence, "Bar 1 is 4 quarters long, and the chart's bar 1 is 3"));
  dt_chart four = dt__chart_of(four_four);
  assert_int_equal(dt_backing_fits(backing, &four, &err), DT_OK);
  dt_chart_clear(&three, NULL);
  dt_chart_clear(&four, NULL);
  dt_backing_free(backing);
}

static bool build(const dt_allocator* allocator, void* context) {
  const dt_buffer* bytes = context;
  dt_backing* backing = NULL;
  dt_backing_line* line = NULL;
  dt_part part = dt__part_of(four_four, 4, 0);
  const dt_backing_how how = {.rate_hz = RATE, .chart_bars = 4};
  bool is_built = dt_backing_new(&backing, allocator, bytes->bytes, bytes->size, (dt_meter){4, 4},
                                 NULL) == DT_OK;
  if (is_built)
    is_built = dt_backing_lay(&line, allocator, backing, &part, &how) == DT_OK;
  dt_backing_line_free(line);
  dt_backing_free(backing);
  dt_part_clear(&part, NULL);
  return is_built;
}

static void no_memory_is_no_crash(void** state) {
  (void)state;
  dt_buffer bytes = dt__backing_quarters(3);
  assert_true(dt_failing_sweep(build, &bytes) >= 2);
  dt_buffer_clear(&bytes);
}

/* ---- in the band's mix ---- */

/* Tells what it was asked: music number and frame as a sample. */
static void tell_asked(void* context, int64_t number, dt_frame at, float* samples, size_t count) {
  dt_frame* next = context;
  for (size_t i = 0; i < count; i++)
    samples[i] = number < 0 ? 0 : (float)(number * 1000 + (at + (dt_frame)i) % 997) / 65536;
  *next += (dt_frame)count;
}

static band_run play_asked(size_t block) {
  dt_frame asked = 0;
  dt_band_config config = dt_band_config_default(RATE);
  config.has_kit = false;
  config.backing = tell_asked;
  config.backing_context = &asked;
  dt_band* band = NULL;
  assert_int_equal(dt_band_new(&band, NULL, &config), DT_OK);
  dt_band_command c = dt_band_command_of(DT_BAND_LEVEL, 0);
  c.level.bus = DT_BAND_CLICKS;
  c.level.db = DT_BAND_SILENT_DB;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 1000);
  c.start.number = 3;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_LEVEL, 30000);
  c.level.bus = DT_BAND_BACKING;
  c.level.db = DT_BAND_SILENT_DB;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_STOP, 40000);
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, RATE, block);
  assert_int_equal(asked, RATE);
  dt_band_free(band);
  return run;
}

static void the_band_asks_for_it_frame_by_frame_while_music_plays(void** state) {
  (void)state;
  band_run run = play_asked(0);
  for (size_t i = 0; i < 30000; i++) {
    const float want = i < 1000 ? 0 : (float)(3000 + (i - 1000) % 997) / 65536;
    if (fabsf(run.samples[i] - want) > 1e-6F)
      fail_msg("frame %zu: %g, not %g", i, (double)run.samples[i], (double)want);
  }
  for (size_t i = 30000 + RATE / 200 + 1; i < RATE; i++) /* muted as any bus */
    assert_true(run.samples[i] == 0);
  band_run other = play_asked(64);
  assert_memory_equal(run.samples, other.samples, RATE * sizeof(float));
  run_free(&run);
  run_free(&other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_note_stands_with_its_click),
      cmocka_unit_test(a_short_line_repeats_and_follows_the_loops),
      cmocka_unit_test(a_long_line_goes_on_while_the_groove_goes_round),
      cmocka_unit_test(a_straight_line_swings_with_the_chart),
      cmocka_unit_test(a_loop_begins_with_the_sound_that_belongs_there),
      cmocka_unit_test(a_tempo_that_comes_late_gives_its_bar_again),
      cmocka_unit_test(a_file_that_is_no_line_is_refused_in_a_sentence),
      cmocka_unit_test(another_metre_than_the_charts_is_told),
      cmocka_unit_test(no_memory_is_no_crash),
      cmocka_unit_test(the_band_asks_for_it_frame_by_frame_while_music_plays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
