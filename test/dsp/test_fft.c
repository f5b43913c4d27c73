#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "../support/near.h"
#include "dt/fft.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "fft_kernels.h"

#define SEED 11

typedef struct held {
  dt_fft fft;
  void* block;
  size_t size;
} held;

static bool hold(held* h, const dt_allocator* allocator, int size) {
  dt_arena arena = dt_arena_measure();
  dt_fft_layout(&h->fft, &arena, size);
  h->size = arena.used;
  h->block = dt_alloc(allocator, h->size);
  if (h->block == NULL)
    return false;
  arena = dt_arena_over(h->block, h->size);
  dt_fft_layout(&h->fft, &arena, size);
  dt_fft_init(&h->fft);
  return true;
}

static void noise(float* x, size_t count, uint64_t stream) {
  dt_rng rng = dt_rng_seeded(SEED, stream);
  for (size_t n = 0; n < count; n++)
    x[n] = (float)(2 * dt_rng_uniform(&rng) - 1);
}

/* Line k of the transform of length `size` of re + i im (im may be NULL), in double precision. */
static void line(const double* re, const double* im, int size, int k, double out[2]) {
  out[0] = 0;
  out[1] = 0;
  for (int n = 0; n < size; n++) {
    double angle = -2 * DT_PI * (double)((int64_t)k * n % size) / size;
    double b = im != NULL ? im[n] : 0;
    out[0] += re[n] * cos(angle) - b * sin(angle);
    out[1] += re[n] * sin(angle) + b * cos(angle);
  }
}

static void every_size_is_the_slow_transform(void** state) {
  (void)state;
  static float re[DT_FFT_MAX];
  static float im[DT_FFT_MAX];
  static double slow_re[DT_FFT_MAX];
  static double slow_im[DT_FFT_MAX];
  for (int size = DT_FFT_MIN; size <= DT_FFT_MAX; size *= 2) {
    held h;
    assert_true(hold(&h, NULL, size));
    noise(re, (size_t)size, 0);
    noise(im, (size_t)size, 1);
    for (int n = 0; n < size; n++) {
      slow_re[n] = (double)re[n];
      slow_im[n] = (double)im[n];
    }
    dt_fft_forward(&h.fft, re, im);
    int step = size <= 256 ? 1 : size / 64 + 1; /* lines of every residue */
    for (int k = 0; k < size; k += step) {
      double expected[2];
      line(slow_re, slow_im, size, k, expected);
      assert_near((double)re[k], expected[0], 1e-6 * size);
      assert_near((double)im[k], expected[1], 1e-6 * size);
    }
    dt_release(NULL, h.block, h.size);
  }
}

static void windowed(const float* x, const float* window, int size, double* out) {
  for (int n = 0; n < size; n++)
    out[n] = (double)(x[n] * window[n]);
}

static void assert_power(float power, const double* x, int size, int k) {
  double expected[2];
  line(x, NULL, size, k, expected);
  double magnitude = hypot(expected[0], expected[1]);
  assert_near(sqrt((double)power), magnitude, 2e-5 + 1e-6 * magnitude);
}

static void real_sound_has_its_power(void** state) {
  (void)state;
  static float x[4096 + 1];
  static float y[4096 + 1];
  static float window[4096];
  static float power[2][4096 + 1];
  static double slow[2][4096];
  for (int size = 64; size <= 2048; size *= 2) {
    held h;
    assert_true(hold(&h, NULL, size));
    noise(x, (size_t)size * 2 + 1, 2);
    noise(y, (size_t)size * 2 + 1, 3);
    noise(window, (size_t)size * 2, 4);
    /* From x + 1: sound may begin at any address. */
    dt_fft_power(&h.fft, x + 1, window, power[0]);
    windowed(x + 1, window, 2 * size, slow[0]);
    for (int k = 0; k <= size; k += size <= 256 ? 1 : 5)
      assert_power(power[0][k], slow[0], 2 * size, k);
    assert_power(power[0][size / 2], slow[0], 2 * size, size / 2);
    assert_power(power[0][size], slow[0], 2 * size, size);
    dt_fft_power_pair(&h.fft, x + 1, y, window, power[0], power[1]);
    windowed(x + 1, window, size, slow[0]);
    windowed(y, window, size, slow[1]);
    for (int k = 0; k <= size / 2; k++) {
      assert_power(power[0][k], slow[0], size, k);
      assert_power(power[1][k], slow[1], size, k);
    }
    dt_release(NULL, h.block, h.size);
  }
}

/* The transform of two views at once may not let a loud one be heard in a silent one. */
static void silence_stays_silent_beside_noise(void** state) {
  (void)state;
  enum { SIZE = 512 };
  static float loud[SIZE];
  static const float silent[SIZE];
  static float window[SIZE];
  static float power[2][SIZE];
  held h;
  assert_true(hold(&h, NULL, SIZE));
  noise(loud, SIZE, 5);
  for (int n = 0; n < SIZE; n++)
    window[n] = 4.0f / SIZE;
  for (int side = 0; side < 2; side++) {
    dt_fft_power_pair(&h.fft, side == 0 ? loud : silent, side == 0 ? silent : loud, window,
                      power[0], power[1]);
    for (int k = 0; k <= SIZE / 2; k++)
      assert_true(power[1 - side][k] < 1e-13f);
  }
  dt_release(NULL, h.block, h.size);
}

static bool same_bits(const float* a, const float* b, int count) {
  return memcmp(a, b, (size_t)count * sizeof *a) == 0;
}

static void every_processor_gives_the_same_bits(void** state) {
  (void)state;
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2")) {
    print_message("skipped: this processor has one kind of registers\n");
    return;
  }
  static float x[2 * DT_FFT_MAX];
  static float window[2 * DT_FFT_MAX];
  static float wide[2][DT_FFT_MAX + 1];
  static float plain[2][DT_FFT_MAX + 1];
  for (int size = DT_FFT_MIN; size <= DT_FFT_MAX; size *= 2) {
    held h;
    assert_true(hold(&h, NULL, size));
    assert_ptr_equal(h.fft.kernels, &dt__fft_avx2);
    noise(x, (size_t)size * 2, 6);
    noise(window, (size_t)size * 2, 7);
    dt_fft_power(&h.fft, x, window, wide[0]);
    h.fft.kernels = &dt__fft_four_lanes;
    dt_fft_power(&h.fft, x, window, plain[0]);
    assert_true(same_bits(wide[0], plain[0], size + 1));
    dt_fft_power_pair(&h.fft, x, x + size, window, plain[0], plain[1]);
    h.fft.kernels = &dt__fft_avx2;
    dt_fft_power_pair(&h.fft, x, x + size, window, wide[0], wide[1]);
    assert_true(same_bits(wide[0], plain[0], size / 2 + 1));
    assert_true(same_bits(wide[1], plain[1], size / 2 + 1));
    dt_release(NULL, h.block, h.size);
  }
#else
  print_message("skipped: this processor has one kind of registers\n");
#endif
}

/* Known once: a change of any bit of the tables or of the order of sums is noticed. */
static void the_bits_are_those_of_every_other_machine(void** state) {
  (void)state;
  enum { SIZE = 1024 };
  static float x[2 * SIZE];
  static float window[2 * SIZE];
  static float power[SIZE + 1];
  held h;
  assert_true(hold(&h, NULL, SIZE));
  noise(x, 2 * SIZE, 8);
  noise(window, 2 * SIZE, 9);
  dt_fft_power(&h.fft, x, window, power);
  uint64_t hash = 14695981039346656037u; /* FNV-1a */
  for (int k = 0; k <= SIZE; k++) {
    uint32_t bits;
    memcpy(&bits, &power[k], sizeof bits);
    for (int byte = 0; byte < 4; byte++)
      hash = (hash ^ (bits >> (8 * byte) & 255)) * 1099511628211u;
  }
  assert_int_equal(hash, 0x8c52c5bf42ac6343);
  dt_release(NULL, h.block, h.size);
}

static bool build_and_free(const dt_allocator* allocator, void* ctx) {
  held h;
  bool is_built = hold(&h, allocator, *(const int*)ctx);
  dt_release(allocator, h.block, h.size);
  return is_built;
}

static void one_block_is_all_it_takes(void** state) {
  (void)state;
  for (int size = DT_FFT_MIN; size <= DT_FFT_MAX; size *= 2)
    assert_int_equal(dt_failing_sweep(build_and_free, &size), 1);
}

int main(void) {
  print_message("noise of seed %d\n", SEED);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_size_is_the_slow_transform),
      cmocka_unit_test(real_sound_has_its_power),
      cmocka_unit_test(silence_stays_silent_beside_noise),
      cmocka_unit_test(every_processor_gives_the_same_bits),
      cmocka_unit_test(the_bits_are_those_of_every_other_machine),
      cmocka_unit_test(one_block_is_all_it_takes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
