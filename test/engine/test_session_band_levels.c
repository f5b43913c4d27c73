/* The click and the line at each bar of a session: how loud, and where between the beats. */
#include "session_tape.h"

#include "dt/chart_text.h"

static float gain_of(float db) {
  return db <= DT_BAND_SILENT_DB ? 0 : powf(10, db / 20);
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_click_fades_at_the_very_sample_of_the_bar),
      cmocka_unit_test(the_line_fades_with_the_click),
      cmocka_unit_test(a_surprise_is_not_given_away_by_the_line),
      cmocka_unit_test(what_is_between_the_beats_swings_with_the_chart),
  };
  return cmocka_run_group_tests(tests, dt__font_make, dt__font_remove);
}
