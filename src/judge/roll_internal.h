#ifndef DT_JUDGE_ROLL_INTERNAL_H
#define DT_JUDGE_ROLL_INTERNAL_H

#include "dt/roll.h"

/* The strokes of all rolls of a take, side by side, and what is reckoned from them. */

enum { DT__PIECE_MAX = 32 }; /* values over which speed is taken as a straight line */

/* One stroke in a roll. */
typedef struct dt__roll_stroke {
  size_t mark;
  double time_s;
  double level_db;
  double hand;   /* 1 left (second), 0 right (first) */
  double second; /* 1 the second stroke of a double */
} dt__roll_stroke;

/* A roll before it is measured: strokes first .. first + count - 1 of the list. */
typedef struct dt__roll_span {
  dt_roll_kind kind;
  dt_voice voice;
  size_t first;
  size_t count;
  bool sticking; /* hands are known, and there are two */
  bool one_hand; /* hands are known, and there is one */
  bool doubles;
} dt__roll_span;

typedef struct dt__roll_list {
  dt__roll_stroke* strokes;
  size_t stroke_count;
  dt__roll_span* spans;
  size_t span_count;
} dt__roll_list;

/* roll_find.c: needs room for marks->count strokes and marks->count / 2 + 1 spans. Spans come out
 * by start. scratch: marks->count of each. */
void dt__roll_find(const dt_marks* marks, dt__roll_list* list);

/* A series cut into pieces: piece k is values start[k] .. start[k + 1] - 1, at least two and at
 * most DT__PIECE_MAX. */
typedef struct dt__pieces {
  const double* y;
  const double* hand; /* columns shared by all pieces */
  const double* second;
  const size_t* start;
  size_t count;
} dt__pieces;

/*
 * What is left of y when every piece has its own straight line and all share what the hands do: a
 * variance and a covariance between neighbours, by the method of moments with exact expectations
 * (a projection takes more from some frequencies than from others).
 */
typedef struct dt__even {
  size_t count;      /* values */
  double freedom;    /* of the residuals: values less what was fitted */
  double variance;   /* NAN unknown */
  double covariance; /* of neighbours */
  double df;         /* what the variance is worth (Satterthwaite 1946) */
  double hand;       /* coefficients; NAN when the column says nothing */
  double hand_se;
  double second;
  double second_se;
} dt__even;

/* prior_lag: neighbours' correlation expected before seeing the data: strokes that err one by one
 * have intervals at -0.5. residual (may be NULL): room for all values. */
dt__even dt__even_fit(const dt__pieces* pieces, double prior_lag, double* residual);

/* An estimate from coefficient and se. */
dt_estimate dt__even_estimate(double value, double se, double df, double factor);

/* SD from a variance with its degrees of freedom, `less` (a variance) taken off. */
dt_estimate dt__even_sd(double variance, double df, double less, double factor);

/* roll_break.c: where, from the residuals and the intervals of one roll. lag: correlation of
 * neighbouring intervals. */
typedef struct dt__break {
  dt_known known;
  dt_breakdown kind;
  size_t at; /* interval from which on */
  double p;
  double sd_before;
  double sd_after;
  double mean_before;
  double mean_after;
} dt__break;

dt__break dt__roll_break(const double* interval, const double* residual, size_t count, double lag);

#endif
