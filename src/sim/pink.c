#include "pink.h"

#include <math.h>

#define PI 3.14159265358979323846

#define HISTORY 4 /* times the take */

size_t dt__pink_length(size_t count) {
  size_t length = 4;
  while (length < HISTORY * count)
    length *= 2;
  return length;
}

static void swap_bins(double* x, size_t i, size_t j) {
  for (size_t part = 0; part < 2; part++) {
    const double kept = x[2 * i + part];
    x[2 * i + part] = x[2 * j + part];
    x[2 * j + part] = kept;
  }
}

static void reverse_bits(double* x, size_t length) {
  for (size_t i = 1, j = 0; i < length; i++) {
    size_t bit = length >> 1;
    for (; j & bit; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j)
      swap_bins(x, i, j);
  }
}

/* One butterfly: (a, b) becomes (a + w b, a - w b). */
static void butterfly(double* a, double* b, double w_re, double w_im) {
  const double re = b[0] * w_re - b[1] * w_im;
  const double im = b[0] * w_im + b[1] * w_re;
  b[0] = a[0] - re;
  b[1] = a[1] - im;
  a[0] += re;
  a[1] += im;
}

/* Radix-2 inverse transform in place (Cooley & Tukey 1965), in double precision because it runs
 * below the room of the float transforms and only once a take. */
static void transform(double* x, size_t length) {
  reverse_bits(x, length);
  for (size_t half = 1; half < length; half *= 2) {
    for (size_t k = 0; k < half; k++) {
      const double angle = PI * (double)k / (double)half;
      const double w_re = cos(angle);
      const double w_im = sin(angle);
      for (size_t at = k; at < length; at += 2 * half)
        butterfly(x + 2 * at, x + 2 * (at + half), w_re, w_im);
    }
  }
}

void dt__pink(double* work, size_t length, dt_rng* rng) {
  const size_t half = length / 2;
  work[0] = work[1] = 0;
  work[2 * half] = work[2 * half + 1] = 0;
  double power = 0;
  for (size_t k = 1; k < half; k++)
    power += 1 / (double)k;
  for (size_t k = 1; k < half; k++) {
    /* A real signal's bin and its mirror hold half of the amplitude each. */
    const double scale = 0.5 / sqrt((double)k * power);
    work[2 * k] = work[2 * (length - k)] = scale * dt_rng_normal(rng);
    work[2 * k + 1] = scale * dt_rng_normal(rng);
    work[2 * (length - k) + 1] = -work[2 * k + 1];
  }
  transform(work, length);
}
