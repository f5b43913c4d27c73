#ifndef DT_JUDGE_SERIES_INTERNAL_H
#define DT_JUDGE_SERIES_INTERNAL_H

#include <stddef.h>

#include "dt/judge.h"

/*
 * Estimates from a series in order of time whose values may depend on their neighbours: pairs that
 * share a stroke, leads that wander.
 */

enum { DT__SERIES_MIN = 8 }; /* values below which nothing is said */

dt_estimate dt__unknown(dt_known why);

/* The standard error of a mean, with how many degrees of freedom it is known. */
typedef struct dt__error {
  double se;
  double df;
} dt__error;

/*
 * Of the mean of x, by the equal-weighted cosine estimator of the long-run variance: the mean
 * square of the series' first cosine transforms, Student with as many degrees of freedom (Lazarus,
 * Lewis, Stock & Watson, "HAR inference: recommendations for practice", J. Business & Economic
 * Statistics 36(4), 2018). With all of them it is the ordinary variance and Student's t.
 */
dt__error dt__series_error(const double* x, size_t count);

/* value +- t_{0.975, df} se. */
dt_estimate dt__estimate_student(double value, dt__error error);

/* The same on a logarithmic scale, for what is a ratio: se that of log(value). */
dt_estimate dt__estimate_log(double value, dt__error log_error);

dt_estimate dt__series_mean(const double* x, size_t count);

/* Median, with the quantiles whose ranks bound it (Woodruff 1952) under the long-run variance of
 * being below it. scratch: 2 * count. */
dt_estimate dt__series_median(const double* x, size_t count, double* scratch);

/* SD of a series whose mean took `spent` degrees of freedom (x about that mean), with `jitter`
 * (SD) taken off as a variance. Chi-squared, its degrees of freedom corrected for the tails of the
 * distribution and for neighbours that resemble each other. */
dt_estimate dt__series_sd(const double* x, size_t count, double spent, double jitter);

/* A monotone function of an estimate; rising or falling. */
dt_estimate dt__estimate_map(dt_estimate e, double (*f)(double));

/* value, low and high times factor. */
dt_estimate dt__estimate_scaled(dt_estimate e, double factor);

#endif
