#ifndef DT_STOP_INTERNAL_H
#define DT_STOP_INTERNAL_H

#include "dt/coach_stop.h"

enum { DT__STOP_WINDOW = 24 }; /* bars that are looked at together, the last ones */

/* bar: index into test->heard. */
void dt__stop_place(dt_stop* stop, const dt_stop_test* test, int bar);

/* Drift and placement to a click, and drift without one; *stop is written only where the result is
 * true. */
bool dt__stop_for_time(const dt_stop_test* test, dt_stop* stop);
bool dt__stop_for_own_time(const dt_stop_test* test, dt_stop* stop);

/* Log odds, after the bars looked at, that the player has left the click: what is compared with the
 * limit. -INFINITY: too little was heard. */
double dt__stop_odds(const dt_stop_test* test);

/* Variance of a player's strokes about their bar's mean, ms^2: what is believed and what was heard.
 */
double dt__stop_scatter(const dt_stop_test* test);

/* log(exp(a) + exp(b)); -INFINITY: nothing to add. */
double dt__log_sum(double a, double b);

/* Bars that something was heard in, and how a steady player's lie, one assumption at a time. */
typedef struct dt__wander {
  int count;
  int bar[DT__STOP_WINDOW]; /* into test->heard */
  int strokes[DT__STOP_WINDOW];
  double off_ms[DT__STOP_WINDOW]; /* from the place that is expected */
  double place_ms2;               /* how far the player's own may be from that: variance */
  double stroke_ms2;
  double factor[DT__STOP_WINDOW][DT__STOP_WINDOW]; /* lower triangle */
} dt__wander;

/* Bars first .. end - 1 of the test, at most DT__STOP_WINDOW. */
void dt__wander_see(dt__wander* w, const dt_stop_test* test, int first, int end);

/* Assumes the wander of that number, below DT_STOP_WANDERS: sets the factor. */
void dt__wander_assume(dt__wander* w, const dt_stop_test* test, int assumed);

/* x, one for each bar, as independent numbers of variance 1. */
void dt__wander_whiten(const dt__wander* w, const double* x, double* white);

/* Log likelihood of the bars, less what is the same for every assumption; white: of off_ms. */
double dt__wander_likely(const dt__wander* w, const double* white);

/* Log of what is believed of each assumption before the take; not normalised. */
void dt__wander_believed(const dt_stop_test* test, double log_belief[DT_STOP_WANDERS]);

#endif
