#ifndef DT_PRACTICE_H
#define DT_PRACTICE_H

#include <pthread.h>
#include <stdatomic.h>

#include "dt/session.h"
#include "dt/sink.h"
#include "keep.h"
#include "setup.h"

/* What `practice` was asked for. */
typedef struct dt__practice_values {
  int mode;    /* dt_practice_mode; -1: as the plan says, or ladder */
  double from; /* NAN: not given */
  double to;
  double tempo;
  double minutes;
  int bars;
  int level; /* -1 */
  int tone;
  int limbs;
  int subdivisions;
  const char* audio;
  const char* midi;
  const char* kit;
  const char* kit_map; /* a file */
  double latency;
  double click;
  const char* band;      /* a MIDI file */
  const char* soundfont; /* a file */
  double band_level;     /* dB beside the click; NAN: as it is */
  bool midi_clock;
  int sync; /* dt_leader_sync */
  const char* record;
  const char* setup;
  const char* log; /* the history of the coach */
  const char* drummer;
  double able;
  bool sound;
  bool fast;
  bool no_rest;
  bool numbers;
  uint64_t seed;
  dt__keep keep;
} dt__practice_values;

/* The plan, its charts and the history: what a session begins with. */
typedef struct dt__practice_plan {
  dt_plan plan;
  dt_chart charts[DT_PLAN_EXERCISES_MAX];
  int chart_count;
  dt_past* past;
  size_t past_count;
} dt__practice_plan;

/* A chart's name or file, or a .plan file. Complains itself; DT__DONE when all is well. */
int dt__practice_load(dt__practice_plan* plan, const char* operand,
                      const dt__practice_values* values);
void dt__practice_unload(dt__practice_plan* plan);

/* Files that the session is given as they are. What is wrong with them is told before any device is
 * opened. Complains itself. */
typedef struct dt__practice_files {
  dt_buffer kit_map;
  dt_buffer band;
} dt__practice_files;
int dt__practice_files_read(dt__practice_files* files, const dt__practice_values* values,
                            const dt__practice_plan* plan, const dt__globals* globals);
void dt__practice_files_clear(dt__practice_files* files);

/* dt/home_log.h, complaining on the terminal. Exit status. */
int dt__practice_log_read(const char* path, dt_past** past, size_t* count);
int dt__practice_log_add(const char* path, const dt_past* past);

/* What was given, over what was set up before; the setup is read here. Complains itself. A
 * simulated drummer has a setup only where one is named. */
int dt__practice_set_up(dt__practice_values* values, dt_setup* setup);

/* Once the port is open: the latency to subtract, said in a line, and the choice is remembered.
 * Complains itself. */
int dt__practice_settle(dt__practice_values* values, dt_setup* setup,
                        const dt__practice_values* given, const dt_port_info* info,
                        const dt__globals* globals);

/*
 * The screen: one word, one number, the last strokes, early left and late right. It is told by the
 * session's thread and drawn by the main one.
 */
#define DT__SCREEN_STROKES 16
typedef struct dt__screen {
  pthread_mutex_t lock;
  bool is_terminal;
  bool color;
  bool utf8;
  bool numbers; /* also while a take is played */
  int rate_hz;
  int rows; /* of the terminal */
  int columns;
  dt_lead_kind showing;
  char word[24];
  char number[24];
  int tint; /* -1 early or slow, 0 good, 1 late or fast, 2 neutral, 3 wrong */
  char chart[64];
  char head[96];
  char say[DT_SAY_MAX];
  char warning[DT_SAY_MAX];              /* stays until the end */
  double strokes_ms[DT__SCREEN_STROKES]; /* a ring; NAN: of no note */
  int stroke_count;
  double sum_ms; /* of this bar */
  int in_bar;
  dt_frame rest_until;
  dt_frame heard;
} dt__screen;

void dt__screen_begin(dt__screen* screen, const dt__globals* globals, bool numbers, int rate_hz);
void dt__screen_end(dt__screen* screen);
void dt__screen_tell(dt__screen* screen, const dt_lead* lead);
/* Something is wrong, and practice goes on: said at once, and it stays on the screen. */
void dt__screen_warn(dt__screen* screen, const char* text);
void dt__screen_draw(dt__screen* screen, dt_frame heard);

/* Keys and the screen, twenty times a second, until is_over. */
void dt__practice_attend(dt__screen* screen, dt_session* session, atomic_bool* is_over);

/* A word in letters five rows high: row 0..4 of text into out, two columns a dot. Letters that it
 * has not are blank. */
void dt__big_row(const char* text, int row, bool utf8, char* out, size_t size);

#endif
