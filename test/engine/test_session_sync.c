/* Somebody else's clock: a session waits for it, stays with it, stops with it. */
#include "session_run.h"

#include <unistd.h>

#include "dt/chart_text.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "scripted.h"

#define RATE_HZ    48000
#define EVENTS_MAX 20000
#define SEED       66101 /* developed on 66100 */

/* ---- a sequencer that sends MIDI clock, and whoever plays to its beat ---- */

typedef struct sequencer {
  dt_frame at[EVENTS_MAX];
  uint8_t bytes[EVENTS_MAX][3];
  uint8_t sizes[EVENTS_MAX];
  int count;
  int next;
  double beats[4096]; /* true frames of its quarters while it runs */
  int beat_count;
  dt_frame clicks[4096]; /* onsets that came out of the loudspeaker */
  int click_count;
  int quiet; /* frames of silence so far */
} sequencer;

static void add(sequencer* s, double frame, int size, int a, int b, int c) {
  assert_true(s->count < EVENTS_MAX);
  s->at[s->count] = llround(frame);
  s->bytes[s->count][0] = (uint8_t)a;
  s->bytes[s->count][1] = (uint8_t)b;
  s->bytes[s->count][2] = (uint8_t)c;
  s->sizes[s->count++] = (uint8_t)size;
}

/* Clocks from a frame on, a kick on every other quarter; returns the frame after the last. */
static double run_clock(sequencer* s, double frame, double bpm, double to_bpm, int quarters,
                        double jitter_ms, dt_rng* rng) {
  for (int i = 0; i < quarters * 24; i++) {
    const double now_bpm = bpm + (to_bpm - bpm) * i / (quarters * 24);
    const double off = jitter_ms * RATE_HZ / 1000 * dt_rng_normal(rng);
    if (i % 24 == 0)
      s->beats[s->beat_count++] = frame;
    add(s, frame + fmax(-240, fmin(240, off)), 1, 0xF8, 0, 0);
    if (i % 48 == 0)
      add(s, frame + 250, 3, 0x99, 36, 100); /* 5.2 ms late */
    frame += RATE_HZ * 60 / now_bpm / 24;
  }
  return frame;
}

static void play(void* context, dt_frame at, int frame_count, float* const* in,
                 dt_port_midi_list* midi) {
  (void)in;
  sequencer* s = context;
  for (; s->next < s->count && s->at[s->next] < at + frame_count; s->next++) {
    const dt_frame offset = s->at[s->next] > at ? s->at[s->next] - at : 0;
    (void)dt_port_put(midi, (uint32_t)offset, s->bytes[s->next], s->sizes[s->next]);
  }
}

static void listen(void* context, dt_frame at, int frame_count, const float* const* out,
                   const dt_port_midi* midi, int midi_count) {
  (void)midi, (void)midi_count;
  sequencer* s = context;
  for (int i = 0; i < frame_count; i++) {
    const bool is_loud = fabsf(out[0][i]) > 1e-4F;
    if (is_loud && s->quiet > 2000 && s->click_count < 4096)
      s->clicks[s->click_count++] = at + i;
    s->quiet = is_loud ? 0 : s->quiet + 1;
  }
}

static double nearest_beat_ms(const sequencer* s, double frame) {
  double best = INFINITY;
  for (int i = 0; i < s->beat_count; i++)
    if (fabs(frame - s->beats[i]) < fabs(best))
      best = frame - s->beats[i];
  return best * 1000 / RATE_HZ;
}

/* ---- what was said ---- */

typedef struct told {
  session_run run;
  sequencer seq;
  char words[32][DT_SAY_MAX];
  int count;
  dt_frame starts[32];
  double bpm[32];
  int takes;
  double asynchronies[4096];
  int stroke_count;
} told;

static void hear(void* context, const dt_lead* lead, const char* text) {
  told* t = context;
  run_tell(&t->run, lead, text);
  if (lead->text[0] && t->count < 32)
    snprintf(t->words[t->count++], DT_SAY_MAX, "%s", lead->text);
  if (lead->kind == DT_LEAD_TAKE && t->takes < 32) {
    t->starts[t->takes] = lead->start;
    t->bpm[t->takes++] = lead->ask.bpm;
  }
  if (lead->kind == DT_LEAD_STROKE && !isnan(lead->stroke.asynchrony_ms) && t->stroke_count < 4096)
    t->asynchronies[t->stroke_count++] = lead->stroke.asynchrony_ms;
}

static bool said(const told* t, const char* words) {
  for (int i = 0; i < t->count; i++)
    if (strcmp(t->words[i], words) == 0)
      return true;
  return false;
}

static told* begin(void) {
  told* t = calloc(1, sizeof *t);
  assert_non_null(t);
  run_begin(&t->run, "rock", DT_MODE_QUIET, "machine");
  static const char halves[] = "title: Halves\ntempo: 120\nstep: 1/4\nkick |x-x-|\n";
  dt_chart_clear(&t->run.chart, NULL);
  assert_int_equal(dt_chart_parse(&t->run.chart, NULL, halves, sizeof halves - 1, &t->run.err),
                   DT_OK);
  t->run.config.player = NULL;
  t->run.config.on_lead = hear;
  t->run.config.context = t;
  t->run.config.leader.sync = DT_SYNC_MIDI_CLOCK;
  t->run.port.null.input = play;
  t->run.port.null.output = listen;
  t->run.port.null.context = &t->seq;
  t->run.plan.exercises[0].minutes = 4;
  return t;
}

static void go(told* t, double seconds) {
  t->run.port.null.length_frames = (dt_frame)(seconds * RATE_HZ);
  run_go(&t->run);
}

static void finish(told* t) {
  run_end(&t->run);
  free(t);
}

/* The clicks that came out stand on the clock's beats, however it wobbles. */
static void the_band_stays_with_the_clock(void** state) {
  (void)state;
  told* t = begin();
  dt_rng rng = dt_rng_seeded(SEED, 0);
  add(&t->seq, RATE_HZ, 1, 0xFA, 0, 0);
  (void)run_clock(&t->seq, RATE_HZ + 100, 113.7, 113.7, 100, 1.0, &rng);
  go(t, 50);
  assert_true(said(t, "Waiting for the MIDI clock to start."));
  assert_true(t->takes >= 2);
  double squares = 0;
  double worst = 0;
  for (int i = 0; i < t->seq.click_count; i++) {
    const double ms = nearest_beat_ms(&t->seq, (double)t->seq.clicks[i]);
    squares += ms * ms;
    worst = fmax(worst, fabs(ms));
  }
  const double rms = sqrt(squares / t->seq.click_count);
  print_message("seed %d: %d clicks, RMS %.2f ms, worst %.2f ms from the clock's beats\n", SEED,
                t->seq.click_count, rms, worst);
  assert_true(t->seq.click_count > 40);
  assert_true(rms < 1);
  assert_true(worst < 4);
  for (int i = 0; i < t->takes; i++) {
    assert_true(fabs(t->bpm[i] - 113.7) < 0.5);
    const double ms = nearest_beat_ms(&t->seq, (double)t->starts[i]);
    assert_true(fabs(ms) < 4);
  }
  finish(t);
}

/* Whoever plays 5.2 ms behind the clock is 5.2 ms late: the grid is the clock's. */
static void strokes_are_judged_against_the_clock(void** state) {
  (void)state;
  told* t = begin();
  dt_rng rng = dt_rng_seeded(SEED + 1, 0);
  add(&t->seq, RATE_HZ, 1, 0xFA, 0, 0);
  (void)run_clock(&t->seq, RATE_HZ + 100, 97, 97, 80, 1.0, &rng);
  go(t, 48);
  static double scratch[4096];
  assert_true(t->stroke_count > 20);
  const double median = dt_median(t->asynchronies, (size_t)t->stroke_count, scratch);
  print_message("seed %d: %d strokes, median %+.2f ms, SD %.2f ms\n", SEED + 1, t->stroke_count,
                median, dt_robust_sd(t->asynchronies, (size_t)t->stroke_count, scratch));
  assert_true(fabs(median - 5.2) < 0.5);
  assert_true(dt_robust_sd(t->asynchronies, (size_t)t->stroke_count, scratch) < 1);
  finish(t);
}

/* The clock gets faster, 100 to 120 in 16 bars: the band goes along. */
static void a_clock_that_gets_faster_is_followed(void** state) {
  (void)state;
  told* t = begin();
  dt_rng rng = dt_rng_seeded(SEED + 2, 0);
  t->run.plan.exercises[0].bars = 16;
  add(&t->seq, RATE_HZ, 1, 0xFA, 0, 0);
  double at = run_clock(&t->seq, RATE_HZ + 100, 100, 100, 16, 0.5, &rng);
  at = run_clock(&t->seq, at, 100, 120, 64, 0.5, &rng);
  go(t, at / RATE_HZ);
  double worst = 0;
  for (int i = 0; i < t->seq.click_count; i++)
    worst = fmax(worst, fabs(nearest_beat_ms(&t->seq, (double)t->seq.clicks[i])));
  print_message("seed %d: %d clicks on a ramp, worst %.2f ms\n", SEED + 2, t->seq.click_count,
                worst);
  assert_true(t->seq.click_count > 40);
  assert_true(worst < 45); /* a bar's tempo is set once; it would be seconds without */
  finish(t);
}

static void a_clock_that_stops_ends_the_take_and_continues_it_anew(void** state) {
  (void)state;
  told* t = begin();
  dt_rng rng = dt_rng_seeded(SEED + 3, 0);
  add(&t->seq, RATE_HZ, 1, 0xFA, 0, 0);
  double at = run_clock(&t->seq, RATE_HZ + 100, 120, 120, 21, 0.3, &rng);
  add(&t->seq, at, 1, 0xFC, 0, 0);
  /* From the third quarter of bar 3: sixteenth 40. Its next bar line is two quarters on. */
  at += 2.0 * RATE_HZ;
  add(&t->seq, at, 3, 0xF2, 40, 0);
  add(&t->seq, at + 10, 1, 0xFB, 0, 0);
  const int first_beat = t->seq.beat_count;
  at = run_clock(&t->seq, at + 100, 120, 120, 40, 0.3, &rng);
  go(t, at / RATE_HZ);
  assert_true(said(t, "The MIDI clock stopped."));
  assert_true(t->takes >= 2);
  double line = INFINITY; /* distance of the second count-in from the clock's bar lines */
  for (int i = first_beat + 2; i < t->seq.beat_count; i += 4)
    line = fmin(line, fabs((double)t->starts[t->takes - 1] - t->seq.beats[i]));
  assert_true(line < 0.004 * RATE_HZ);
  finish(t);
}

static void a_clock_that_starts_anew_is_a_new_take(void** state) {
  (void)state;
  told* t = begin();
  dt_rng rng = dt_rng_seeded(SEED + 4, 0);
  add(&t->seq, RATE_HZ, 1, 0xFA, 0, 0);
  double at = run_clock(&t->seq, RATE_HZ + 100, 120, 120, 18, 0.3, &rng);
  add(&t->seq, at, 1, 0xFA, 0, 0); /* without a stop: its position is 0 again */
  at = run_clock(&t->seq, at + 50, 120, 120, 30, 0.3, &rng);
  go(t, at / RATE_HZ);
  assert_true(said(t, "The MIDI clock jumped: again."));
  assert_true(t->takes >= 2);
  finish(t);
}

static void a_clock_that_falls_silent_is_no_clock(void** state) {
  (void)state;
  told* t = begin();
  dt_rng rng = dt_rng_seeded(SEED + 5, 0);
  add(&t->seq, RATE_HZ, 1, 0xFA, 0, 0);
  const double at = run_clock(&t->seq, RATE_HZ + 100, 120, 120, 20, 0.3, &rng);
  go(t, at / RATE_HZ + 4);
  assert_true(said(t, "The MIDI clock stopped."));
  assert_string_equal(t->words[t->count - 1], "Waiting for the MIDI clock to start.");
  finish(t);
}

static void a_session_with_a_clock_replays(void** state) {
  (void)state;
  static const char* const names[] = {"session.txt", "plan.txt",   "chart-1.txt",  "past.txt",
                                      "events.txt",  "sound.flac", "decisions.txt"};
  for (int sound = 0; sound < 2; sound++) {
    char folder[64];
    fresh_folder(folder);
    told* t = begin();
    dt_rng rng = dt_rng_seeded(SEED + 6, 0);
    add(&t->seq, RATE_HZ, 1, 0xFA, 0, 0);
    const double at = run_clock(&t->seq, RATE_HZ + 100, 105, 108, 30, 0.7, &rng);
    add(&t->seq, at, 1, 0xFC, 0, 0);
    t->run.config.folder = folder;
    t->run.config.sound = sound == 1; /* the clock comes by MIDI all the same */
    go(t, at / RATE_HZ + 2);
    assert_true(t->takes >= 1);
    finish(t);
    dt_error err = {0};
    bool same = false;
    assert_int_equal(dt_session_replay(folder, NULL, NULL, &same, &err), DT_OK);
    if (!same)
      fail_msg("%s", err.sentence);
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
      snprintf(path, sizeof path, "%s/%s", folder, names[i]);
      (void)unlink(path);
    }
    (void)rmdir(folder);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_band_stays_with_the_clock),
      cmocka_unit_test(strokes_are_judged_against_the_clock),
      cmocka_unit_test(a_clock_that_gets_faster_is_followed),
      cmocka_unit_test(a_clock_that_stops_ends_the_take_and_continues_it_anew),
      cmocka_unit_test(a_clock_that_starts_anew_is_a_new_take),
      cmocka_unit_test(a_clock_that_falls_silent_is_no_clock),
      cmocka_unit_test(a_session_with_a_clock_replays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
