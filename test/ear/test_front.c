#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "../support/near.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "front.h"

#define SEED  3
#define LATE  (DT__FRONT_LONG_BANDS + DT__FRONT_SHORT_BANDS)
#define EARLY DT__FRONT_LONG_BANDS

typedef struct held {
  dt__front front;
  void* block;
  size_t size;
} held;

static bool hold(held* h, const dt_allocator* allocator) {
  dt_arena arena = dt_arena_measure();
  dt__front_layout(&h->front, &arena);
  h->size = arena.used;
  h->block = dt_alloc(allocator, h->size);
  if (h->block == NULL)
    return false;
  memset(h->block, 0x7f, h->size); /* nothing may depend on what memory held before */
  arena = dt_arena_over(h->block, h->size);
  dt__front_layout(&h->front, &arena);
  dt__front_init(&h->front);
  return true;
}

static float* room_for(size_t count) {
  float* x = calloc(count + 1, sizeof *x);
  assert_non_null(x);
  return x;
}

/* Noise that comes and goes by 100 dB, so that weak views lie beside strong ones. */
static float* gusts(size_t count) {
  float* x = room_for(count);
  dt_rng rng = dt_rng_seeded(SEED, 0);
  for (size_t n = 0; n < count; n++) {
    double level = pow(10, -5 * (double)(n / 700 % 3) / 2);
    x[n] = (float)(level * (2 * dt_rng_uniform(&rng) - 1));
  }
  return x;
}

/* ---------------------------------------------------------------- the same, slowly */

static double mel(double hz) {
  return 2595 * log10(1 + hz / 700);
}

/* Feature `band` of a view of `size` samples that ends before x[end]. */
static void slow_view(const float* x, ptrdiff_t end, int size, int bands, double low_hz,
                      double* features) {
  static double wave[DT__FRONT_LONG];
  static double view[DT__FRONT_LONG];
  double sum = 0;
  for (int i = 0; i < size; i++) {
    double w = 0.5 - 0.5 * cos(2 * DT_PI * i / size);
    ptrdiff_t n = end - size + i;
    view[i] = n < 0 ? 0 : w * (double)x[n];
    wave[i] = cos(2 * DT_PI * i / size);
    sum += w;
  }
  double apart = (mel(16000) - mel(low_hz)) / (bands + 1);
  for (int b = 0; b < bands; b++)
    features[b] = 0;
  for (int k = 0; k <= size / 2; k++) {
    double re = 0;
    double im = 0;
    for (int i = 0; i < size; i++) {
      re += view[i] * wave[(int64_t)i * k % size];
      im += view[i] * wave[((int64_t)i * k + size / 4) % size];
    }
    double power = (re * re + im * im) * (2 / sum) * (2 / sum);
    for (int b = 0; b < bands; b++) {
      double middle = mel(low_hz) + (b + 1) * apart;
      features[b] += power * fmax(0, 1 - fabs(mel(k * 44100.0 / size) - middle) / apart);
    }
  }
  for (int b = 0; b < bands; b++)
    features[b] = (10 * log10(features[b] + 1e-9) + 60) / 30;
}

static void frames_are_what_they_are_said_to_be(void** state) {
  (void)state;
  enum { FRAMES = 14 };
  held h;
  assert_true(hold(&h, NULL));
  float* x = gusts(FRAMES * 441);
  float frames[FRAMES][DT__FRONT_SIZE];
  assert_int_equal(dt__front_process(&h.front, x, FRAMES * 441, frames[0]), FRAMES);
  for (int n = 0; n < FRAMES; n++) {
    double slow[DT__FRONT_SIZE];
    ptrdiff_t end = 441 * (n + 1);
    slow_view(x, end, 2048, 72, 20, slow);
    slow_view(x, end - 220, 512, 24, 40, slow + EARLY);
    slow_view(x, end, 512, 24, 40, slow + LATE);
    for (int i = 0; i < DT__FRONT_SIZE; i++)
      assert_near((double)frames[n][i], slow[i], 1e-4);
  }
  free(x);
  dt_release(NULL, h.block, h.size);
}

/* ---------------------------------------------------------------- what the numbers mean */

static void last_frame_of_a_sine(dt__front* front, double hz, double amplitude,
                                 float frame[DT__FRONT_SIZE]) {
  float x[441];
  dt__front_reset(front);
  for (int n = 0; n < 6; n++) {
    for (int i = 0; i < 441; i++)
      x[i] = (float)(amplitude * sin(2 * DT_PI * hz * (441 * n + i) / 44100));
    assert_int_equal(dt__front_process(front, x, 441, frame), 1);
  }
}

static void assert_tone_is_in_its_band(dt__front* front, int first, int bands, double low_hz) {
  for (int b = 0; b < bands; b++) {
    double middle = mel(low_hz) + (b + 1) * (mel(16000) - mel(low_hz)) / (bands + 1);
    double hz = 700 * (pow(10, middle / 2595) - 1);
    float frame[DT__FRONT_SIZE];
    last_frame_of_a_sine(front, hz, 0.1, frame);
    /* Low bands are narrower than the window's peak and share it. */
    int reach = hz < 300 ? 2 : 0;
    int loudest = 0;
    for (int i = 1; i < bands; i++)
      if (frame[first + i] > frame[first + loudest])
        loudest = i;
    assert_in_range(loudest + 2, b + 2 - reach, b + 2 + reach);
    if (reach == 0)
      assert_near(30 * (double)frame[first + b] - 60, -20, 3);
  }
}

static void a_tone_is_loudest_in_its_own_band(void** state) {
  (void)state;
  held h;
  assert_true(hold(&h, NULL));
  assert_tone_is_in_its_band(&h.front, 0, DT__FRONT_LONG_BANDS, 20);
  assert_tone_is_in_its_band(&h.front, EARLY, DT__FRONT_SHORT_BANDS, 40);
  assert_tone_is_in_its_band(&h.front, LATE, DT__FRONT_SHORT_BANDS, 40);
  dt_release(NULL, h.block, h.size);
}

static void silence_is_the_floor(void** state) {
  (void)state;
  held h;
  assert_true(hold(&h, NULL));
  /* Also next to nothing, which is slow to reckon with. */
  static const float whispers[] = {0, 1e-13f, -1e-30f, 1e-42f};
  for (int w = 0; w < 4; w++) {
    float x[4410];
    float frames[10][DT__FRONT_SIZE];
    for (int n = 0; n < 4410; n++)
      x[n] = whispers[w];
    dt__front_process(&h.front, x, 4410, frames[0]);
    for (int n = 0; n < 10; n++)
      for (int i = 0; i < DT__FRONT_SIZE; i++)
        assert_near((double)frames[n][i], -1, 1e-5);
  }
  dt_release(NULL, h.block, h.size);
}

static void the_loudest_sound_has_finite_numbers(void** state) {
  (void)state;
  held h;
  assert_true(hold(&h, NULL));
  float x[2205];
  float frames[5][DT__FRONT_SIZE];
  for (int way = 0; way < 3; way++) {
    for (int n = 0; n < 2205; n++)
      x[n] = way == 0 || (way == 1 ? n % 2 : n / 50 % 2) ? DT__FRONT_LOUDEST : -DT__FRONT_LOUDEST;
    dt__front_process(&h.front, x, 2205, frames[0]);
    for (int n = 0; n < 5; n++)
      for (int i = 0; i < DT__FRONT_SIZE; i++)
        assert_true(frames[n][i] > -1.1f && frames[n][i] < 6);
  }
  dt_release(NULL, h.block, h.size);
}

static void the_early_view_sees_a_click_later(void** state) {
  (void)state;
  held h;
  assert_true(hold(&h, NULL));
  float x[882] = {0};
  float frames[2][DT__FRONT_SIZE];
  x[441 - 100] = 1; /* after the end of frame 0's early view, in its late one */
  assert_int_equal(dt__front_process(&h.front, x, 882, frames[0]), 2);
  for (int b = 0; b < DT__FRONT_SHORT_BANDS; b++) {
    assert_near((double)frames[0][EARLY + b], -1, 1e-5);
    assert_true(frames[0][LATE + b] > -0.5f);
    assert_true(frames[1][EARLY + b] > -0.5f);
  }
  dt_release(NULL, h.block, h.size);
}

/* ---------------------------------------------------------------- blocks and starts */

static void blocks_of_any_size_give_the_same_bits(void** state) {
  (void)state;
  enum { FRAMES = 60, COUNT = FRAMES * 441 + 100 };
  held h;
  assert_true(hold(&h, NULL));
  float* x = gusts(COUNT);
  float* whole = room_for(FRAMES * DT__FRONT_SIZE);
  float* parts = room_for(FRAMES * DT__FRONT_SIZE);
  assert_int_equal(dt__front_frames(&h.front, COUNT), FRAMES);
  assert_int_equal(dt__front_process(&h.front, x, COUNT, whole), FRAMES);
  static const uint32_t largest[] = {1, 64, 441, 4096, 20000};
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int random = 0; random < 2; random++) {
    for (size_t b = 0; b < 5; b++) {
      dt__front_reset(&h.front);
      memset(parts, 0xff, FRAMES * DT__FRONT_SIZE * sizeof *parts);
      size_t got = 0;
      for (size_t n = 0; n < COUNT;) {
        size_t block = random ? 1 + dt_rng_below(&rng, largest[b]) : largest[b];
        block = block < COUNT - n ? block : COUNT - n;
        size_t promised = dt__front_frames(&h.front, block);
        size_t made = dt__front_process(&h.front, x + n, block, parts + got * DT__FRONT_SIZE);
        assert_int_equal(made, promised);
        got += made;
        n += block;
      }
      assert_int_equal(got, FRAMES);
      assert_memory_equal(whole, parts, FRAMES * DT__FRONT_SIZE * sizeof *whole);
    }
  }
  free(x);
  free(whole);
  free(parts);
  dt_release(NULL, h.block, h.size);
}

static void a_fresh_start_remembers_nothing(void** state) {
  (void)state;
  enum { FRAMES = 20 };
  held fresh;
  held used;
  assert_true(hold(&fresh, NULL));
  assert_true(hold(&used, NULL));
  float* x = gusts(FRAMES * 441);
  float* a = room_for(FRAMES * DT__FRONT_SIZE);
  float* b = room_for(FRAMES * DT__FRONT_SIZE);
  dt__front_process(&used.front, x, 5000, b);
  dt__front_reset(&used.front);
  dt__front_process(&fresh.front, x, FRAMES * 441, a);
  dt__front_process(&used.front, x, FRAMES * 441, b);
  assert_memory_equal(a, b, FRAMES * DT__FRONT_SIZE * sizeof *a);
  free(x);
  free(a);
  free(b);
  dt_release(NULL, fresh.block, fresh.size);
  dt_release(NULL, used.block, used.size);
}

static bool build_and_free(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  held h;
  bool is_built = hold(&h, allocator);
  dt_release(allocator, h.block, h.size);
  return is_built;
}

static void one_block_is_all_it_takes(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(build_and_free, NULL), 1);
}

int main(void) {
  print_message("noise and blocks of seed %d\n", SEED);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frames_are_what_they_are_said_to_be),
      cmocka_unit_test(a_tone_is_loudest_in_its_own_band),
      cmocka_unit_test(silence_is_the_floor),
      cmocka_unit_test(the_loudest_sound_has_finite_numbers),
      cmocka_unit_test(the_early_view_sees_a_click_later),
      cmocka_unit_test(blocks_of_any_size_give_the_same_bits),
      cmocka_unit_test(a_fresh_start_remembers_nothing),
      cmocka_unit_test(one_block_is_all_it_takes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
