#include <math.h>

#include "dt/stat.h"
#include "roll_internal.h"

/*
 * Where a roll breaks down: the place from which on to its end it is more uneven, or slower, than
 * before. Every place is tried, so the largest of all tests is held against what the largest of a
 * roll that holds would be: for x large, with h of the roll left out at either end
 *
 *   P(max |z| > x) = x phi(x) [(1 - 1/x^2) ln((1 - h)^2 / h^2) + 4 / x^2]
 *
 * (Csorgo & Horvath, Limit Theorems in Change-Point Analysis, 1997, 1.3.26), half of it for one
 * side. Both kinds are tried: p is doubled.
 */
enum { PART_MIN = 8, COUNT_MIN = 23 };
static const double LEAVE_OUT = 0.1;
static const double UNEVEN = 1.5; /* times the spread before */
static const double SLOW = 1.05;  /* times the mean interval before */
static const double SIGNIFICANT = 0.05;

/* Sums, then means, over a part of the roll. */
typedef struct part {
  double n;
  double mean;
  double square; /* of the residuals */
  double fourth;
} part;

static void add(part* sum, double interval, double residual) {
  const double square = residual * residual;
  sum->n += 1.0;
  sum->mean += interval;
  sum->square += square;
  sum->fourth += square * square;
}

static part means(part s) {
  return (part){s.n, s.mean / s.n, s.square / s.n, s.fourth / s.n};
}

static part without(part s, part t) {
  return (part){s.n - t.n, s.mean - t.mean, fmax(0.0, s.square - t.square),
                fmax(0.0, s.fourth - t.fourth)};
}

/* Normal score of an F ratio (Paulson 1942). */
static double f_score(double ratio, double df_top, double df_bottom) {
  const double a = 2.0 / (9.0 * df_top);
  const double b = 2.0 / (9.0 * df_bottom);
  const double root = cbrt(ratio);
  return ((1.0 - b) * root - (1.0 - a)) / sqrt(b * root * root + a);
}

/* Degrees of freedom of a mean square per value: tails within the parts, and neighbours. */
static double worth(part a, part b, double lag) {
  static const double PRIOR_VALUES = 60.0;
  const double within = (a.n * a.fourth / fmax(a.square * a.square, 1e-300) +
                         b.n * b.fourth / fmax(b.square * b.square, 1e-300));
  const double kurtosis = (within + 3.0 * PRIOR_VALUES) / (a.n + b.n + PRIOR_VALUES);
  return 1.0 / (fmax(1.0, 0.5 * (kurtosis - 1.0)) * (1.0 + 2.0 * lag * lag));
}

/* Neighbours' errors hardly cancel over a part when the speed also wanders: the correlation that
 * counts is kept away from the -0.5 that would make means exact. */
static double slow_score(part a, part b, double lag) {
  const double spread = (a.n * a.square + b.n * b.square) / (a.n + b.n);
  const double gain = fmax(0.3, 1.0 + 2.0 * lag);
  const double se = sqrt(spread * gain * (1.0 / a.n + 1.0 / b.n));
  return se > 0.0 ? (b.mean - a.mean) / se : b.mean > a.mean ? 1e3 : 0.0;
}

static double largest_p(double x, double left_out) {
  if (!(x > 1.0)) {
    return 1.0;
  }
  const double phi = exp(-0.5 * x * x) / sqrt(2.0 * DT_PI);
  const double span = 2.0 * log((1.0 - left_out) / left_out);
  const double p = 0.5 * x * phi * ((1.0 - 1.0 / (x * x)) * span + 4.0 / (x * x));
  return fmin(1.0, p);
}

static void keep_better(dt__break* best, double* top, double score, dt_breakdown kind, size_t at,
                        part a, part b) {
  if (score > *top) {
    *top = score;
    *best = (dt__break){DT_KNOWN,       kind,           at,     (double)NAN,
                        sqrt(a.square), sqrt(b.square), a.mean, b.mean};
  }
}

dt__break dt__roll_break(const double* interval, const double* residual, size_t count, double lag) {
  const double nan_ = (double)NAN;
  dt__break best = {DT_CANT_TELL, DT_HOLDS, 0, nan_, nan_, nan_, nan_, nan_};
  if (count < COUNT_MIN) {
    return best;
  }
  const size_t margin = (size_t)fmax(PART_MIN, ceil(LEAVE_OUT * (double)count));
  double top = 0.0;
  part all = {0};
  part first = {0};
  for (size_t i = 0; i < count; ++i) {
    add(&all, interval[i], residual[i]);
  }
  for (size_t at = 1; at + margin <= count; ++at) {
    add(&first, interval[at - 1], residual[at - 1]);
    if (at < margin) {
      continue;
    }
    const part a = means(first);
    const part b = means(without(all, first));
    if (b.mean >= SLOW * a.mean) {
      keep_better(&best, &top, slow_score(a, b, lag), DT_BREAKS_SLOW, at, a, b);
    }
    if (b.square >= UNEVEN * UNEVEN * a.square && a.square > 0.0) {
      const double each = worth(a, b, lag);
      keep_better(&best, &top, f_score(b.square / a.square, each * b.n, each * a.n),
                  DT_BREAKS_UNEVEN, at, a, b);
    }
  }
  const double p = fmin(1.0, 2.0 * largest_p(top, (double)margin / (double)count));
  if (p < SIGNIFICANT) {
    best.p = p;
    return best;
  }
  return (dt__break){DT_KNOWN, DT_HOLDS, 0, p, nan_, nan_, nan_, nan_};
}
