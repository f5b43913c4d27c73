#ifndef DT_FEEDER_H
#define DT_FEEDER_H

#include "dt/backing.h"
#include "dt/leader.h"

/*
 * The backing's sound, made ahead: a thread of its own lays the line along each take, has
 * FluidSynth (lanes.h) render it and puts blocks into a ring, each with the take and the frame to
 * which it belongs; the callback copies those that it is asked for and drops the others. After a
 * change of tempo that came late, blocks of an older generation are dropped.
 *
 * The session's thread tells of takes; the feeder's renders; the callback pulls.
 */
typedef struct dt__feeder dt__feeder;

typedef struct dt__feeder_config {
  const dt_backing* backing; /* lent */
  const char* soundfont;
  int rate_hz;
  double ahead_s;  /* how far it renders ahead of the callback, 0.02..1 */
  bool is_stepped; /* no thread: dt__feeder_fill is called between the blocks */
} dt__feeder_config;

/* Errors with a sentence: DT_UNSUPPORTED (no FluidSynth), DT_BAD_DATA (no SoundFont), DT_NO_MEMORY.
 */
dt_status dt__feeder_new(dt__feeder** feeder, const dt_allocator* allocator,
                         const dt__feeder_config* config, dt_error* err);
/* The callback has stopped. */
void dt__feeder_free(dt__feeder* feeder);

/* A take begins (DT_LEAD_TAKE): the band's start has this number. */
void dt__feeder_take(dt__feeder* feeder, const dt_lead* lead, int chart_bars, int64_t number);
/* The tempo of a bar has changed (DT_BAND_TEMPO with a bar). */
void dt__feeder_tempo(dt__feeder* feeder, int bar, double bpm);
/* The take is over. */
void dt__feeder_stop(dt__feeder* feeder);

/* Renders as far as there is room. With is_stepped only. */
void dt__feeder_fill(dt__feeder* feeder);

/* dt_band_backing_fn; context: the feeder. */
void dt__feeder_pull(void* context, int64_t number, dt_frame at, float* samples,
                     size_t count) DT_NONBLOCKING;

typedef struct dt__feeder_counters {
  uint64_t underruns;       /* stretches that were not there in time */
  uint64_t underrun_frames; /* silent instead */
  uint64_t lost_takes;      /* without memory for their line: silent */
  uint64_t inexact;         /* notes up to 63 frames late */
} dt__feeder_counters;
/* Any thread. */
dt__feeder_counters dt__feeder_counts(const dt__feeder* feeder);

#endif
