#include "stat_internal.h"

#include <math.h>

#define STIRLING_FROM     10.0
#define HALF_LOG_TWO_PI   0.918938533204672741780
#define LOG_OF_ANY_DOUBLE 750.0

double dt__stirling_rest(double a) {
  /* Abramowitz & Stegun 6.1.41, six terms. */
  const double r = 1.0 / (a * a);
  const double tail = 1.0 / 1188.0 - r * (691.0 / 360360.0);
  return (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r * tail)))) / a;
}

double dt__log_gamma(double a) {
  double product = 1.0;
  for (; a < STIRLING_FROM; a += 1.0)
    product *= a;
  return (a - 0.5) * log(a) - a + HALF_LOG_TWO_PI + dt__stirling_rest(a) - log(product);
}

double dt__log_gamma_half_step(double a) {
  if (a < STIRLING_FROM)
    return dt__log_gamma(a + 0.5) - dt__log_gamma(a);
  return a * log1p(0.5 / a) - 0.5 + 0.5 * log(a) + dt__stirling_rest(a + 0.5) -
         dt__stirling_rest(a);
}

double dt__root(dt__point (*at)(const void* ctx, double u), const void* ctx, double start) {
  double low = -LOG_OF_ANY_DOUBLE;
  double high = LOG_OF_ANY_DOUBLE;
  double u = start > low && start < high ? start : 0.0;
  for (int i = 0; i < 200; ++i) {
    const dt__point point = at(ctx, u);
    if (point.f < 0.0)
      low = u;
    else
      high = u;
    double next = u - point.f / point.slope;
    /* Also when it is not a number, where f has underflowed. */
    if (!(next > low && next < high))
      next = 0.5 * (low + high);
    const double step = fabs(next - u);
    u = next;
    if (step <= 2e-15 * fmax(1.0, fabs(u)))
      break;
  }
  return u;
}
