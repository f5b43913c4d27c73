/*
 * The curves between layers. Included by each set of vector kernels after it has said what a vector
 * is:
 *
 *   NAME(name)          the name of a function for vectors of this size
 *   vec, uvec           floats, as many uint32_t
 *   ALL(x)              x in every lane
 *   MORE(a, b, x, y)    lane by lane, a > b ? x : y
 *   BITS(v), FLOATS(u)  the same bits as the other type
 */
#ifndef DT_NN_CURVES_H
#define DT_NN_CURVES_H

#include "dt/nn.h"

/* Beyond this a sigmoid is 0 or 1 to 1e-13, and nothing near it is a denormal number. */
#define CURVE_END 30.0f

/* Adding 1.5 x 2^23 leaves a number's nearest integer in the low bits. */
#define ROUNDER 12582912.0f

#endif

#ifdef NAME

/* e^x for |x| <= CURVE_END: 2^n times a polynomial of the rest (W. J. Cody and W. Waite, Software
 * Manual for the Elementary Functions, 1980, for the two-part logarithm of 2). Below 2 ulp. */
static inline vec NAME(exponential)(vec x) {
  const vec rounded = x * ALL(1.44269504f) + ALL(ROUNDER);
  const vec n = rounded - ALL(ROUNDER);
  const vec r = (x - n * ALL(0.693359375f)) - n * ALL(-2.12194440e-4f);
  vec p = ALL(1.0f / 5040);
  p = p * r + ALL(1.0f / 720);
  p = p * r + ALL(1.0f / 120);
  p = p * r + ALL(1.0f / 24);
  p = p * r + ALL(1.0f / 6);
  p = p * r + ALL(0.5f);
  p = p * r + ALL(1.0f);
  p = p * r + ALL(1.0f);
  const uvec power = (BITS(rounded) - 0x4b400000u + 127u) << 23;
  return p * FLOATS(power);
}

static inline vec NAME(sigmoid_of)(vec x) {
  const vec below = MORE(ALL(CURVE_END), x, x, ALL(CURVE_END)); /* NaN too */
  const vec within = MORE(below, ALL(-CURVE_END), below, ALL(-CURVE_END));
  return ALL(1.0f) / (ALL(1.0f) + NAME(exponential)(-within));
}

static inline vec NAME(tanh_of)(vec x) {
  return ALL(2.0f) * NAME(sigmoid_of)(x + x) - ALL(1.0f);
}

static inline vec NAME(next_state)(vec h, vec r, vec z, vec n, vec u_n) {
  const vec candidate = NAME(tanh_of)(n + NAME(sigmoid_of)(r) * u_n);
  const vec next = candidate + NAME(sigmoid_of)(z) * (h - candidate);
  const vec size = MORE(next, ALL(0.0f), next, -next);
  return MORE(size, ALL(DT_NN_TINY), next, ALL(0.0f));
}

/* In the low sixteen bits, x rounded to the nearest whole number within low..DT_NN_WHOLE_MAX; low
 * is at least -DT_NN_WHOLE_MAX, and NaN gives it. */
static inline uvec NAME(rounded_of)(vec x, float low) {
  const vec above = MORE(x, ALL(low), x, ALL(low));
  const vec within = MORE(ALL((float)DT_NN_WHOLE_MAX), above, above, ALL((float)DT_NN_WHOLE_MAX));
  return BITS(within + ALL(ROUNDER));
}

#endif
