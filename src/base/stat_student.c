#include "dt/stat.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "stat_internal.h"

#define HALF_LOG_PI      0.572364942924700087072
#define NEARLY_NORMAL_DF 1000.0
#define CENTRE_FROM_TAIL 0.25

/* Mass above t and mass between -t and t (t >= 0); they are computed apart so that neither loses
 * its digits when it is small. */
typedef struct masses {
  double tail;
  double centre;
} masses;

/* The incomplete beta I_x(a, b) divided by x^a (1-x)^b / (a B(a, b)), as a continued fraction
 * (Numerical Recipes 6.4, modified Lentz). For x < (a + 1) / (a + b + 2). */
static double beta_fraction(double a, double b, double x) {
  double c = 1.0;
  double d = 1.0 / (1.0 - (a + b) * x / (a + 1.0));
  double h = d;
  for (int m = 1; m <= 10000; ++m) {
    const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 / (1.0 + even * d);
    c = 1.0 + even / c;
    h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 / (1.0 + odd * d);
    c = 1.0 + odd / c;
    h *= d * c;
    if (fabs(d * c - 1.0) <= 2.0 * DBL_EPSILON)
      break;
  }
  return h;
}

/* The same as a power series, all terms positive. */
static double beta_series(double a, double b, double x) {
  double term = 1.0;
  double sum = 1.0;
  for (double k = 0.0; term > sum * 0.1 * DBL_EPSILON; k += 1.0) {
    term *= (a + b + k) * x / (a + 1.0 + k);
    sum += term;
  }
  return sum;
}

/* log(1 + t^2 / df), where t^2 may be beyond a double. */
static double log_spread(double t, double df) {
  const double r = t / sqrt(df);
  return r < 1e8 ? log1p(r * r) : 2.0 * log(t) - log(df);
}

/* Hill, "Algorithm 395: Student's t-distribution", CACM 13(10), 1970: the normal deviate with the
 * same tail. Error of order df^-6. */
static double equal_normal(double t, double df) {
  const double a = df - 0.5;
  const double b = 48.0 * a * a;
  const double y = a * log_spread(t, df);
  const double fine = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b);
  return ((fine + y + 3.0) / b + 1.0) * sqrt(y);
}

/* t * density(t), the factor that all the forms below share. */
static double front_factor(double t, double df) {
  const double r = t / sqrt(df);
  const double log_root_share = r < 1e8 ? log(r) - 0.5 * log_spread(t, df) : 0.0;
  return exp(log_root_share - 0.5 * df * log_spread(t, df) + dt__log_gamma_half_step(0.5 * df) -
             HALF_LOG_PI);
}

static masses masses_at(double t, double df) {
  if (df > NEARLY_NORMAL_DF) {
    const double z = equal_normal(t, df) / sqrt(2.0);
    return (masses){0.5 * erfc(z), erf(z)};
  }
  const double a = 0.5 * df;
  const double r = t / sqrt(df);
  const double x = 1.0 / (1.0 + r * r);
  const double front = front_factor(t, df);
  if (x < (a + 1.0) / (a + 2.5)) {
    const double both = front * beta_fraction(a, 0.5, x) / a;
    return (masses){0.5 * both, 1.0 - both};
  }
  const double centre = 2.0 * front * beta_series(0.5, a, r * r * x);
  return (masses){0.5 * (1.0 - centre), centre};
}

double dt_student_cdf(double t, double df) {
  if (isnan(t) || !(df > 0.0))
    return (double)NAN;
  if (isinf(df))
    return dt_normal_cdf(t);
  if (isinf(t))
    return t > 0.0 ? 1.0 : 0.0;
  if (!(t < 0.0 || t > 0.0))
    return 0.5;
  const masses mass = masses_at(fabs(t), df);
  if (t < 0.0)
    return mass.tail;
  return mass.tail < 0.25 ? 1.0 - mass.tail : 0.5 + 0.5 * mass.centre;
}

typedef struct target {
  double df;
  double log_mass;
  bool central;
} target;

static dt__point mass_at(const void* ctx, double u) {
  const target* wanted = ctx;
  const double t = exp(u);
  const masses mass = masses_at(t, wanted->df);
  const double t_density = front_factor(t, wanted->df);
  if (wanted->central)
    return (dt__point){log(mass.centre) - wanted->log_mass, 2.0 * t_density / mass.centre};
  return (dt__point){wanted->log_mass - log(mass.tail), t_density / mass.tail};
}

double dt_student_quantile(double p, double df) {
  if (!(p > 0.0 && p < 1.0) || !(df > 0.0))
    return (double)NAN;
  if (isinf(df))
    return dt_normal_quantile(p);
  if (!(p < 0.5 || p > 0.5))
    return 0.0;
  const double tail = p < 0.5 ? p : 1.0 - p;
  target wanted = {df, log(tail), false};
  if (tail > CENTRE_FROM_TAIL)
    wanted = (target){df, log(2.0 * fabs(p - 0.5)), true};
  const double start = log(fabs(dt_normal_quantile(tail)));
  const bool is_beyond = masses_at(DBL_MAX, df).tail > tail;
  const double t = is_beyond ? (double)INFINITY : exp(dt__root(mass_at, &wanted, start));
  return p < 0.5 ? -t : t;
}
