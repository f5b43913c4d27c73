#ifndef DT_BENCH_COACH_CURVE_H
#define DT_BENCH_COACH_CURVE_H

#include "dt/coach_stop.h"

/* How many takes stand out, at some limit of the log odds: what another limit would do. */
enum { CURVE_POINTS = 8 };
extern const double CURVE_LIMITS[CURVE_POINTS];

typedef struct curve {
  int takes;
  int beyond[CURVE_POINTS];
} curve;

/* The largest log odds that bars of a take reach, from the third on; -INFINITY: none. Of a
 * stranger. */
double farthest_odds(const dt_bar_heard* bars, int count, dt_level level, double beat_s);

void curve_add(curve* c, double odds);

/* A row of a table: percent at each limit. */
void curve_print(const curve* c, const char* name);
void curve_print_head(void);

#endif
