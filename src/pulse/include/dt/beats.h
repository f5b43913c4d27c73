#ifndef DT_BEATS_H
#define DT_BEATS_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/alloc.h"
#include "dt/attr.h"
#include "dt/status.h"
#include "dt/stroke.h"
#include "dt/tempo.h"

/*
 * Strokes -> beats, bars, tempo, metre and feel. Nothing but strokes is heard: their time, drum,
 * velocity and confidence.
 *
 * The model is a bar pointer (Whiteley, Cemgil & Godsill 2006; Krebs, Boeck & Widmer 2015) that is
 * asked once a beat: a hidden semi-Markov model whose segments are beats. A state is (length of the
 * beat, bar pattern, beat of the bar). A pattern is a bar of a metre, fitted on the training split
 * of the Groove MIDI Dataset (train/fit_pulse.py): how often each drum, loud or soft, strikes at
 * each 24th of each beat, microtiming included. The length changes a little from beat to beat, or
 * jumps at a price. What is found at 10 ms is then placed to the millisecond by a state-space
 * smoother of beat time and beat length.
 *
 * A beat is dt_meter_beat_ticks of the metre: a quarter in 4/4, a dotted quarter in 6/8 and 12/8,
 * an eighth in 7/8. Tempi are in beats a minute.
 *
 * Strokes are given in order of time. Velocity 0 (unknown) and DT_DRUM_OTHER (unknown drum) are
 * fine: they say less. confidence is the probability that there was a stroke at all.
 */

/* The metres that are told apart. */
enum { DT_BEAT_METERS = 7 };
extern const dt_meter dt_beat_meters[DT_BEAT_METERS]; /* 2/4 3/4 4/4 5/4 6/8 7/8 12/8 */

/* How beats are divided. */
typedef enum dt_beat_feel {
  DT_BEAT_STRAIGHT,
  DT_BEAT_SWUNG_EIGHTHS,
  DT_BEAT_SWUNG_SIXTEENTHS
} dt_beat_feel;
const char* dt_beat_feel_name(dt_beat_feel feel); /* "straight", "swung eighths" ... */

/* How the groove lies over the beats: backbeats on every second beat; on every fourth (half-time
 * feel); between all beats (double-time feel). The tempo is the same in all three. */
typedef enum dt_beat_span {
  DT_BEAT_AS_WRITTEN,
  DT_BEAT_HALF_TIME,
  DT_BEAT_DOUBLE_TIME
} dt_beat_span;
const char* dt_beat_span_name(dt_beat_span span); /* "normal", "half-time", "double-time" */

typedef struct dt_beat_config {
  double low_bpm; /* 30..300, low < high */
  double high_bpm;
  dt_meter meter;      /* where it is known: one of dt_beat_meters; numerator 0: any */
  double tempo_bpm;    /* where it is about known: 0 = not known. The tempo then stays within
                           a factor of 1.4 of it */
  const double* tap_s; /* taps or a count-in before and into the playing, tap_count of them, in */
  size_t tap_count;    /* order; 0 = none. They are beats; three at even distances fix the tempo as
                         tempo_bpm does */
} dt_beat_config;

/* 30..300 bpm, nothing known. */
dt_beat_config dt_beat_default(void);

/* ---- Offline ------------------------------------------------------------------------------- */

/* One beat, as smoothed with all strokes before and after it. */
typedef struct dt_beat {
  double time_s;
  double time_sd_s; /* of the beat's place, given that it is a beat */
  double bpm;       /* of the tempo curve here */
  double bpm_sd;
  int bar;        /* counted from 0; a bar that begins before the first beat is 0 */
  int in_bar;     /* 1 = downbeat */
  bool is_fill;   /* in a bar, or its last beats, where the groove gives way to a fill */
  float strength; /* 0..1: how much struck evidence: 0 in silence */
} dt_beat;

/* From one change of tempo, metre or feel to the next. */
typedef struct dt_beat_section {
  size_t first; /* index of its first beat */
  size_t count;
  dt_meter meter;
  dt_beat_feel feel;
  dt_beat_span span;
  double swing_ratio; /* long : short of the swung pair; 1 when straight */
  double bpm;         /* mean */
} dt_beat_section;

/* Other readings of the same strokes. */
enum { DT_BEAT_ALTERNATIVES = 4 };
typedef struct dt_beat_alternative {
  double bpm;         /* mean */
  double ratio;       /* to the tempo that was chosen: 2, 0.5, 1.5 ... */
  double probability; /* 0..1; of the chosen and all alternatives they sum to at most 1 */
} dt_beat_alternative;

typedef struct dt_beat_track {
  dt_beat* beats;
  size_t beat_count;
  dt_beat_section* sections;
  size_t section_count;
  double pulse_probability; /* that there is a steady pulse at all. Below 0.5 beat_count is 0 */
  double tempo_probability; /* of this tempo among its alternatives */
  double meter_probability[DT_BEAT_METERS];
  double downbeat_probability; /* of these downbeats, given the metre */
  double bpm;                  /* median of the beats'; 0 without beats */
  dt_meter meter;              /* of most of the beats */
  dt_beat_alternative alternatives[DT_BEAT_ALTERNATIVES]; /* most probable first */
  size_t alternative_count;
} dt_beat_track;

/*
 * duration_s: beats are given from the first strokes to here (>= the last stroke). Errors:
 * DT_NO_MEMORY; DT_BAD_ARGUMENT (unsorted or unfinite times, times beyond 24 hours, config out of
 * range). Too few strokes is no error: pulse_probability says so. On failure *track is empty.
 * Release with dt_beat_track_clear. Any thread; not real-time. Time is linear in duration.
 */
dt_status dt_beat_track_find(dt_beat_track* track, const dt_allocator* allocator,
                             const dt_stroke* strokes, size_t count, double duration_s,
                             const dt_beat_config* config) DT_NODISCARD;
void dt_beat_track_clear(dt_beat_track* track, const dt_allocator* allocator);

/* ---- Live ---------------------------------------------------------------------------------- */

/* A beat that is called before it comes. */
typedef struct dt_beat_call {
  double time_s; /* when it comes */
  double made_s; /* when it was called: never less than half a beat earlier, by its own tempo, and
                    seldom more than .6 */
  double bpm;
  double confidence; /* 0..1: that this reading of the strokes is right */
  int in_bar;        /* 1 = downbeat */
  dt_meter meter;
  bool is_locked;
} dt_beat_call;

typedef struct dt_follower_state {
  double bpm; /* 0 before anything is known */
  double bpm_sd;
  dt_meter meter;
  bool is_locked;
  double locked_since_s; /* NAN when not locked */
  double confidence;     /* of tempo and phase */
  double pulse_probability;
  dt_beat_alternative alternatives[DT_BEAT_ALTERNATIVES];
  size_t alternative_count;
  size_t late_strokes;    /* given after their time had been passed: not used */
  size_t dropped_strokes; /* more than 64 at once between two calls of dt_follower_advance */
} dt_follower_state;

typedef struct dt_follower dt_follower;

/* Memory is taken here and nowhere else: constant, about 5 MB. Errors: DT_NO_MEMORY,
 * DT_BAD_ARGUMENT. On failure *follower is NULL. */
dt_status dt_follower_new(dt_follower** follower, const dt_allocator* allocator,
                          const dt_beat_config* config) DT_NODISCARD;
void dt_follower_free(dt_follower* follower, const dt_allocator* allocator);

/* Forgets all, and starts at time 0. Real-time safe. */
void dt_follower_reset(dt_follower* follower) DT_NONBLOCKING;

/* A stroke, in order of time, not before the time of the last dt_follower_advance (else it is
 * counted as late and left out). Real-time safe, constant time. */
void dt_follower_stroke(dt_follower* follower, const dt_stroke* stroke) DT_NONBLOCKING;

/* A tap on the beat (a count-in, a pedal, a key): the strongest evidence of tempo and phase.
 * Real-time safe. */
void dt_follower_tap(dt_follower* follower, double time_s) DT_NONBLOCKING;

/*
 * Time goes on to now_s: all strokes before it have been given. Writes the beats that are called
 * meanwhile, in order, at most `capacity` of them (8 are enough for a second), and returns how
 * many. What comes out depends on the strokes and their times only, never on how often this is
 * called, while the capacity suffices. Real-time safe; the work is bounded per 10 ms of music.
 */
size_t dt_follower_advance(dt_follower* follower, double now_s, dt_beat_call* calls,
                           size_t capacity) DT_NONBLOCKING;

dt_follower_state dt_follower_look(const dt_follower* follower) DT_NONBLOCKING;

#endif
