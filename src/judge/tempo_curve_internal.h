#ifndef DT_TEMPO_CURVE_INTERNAL_H
#define DT_TEMPO_CURVE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct dt__pulse_stroke {
  double beat;
  double time_s; /* without habits */
} dt__pulse_stroke;

/* The pulse at one beat: when, and the period; mean and covariance. */
typedef struct dt__pulse_state {
  double time_s;
  double period_s;
  double p00, p01, p11;
} dt__pulse_state;

/* A stroke or a whole beat that is to be told, in order. */
typedef struct dt__pulse_step {
  double beat;
  bool is_stroke;
  size_t index; /* of the stroke, or of the point */
  dt__pulse_state predicted;
  dt__pulse_state filtered;
} dt__pulse_step;

typedef struct dt__smoother {
  double first_beat;
  size_t point_count;
  dt__pulse_stroke* strokes;
  size_t stroke_count;
  dt__pulse_step* steps; /* stroke_count + point_count */
  size_t step_count;
  double mean_period_s;
  double variance; /* of a stroke, s^2; found by dt__smoother_filter */
  double speed[32];
  double* sum_period; /* weighted sums over the speeds, one a point */
  double* sum_square;
  double* sum_time;
} dt__smoother;

/* tempo_smoother.c. Merges strokes and points in order of beat. */
void dt__smoother_plan(dt__smoother* s);

/* Kalman filter with a step variance of speed x stroke variance; the log likelihood, the stroke
 * variance at its best. Leaves the states for dt__smoother_add. */
double dt__smoother_filter(dt__smoother* s, double speed);

/* Rauch, Tung & Striebel 1965: smoothed states, added to the sums with this weight. */
void dt__smoother_add(dt__smoother* s, double weight);

#endif
