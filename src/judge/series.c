#include "series_internal.h"

#include <math.h>

#include "dt/stat.h"

/* Transforms used: few enough that slow correlation shows in them, enough for a narrow interval.
 * The size grows as Lazarus et al. recommend, n^(2/3), from a larger start: what is measured here
 * is contrasts between neighbours, which have little slow correlation left. */
enum { TRANSFORMS_MIN = 10, TRANSFORMS_MAX = 64 };
static const double TRANSFORMS_SCALE = 0.8;

dt_estimate dt__unknown(dt_known why) {
  const dt_estimate e = {(double)NAN, (double)NAN, (double)NAN, why};
  return e;
}

static size_t transforms(size_t count) {
  double wanted = TRANSFORMS_SCALE * cbrt((double)count * (double)count);
  wanted = fmin(fmax(wanted, TRANSFORMS_MIN), TRANSFORMS_MAX);
  return (size_t)fmin(wanted, (double)count - 1.0);
}

dt__error dt__series_error(const double* x, size_t count) {
  dt__error error = {(double)NAN, 0.0};
  if (count < 2) {
    return error;
  }
  const double mean = dt_mean(x, count);
  const size_t last = transforms(count);
  double square = 0.0;
  for (size_t k = 1; k <= last; ++k) {
    /* cos(pi k (j + 1/2) / n) for j = 0, 1 ... by rotation. */
    const double angle = DT_PI * (double)k / (double)count;
    const double turn_cos = cos(angle);
    const double turn_sin = sin(angle);
    double c = cos(0.5 * angle);
    double s = sin(0.5 * angle);
    double sum = 0.0;
    for (size_t j = 0; j < count; ++j) {
      sum += c * (x[j] - mean);
      const double next = c * turn_cos - s * turn_sin;
      s = s * turn_cos + c * turn_sin;
      c = next;
    }
    square += 2.0 * sum * sum / (double)count;
  }
  error.df = (double)last;
  error.se = sqrt(square / (double)last / (double)count);
  return error;
}

dt_estimate dt__estimate_student(double value, dt__error error) {
  const double half = dt_student_quantile(0.975, error.df) * error.se;
  if (!isfinite(value) || !isfinite(half)) {
    return dt__unknown(DT_CANT_TELL);
  }
  const dt_estimate e = {value, value - half, value + half, DT_KNOWN};
  return e;
}

dt_estimate dt__estimate_log(double value, dt__error log_error) {
  const double half = dt_student_quantile(0.975, log_error.df) * log_error.se;
  if (!isfinite(value) || !isfinite(half) || value <= 0.0) {
    return dt__unknown(DT_CANT_TELL);
  }
  const dt_estimate e = {value, value * exp(-half), value * exp(half), DT_KNOWN};
  return e;
}

dt_estimate dt__series_mean(const double* x, size_t count) {
  if (count < DT__SERIES_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  return dt__estimate_student(dt_mean(x, count), dt__series_error(x, count));
}

dt_estimate dt__series_median(const double* x, size_t count, double* scratch) {
  if (count < DT__SERIES_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  double* below = scratch + count;
  const double median = dt_median(x, count, scratch);
  for (size_t i = 0; i < count; ++i) {
    below[i] = x[i] < median ? 1.0 : x[i] > median ? 0.0 : 0.5;
  }
  dt__error error = dt__series_error(below, count);
  /* Never surer than independent values would make it by half. */
  error.se = fmax(error.se, 0.25 / sqrt((double)count));
  const double half = fmin(0.5, dt_student_quantile(0.975, error.df) * error.se);
  const dt_estimate e = {median, dt_quantile(x, count, 0.5 - half, scratch),
                         dt_quantile(x, count, 0.5 + half, scratch), DT_KNOWN};
  return e;
}

/* Degrees of freedom that the mean square of x is worth (Satterthwaite 1946 in reverse: those of a
 * chi-squared with its variance). Kurtosis is pulled towards the normal's 3 by 60 values' worth. */
static double square_freedom(const double* x, size_t count, double spent) {
  static const double PRIOR_VALUES = 60.0;
  double two = 0.0;
  double four = 0.0;
  double next = 0.0;
  for (size_t i = 0; i < count; ++i) {
    two += x[i] * x[i];
    four += x[i] * x[i] * x[i] * x[i];
    next += i > 0 ? x[i] * x[i - 1] : 0.0;
  }
  const double n = (double)count;
  if (two <= 0.0) {
    return n - spent;
  }
  const double kurtosis = (n * (n * four / (two * two)) + PRIOR_VALUES * 3.0) / (n + PRIOR_VALUES);
  const double lag = next / two;
  const double tails = fmax(kurtosis - 1.0, 1.0) / 2.0;
  return fmax(1.0, (n - spent) / (tails * (1.0 + 2.0 * lag * lag)));
}

static double less(double square, double jitter) {
  return sqrt(fmax(0.0, square - jitter * jitter));
}

dt_estimate dt__series_sd(const double* x, size_t count, double spent, double jitter) {
  if (count < DT__SERIES_MIN || (double)count <= spent + 2.0) {
    return dt__unknown(DT_CANT_TELL);
  }
  double square = 0.0;
  for (size_t i = 0; i < count; ++i) {
    square += x[i] * x[i];
  }
  square /= (double)count - spent;
  const double df = square_freedom(x, count, spent);
  const dt_estimate e = {less(square, jitter),
                         less(square * df / dt_chi2_quantile(0.975, df), jitter),
                         less(square * df / dt_chi2_quantile(0.025, df), jitter), DT_KNOWN};
  return e;
}

dt_estimate dt__estimate_map(dt_estimate e, double (*f)(double)) {
  if (e.known != DT_KNOWN) {
    return e;
  }
  const double a = f(e.low);
  const double b = f(e.high);
  const dt_estimate mapped = {f(e.value), fmin(a, b), fmax(a, b), DT_KNOWN};
  return mapped;
}

dt_estimate dt__estimate_scaled(dt_estimate e, double factor) {
  if (e.known == DT_KNOWN) {
    const double a = e.low * factor;
    const double b = e.high * factor;
    e.value *= factor;
    e.low = fmin(a, b);
    e.high = fmax(a, b);
  }
  return e;
}
