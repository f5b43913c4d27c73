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
 * side. Both kinds are tried, and share the errors allowed four to one: a roll that gets slower
 * does so plainly.
 */
enum { PART_MIN = 8, COUNT_MIN = 23 };
static const double LEAVE_OUT = 0.1;
static const double UNEVEN = 1.5;  /* times the spread before */
static const double SLOW = 1.05;   /* times the mean interval before */
static const double EVEN = 0.0025; /* spreads below this are a machine's, all alike */
static const double SIGNIFICANT = 0.05;
static const double UNEVEN_PRICE = 1.25; /* on p: 1 / share of the errors */
static const double SLOW_PRICE = 5.0;

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

/* The difference of the means as a share of the interval, as the residuals are. Neighbours' errors
 * hardly cancel over a part when the speed also wanders: the correlation that counts is kept away
 * from the -0.5 that would make means exact. */
static double slow_score(part a, part b, double lag) {
  const double spread = (a.n * a.square + b.n * b.square) / (a.n + b.n);
  const double gain = fmax(0.3, 1.0 + 2.0 * lag);
  const double se = sqrt(spread * gain * (1.0 / a.n + 1.0 / b.n));
  const double slower = (b.mean - a.mean) * (a.n + b.n) / (a.n * a.mean + b.n * b.mean);
  return se > 0.0 ? slower / se : slower > 0.0 ? 1e3 : 0.0;
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

/* The clearest change so far. */
typedef struct search {
  dt__break best;
  double score;
  double margin; /* share of the roll that is left out at either end */
} search;

static void consider(search* s, double score, dt_breakdown kind, size_t at, part a, part b) {
  const double price = kind == DT_BREAKS_SLOW ? SLOW_PRICE : UNEVEN_PRICE;
  const double p = price * largest_p(score, s->margin);
  if (p < s->best.p || (p <= s->best.p && score > s->score)) { /* very clear ones all have p 0 */
    s->score = score;
    s->best = (dt__break){DT_KNOWN, kind, at, p, sqrt(a.square), sqrt(b.square), a.mean, b.mean};
  }
}

static void look(search* s, size_t at, part a, part b, double lag) {
  if (b.mean >= SLOW * a.mean) {
    consider(s, slow_score(a, b, lag), DT_BREAKS_SLOW, at, a, b);
  }
  const double before = fmax(a.square, EVEN * EVEN);
  if (b.square >= UNEVEN * UNEVEN * before) {
    const double each = worth(a, b, lag);
    consider(s, f_score(b.square / before, each * b.n, each * a.n), DT_BREAKS_UNEVEN, at, a, b);
  }
}

dt__break dt__roll_break(const double* interval, const double* residual, size_t count, double lag) {
  const double none = (double)NAN;
  dt__break holds = {DT_CANT_TELL, DT_HOLDS, 0, none, none, none, none, none};
  if (count < COUNT_MIN) {
    return holds;
  }
  const size_t margin = (size_t)fmax(PART_MIN, ceil(LEAVE_OUT * (double)count));
  search s = {holds, 0.0, (double)margin / (double)count};
  s.best.p = 1.0;
  part all = {0};
  part first = {0};
  for (size_t i = 0; i < count; ++i) {
    add(&all, interval[i], residual[i]);
  }
  for (size_t at = 1; at + margin <= count; ++at) {
    add(&first, interval[at - 1], residual[at - 1]);
    if (at >= margin) {
      look(&s, at, means(first), means(without(all, first)), lag);
    }
  }
  if (s.best.p < SIGNIFICANT) {
    return s.best;
  }
  holds.known = DT_KNOWN;
  holds.p = s.best.p;
  return holds;
}
