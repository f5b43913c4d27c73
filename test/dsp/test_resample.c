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
#include "dt/resample.h"
#include "dt/rng.h"
#include "dt/stat.h"

#define SEED 5

/* Exact phases, phases between rows (44101, 47952, 191999), and every common rate. */
static const int rates[] = {8000,  11025, 16000, 22050, 32000, 44056,  44100,  44101,
                            47952, 48000, 64000, 88200, 96000, 176400, 191999, 192000};
#define RATES (sizeof rates / sizeof rates[0])

typedef struct held {
  dt_resample resample;
  void* block;
  size_t size;
} held;

static bool hold(held* h, const dt_allocator* allocator, int rate_hz) {
  dt_arena arena = dt_arena_measure();
  dt_resample_layout(&h->resample, &arena, rate_hz);
  h->size = arena.used;
  h->block = dt_alloc(allocator, h->size + 1); /* nothing is needed to pass through */
  if (h->block == NULL)
    return false;
  arena = dt_arena_over(h->block, h->size);
  dt_resample_layout(&h->resample, &arena, rate_hz);
  dt_resample_init(&h->resample);
  return true;
}

static void let_go(held* h, const dt_allocator* allocator) {
  dt_release(allocator, h->block, h->block != NULL ? h->size + 1 : 0);
}

static float* room_for(size_t count) {
  float* x = calloc(count + 1, sizeof *x);
  assert_non_null(x);
  return x;
}

static float* noise(size_t count) {
  float* x = room_for(count);
  dt_rng rng = dt_rng_seeded(SEED, count);
  for (size_t n = 0; n < count; n++)
    x[n] = (float)(2 * dt_rng_uniform(&rng) - 1);
  return x;
}

/* A sine from absolute position `first` on. */
static float* sine(size_t count, int64_t first, double hz, int rate_hz) {
  float* x = room_for(count);
  for (size_t n = 0; n < count; n++) {
    double turns = fmod(hz * (double)(first + (int64_t)n), rate_hz) / rate_hz;
    x[n] = (float)sin(2 * DT_PI * turns);
  }
  return x;
}

/* The sine a sin + b cos of this frequency nearest to y from output `first` on, and what is left:
 * its greatest size. */
static void fit(const float* y, size_t count, int64_t first, double hz, double wave[2],
                double* rest) {
  double ss = 0, sc = 0, cc = 0, sy = 0, cy = 0;
  for (int round = 0; round < 2; round++) {
    *rest = 0;
    for (size_t m = 0; m < count; m++) {
      double turns = fmod(hz * (double)(first + (int64_t)m), 44100) / 44100;
      double s = sin(2 * DT_PI * turns);
      double c = cos(2 * DT_PI * turns);
      double v = (double)y[m];
      if (round == 0) {
        ss += s * s;
        sc += s * c;
        cc += c * c;
        sy += s * v;
        cy += c * v;
      } else {
        *rest = fmax(*rest, fabs(v - wave[0] * s - wave[1] * c));
      }
    }
    double det = ss * cc - sc * sc;
    wave[0] = (sy * cc - cy * sc) / det;
    wave[1] = (cy * ss - sy * sc) / det;
  }
}

#define DB(x) (20 * log10(x))

static void assert_sine_survives(int rate_hz, double hz, int64_t start) {
  held h;
  assert_true(hold(&h, NULL, rate_hz));
  size_t count = (size_t)rate_hz / 4;
  float* x = sine(count, start, hz, rate_hz);
  dt_resample_start(&h.resample, start);
  int64_t first = h.resample.next_output;
  float* y = room_for(dt_resample_room(&h.resample, count));
  size_t got = dt_resample_process(&h.resample, x, count, y);
  /* What begins at once is no sine yet. */
  const size_t settled = 600;
  assert_true(got > 10000);
  double wave[2];
  double rest;
  fit(y + settled, got - settled, first + (int64_t)settled, hz, wave, &rest);
  if (fabs(DB(hypot(wave[0], wave[1]))) > 0.1 || fabs(wave[1]) > 1e-4 || DB(rest) > -70)
    fail_msg("%.0f Hz at rate %d from %lld: %g dB, %g rad late, the rest at %.1f dB", hz, rate_hz,
             (long long)start, DB(hypot(wave[0], wave[1])), -wave[1], DB(rest));
  free(x);
  free(y);
  let_go(&h, NULL);
}

static void a_sine_keeps_its_level_and_its_place(void** state) {
  (void)state;
  static const double shares[] = {0.003, 0.1, 0.35, 0.7, 0.85, 0.9};
  for (size_t r = 0; r < RATES; r++)
    for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++)
      assert_sine_survives(rates[r], floor(shares[s] * fmin(rates[r], 44100) / 2), 0);
}

static void nothing_drifts_in_ten_hours(void** state) {
  (void)state;
  for (size_t r = 0; r < RATES; r++)
    assert_sine_survives(rates[r], 1001, (int64_t)10 * 3600 * rates[r] + 777);
}

static void what_would_fold_back_is_gone(void** state) {
  (void)state;
  for (size_t r = 0; r < RATES; r++) {
    for (double hz = 1.1 * 22050; hz < 0.5 * rates[r]; hz += 1873) {
      held h;
      assert_true(hold(&h, NULL, rates[r]));
      size_t count = (size_t)rates[r] / 8;
      float* x = sine(count, 0, hz, rates[r]);
      float* y = room_for(dt_resample_room(&h.resample, count));
      size_t got = dt_resample_process(&h.resample, x, count, y);
      double greatest = 0;
      for (size_t m = 200; m < got; m++)
        greatest = fmax(greatest, fabs((double)y[m]));
      if (DB(greatest) > -70)
        fail_msg("%.0f Hz at rate %d folds back at %.1f dB", hz, rates[r], DB(greatest));
      free(x);
      free(y);
      let_go(&h, NULL);
    }
  }
}

static void what_stands_still_stays(void** state) {
  (void)state;
  for (size_t r = 0; r < RATES; r++) {
    held h;
    assert_true(hold(&h, NULL, rates[r]));
    size_t count = (size_t)rates[r] / 10;
    float* x = room_for(count);
    for (size_t n = 0; n < count; n++)
      x[n] = 0.75f;
    float* y = room_for(dt_resample_room(&h.resample, count));
    size_t got = dt_resample_process(&h.resample, x, count, y);
    for (size_t m = 200; m < got; m++)
      assert_near((double)y[m], 0.75, 1e-6);
    free(x);
    free(y);
    let_go(&h, NULL);
  }
}

static void at_44100_samples_pass_unchanged(void** state) {
  (void)state;
  held h;
  assert_true(hold(&h, NULL, 44100));
  float* x = noise(5000);
  float* y = room_for(5000);
  assert_int_equal(dt_resample_ahead_frames(&h.resample), 0);
  assert_int_equal(dt_resample_process(&h.resample, x, 1, y), 1);
  assert_int_equal(dt_resample_process(&h.resample, x + 1, 4999, y + 1), 4999);
  assert_memory_equal(x, y, 5000 * sizeof *x);
  assert_int_equal(h.resample.next_output, 5000);
  free(x);
  free(y);
  let_go(&h, NULL);
}

static void blocks_of_any_size_give_the_same_bits(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (size_t r = 0; r < RATES; r++) {
    held h;
    assert_true(hold(&h, NULL, rates[r]));
    const size_t count = 20000;
    float* x = noise(count);
    size_t room = dt_resample_room(&h.resample, count);
    float* whole = room_for(room);
    float* parts = room_for(room);
    assert_int_equal(dt_resample_process(&h.resample, x, count, whole), room);
    static const uint32_t largest[] = {1, 64, 441, 5000};
    for (size_t b = 0; b < 4; b++) {
      dt_resample_start(&h.resample, 0);
      memset(parts, 0xff, room * sizeof *parts);
      size_t got = 0;
      for (size_t n = 0; n < count;) {
        size_t block = 1 + dt_rng_below(&rng, largest[b]);
        block = block < count - n ? block : count - n;
        size_t promised = dt_resample_room(&h.resample, block);
        size_t made = dt_resample_process(&h.resample, x + n, block, parts + got);
        assert_int_equal(made, promised);
        got += made;
        n += block;
      }
      assert_int_equal(got, room);
      assert_memory_equal(whole, parts, room * sizeof *whole);
    }
    free(x);
    free(whole);
    free(parts);
    let_go(&h, NULL);
  }
}

/* Output m comes with the input sample `ahead` after its position, not later and not before. */
static void an_output_waits_for_no_more_than_it_says(void** state) {
  (void)state;
  for (size_t r = 0; r < RATES; r++) {
    held h;
    assert_true(hold(&h, NULL, rates[r]));
    int ahead = dt_resample_ahead_frames(&h.resample);
    assert_true(ahead < 0.0007 * rates[r] * fmax(1, 44100.0 / rates[r]));
    float y[16];
    const float x = 1;
    int64_t outputs = 0;
    for (int64_t n = 0; n < 3000; n++) {
      outputs += (int64_t)dt_resample_process(&h.resample, &x, 1, y);
      /* Positions up to n - ahead: m rate / 44100 < n - ahead + 1. */
      int64_t last = n - ahead < 0 ? -1 : ((n - ahead + 1) * 44100 - 1) / rates[r];
      assert_int_equal(outputs, last + 1);
    }
    let_go(&h, NULL);
  }
}

static void far_along_the_bits_are_those_at_the_start(void** state) {
  (void)state;
  for (size_t r = 0; r < RATES; r++) {
    held h;
    assert_true(hold(&h, NULL, rates[r]));
    float* x = noise(3000);
    size_t room = dt_resample_room(&h.resample, 3000);
    float* early = room_for(room);
    float* late = room_for(room);
    dt_resample_process(&h.resample, x, 3000, early);
    /* The ratio of the rates comes round every `down` samples. */
    const int64_t rounds = 2000000000000 / h.resample.down;
    dt_resample_start(&h.resample, rounds * h.resample.down);
    assert_int_equal(h.resample.next_output, rounds * h.resample.up);
    assert_int_equal(dt_resample_process(&h.resample, x, 3000, late), room);
    assert_memory_equal(early, late, room * sizeof *early);
    free(x);
    free(early);
    free(late);
    let_go(&h, NULL);
  }
}

static void a_fresh_start_begins_at_the_first_output_after_it(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(SEED, 2);
  for (size_t r = 0; r < RATES; r++) {
    held h;
    assert_true(hold(&h, NULL, rates[r]));
    float* x = noise(100);
    float y[1000];
    for (int i = 0; i < 200; i++) {
      dt_resample_process(&h.resample, x, 100, y); /* what was heard before is forgotten */
      int64_t position = dt_rng_below(&rng, 1000000);
      dt_resample_start(&h.resample, position);
      int64_t m = h.resample.next_output;
      assert_true(m * rates[r] >= position * 44100);
      assert_true((m - 1) * rates[r] < position * 44100);
      assert_int_equal(h.resample.next_whole, m * rates[r] / 44100);
    }
    dt_resample_start(&h.resample, 0);
    float zero[64] = {0};
    size_t got = dt_resample_process(&h.resample, zero, 64, y);
    for (size_t n = 0; n < got; n++)
      assert_true(y[n] == 0);
    free(x);
    let_go(&h, NULL);
  }
}

static bool build_and_free(const dt_allocator* allocator, void* ctx) {
  held h;
  bool is_built = hold(&h, allocator, *(const int*)ctx);
  let_go(&h, allocator);
  return is_built;
}

static void one_block_is_all_it_takes(void** state) {
  (void)state;
  for (size_t r = 0; r < RATES; r++) {
    int rate_hz = rates[r];
    assert_int_equal(dt_failing_sweep(build_and_free, &rate_hz), 1);
  }
}

int main(void) {
  print_message("noise and blocks of seed %d\n", SEED);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sine_keeps_its_level_and_its_place),
      cmocka_unit_test(nothing_drifts_in_ten_hours),
      cmocka_unit_test(what_would_fold_back_is_gone),
      cmocka_unit_test(what_stands_still_stays),
      cmocka_unit_test(at_44100_samples_pass_unchanged),
      cmocka_unit_test(blocks_of_any_size_give_the_same_bits),
      cmocka_unit_test(an_output_waits_for_no_more_than_it_says),
      cmocka_unit_test(far_along_the_bits_are_those_at_the_start),
      cmocka_unit_test(a_fresh_start_begins_at_the_first_output_after_it),
      cmocka_unit_test(one_block_is_all_it_takes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
