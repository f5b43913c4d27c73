#ifndef DT_TEST_SESSION_TAPE_H
#define DT_TEST_SESSION_TAPE_H

/* A whole session and what its loudspeaker played, sample by sample, with a line or without. */

#include "session_run.h"

#include "../support/backing_file.h"
#include "../support/soundfont_file.h"

enum { RATE = DT__FONT_RATE_HZ, TAKE_BARS = 32 };

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

static inline void on_output(void* context, dt_frame at, int frame_count, const float* const* out,
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

static inline void tell_take(tape* t, const dt_lead* lead) {
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

static inline void tell_levels(tape* t, const dt_band_command* c) {
  if (t->take_count == 0 || c->bar < 0)
    return;
  if (c->kind == DT_BAND_CLICK) {
    t->takes[t->take_count - 1].click_db[c->bar] = c->click.beat_db[0];
    t->takes[t->take_count - 1].beat_db[c->bar] = c->click.beat_db[1];
    t->takes[t->take_count - 1].between_db[c->bar] = c->click.divide_db;
  } else if (c->kind == DT_BAND_LEVEL && c->level.bus == DT_BAND_BACKING)
    t->takes[t->take_count - 1].line_db[c->bar] = c->level.db;
}

static inline void tape_tell(void* context, const dt_lead* lead, const char* text) {
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
static inline void tape_begin(tape* t, dt_practice_mode mode, bool has_line) {
  memset(t, 0, sizeof *t);
  run_begin(&t->run, "rock", mode, "scatter=6ms seed=3");
  t->run.plan.exercises[0].minutes = 0.7;
  t->run.port.null.context = t;
  t->run.port.null.output = on_output;
  t->run.port.out_channels = 1;
  t->run.config.on_lead = tape_tell;
  t->run.config.context = t;
  t->file = dt__backing_quarters(2);
  t->run.config.soundfont = dt__font;
  if (!has_line)
    return;
  t->run.config.band_file = (const char*)t->file.bytes;
  t->run.config.band_file_size = t->file.size;
}

static inline void tape_end(tape* t) {
  run_end(&t->run);
  free(t->samples);
  dt_buffer_clear(&t->file);
}

/* Skips the test where FluidSynth is not installed. */
static inline void need_fluidsynth(void) {
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

static inline bool is_heard(const float* samples, dt_frame from, dt_frame until) {
  for (dt_frame i = from; i < until; i++)
    if (fabsf(samples[i]) > 1e-5F)
      return true;
  return false;
}

static inline float loudest(const float* samples, dt_frame from, dt_frame until) {
  float most = 0;
  for (dt_frame i = from; i < until; i++)
    most = fmaxf(most, fabsf(samples[i]));
  return most;
}

/* The last whole bar that was played of a take, not counted. */
static inline int bars_played(const tape* t, int take) {
  int bars = 0;
  const dt_frame end = t->takes[take].end < t->count ? t->takes[take].end : t->count;
  while (bars < t->takes[take].bar_count && t->takes[take].bars[bars + 1] <= end)
    bars++;
  return bars;
}

/* What the line alone gave, to be freed. */
static inline float* line_of(const tape* with, const tape* without) {
  assert_int_equal(with->count, without->count);
  float* line = malloc((size_t)with->count * sizeof *line);
  assert_non_null(line);
  for (dt_frame i = 0; i < with->count; i++)
    line[i] = with->samples[i] - without->samples[i];
  return line;
}

#endif
