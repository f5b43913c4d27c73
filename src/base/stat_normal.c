#include "dt/stat.h"

#include <math.h>

#include "stat_internal.h"

#define SQRT_HALF        0.707106781186547524401
#define INV_SQRT_TWO_PI  0.398942280401432677940
#define CENTRE_FROM_TAIL 0.25

double dt_normal_cdf(double z) {
  return 0.5 * erfc(-z * SQRT_HALF);
}

typedef struct target {
  double log_mass;
  int central; /* Mass of -z..z; otherwise mass above z. */
} target;

static dt__point mass_at(const void* ctx, double u) {
  const target* wanted = ctx;
  const double z = exp(u);
  const double density = INV_SQRT_TWO_PI * exp(-0.5 * z * z);
  const double mass = wanted->central ? erf(z * SQRT_HALF) : 0.5 * erfc(z * SQRT_HALF);
  const double slope = z * density / mass;
  if (wanted->central)
    return (dt__point){log(mass) - wanted->log_mass, 2.0 * slope};
  return (dt__point){wanted->log_mass - log(mass), slope};
}

double dt_normal_quantile(double p) {
  if (!(p > 0.0 && p < 1.0))
    return (double)NAN;
  if (!(p < 0.5 || p > 0.5))
    return 0.0;
  const double tail = p < 0.5 ? p : 1.0 - p;
  const double centre = 2.0 * fabs(p - 0.5); /* exact where it is small */
  target wanted = {log(tail), 0};
  if (tail > CENTRE_FROM_TAIL)
    wanted = (target){log(centre), 1};
  /* Abramowitz & Stegun 26.2.22, three digits: good enough to start from. */
  const double t = sqrt(-2.0 * log(tail));
  const double guess = t - (2.30753 + 0.27061 * t) / (1.0 + t * (0.99229 + 0.04481 * t));
  const double z = exp(dt__root(mass_at, &wanted, log(fmax(guess, 1e-300))));
  return p < 0.5 ? -z : z;
}
