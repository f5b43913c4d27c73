#ifndef DT_JUDGE_DYNAMICS_INTERNAL_H
#define DT_JUDGE_DYNAMICS_INTERNAL_H

#include <stdint.h>

#include "dt/dynamics.h"
#include "series_internal.h"

/*
 * Levels of the main strokes of a take, in order of time. A cell is one voice at one loudness at
 * one place of the bar (in one hand): strokes that are meant alike.
 */
typedef struct dt__levels {
  size_t count;
  size_t* mark;
  double* minutes;
  double* level_db;
  dt_loud* loud; /* as written, or by clusters */
  double* score; /* psi of the last slope or contrast */
  double* error; /* what is left after the last slope; NAN outside */
  double* time;  /* minutes about the cell's mean, in the last slope */
  double* sums;  /* of a cell: count, level, minutes: 3 * count */
  size_t* cell;
  size_t* table; /* hash of cells, table_size */
  uint64_t* key; /* of a cell */
  size_t table_size;
  double* scratch;
  bool* in; /* three masks of count, the other two for whoever wants them */
  bool* a;
  bool* b;
  double slope; /* that was taken out, dB a minute, about `middle` */
  double middle;
  double freedom; /* strokes less cells less slope */
  const dt_marks* marks;
} dt__levels;

/* A number and the standard error of it. value NAN: cannot be had. */
typedef struct dt__number {
  double value;
  dt__error error;
} dt__number;

/* NAN numbers become "can't tell". */
dt_estimate dt__number_estimate(dt__number number);

/* Two-sided p of zero; NAN when the number or its error is not known. */
double dt__number_p(dt__number number);

/* Error of a slope from the series of its scores times their number. The fit has made the scores
 * smaller, a degree of freedom's worth. */
dt__error dt__slope_error(const double* scores, size_t count);

/* Over the strokes that count. Errors: DT_NO_MEMORY. */
dt_status dt__levels_make(dt__levels* levels, const dt_allocator* allocator,
                          const dt_marks* marks) DT_NODISCARD;
void dt__levels_clear(dt__levels* levels, const dt_allocator* allocator);

/*
 * Slope of the level over the strokes that are `in`, dB a minute: every cell about its own mean,
 * and loudnesses weighted by their spread. Fills cell, error, time, score, slope, middle, freedom;
 * the error of the slope is that of the mean of its scores (its influence function), which holds
 * for unequal spreads and for neighbours that resemble each other.
 */
dt__number dt__levels_slope(dt__levels* levels);

/* After dt__levels_slope, of strokes by mask (over the table, within `in`), trend taken out: mean
 * level, that of a minus that of b, and SD about the cells. */
dt__number dt__levels_mean(dt__levels* levels, const bool* mask);
dt__number dt__levels_contrast(dt__levels* levels, const bool* a, const bool* b);
dt_estimate dt__levels_sd(dt__levels* levels, const bool* mask);

/* dynamics_cluster.c: gives each stroke that is `in` its loudness when its levels fall into clearly
 * separate clusters. Returns their number: 1 when they do not. */
int dt__levels_cluster(dt__levels* levels);

#endif
