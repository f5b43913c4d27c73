#ifndef DT_FFT_H
#define DT_FFT_H

#include <stddef.h>

#include "dt/arena.h"
#include "dt/attr.h"

/*
 * Discrete Fourier transform in single precision, own: Stockham passes of radix 4 (and one of
 * radix 2 where needed) over eight interleaved transforms, joined by one pass of radix 8
 * (C. Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992, 1.7 and 3.3).
 *
 * The same bits on every machine: one order of operations, whatever the width of the registers;
 * the tables come from additions and multiplications alone. Errors of about 1e-7 of the greatest
 * value (test_fft).
 *
 * One object serves one thread at a time: it holds the work space.
 */
#define DT_FFT_MIN 64
#define DT_FFT_MAX 8192

typedef struct dt_fft {
  int size;        /* of the complex transform */
  float* twiddles; /* of the passes over the eight transforms */
  float* join;     /* of the last pass: exp(-2 pi i l k / size), seven rows of re, of im */
  float* half_re;  /* exp(-i pi k / size), to part the spectrum of 2 * size real samples */
  float* half_im;
  float* work[6];                        /* three times re and im: to, fro, and the result */
  const struct dt__fft_kernels* kernels; /* chosen once for this machine */
} dt_fft;

/* size: a power of two, DT_FFT_MIN..DT_FFT_MAX. Takes the memory; init fills it and needs size as
 * layout left it. No other memory is ever asked for. */
void dt_fft_layout(dt_fft* fft, dt_arena* arena, int size);
void dt_fft_init(dt_fft* fft);

/* re + i im becomes its transform sum_n z[n] exp(-2 pi i n k / size), in place, natural order.
 * size floats each, any alignment. */
void dt_fft_forward(dt_fft* fft, float* re, float* im) DT_NONBLOCKING;

/* power[k] = |sum_n w[n] x[n] exp(-2 pi i n k / (2 size))|^2 for k = 0..size, of 2 * size real
 * samples x and window w. */
void dt_fft_power(dt_fft* fft, const float* x, const float* window, float* power) DT_NONBLOCKING;

/* Two spectra at once: of size real samples each, power for k = 0..size / 2. */
void dt_fft_power_pair(dt_fft* fft, const float* x, const float* y, const float* window,
                       float* power_x, float* power_y) DT_NONBLOCKING;

#endif
