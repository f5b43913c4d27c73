#ifndef DT_JUDGE_TIMEKEEPER_INTERNAL_H
#define DT_JUDGE_TIMEKEEPER_INTERNAL_H

#include "dt/timekeeper.h"

enum { DT__KEEPER_COLUMNS_MAX = 10, DT__KEEPER_CYCLE_MAX = 8 };

/* The series as the filter walks through it. */
typedef struct dt__keeper {
  size_t count;
  size_t present;
  int columns;         /* what is not noise: level, trend, habits */
  const double* row;   /* count x (columns + 1): the columns, then the value */
  const double* share; /* motor variance of the value, 1 = one stroke's */
  bool free;           /* no click: nothing corrects, alpha = 0 */
  double detector_ms2;
  double unison_ms2;
  double unison_df;
} dt__keeper;

/*
 * One hypothesis: alpha, and w = 2 motor^2 / (clock^2 + 2 motor^2), so that with clock^2 + 2
 * motor^2 = scale the variances are scale (1 - w) and scale w / 2. The restricted log likelihood is
 *
 *   log_like - df / 2 (log(s / scale) + scale / s - 1)     at any other scale s.
 */
typedef struct dt__keeper_node {
  double alpha;
  double w;
  double scale;    /* likeliest, ms^2 */
  double df;       /* its degrees of freedom */
  double log_like; /* there */
  double prior;    /* log */
} dt__keeper_node;

/* Fills scale, df and log_like. false when the columns are dependent or nothing varies. */
bool dt__keeper_filter(const dt__keeper* keeper, dt__keeper_node* node);

/* Standardised innovations of the beats that have a stroke; room for count * (columns + 1)
 * doubles; the result is how many. 0 when the columns are dependent. */
size_t dt__keeper_innovations(const dt__keeper* keeper, const dt__keeper_node* node,
                              double* innovation);

/* Fits over the grid of alpha and w. Fills the three estimates and motor_above_clock, and *best.
 * DT_BAD_DATA: nothing varies. */
dt_status dt__keeper_grid(const dt__keeper* keeper, const dt_allocator* allocator,
                          dt_timekeeper* out, dt__keeper_node* best) DT_NODISCARD;

/* Variances of one hypothesis at a scale, detector taken off; may be negative. */
static inline double dt__keeper_clock2(const dt__keeper* keeper, const dt__keeper_node* node,
                                       double scale) {
  return scale * (1.0 - node->w) - node->alpha * node->alpha * keeper->detector_ms2;
}
static inline double dt__keeper_motor2(const dt__keeper* keeper, const dt__keeper_node* node,
                                       double scale) {
  return 0.5 * scale * node->w - (1.0 - node->alpha) * keeper->detector_ms2;
}

#endif
