/*
 * What the ear's front end costs: bench_front, Markdown on standard output. Processor time of one
 * core, the best of several runs over the same seeded noise. KissFFT, when it was there at build
 * time, is measured beside the own transform.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dt/fft.h"
#include "dt/resample.h"
#include "dt/rng.h"
#include "fft_kernels.h"
#include "front.h"

#if defined(DT_HAVE_KISSFFT)
#include <kiss_fft.h>
#include <kiss_fftr.h>
#endif

#define RUNS    15
#define SECONDS 10
#define SEED    1

static double cpu_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double best_of(void (*run)(void* ctx), void* ctx) {
  double best = HUGE_VAL;
  for (int r = 0; r < RUNS; r++) {
    double before = cpu_s();
    run(ctx);
    best = fmin(best, cpu_s() - before);
  }
  return best;
}

static float* need(size_t count) {
  float* x = calloc(count, sizeof *x);
  if (x == NULL)
    exit(1);
  return x;
}

static float* noise(size_t count) {
  float* x = need(count);
  dt_rng rng = dt_rng_seeded(SEED, 0);
  for (size_t n = 0; n < count; n++)
    x[n] = (float)(dt_rng_uniform(&rng) - 0.5);
  return x;
}

/* ---------------------------------------------------------------- transforms */

#define TRANSFORMS 1000

typedef struct transform {
  dt_fft fft;
  const float* x;
  float* window;
  float* power;
  void* kiss;
} transform;

static void own_one(void* ctx) {
  transform* t = ctx;
  for (int i = 0; i < TRANSFORMS; i++)
    dt_fft_power(&t->fft, t->x + i, t->window, t->power);
}

static void own_pair(void* ctx) {
  transform* t = ctx;
  for (int i = 0; i < TRANSFORMS; i++)
    dt_fft_power_pair(&t->fft, t->x + i, t->x + 220 + i, t->window, t->power,
                      t->power + t->fft.size);
}

#if defined(DT_HAVE_KISSFFT)
/* The same windowed power spectrum with KissFFT's real transform. */
static void kiss_view(const transform* t, const float* x, int size) {
  static kiss_fft_scalar in[DT__FRONT_LONG];
  static kiss_fft_cpx out[DT__FRONT_LONG / 2 + 1];
  for (int n = 0; n < size; n++)
    in[n] = x[n] * t->window[n];
  kiss_fftr(t->kiss, in, out);
  for (int k = 0; k <= size / 2; k++)
    t->power[k] = out[k].r * out[k].r + out[k].i * out[k].i;
}

static void kiss_one(void* ctx) {
  transform* t = ctx;
  for (int i = 0; i < TRANSFORMS; i++)
    kiss_view(t, t->x + i, 2 * t->fft.size);
}

static void kiss_pair(void* ctx) {
  transform* t = ctx;
  for (int i = 0; i < TRANSFORMS; i++) {
    kiss_view(t, t->x + i, t->fft.size);
    kiss_view(t, t->x + 220 + i, t->fft.size);
  }
}
#endif

static void print_transform(const char* what, int size, int real_size, void (*own)(void*),
                            void (*kiss)(void*)) {
  transform t = {0};
  dt_arena arena = dt_arena_measure();
  dt_fft_layout(&t.fft, &arena, size);
  size_t bytes = arena.used;
  void* block = malloc(bytes);
  if (block == NULL)
    exit(1);
  arena = dt_arena_over(block, bytes);
  dt_fft_layout(&t.fft, &arena, size);
  dt_fft_init(&t.fft);
  float* x = noise(TRANSFORMS + 220 + DT__FRONT_LONG);
  t.x = x;
  t.window = noise(DT__FRONT_LONG);
  t.power = need(DT__FRONT_LONG + 2);
  double own_us = 1e6 / TRANSFORMS * best_of(own, &t);
  t.fft.kernels = &dt__fft_four_lanes;
  double four_us = 1e6 / TRANSFORMS * best_of(own, &t);
  printf("| %s | %.2f | %.2f | %.1f |", what, own_us, four_us, four_us / own_us);
#if defined(DT_HAVE_KISSFFT)
  t.kiss = kiss_fftr_alloc(real_size, 0, NULL, NULL);
  if (t.kiss == NULL)
    exit(1);
  double kiss_us = 1e6 / TRANSFORMS * best_of(kiss, &t);
  printf(" %.2f | %.1f |\n", kiss_us, kiss_us / own_us);
  kiss_fftr_free(t.kiss);
#else
  (void)real_size;
  (void)kiss;
  printf(" not there | |\n");
#endif
  free(block);
  free(x);
  free(t.window);
  free(t.power);
}

/* ---------------------------------------------------------------- front end, resampler */

typedef struct stream {
  dt__front front;
  dt_resample resample;
  const float* x;
  float* out;
  size_t count;
  size_t block;
} stream;

static void run_front(void* ctx) {
  stream* s = ctx;
  for (size_t n = 0; n < s->count; n += s->block)
    dt__front_process(&s->front, s->x + n, s->block, s->out);
}

static void run_resample(void* ctx) {
  stream* s = ctx;
  for (size_t n = 0; n < s->count; n += s->block)
    dt_resample_process(&s->resample, s->x + n, s->block, s->out);
}

static void layout(stream* s, dt_arena* arena, int rate_hz) {
  if (rate_hz == 0)
    dt__front_layout(&s->front, arena);
  else
    dt_resample_layout(&s->resample, arena, rate_hz);
}

/* Milliseconds for a second of sound; rate 0 is the front end. */
static double cost_ms(int rate_hz, size_t block_frames) {
  stream s = {.block = block_frames};
  dt_arena arena = dt_arena_measure();
  layout(&s, &arena, rate_hz);
  size_t bytes = arena.used;
  void* block = malloc(bytes);
  if (block == NULL)
    exit(1);
  arena = dt_arena_over(block, bytes);
  layout(&s, &arena, rate_hz);
  if (rate_hz == 0)
    dt__front_init(&s.front);
  else
    dt_resample_init(&s.resample);
  size_t rate = (size_t)(rate_hz == 0 ? DT__FRONT_RATE_HZ : rate_hz);
  s.count = SECONDS * rate / block_frames * block_frames;
  float* x = noise(s.count);
  s.x = x;
  s.out = need(8 * block_frames + DT__FRONT_SIZE);
  double ms =
      1e3 * best_of(rate_hz == 0 ? run_front : run_resample, &s) * (double)rate / (double)s.count;
  free(x);
  free(s.out);
  free(block);
  return ms;
}

int main(void) {
#if defined(DT_HAVE_KISSFFT)
  void (*const kiss[])(void*) = {kiss_one, kiss_pair};
#else
  void (*const kiss[])(void*) = {NULL, NULL};
#endif
  printf("Front end of the ear, noise of seed %d, processor time of one core, best of %d runs.\n\n",
         SEED, RUNS);
  printf("| windowed power spectrum | own us | with four lanes us | ratio | KissFFT us | ratio |\n"
         "|---|---|---|---|---|---|\n");
  print_transform("2,048 real samples", DT__FRONT_LONG / 2, DT__FRONT_LONG, own_one, kiss[0]);
  print_transform("twice 512 real samples", DT__FRONT_SHORT, DT__FRONT_SHORT, own_pair, kiss[1]);
  printf("\n| cost | block | ms per second of sound |\n|---|---|---|\n");
  static const size_t blocks[] = {64, 441, 4096};
  for (size_t b = 0; b < 3; b++)
    printf("| front end | %zu | %.3f |\n", blocks[b], cost_ms(0, blocks[b]));
  static const int rates[] = {8000, 44100, 47952, 48000, 96000, 192000};
  for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
    printf("| resampling from %d Hz | 4096 | %.3f |\n", rates[r], cost_ms(rates[r], 4096));
  return 0;
}
