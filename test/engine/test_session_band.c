/* A bass and comping line from a MIDI file, through the whole session, beside its click. */
#include "session_tape.h"

#include <sys/stat.h>
#include <unistd.h>

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_note_begins_on_the_very_sample_of_its_click),
      cmocka_unit_test(it_is_silent_where_the_click_is),
      cmocka_unit_test(it_stops_with_the_take),
      cmocka_unit_test(a_take_that_is_called_off_before_it_begins_is_not_heard),
      cmocka_unit_test(a_session_with_a_line_replays),
      cmocka_unit_test(what_cannot_be_played_is_told_in_a_sentence),
      cmocka_unit_test(it_plays_in_threads_of_its_own),
  };
  return cmocka_run_group_tests(tests, dt__font_make, dt__font_remove);
}
