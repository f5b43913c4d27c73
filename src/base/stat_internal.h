#ifndef DT_STAT_INTERNAL_H
#define DT_STAT_INTERNAL_H

/* Correction term of Stirling's formula: log Gamma(a) = (a - 1/2) log a - a + log(2 pi) / 2 +
 * this. a >= 10, error below 1e-15. */
double dt__stirling_rest(double a);

/* log Gamma(a), a > 0. Not lgamma, which writes the global signgam. */
double dt__log_gamma(double a);

/* log (Gamma(a + 1/2) / Gamma(a)), a > 0, without the cancellation of two large logarithms. */
double dt__log_gamma_half_step(double a);

/* f and its slope at u; f rises through 0 somewhere. */
typedef struct dt__point {
  double f;
  double slope;
} dt__point;

/* Where f(u) = 0, by Newton's method kept inside a shrinking bracket (Press et al., Numerical
 * Recipes 3rd ed., 9.4). u is the logarithm of the quantity looked for, so that the relative error
 * is the same for 1e-40 and 1e40; the bracket is all that a double can hold. */
double dt__root(dt__point (*at)(const void* ctx, double u), const void* ctx, double start);

#endif
