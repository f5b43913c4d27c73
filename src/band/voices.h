#ifndef DT_BAND_VOICES_H
#define DT_BAND_VOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/attr.h"
#include "dt/drum.h"
#include "dt/synthkit.h"

/* Samples that are played as they are, from their first on. */
typedef struct dt__table {
  float* samples;
  size_t length;
} dt__table;

/* One sound that rings: a table's, or a stroke's on the kit. */
typedef struct dt__voice {
  bool used;
  bool fading;
  int bus;
  const dt__table* table; /* NULL: the stroke */
  dt_stroke stroke;       /* its time is a whole number of seconds, which only colours the noise */
  dt_frame stroke_frame;  /* that time in frames */
  dt_frame start;
  dt_frame length;
  float gain;
  dt_frame fade_start;
  dt_frame fade_length;
  uint64_t order; /* the smaller, the older */
  dt_frame kept;  /* a stroke's: which DT__AHEAD frames, from its start, are in `ahead`; -1: none */
  float* ahead;   /* the slot's own */
} dt__voice;

/* A stroke is asked of the kit so many frames at a time: small blocks cost no more than large. */
#define DT__AHEAD 128

/* A bounded number of voices. With more than `limit`, the oldest fades; slots beyond the limit are
 * for what fades. */
typedef struct dt__voices {
  dt__voice* slots;
  float* ahead; /* of all slots */
  int slot_count;
  int limit;
  uint64_t order;
  uint64_t stolen;
  uint64_t cut;
} dt__voices;

#define DT__CHUNK 256 /* frames that are mixed at a time, at most */

/* Begins to sound at frame voice->start; used, fading, order and what is kept are filled in. */
void dt__voices_begin(dt__voices* voices, const dt__voice* voice, dt_frame fade) DT_NONBLOCKING;

/* Ends a voice within `length` frames from `now`, unless it ends sooner. */
void dt__voice_fade(dt__voice* voice, dt_frame now, dt_frame length) DT_NONBLOCKING;

/* Adds what sounds on this bus to frames position .. position + count - 1 (count <= DT__CHUNK).
 * False when nothing did. */
bool dt__voices_mix(dt__voices* voices, const dt_synthkit* kit, int bus, float* samples,
                    size_t count, dt_frame position) DT_NONBLOCKING;

/* Gives back what has rung out by `now`. */
void dt__voices_sweep(dt__voices* voices, dt_frame now) DT_NONBLOCKING;

/* The device's frames jumped by so many. */
void dt__voices_shift(dt__voices* voices, dt_frame by) DT_NONBLOCKING;

#endif
