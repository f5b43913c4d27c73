#include "dt/stat.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "stat_internal.h"

#define LOG_TWO_PI  1.83787706640934548356
#define CHI2_DF_MAX 1e8

/* The regularised incomplete gamma function at x = chi2 / 2, a = df / 2. */
typedef struct masses {
  double lower; /* P(a, x) */
  double upper; /* Q(a, x) */
  double front; /* x^a exp(-x) / Gamma(a), which is also x times the density */
} masses;

/* For large a written around its peak, where the plain logarithms would cancel (as in Loader,
 * "Fast and Accurate Computation of Binomial Probabilities", 2000). */
static double front_factor(double a, double x) {
  if (a < 10.0)
    return exp(a * log(x) - x - dt__log_gamma(a));
  const double delta = (x - a) / a;
  return exp(a * (log1p(delta) - delta) - dt__stirling_rest(a) + 0.5 * (log(a) - LOG_TWO_PI));
}

static double lower_series(double a, double x) {
  double term = 1.0 / a;
  double sum = term;
  for (double n = a + 1.0; term > sum * 0.1 * DBL_EPSILON; n += 1.0) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

/* Modified Lentz, Numerical Recipes 6.2. For x >= a + 1. */
static double upper_fraction(double a, double x) {
  double b = x + 1.0 - a;
  double c = 1.0 / DBL_MIN;
  double d = 1.0 / b;
  double h = d;
  for (int i = 1; i <= 1000000; ++i) {
    const double an = -i * (i - a);
    b += 2.0;
    d = 1.0 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (fabs(d * c - 1.0) <= 2.0 * DBL_EPSILON)
      break;
  }
  return h;
}

static masses masses_at(double a, double x) {
  if (!(x > 0.0))
    return (masses){0.0, 1.0, 0.0};
  const double front = front_factor(a, x);
  if (!(front > 0.0)) /* Both forms below would only waste time. */
    return (masses){x < a ? 0.0 : 1.0, x < a ? 1.0 : 0.0, 0.0};
  if (x < a + 1.0) {
    const double lower = front * lower_series(a, x);
    return (masses){lower, 1.0 - lower, front};
  }
  const double upper = front * upper_fraction(a, x);
  return (masses){1.0 - upper, upper, front};
}

static bool is_df(double df) {
  return df > 0.0 && df <= CHI2_DF_MAX;
}

double dt_chi2_cdf(double x, double df) {
  if (isnan(x) || !is_df(df))
    return (double)NAN;
  return isinf(x) && x > 0.0 ? 1.0 : masses_at(0.5 * df, 0.5 * x).lower;
}

typedef struct target {
  double a;
  double log_mass;
  bool lower;
} target;

static dt__point mass_at(const void* ctx, double u) {
  const target* wanted = ctx;
  const masses mass = masses_at(wanted->a, exp(u));
  if (wanted->lower)
    return (dt__point){log(mass.lower) - wanted->log_mass, mass.front / mass.lower};
  return (dt__point){wanted->log_mass - log(mass.upper), mass.front / mass.upper};
}

/* Wilson & Hilferty 1931: the cube root is nearly normal. */
static double guess(double p, double df) {
  const double s = 2.0 / (9.0 * df);
  const double root = 1.0 - s + dt_normal_quantile(p) * sqrt(s);
  return root > 0.1 ? 0.5 * df * root * root * root : 0.5 * df * 1e-3;
}

double dt_chi2_quantile(double p, double df) {
  if (!(p > 0.0 && p < 1.0) || !is_df(df))
    return (double)NAN;
  const bool lower = p < 0.5;
  const target wanted = {0.5 * df, log(lower ? p : 1.0 - p), lower};
  const double x = 2.0 * exp(dt__root(mass_at, &wanted, log(guess(p, df))));
  return x < DBL_MIN ? 0.0 : x; /* Nearer to 0 a double has not the digits. */
}
