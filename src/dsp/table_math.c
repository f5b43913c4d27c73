#include "dt/table_math.h"

#include <math.h>

#include "dt/stat.h"

/* Taylor series for |x| <= pi / 4, the smallest terms first. */
static double cos_near_0(double x) {
  double sum = 1;
  for (int n = 18; n >= 2; n -= 2)
    sum = 1 - sum * x * x / (n * (n - 1));
  return sum;
}

static double sin_near_0(double x) {
  double sum = 1;
  for (int n = 19; n >= 3; n -= 2)
    sum = 1 - sum * x * x / (n * (n - 1));
  return x * sum;
}

double dt_table_cos(double turns) {
  /* Quarters of a turn, and what is left: at most an eighth on either side. Both are exact. */
  double quarters = floor(4 * turns + 0.5);
  double x = 2 * DT_PI * (turns - quarters / 4);
  switch ((long)quarters & 3) {
  case 0:
    return cos_near_0(x);
  case 1:
    return -sin_near_0(x);
  case 2:
    return -cos_near_0(x);
  default:
    return sin_near_0(x);
  }
}

double dt_table_sin(double turns) {
  double quarters = floor(4 * turns + 0.5);
  double x = 2 * DT_PI * (turns - quarters / 4);
  switch ((long)quarters & 3) {
  case 0:
    return sin_near_0(x);
  case 1:
    return cos_near_0(x);
  case 2:
    return -sin_near_0(x);
  default:
    return -cos_near_0(x);
  }
}

/* ln m = 2 artanh((m - 1) / (m + 1)) for m near 1. */
double dt_table_ln(double x) {
  int exponent;
  double m = frexp(x, &exponent);
  if (m < 0.70710678118654752440) {
    m *= 2;
    exponent--;
  }
  double s = (m - 1) / (m + 1);
  double sum = 0;
  for (int n = 25; n >= 1; n -= 2)
    sum = sum * s * s + 1.0 / n;
  return 2 * s * sum + exponent * 0.69314718055994530942;
}

/* Abramowitz and Stegun, Handbook of Mathematical Functions, 9.6.12. */
double dt_table_bessel_i0(double x) {
  double sum = 0;
  double term = 1;
  for (int n = 1; term > sum * 1e-18; n++) {
    sum += term;
    term *= (x / 2 / n) * (x / 2 / n);
  }
  return sum;
}
