#include "dt/fft.h"

#include <string.h>

#include "dt/table_math.h"
#include "fft_kernels.h"

#include "dt/rt_poison.h" /* last: see there */

void dt_fft_layout(dt_fft* fft, dt_arena* arena, int size) {
  fft->size = size;
  size_t count = (size_t)size;
  /* Rows shrink to a quarter with every pass: 6 / 4 * rows * (1 + 1/4 + ...) = 2 rows. */
  fft->twiddles = dt_arena_take(arena, 2 * count / DT__FFT_COLUMNS, sizeof(float));
  fft->join = dt_arena_take(arena, 14 * count / DT__FFT_COLUMNS, sizeof(float));
  fft->half_re = dt_arena_take(arena, count / 2, sizeof(float));
  fft->half_im = dt_arena_take(arena, count / 2, sizeof(float));
  for (int w = 0; w < 6; w++)
    fft->work[w] = dt_arena_take(arena, count + (w >= 4 ? 1 : 0), sizeof(float));
}

static const dt__fft_kernels* kernels_of_this_machine(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    return &dt__fft_avx2;
#endif
  return &dt__fft_four_lanes;
}

/* exp(-2 pi i part / whole) */
static float root_re(int part, int whole) {
  return (float)dt_table_cos((double)part / whole);
}

static float root_im(int part, int whole) {
  return (float)-dt_table_sin((double)part / whole);
}

void dt_fft_init(dt_fft* fft) {
  int rows = fft->size / DT__FFT_COLUMNS;
  float* w = fft->twiddles;
  for (int n = rows; n > 8; n /= 4) {
    for (int p = 0; p < n / 4; p++) {
      for (int r = 1; r < 4; r++) {
        *w++ = root_re(r * p, n);
        *w++ = root_im(r * p, n);
      }
    }
  }
  for (int l = 1; l < DT__FFT_COLUMNS; l++) {
    for (int k = 0; k < rows; k++) {
      fft->join[2 * (l - 1) * rows + k] = root_re(l * k, fft->size);
      fft->join[(2 * (l - 1) + 1) * rows + k] = root_im(l * k, fft->size);
    }
  }
  for (int k = 0; k < fft->size / 2; k++) {
    fft->half_re[k] = root_re(k, 2 * fft->size);
    fft->half_im[k] = root_im(k, 2 * fft->size);
  }
  fft->kernels = kernels_of_this_machine();
}

void dt_fft_forward(dt_fft* fft, float* re, float* im) {
  size_t bytes = (size_t)fft->size * sizeof *re;
  memcpy(fft->work[0], re, bytes);
  memcpy(fft->work[1], im, bytes);
  fft->kernels->transform(fft);
  memcpy(re, fft->work[4], bytes);
  memcpy(im, fft->work[5], bytes);
}

void dt_fft_power(dt_fft* fft, const float* x, const float* window, float* power) {
  fft->kernels->window_one(fft, x, window);
  fft->kernels->transform(fft);
  fft->kernels->power_one(fft, power);
}

void dt_fft_power_pair(dt_fft* fft, const float* x, const float* y, const float* window,
                       float* power_x, float* power_y) {
  fft->kernels->window_two(fft, x, y, window);
  fft->kernels->transform(fft);
  fft->kernels->power_two(fft, power_x, power_y);
}
