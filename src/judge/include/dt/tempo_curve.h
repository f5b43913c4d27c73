#ifndef DT_TEMPO_CURVE_H
#define DT_TEMPO_CURVE_H

#include "dt/marks.h"

/*
 * Your tempo, beat by beat, with its band. A state-space smoother over the strokes on the grid: the
 * tempo wanders as a random walk, every stroke lies about the pulse with one scatter, habits of
 * the bar taken out (an integrated random walk, the stochastic form of the cubic smoothing spline;
 * Wahba 1978; Durbin & Koopman 2012, chapter 3). How fast it wanders is not chosen: the curve and
 * its band are the average over all speeds, each weighted by its likelihood.
 */
typedef struct dt_tempo_point {
  double beat;   /* quarter notes from the first beat of bar 1 */
  double time_s; /* when the pulse was there */
  double bpm;
  double low_bpm; /* 95 % band, each point by itself */
  double high_bpm;
} dt_tempo_point;

typedef struct dt_tempo_curve {
  dt_tempo_point* items; /* one a quarter note, from the first stroke on the grid to the last */
  size_t count;          /* 0: too few strokes (16, over 8 quarter notes) */
} dt_tempo_curve;

/* Errors: DT_NO_MEMORY; *curve is then empty. Release with dt_tempo_curve_clear. Deterministic. Any
 * thread; not real-time. */
dt_status dt_tempo_curve_make(dt_tempo_curve* curve, const dt_allocator* allocator,
                              const dt_marks* marks) DT_NODISCARD;
void dt_tempo_curve_clear(dt_tempo_curve* curve, const dt_allocator* allocator);

#endif
