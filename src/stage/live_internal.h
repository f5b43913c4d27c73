#ifndef DT_STAGE_LIVE_INTERNAL_H
#define DT_STAGE_LIVE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "cutter.h"
#include "dt/drummer.h"
#include "dt/home_setup.h"
#include "dt/session.h"
#include "live.h"
#include "osc.h"
#include "recording.h"

/*
 *   live.c          one session at most: its thread, its port, its end
 *   live_request.c  from JSON to what a session begins with
 *   live_take.c     the take going on: where its notes and beats stand in the stream
 *   live_say.c      what the session says, as messages
 */
#define DT__DEVICE_MAX 1024

/* What a session begins with; all of it is its own. */
typedef struct dt__wish {
  dt_plan plan;
  dt_chart charts[DT_PLAN_EXERCISES_MAX];
  int chart_count;
  dt_past* past;
  size_t past_count;
  dt_setup setup;
  dt_drummer drummer;
  bool has_drummer;
  bool is_sound;
  bool no_rest;
  bool midi_clock;
  char audio[DT__DEVICE_MAX]; /* "" as the device likes */
  char midi[DT__DEVICE_MAX];  /* "" the microphone */
  bool gives_audio;           /* the request or the command line: to be remembered */
  bool gives_midi;
  char kit[64];
  dt_buffer kit_map;
  dt_buffer band; /* a MIDI file; empty: none */
  const char* soundfont;
  double band_db;
  double latency_ms; /* NAN: as measured for the device */
  double click_db;
  double able_bpm;
  uint64_t seed;
} dt__wish;

/* NULL on want of memory or with a mistake, told in *err. */
dt__wish* dt__wish_read(const dt_stage_config* config, const char* json, size_t size, bool is_own,
                        dt_error* err);
void dt__wish_free(dt__wish* wish);

/* The take going on. */
typedef struct dt__playing {
  int rate_hz;
  double latency_ms;
  double bpm;
  double tolerance_ms;
  dt__msg_part_note* notes;
  double* onset_ms; /* of each note, as played: without the latency */
  size_t note_count;
  dt__msg_beat* beats;
  size_t beat_count;
  size_t beat_next; /* to be told of by OSC */
  int64_t last_bar;
  int in_bar; /* strokes of the bar going on that belong to a note */
  double sum_ms;
} dt__playing;

/* False on want of memory; *playing is then empty. */
bool dt__playing_begin(dt__playing* playing, const dt_lead* lead, dt_level level);
void dt__playing_clear(dt__playing* playing);
/* The note that a stroke belongs to, as the leader found it; -1 none. */
int64_t dt__playing_note(const dt__playing* playing, const dt_lead_stroke* stroke);

struct dt__live {
  const dt_stage_config* config;
  dt__feed* feed;
  dt__osc* osc;
  pthread_t thread;
  bool has_thread;     /* to be joined */
  atomic_bool is_over; /* the thread has nothing more to do */
  atomic_bool wants_stop;
  dt__wish* wish; /* the thread's, while there is one */

  pthread_mutex_t lock; /* for what both sides see: below */
  dt_port* port;
  dt_session* session;
  dt_buffer told; /* the last session message's fields */
  char device[160];
  dt__playing playing; /* written by the thread only */

  dt__cutter* cutter;
  char folder[DT_HOME_PATH]; /* that is recorded into; "" none; written by the thread only */

  /* The thread's own. */
  dt_session* along; /* for dt_session_play_along */
  dt_frame take_start;
  dt_buffer fields;
  char chart[DT_PLAN_CHART_MAX];
  char title[DT_PLAN_CHART_MAX];
  int take_number; /* of the session */
  int lost_takes;
  atomic_ullong gap_frames;
  atomic_ullong kept_takes;
};

/* For dt_session_config.on_lead. */
void dt__live_lead(void* context, const dt_lead* lead, const char* text);

/* A `session` message; NULL text: none. */
void dt__live_say_session(dt__live* live, dt__msg_session_state state, const char* text);
void dt__live_say_trouble(dt__live* live, const char* text);

/* Beats that are due, to OSC. */
void dt__live_beats(dt__live* live, double stream_ms);

#endif
