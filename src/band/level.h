#ifndef DT_BAND_LEVEL_H
#define DT_BAND_LEVEL_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/attr.h"
#include "dt/tempo.h"

/* A level in dB that moves without a step: linear in dB from `start` on, then still. Where it is
 * cut the step is carried over and dies away by itself. */
typedef struct dt__level {
  double from_db;
  double to_db;
  dt_frame start;
  dt_frame length; /* 0: still */
  float gain;      /* once still */
  float before;    /* the last sample that came */
  float carry;     /* at `cut` */
  dt_frame cut;
  dt_frame carry_length; /* frames until it is gone; 0: nothing is carried */
} dt__level;

/* Amplitude; 0 from DT_BAND_SILENT_DB down. */
float dt__gain_of_db(double db) DT_NONBLOCKING;

/* Still, at this level. */
dt__level dt__level_at(double db) DT_NONBLOCKING;

/* Moves from where it is at frame `now` to db, within `length` frames (>= 1). */
void dt__level_move(dt__level* level, dt_frame now, double db, dt_frame length) DT_NONBLOCKING;

/* Is at db from frame `now` on: what sounded before dies within `length` frames (>= 1), and what
 * begins at `now` has the new level from its first sample. */
void dt__level_cut(dt__level* level, dt_frame now, double db, dt_frame length) DT_NONBLOCKING;

/* Something carried is still heard at that frame. */
bool dt__level_carries(const dt__level* level, dt_frame at) DT_NONBLOCKING;

/* Multiplies the samples of frames position ...; what would be denormal becomes 0. count > 0. */
void dt__level_apply(dt__level* level, float* samples, size_t count,
                     dt_frame position) DT_NONBLOCKING;

#endif
