#ifndef DT_BENCH_COACH_HEAR_H
#define DT_BENCH_COACH_HEAR_H

#include "dt/coach_stop.h"

/* A take as the coach gets to hear it: aligned and judged again after every bar, as a live engine
 * would. */
enum { HEAR_BARS = 16 };

typedef struct judged {
  dt_bar_heard bars[HEAR_BARS];
  int count;
  dt_shown shown;
} judged;

/* What is asked: so many bars of a chart, the first of them at tick `start` of the click. */
typedef struct asked {
  const dt_chart* chart;
  const dt_part* part;
  dt_tick start;
  dt_level level;
  double bpm;
} asked;

/* Ends the program where something that cannot fail did. */
void must(dt_status status, const char* what);

/* The strokes before until_s; borrows those of `take`. */
dt_take beginning(const dt_take* take, double until_s);

/* Hears the first `done` bars. */
void hear_bars(judged* j, const dt_take* take, const asked* a, int done);

#endif
