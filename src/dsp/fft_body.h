#ifndef DT_DSP_FFT_BODY_H
#define DT_DSP_FFT_BODY_H

/*
 * The body of every set of kernels: compiled once for each width of registers. The order of
 * operations on each number does not depend on LANES.
 */
#include <string.h>

#include "dt/attr.h"
#include "fft_kernels.h"

#ifndef LANES
#define LANES 4
#endif

/* What the table of kernels points to. */
static inline void window_one(const dt_fft* fft, const float* x,
                              const float* window) DT_NONBLOCKING;
static inline void window_two(const dt_fft* fft, const float* x, const float* y,
                              const float* window) DT_NONBLOCKING;
static inline void transform(const dt_fft* fft) DT_NONBLOCKING;
static inline void power_one(const dt_fft* fft, float* power) DT_NONBLOCKING;
static inline void power_two(const dt_fft* fft, float* power_x, float* power_y) DT_NONBLOCKING;

typedef float vec __attribute__((vector_size(LANES * sizeof(float))));
typedef struct cvec {
  vec re;
  vec im;
} cvec;

static inline vec load(const float* x) {
  vec v;
  memcpy(&v, x, sizeof v);
  return v;
}

static inline void store(float* x, vec v) {
  memcpy(x, &v, sizeof v);
}

static inline cvec load_complex(const float* re, const float* im, int at) {
  return (cvec){load(re + at), load(im + at)};
}

static inline void store_complex(float* re, float* im, int at, cvec z) {
  store(re + at, z.re);
  store(im + at, z.im);
}

#if LANES == 4
#define REVERSED(v)  __builtin_shufflevector(v, v, 3, 2, 1, 0)
#define EVENS(a, b)  __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODDS(a, b)   __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define LOWS(a, b)   __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGHS(a, b)  __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define FIRSTS(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5)
#define LASTS(a, b)  __builtin_shufflevector(a, b, 2, 3, 6, 7)
#define ALL(x)       ((vec){x, x, x, x})
#else
#define REVERSED(v)  __builtin_shufflevector(v, v, 7, 6, 5, 4, 3, 2, 1, 0)
#define EVENS(a, b)  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODDS(a, b)   __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define LOWS(a, b)   __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGHS(a, b)  __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define FIRSTS(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define LASTS(a, b)  __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define BOTTOM(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define TOP(a, b)    __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#define ALL(x)       ((vec){x, x, x, x, x, x, x, x})
#endif

/* ---------------------------------------------------------------- butterflies */

static inline cvec add(cvec a, cvec b) {
  return (cvec){a.re + b.re, a.im + b.im};
}

static inline cvec sub(cvec a, cvec b) {
  return (cvec){a.re - b.re, a.im - b.im};
}

static inline cvec mul(cvec a, vec re, vec im) {
  return (cvec){a.re * re - a.im * im, a.re * im + a.im * re};
}

/* a - i b, a + i b */
static inline cvec sub_i(cvec a, cvec b) {
  return (cvec){a.re + b.im, a.im - b.re};
}

static inline cvec add_i(cvec a, cvec b) {
  return (cvec){a.re - b.im, a.im + b.re};
}

/* z becomes its transform of length 4. */
static inline void four(cvec z[4]) {
  cvec even = add(z[0], z[2]);
  cvec even_rest = sub(z[0], z[2]);
  cvec odd = add(z[1], z[3]);
  cvec odd_rest = sub(z[1], z[3]);
  z[0] = add(even, odd);
  z[1] = sub_i(even_rest, odd_rest);
  z[2] = sub(even, odd);
  z[3] = add_i(even_rest, odd_rest);
}

static inline void eight(cvec z[8]) {
  cvec even[4] = {z[0], z[2], z[4], z[6]};
  cvec odd[4] = {z[1], z[3], z[5], z[7]};
  four(even);
  four(odd);
  const vec half = ALL(0.70710678118654752440f);
  odd[1] = (cvec){(odd[1].re + odd[1].im) * half, (odd[1].im - odd[1].re) * half};
  odd[3] = (cvec){(odd[3].im - odd[3].re) * half, (odd[3].re + odd[3].im) * half};
  z[0] = add(even[0], odd[0]);
  z[4] = sub(even[0], odd[0]);
  z[1] = add(even[1], odd[1]);
  z[5] = sub(even[1], odd[1]);
  z[2] = sub_i(even[2], odd[2]);
  z[6] = add_i(even[2], odd[2]);
  /* odd[3] was turned into (re, -im) of what is added. */
  z[3] = (cvec){even[3].re + odd[3].re, even[3].im - odd[3].im};
  z[7] = (cvec){even[3].re - odd[3].re, even[3].im + odd[3].im};
}

/* ---------------------------------------------------------------- passes */

/* One pass of radix 4 over columns of `rows` rows in `groups` interleaved transforms. */
static inline void pass_four(const float* twiddles, int rows, int groups, float* const from[2],
                             float* const to[2]) {
  int quarter = rows / 4;
  int width = groups * DT__FFT_COLUMNS;
  for (int p = 0; p < quarter; p++) {
    const float* w = twiddles + (ptrdiff_t)6 * p;
    const vec w1_re = ALL(w[0]), w1_im = ALL(w[1]);
    const vec w2_re = ALL(w[2]), w2_im = ALL(w[3]);
    const vec w3_re = ALL(w[4]), w3_im = ALL(w[5]);
    int in = p * width;
    int out = 4 * p * width;
    for (int q = 0; q < width; q += LANES) {
      cvec z[4];
      for (int r = 0; r < 4; r++)
        z[r] = load_complex(from[0], from[1], in + r * quarter * width + q);
      four(z);
      store_complex(to[0], to[1], out + q, z[0]);
      store_complex(to[0], to[1], out + width + q, mul(z[1], w1_re, w1_im));
      store_complex(to[0], to[1], out + 2 * width + q, mul(z[2], w2_re, w2_im));
      store_complex(to[0], to[1], out + 3 * width + q, mul(z[3], w3_re, w3_im));
    }
  }
}

/* The last pass over the columns needs no twiddles. */
static inline void last_four(int width, float* const from[2], float* const to[2]) {
  for (int q = 0; q < width; q += LANES) {
    cvec z[4];
    for (int r = 0; r < 4; r++)
      z[r] = load_complex(from[0], from[1], r * width + q);
    four(z);
    for (int r = 0; r < 4; r++)
      store_complex(to[0], to[1], r * width + q, z[r]);
  }
}

static inline void last_eight(int width, float* const from[2], float* const to[2]) {
  for (int q = 0; q < width; q += LANES) {
    cvec z[8];
    for (int r = 0; r < 8; r++)
      z[r] = load_complex(from[0], from[1], r * width + q);
    eight(z);
    for (int r = 0; r < 8; r++)
      store_complex(to[0], to[1], r * width + q, z[r]);
  }
}

/* t[l] = column l of the LANES rows from `from` on. */
static inline void turn_four(vec a, vec b, vec c, vec d, vec t[4]) {
  vec ab = LOWS(a, b);
  vec cd = LOWS(c, d);
  t[0] = FIRSTS(ab, cd);
  t[1] = LASTS(ab, cd);
  ab = HIGHS(a, b);
  cd = HIGHS(c, d);
  t[2] = FIRSTS(ab, cd);
  t[3] = LASTS(ab, cd);
}

static inline void turn(const float* from, vec t[8]) {
#if LANES == 4
  turn_four(load(from), load(from + 8), load(from + 16), load(from + 24), t);
  turn_four(load(from + 4), load(from + 12), load(from + 20), load(from + 28), t + 4);
#else
  vec low[4];
  vec high[4];
  turn_four(load(from), load(from + 8), load(from + 16), load(from + 24), low);
  turn_four(load(from + 32), load(from + 40), load(from + 48), load(from + 56), high);
  for (int l = 0; l < 4; l++) {
    t[l] = BOTTOM(low[l], high[l]);
    t[l + 4] = TOP(low[l], high[l]);
  }
#endif
}

/* The transforms of the columns become that of the whole. */
static inline void join_columns(const dt_fft* fft, float* const from[2], float* const to[2]) {
  int rows = fft->size / DT__FFT_COLUMNS;
  for (int k = 0; k < rows; k += LANES) {
    vec re[8];
    vec im[8];
    turn(from[0] + (ptrdiff_t)8 * k, re);
    turn(from[1] + (ptrdiff_t)8 * k, im);
    cvec z[8];
    z[0] = (cvec){re[0], im[0]};
    for (int l = 1; l < 8; l++) {
      const float* w = fft->join + (ptrdiff_t)2 * (l - 1) * rows + k;
      z[l] = mul((cvec){re[l], im[l]}, load(w), load(w + rows));
    }
    eight(z);
    for (int r = 0; r < 8; r++)
      store_complex(to[0], to[1], r * rows + k, z[r]);
  }
}

static inline void transform(const dt_fft* fft) {
  float* const* from = fft->work;
  float* const* to = fft->work + 2;
  const float* twiddles = fft->twiddles;
  int rows = fft->size / DT__FFT_COLUMNS;
  int groups = 1;
  for (; rows > 8; rows /= 4, groups *= 4) {
    pass_four(twiddles, rows, groups, from, to);
    twiddles += (ptrdiff_t)6 * (rows / 4);
    float* const* swap = from;
    from = to;
    to = swap;
  }
  if (rows == 8)
    last_eight(groups * DT__FFT_COLUMNS, from, to);
  else
    last_four(groups * DT__FFT_COLUMNS, from, to);
  join_columns(fft, to, fft->work + 4);
  fft->work[4][fft->size] = fft->work[4][0];
  fft->work[5][fft->size] = fft->work[5][0];
}

/* ---------------------------------------------------------------- real signals */

static inline void window_one(const dt_fft* fft, const float* x, const float* window) {
  for (int n = 0; n < fft->size; n += LANES) {
    vec a = load(x + 2 * n) * load(window + 2 * n);
    vec b = load(x + 2 * n + LANES) * load(window + 2 * n + LANES);
    store(fft->work[0] + n, EVENS(a, b));
    store(fft->work[1] + n, ODDS(a, b));
  }
}

static inline void window_two(const dt_fft* fft, const float* x, const float* y,
                              const float* window) {
  for (int n = 0; n < fft->size; n += LANES) {
    vec w = load(window + n);
    store(fft->work[0] + n, load(x + n) * w);
    store(fft->work[1] + n, load(y + n) * w);
  }
}

/* z = transform of even + i odd samples: their own transforms are (z[k] + conj z[-k]) / 2 and
 * (z[k] - conj z[-k]) / 2i, and the whole is even + odd exp(-i pi k / size). */
static inline void power_one(const dt_fft* fft, float* power) {
  const float* re = fft->work[4];
  const float* im = fft->work[5];
  int size = fft->size;
  const vec quarter = ALL(0.25f);
  for (int k = 0; k < size / 2; k += LANES) {
    int mirror = size - k - LANES + 1;
    cvec a = load_complex(re, im, k);
    vec b_re = REVERSED(load(re + mirror));
    vec b_im = REVERSED(load(im + mirror));
    cvec even = {a.re + b_re, a.im - b_im};
    cvec odd = {a.im + b_im, b_re - a.re};
    odd = mul(odd, load(fft->half_re + k), load(fft->half_im + k));
    cvec sum = add(even, odd);
    cvec rest = sub(even, odd);
    store(power + k, (sum.re * sum.re + sum.im * sum.im) * quarter);
    store(power + mirror, REVERSED(((rest.re * rest.re + rest.im * rest.im) * quarter)));
  }
  power[size / 2] = re[size / 2] * re[size / 2] + im[size / 2] * im[size / 2];
}

static inline void power_two(const dt_fft* fft, float* power_x, float* power_y) {
  const float* re = fft->work[4];
  const float* im = fft->work[5];
  int size = fft->size;
  const vec quarter = ALL(0.25f);
  for (int k = 0; k < size / 2; k += LANES) {
    int mirror = size - k - LANES + 1;
    cvec a = load_complex(re, im, k);
    vec b_re = REVERSED(load(re + mirror));
    vec b_im = REVERSED(load(im + mirror));
    cvec x = {a.re + b_re, a.im - b_im};
    cvec y = {a.im + b_im, b_re - a.re};
    store(power_x + k, (x.re * x.re + x.im * x.im) * quarter);
    store(power_y + k, (y.re * y.re + y.im * y.im) * quarter);
  }
  power_x[size / 2] = re[size / 2] * re[size / 2];
  power_y[size / 2] = im[size / 2] * im[size / 2];
}

#endif
