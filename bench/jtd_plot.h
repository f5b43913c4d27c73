#ifndef DT_BENCH_JTD_PLOT_H
#define DT_BENCH_JTD_PLOT_H

#include <stdio.h>

#include "dt/judge.h"

typedef struct jtd_track {
  char name[128];
  double bpm;
  size_t beats;
  size_t pairs;
  dt_estimate ratio;
  dt_estimate median;
  dt_estimate short_ms;
} jtd_track;

/* The swing ratios against tempo, beside the published shape, as an SVG picture. */
void jtd_plot(FILE* f, const jtd_track* tracks, size_t count);

#endif
