#ifndef DT_DSP_FFT_KERNELS_H
#define DT_DSP_FFT_KERNELS_H

#include "dt/fft.h"

/*
 * What the transform does with vectors: one body (fft_body.h) for four and for eight lanes, with
 * the same bits. They leave their results in the work space and never ask for more.
 */
typedef struct dt__fft_kernels {
  /* work[0, 1] = even and odd samples of the windowed x; or the windowed x and y. */
  void (*window_one)(const dt_fft* fft, const float* x, const float* window) DT_NONBLOCKING;
  void (*window_two)(const dt_fft* fft, const float* x, const float* y,
                     const float* window) DT_NONBLOCKING;
  /* work[4, 5] = transform of work[0, 1], one value more: the first again. */
  void (*transform)(const dt_fft* fft) DT_NONBLOCKING;
  /* Powers of the real signals from the transform of the complex one. */
  void (*power_one)(const dt_fft* fft, float* power) DT_NONBLOCKING;
  void (*power_two)(const dt_fft* fft, float* power_x, float* power_y) DT_NONBLOCKING;
} dt__fft_kernels;

extern const dt__fft_kernels dt__fft_four_lanes;
#if defined(__x86_64__)
extern const dt__fft_kernels dt__fft_avx2;
#endif

/* The transform is eight columns: z[8 j + l] is row j of column l. */
#define DT__FFT_COLUMNS 8

#endif
