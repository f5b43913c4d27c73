#include "coach_curve.h"

#include <math.h>
#include <stdio.h>

#include "stop_internal.h"

const double CURVE_LIMITS[CURVE_POINTS] = {1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0};

double farthest_odds(const dt_bar_heard* bars, int count, dt_level level, double beat_s) {
  static dt_stop_test test;
  double most = -(double)INFINITY;
  dt_stop_start(&test, level, beat_s, false);
  for (int b = 0; b < count; ++b) {
    (void)dt_stop_look(&test, &bars[b]);
    test.said.stop = false; /* and on */
    most = fmax(most, dt__stop_odds(&test));
  }
  return most;
}

void curve_add(curve* c, double odds) {
  ++c->takes;
  for (int i = 0; i < CURVE_POINTS; ++i)
    c->beyond[i] += odds > CURVE_LIMITS[i];
}

void curve_print_head(void) {
  printf("| log odds beyond |");
  for (int i = 0; i < CURVE_POINTS; ++i)
    printf(" %.1f |", CURVE_LIMITS[i]);
  printf("\n| --- |");
  for (int i = 0; i < CURVE_POINTS; ++i)
    printf(" ---: |");
  printf("\n");
}

void curve_print(const curve* c, const char* name) {
  printf("| %s (%d) |", name, c->takes);
  for (int i = 0; i < CURVE_POINTS; ++i)
    printf(" %.1f |", 100.0 * c->beyond[i] / (c->takes ? c->takes : 1));
  printf("\n");
}
