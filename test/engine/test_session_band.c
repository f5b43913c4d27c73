/* A bass and comping line from a MIDI file, through the whole session, beside its click. */
#include "session_run.h"

#include <sys/stat.h>
#include <unistd.h>

#include "../support/backing_file.h"
#include "../support/soundfont_file.h"
#include "dt/chart_text.h"

enum { RATE = 48000, TAKE_BARS = 32 };

static char font[64];

/* What came out of the loudspeaker, and the takes that were begun. */
typedef struct tape {
  session_run run;
  float* samples;
  dt_frame count;
  dt_frame room;
  struct {
    dt_frame start;
    dt_frame first;
    dt_frame end; /* or where it was stopped */
    int bar_count;
    dt_frame bars[TAKE_BARS + 1]; /* where each begins */
    float click_db[TAKE_BARS];    /* of its first beat, */
    float beat_db[TAKE_BARS];     /* of its second */
    float between_db[TAKE_BARS];
    float line_db[TAKE_BARS];
  } takes[64];
  int take_count;
  dt_buffer file;
  dt_frame finish_at; /* the key is pressed there; 0: never */
} tape;

static void on_output(void* context, dt_frame at, int frame_count, const float* const* out,
                      const dt_port_midi* midi, int midi_count) {
  (void)midi;
  (void)midi_count;
  /* The port's context is the session's address, the tape's first member's first. */
  tape* t = (tape*)context;
  while (at + frame_count > t->room) {
    const dt_frame room = t->room ? 2 * t->room : RATE;
    t->samples = realloc(t->samples, (size_t)room * sizeof *t->samples);
    assert_non_null(t->samples);
    memset(t->samples + t->room, 0, (size_t)(room - t->room) * sizeof *t->samples);
    t->room = room;
  }
  memcpy(t->samples + at, out[0], (size_t)frame_count * sizeof *t->samples);
  t->count = at + frame_count;
  if (t->finish_at > 0 && at <= t->finish_at && t->finish_at < t->count)
    dt_session_press(t->run.session, DT_KEY_FINISH);
}

static void tell_take(tape* t, const dt_lead* lead) {
  t->takes[t->take_count].start = lead->start;
  t->takes[t->take_count].first = lead->first;
  t->takes[t->take_count].end = lead->end;
  const dt_part* part = lead->part;
  assert_true(part->bar_count <= TAKE_BARS);
  t->takes[t->take_count].bar_count = (int)part->bar_count;
  for (size_t b = 0; b <= part->bar_count; b++) {
    const dt_tick tick = b < part->bar_count ? part->bars[b].tick : part->end;
    t->takes[t->take_count].bars[b] =
        lead->first + llround(dt_tempo_map_seconds(&part->map, (double)tick) * RATE);
  }
  t->take_count++;
}

static void tell_levels(tape* t, const dt_band_command* c) {
  if (t->take_count == 0 || c->bar < 0)
    return;
  if (c->kind == DT_BAND_CLICK) {
    t->takes[t->take_count - 1].click_db[c->bar] = c->click.beat_db[0];
    t->takes[t->take_count - 1].beat_db[c->bar] = c->click.beat_db[1];
    t->takes[t->take_count - 1].between_db[c->bar] = c->click.divide_db;
  } else if (c->kind == DT_BAND_LEVEL && c->level.bus == DT_BAND_BACKING)
    t->takes[t->take_count - 1].line_db[c->bar] = c->level.db;
}

static void tape_tell(void* context, const dt_lead* lead, const char* text) {
  tape* t = context;
  if (lead->kind == DT_LEAD_TAKE && t->take_count < 64)
    tell_take(t, lead);
  if (lead->kind == DT_LEAD_BAND)
    tell_levels(t, &lead->command);
  if (lead->kind == DT_LEAD_BAND && lead->command.kind == DT_BAND_STOP)
    t->takes[t->take_count - 1].end = lead->command.at;
  run_tell(&t->run, lead, text);
}

/* A session with a quarter-note line of two bars; has_line false: the same without. */
static void tape_begin(tape* t, dt_practice_mode mode, bool has_line) {
  memset(t, 0, sizeof *t);
  run_begin(&t->run, "rock", mode, "scatter=6ms seed=3");
  t->run.plan.exercises[0].minutes = 0.7;
  t->run.port.null.context = t;
  t->run.port.null.output = on_output;
  t->run.port.out_channels = 1;
  t->run.config.on_lead = tape_tell;
  t->run.config.context = t;
  t->file = dt__backing_quarters(2);
  t->run.config.soundfont = font;
  if (!has_line)
    return;
  t->run.config.band_file = (const char*)t->file.bytes;
  t->run.config.band_file_size = t->file.size;
}

static void tape_end(tape* t) {
  run_end(&t->run);
  free(t->samples);
  dt_buffer_clear(&t->file);
}

/* Skips the test where FluidSynth is not installed. */
static void need_fluidsynth(void) {
  tape t;
  tape_begin(&t, DT_MODE_LADDER, true);
  dt_port* port = dt_port_open(&t.run.port, &t.run.err);
  const dt_status made = dt_session_new(&t.run.session, NULL, &t.run.config, port, &t.run.err);
  dt_port_close(port);
  tape_end(&t);
  if (made == DT_UNSUPPORTED) {
    print_message("skipped: %s\n", t.run.err.sentence);
    skip();
  }
}

static bool is_heard(const float* samples, dt_frame from, dt_frame until) {
  for (dt_frame i = from; i < until; i++)
    if (fabsf(samples[i]) > 1e-5F)
      return true;
  return false;
}

/* Both with and without the line; the difference is the line alone. Returns its notes that stood
 * with their click. */
static int compare_beats(const tape* with, const tape* without) {
  float* line = malloc((size_t)with->count * sizeof *line);
  assert_non_null(line);
  for (dt_frame i = 0; i < with->count; i++)
    line[i] = with->samples[i] - without->samples[i];
  int beats = 0;
  for (int k = 0; k < with->take_count; k++) {
    assert_int_equal(with->takes[k].start, without->takes[k].start);
    assert_false(is_heard(line, with->takes[k].start, with->takes[k].first)); /* the count-in */
    for (dt_frame i = with->takes[k].first; i < with->takes[k].end && i < with->count; i++) {
      if (without->samples[i] == 0 || without->samples[i - 1] != 0)
        continue; /* no click begins here */
      if (line[i] == 0 || line[i - 1] != 0)
        fail_msg("take %d: a click begins at %lld, and no note with it", k, (long long)i);
      beats++;
    }
  }
  free(line);
  return beats;
}

static void every_note_begins_on_the_very_sample_of_its_click(void** state) {
  (void)state;
  need_fluidsynth();
  tape with;
  tape without;
  tape_begin(&with, DT_MODE_LADDER, true);
  run_go(&with.run);
  tape_begin(&without, DT_MODE_LADDER, false);
  run_go(&without.run);
  assert_int_equal(with.count, without.count);
  assert_true(with.take_count >= 3); /* at other tempi, most not a whole number of frames */
  const int beats = compare_beats(&with, &without);
  print_message("%d notes of %d takes, each at the sample of its click\n", beats, with.take_count);
  assert_true(beats >= 48);
  const dt_session_state seen = dt_session_look(with.run.session);
  assert_int_equal(seen.band_underruns, 0);
  assert_int_equal(seen.band_inexact, 0);
  tape_end(&with);
  tape_end(&without);
}

/* Bars in which no click is heard, from 50 ms after their line (what rings) to their end. */
static int silent_bars(const tape* with, const tape* without) {
  int bars = 0;
  for (int k = 0; k < with->take_count; k++) {
    const dt_frame bar = with->takes[k].first - with->takes[k].start; /* one of count-in */
    for (dt_frame at = with->takes[k].first; at + bar <= with->takes[k].end; at += bar) {
      const dt_frame from = at + RATE / 20;
      const dt_frame until = at + bar - RATE / 100;
      if (until > with->count || is_heard(without->samples, from, until))
        continue;
      if (is_heard(with->samples, from, until))
        fail_msg("take %d: the bar at %lld is without a click, and the line plays on", k,
                 (long long)at);
      bars++;
    }
  }
  return bars;
}

static void it_is_silent_where_the_click_is(void** state) {
  (void)state;
  need_fluidsynth();
  static const dt_practice_mode modes[] = {DT_MODE_GAP, DT_MODE_OWN};
  for (int m = 0; m < 2; m++) {
    tape with;
    tape without;
    tape_begin(&with, modes[m], true);
    with.run.plan.exercises[0].bars = 8;
    run_go(&with.run);
    tape_begin(&without, modes[m], false);
    without.run.plan.exercises[0].bars = 8;
    run_go(&without.run);
    assert_int_equal(with.count, without.count);
    assert_true(silent_bars(&with, &without) >= 1);
    tape_end(&with);
    tape_end(&without);
  }
}

/* ---- the fade and the mute, to the sample ---- */

static float gain_of(float db) {
  return db <= DT_BAND_SILENT_DB ? 0 : powf(10, db / 20);
}

/* The last whole bar that was played of a take, not counted. */
static int bars_played(const tape* t, int take) {
  int bars = 0;
  const dt_frame end = t->takes[take].end < t->count ? t->takes[take].end : t->count;
  while (bars < t->takes[take].bar_count && t->takes[take].bars[bars + 1] <= end)
    bars++;
  return bars;
}

/* At 100 bpm a beat is 28,800 frames: bar after bar the same samples, times the bar's level. */
static int compare_with_first_bar(const tape* t, int take) {
  const int beat_frames = RATE * 60 / 100;
  const dt_frame* bars = t->takes[take].bars;
  const float* first = t->samples + bars[0];
  int levels = 1;
  for (int b = 1; b < bars_played(t, take); b++) {
    levels += t->takes[take].click_db[b] < t->takes[take].click_db[b - 1];
    for (int i = 0; i < 4 * beat_frames; i++) {
      const int beat = i / beat_frames;
      const float db = (beat ? t->takes[take].beat_db : t->takes[take].click_db)[b];
      const float of = gain_of((beat ? t->takes[take].beat_db : t->takes[take].click_db)[0]);
      const float expected = first[i] / of * gain_of(db);
      if (fabsf(t->samples[bars[b] + i] - expected) > 2e-6F)
        fail_msg("take %d bar %d, %d frames in: %g and not %g", take, b, i,
                 (double)t->samples[bars[b] + i], (double)expected);
    }
  }
  return levels;
}

static void the_click_fades_at_the_very_sample_of_the_bar(void** state) {
  (void)state;
  tape t;
  tape_begin(&t, DT_MODE_QUIET, false);
  t.run.plan.exercises[0].bars = 14;
  t.run.plan.exercises[0].minutes = 1.2;
  run_go(&t.run);
  int levels = 0;
  for (int k = 0; k < t.take_count; k++)
    levels = (int)fmax(levels, compare_with_first_bar(&t, k));
  print_message("%d levels of the click in one take\n", levels);
  assert_true(levels >= 5);
  tape_end(&t);
}

/* What the line alone gave, to be freed. */
static float* line_of(const tape* with, const tape* without) {
  assert_int_equal(with->count, without->count);
  float* line = malloc((size_t)with->count * sizeof *line);
  assert_non_null(line);
  for (dt_frame i = 0; i < with->count; i++)
    line[i] = with->samples[i] - without->samples[i];
  return line;
}

static float loudest(const float* samples, dt_frame from, dt_frame until) {
  float most = 0;
  for (dt_frame i = from; i < until; i++)
    most = fmaxf(most, fabsf(samples[i]));
  return most;
}

/* Where a bar is no whole number of frames its line may be rounded either way. */
enum { ROUNDED = 1 };

static void the_line_fades_with_the_click(void** state) {
  (void)state;
  need_fluidsynth();
  tape with;
  tape without;
  for (int line = 0; line < 2; line++) {
    tape* t = line ? &with : &without;
    tape_begin(t, DT_MODE_QUIET, line == 1);
    t->run.plan.exercises[0].bars = 14;
    t->run.plan.exercises[0].minutes = 1.2;
    run_go(&t->run);
  }
  float* alone = line_of(&with, &without);
  int softer = 0;
  for (int k = 0; k < with.take_count; k++)
    for (int b = 2; b < bars_played(&with, k); b++) {
      /* The same notes as two bars before. */
      const dt_frame* bars = with.takes[k].bars;
      const dt_frame until = bars[b + 1] - bars[b] - ROUNDED;
      const float now = gain_of(with.takes[k].line_db[b]);
      const float then = gain_of(with.takes[k].line_db[b - 2]);
      assert_true(now == 0 || fabsf(now - gain_of(with.takes[k].click_db[b])) < 1e-6F);
      if (then == 0)
        continue;
      softer += now < then;
      for (dt_frame i = ROUNDED; i < until; i++)
        if (fabsf(alone[bars[b] + i] - alone[bars[b - 2] + i] / then * now) > 1e-4F)
          fail_msg("take %d bar %d, %lld frames in: the line is not %g of what it was", k, b,
                   (long long)i, (double)(now / then));
    }
  print_message("%d bars softer than two bars before\n", softer);
  assert_true(softer >= 4);
  free(alone);
  tape_end(&with);
  tape_end(&without);
}

/* The same note begins there, from its first sample on. */
static bool same_beginning(const float* line, dt_frame at, dt_frame like) {
  for (int rounded = -ROUNDED; rounded <= ROUNDED; rounded++) {
    int same = 0;
    while (same < RATE / 100 && line[at + rounded - 1] == 0 &&
           fabsf(line[at + rounded + same] - line[like + same]) < 1e-4F)
      same++;
    if (same == RATE / 100)
      return true;
  }
  return false;
}

static void a_surprise_is_not_given_away_by_the_line(void** state) {
  (void)state;
  need_fluidsynth();
  int muted = 0;
  int turned = 0;
  for (uint64_t seed = 1; seed <= 4; seed++) {
    tape with;
    tape without;
    for (int line = 0; line < 2; line++) {
      tape* t = line ? &with : &without;
      tape_begin(t, DT_MODE_SURPRISE, line == 1);
      t->run.config.leader.options.seed = seed;
      t->run.plan.exercises[0].bars = 16;
      run_go(&t->run);
    }
    float* alone = line_of(&with, &without);
    for (int k = 0; k < with.take_count; k++)
      for (int b = 0; b < bars_played(&with, k); b++) {
        const dt_frame from = with.takes[k].bars[b];
        const dt_frame until = with.takes[k].bars[b + 1];
        if (with.takes[k].line_db[b] > DT_BAND_SILENT_DB) {
          assert_true(same_beginning(alone, from, with.takes[k].bars[b % 2]));
          continue;
        }
        muted++;
        turned += with.takes[k].between_db[b] > DT_BAND_SILENT_DB;
        assert_true(loudest(alone, from - ROUNDED, until - ROUNDED) == 0);
      }
    free(alone);
    tape_end(&with);
    tape_end(&without);
  }
  print_message("%d bars muted, in %d of them the click is turned round\n", muted, turned);
  assert_true(turned >= 2 && muted > turned);
}

/* ---- swing ---- */

/* A shuffle's click of eighths, and a straight file beside it, on the frames of the drums. */
static void what_is_between_the_beats_swings_with_the_chart(void** state) {
  (void)state;
  tape t;
  tape_begin(&t, DT_MODE_LADDER, false);
  dt_chart_clear(&t.run.chart, NULL);
  static const char shuffle[] = "tempo: 100\nmeter: 4/4\nswing: 62%\nstep: 1/8\n\n"
                                "snare |xxxxxxxx|\n";
  assert_int_equal(dt_chart_parse(&t.run.chart, NULL, shuffle, sizeof shuffle - 1, &t.run.err),
                   DT_OK);
  t.run.plan.exercises[0].subdivisions = 4;
  t.run.plan.exercises[0].minutes = 0.5;
  run_go(&t.run);
  assert_true(t.take_count >= 1 && bars_played(&t, 0) >= 1);
  static const double places[4] = {0, 0.31, 0.62, 0.81}; /* of a beat */
  const double beat = (double)(t.takes[0].bars[1] - t.takes[0].bars[0]) / 4;
  for (int i = 0; i < 16; i++) {
    const dt_frame at = t.takes[0].bars[0] + llround((i / 4 + places[i % 4]) * beat);
    assert_true(loudest(t.samples, at - 40, at - 1) < 1e-3F);
    assert_true(loudest(t.samples, at - 1, at + 40) > 0.02F);
  }
  tape_end(&t);
}

static void it_stops_with_the_take(void** state) {
  (void)state;
  need_fluidsynth();
  tape t;
  tape_begin(&t, DT_MODE_LADDER, true);
  t.finish_at = 5 * RATE + 123;
  run_go(&t.run);
  assert_true(t.run.is_done);
  /* Up to a period and a step of the leader passes until it is stopped. */
  assert_true(is_heard(t.samples, 4 * RATE, 5 * RATE));
  assert_true(t.count < 6 * RATE);
  tape_end(&t);
}

/* Before the count-in's first beat there is nothing to stop yet; and nothing is heard later. */
static void a_take_that_is_called_off_before_it_begins_is_not_heard(void** state) {
  (void)state;
  tape t;
  tape_begin(&t, DT_MODE_LADDER, false);
  t.run.port.null.length_frames = (dt_frame)RATE * 8;
  t.run.config.player = NULL;
  dt_port* port = dt_port_open(&t.run.port, &t.run.err);
  assert_non_null(port);
  assert_int_equal(dt_session_new(&t.run.session, NULL, &t.run.config, port, &t.run.err), DT_OK);
  dt_session_press(t.run.session, DT_KEY_AGAIN); /* the first step begins a take */
  t.finish_at = RATE / 10;
  assert_int_equal(dt_session_run(t.run.session, &t.run.err), DT_OK);
  assert_true(t.run.is_done);
  dt_port_close(port);
  assert_true(t.take_count >= 1 && t.takes[0].start > t.finish_at);
  assert_true(t.takes[0].end >= t.takes[0].start); /* the band's stop is not before its start */
  tape_end(&t);
}

static void remove_folder(const char* folder) {
  static const char* const names[] = {"session.txt", "plan.txt",      "chart-1.txt", "past.txt",
                                      "events.txt",  "decisions.txt", "band.mid"};
  char path[128];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
  snprintf(path, sizeof path, "%s", folder);
  *strrchr(path, '/') = '\0';
  (void)rmdir(path);
}

static void a_session_with_a_line_replays(void** state) {
  (void)state;
  need_fluidsynth();
  char folder[64];
  fresh_folder(folder);
  tape t;
  tape_begin(&t, DT_MODE_GAP, true);
  t.run.config.folder = folder;
  run_go(&t.run);
  assert_true(t.run.takes >= 1);
  tape_end(&t);
  dt_error err = {0};
  bool same = false;
  if (dt_session_replay(folder, NULL, NULL, &same, &err) != DT_OK || !same)
    fail_msg("%s", err.sentence);
  char path[128];
  struct stat about;
  snprintf(path, sizeof path, "%s/band.mid", folder);
  assert_int_equal(stat(path, &about), 0); /* the folder is whole */
  remove_folder(folder);
}

static void expect_refusal(tape* t, const char* words) {
  dt_port* port = dt_port_open(&t->run.port, &t->run.err);
  assert_non_null(port);
  assert_int_not_equal(dt_session_new(&t->run.session, NULL, &t->run.config, port, &t->run.err),
                       DT_OK);
  assert_null(t->run.session);
  if (!strstr(t->run.err.sentence, words))
    fail_msg("'%s' does not say '%s'", t->run.err.sentence, words);
  dt_port_close(port);
  tape_end(t);
}

static void what_cannot_be_played_is_told_in_a_sentence(void** state) {
  (void)state;
  need_fluidsynth();
  tape t;
  tape_begin(&t, DT_MODE_LADDER, true);
  t.run.config.band_file_size = 30;
  expect_refusal(&t, "Byte");
  tape_begin(&t, DT_MODE_LADDER, true);
  t.run.config.soundfont = "/dev/null";
  expect_refusal(&t, "/dev/null: This is no SoundFont");
  tape_begin(&t, DT_MODE_LADDER, true);
  dt_chart_clear(&t.run.chart, NULL);
  assert_int_equal(dt_chart_load(&t.run.chart, NULL, "waltz", &t.run.err), DT_OK);
  expect_refusal(&t, "Bar 1 is 4 quarters long, and the chart's bar 1 is 3");
}

/* With the device (dt_port_start) and the feeder in their own threads; TSan looks at it. */
static void it_plays_in_threads_of_its_own(void** state) {
  (void)state;
  need_fluidsynth();
  tape t;
  tape_begin(&t, DT_MODE_LADDER, true);
  t.run.config.is_stepped = false;
  t.run.port.null.speed = 4;
  t.run.plan.exercises[0].minutes = 0.5;
  run_go(&t.run);
  assert_true(t.run.takes >= 1);
  const dt_session_state seen = dt_session_look(t.run.session);
  print_message("%llu underruns, %llu frames at four times the speed\n",
                (unsigned long long)seen.band_underruns,
                (unsigned long long)seen.band_underrun_frames);
  bool is_played = false;
  for (int k = 0; k < t.take_count; k++)
    is_played = is_played || is_heard(t.samples, t.takes[k].first, t.takes[k].first + RATE / 4);
  assert_true(is_played);
  tape_end(&t);
}

static int make_font(void** state) {
  (void)state;
  dt__soundfont_file(font, RATE);
  return 0;
}

static int remove_font(void** state) {
  (void)state;
  return unlink(font);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_note_begins_on_the_very_sample_of_its_click),
      cmocka_unit_test(it_is_silent_where_the_click_is),
      cmocka_unit_test(the_click_fades_at_the_very_sample_of_the_bar),
      cmocka_unit_test(the_line_fades_with_the_click),
      cmocka_unit_test(a_surprise_is_not_given_away_by_the_line),
      cmocka_unit_test(what_is_between_the_beats_swings_with_the_chart),
      cmocka_unit_test(it_stops_with_the_take),
      cmocka_unit_test(a_take_that_is_called_off_before_it_begins_is_not_heard),
      cmocka_unit_test(a_session_with_a_line_replays),
      cmocka_unit_test(what_cannot_be_played_is_told_in_a_sentence),
      cmocka_unit_test(it_plays_in_threads_of_its_own),
  };
  return cmocka_run_group_tests(tests, make_font, remove_font);
}
