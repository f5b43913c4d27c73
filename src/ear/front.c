#include "front.h"

#include <math.h>
#include <string.h>

#include "dt/log2.h"
#include "dt/table_math.h"

#include "dt/rt_poison.h" /* last: see there */

#define LONG_LOW_HZ  20.0
#define SHORT_LOW_HZ 40.0
#define HIGH_HZ      16000.0

/* 10 log10(x) = DB_AN_OCTAVE * log2(x); features are (dB + 60) / 30. */
#define FLOOR        1e-9f
#define DB_AN_OCTAVE 3.0102999566398119521
#define DB_ZERO      60.0
#define DB_UNIT      30.0

/* Sound is moved to the front of its buffer once in so many frames. */
#define FRAMES_KEPT 12
#define SOUND_SIZE  (DT__FRONT_LONG + FRAMES_KEPT * DT__FRONT_HOP)

/* Bands are summed in eight lanes, whatever the processor has. */
#define LANES 4
#define STEP  (2 * LANES)
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* Samples weaker than this (240 dB down) are silence: numbers so small that their squares become
 * denormal are slow on some processors. */
#define SILENCE 1e-12f

/* ---------------------------------------------------------------- tables */

static double mel(double hz) {
  return 2595 * (dt_table_ln(1 + hz / 700) / 2.30258509299404568402);
}

typedef struct triangle {
  double middle_mel;
  double width_mel;
  int size; /* of the transform */
} triangle;

static triangle triangle_of(int band, int count, double low_hz, int size) {
  double width_mel = (mel(HIGH_HZ) - mel(low_hz)) / (count + 1);
  return (triangle){mel(low_hz) + (band + 1) * width_mel, width_mel, size};
}

static double weight_at(const triangle* t, int bin) {
  double hz = (double)bin * DT__FRONT_RATE_HZ / t->size;
  double apart = mel(hz) - t->middle_mel;
  double weight = 1 - fabs(apart) / t->width_mel;
  return weight > 0 ? weight : 0;
}

/* First bin with weight from bin `from` on, and how many vectors from there on have any. */
static void reach(const triangle* t, int from, int* first, int* vectors) {
  int bin = from;
  while (weight_at(t, bin) <= 0)
    bin++;
  *first = bin;
  while (weight_at(t, bin) > 0)
    bin++;
  *vectors = (bin - *first + STEP - 1) / STEP;
}

static void triangles_layout(dt__triangles* bands, dt_arena* arena, int count, double low_hz,
                             int size) {
  size_t weights = 0;
  int first = 0;
  for (int b = 0; b < count; b++) {
    int vectors;
    triangle t = triangle_of(b, count, low_hz, size);
    reach(&t, first, &first, &vectors);
    weights += (size_t)vectors * STEP;
  }
  bands->count = count;
  bands->first = dt_arena_take(arena, (size_t)count, sizeof *bands->first);
  bands->vectors = dt_arena_take(arena, (size_t)count, sizeof *bands->vectors);
  bands->weights = dt_arena_take(arena, weights, sizeof *bands->weights);
}

static void triangles_init(dt__triangles* bands, double low_hz, int size) {
  float* weights = bands->weights;
  for (int b = 0; b < bands->count; b++) {
    triangle t = triangle_of(b, bands->count, low_hz, size);
    reach(&t, b > 0 ? bands->first[b - 1] : 0, &bands->first[b], &bands->vectors[b]);
    for (int i = 0; i < bands->vectors[b] * STEP; i++)
      *weights++ = (float)weight_at(&t, bands->first[b] + i);
  }
}

/* Periodic Hann window, scaled so that a sine of amplitude 1 has power 1: the window's sum is half
 * its size. */
static void window_init(float* window, int size) {
  for (int i = 0; i < size; i++)
    window[i] = (float)((0.5 - 0.5 * dt_table_cos((double)i / size)) * (4.0 / size));
}

/* The vectors of the last band, too, end far below the last bin. */
#define POWER_SIZE (DT__FRONT_LONG / 2 + 1)

void dt__front_layout(dt__front* front, dt_arena* arena) {
  dt_fft_layout(&front->long_fft, arena, DT__FRONT_LONG / 2);
  dt_fft_layout(&front->short_fft, arena, DT__FRONT_SHORT);
  front->long_window = dt_arena_take(arena, DT__FRONT_LONG, sizeof(float));
  front->short_window = dt_arena_take(arena, DT__FRONT_SHORT, sizeof(float));
  triangles_layout(&front->long_bands, arena, DT__FRONT_LONG_BANDS, LONG_LOW_HZ, DT__FRONT_LONG);
  triangles_layout(&front->short_bands, arena, DT__FRONT_SHORT_BANDS, SHORT_LOW_HZ,
                   DT__FRONT_SHORT);
  front->power[0] = dt_arena_take(arena, POWER_SIZE, sizeof(float));
  front->power[1] = dt_arena_take(arena, POWER_SIZE, sizeof(float));
  front->sound = dt_arena_take(arena, SOUND_SIZE, sizeof(float));
}

void dt__front_init(dt__front* front) {
  dt_fft_init(&front->long_fft);
  dt_fft_init(&front->short_fft);
  window_init(front->long_window, DT__FRONT_LONG);
  window_init(front->short_window, DT__FRONT_SHORT);
  triangles_init(&front->long_bands, LONG_LOW_HZ, DT__FRONT_LONG);
  triangles_init(&front->short_bands, SHORT_LOW_HZ, DT__FRONT_SHORT);
  dt__front_reset(front);
}

void dt__front_reset(dt__front* front) {
  memset(front->sound, 0, DT__FRONT_LONG * sizeof(float));
  front->end = DT__FRONT_LONG;
  front->pending = 0;
}

/* ---------------------------------------------------------------- frames */

static inline void load(lanes* v, const float* x) {
  memcpy(v, x, sizeof *v);
}

static void sum_bands(const dt__triangles* bands, const float* power, float* sums) {
  const float* weights = bands->weights;
  for (int b = 0; b < bands->count; b++) {
    const float* p = power + bands->first[b];
    lanes low = {0};
    lanes high = {0};
    for (int v = 0; v < bands->vectors[b]; v++, p += STEP, weights += STEP) {
      lanes p_low, p_high, w_low, w_high;
      load(&p_low, p);
      load(&p_high, p + LANES);
      load(&w_low, weights);
      load(&w_high, weights + LANES);
      low += p_low * w_low;
      high += p_high * w_high;
    }
    low += high;
    sums[b] = (low[0] + low[2]) + (low[1] + low[3]);
  }
}

static void see(dt__front* front, float* frame) {
  const float* end = front->sound + front->end;
  const float* late = end - DT__FRONT_SHORT;
  dt_fft_power(&front->long_fft, end - DT__FRONT_LONG, front->long_window, front->power[0]);
  sum_bands(&front->long_bands, front->power[0], frame);
  dt_fft_power_pair(&front->short_fft, late - DT__FRONT_EARLY, late, front->short_window,
                    front->power[0], front->power[1]);
  float* early_bands = frame + DT__FRONT_LONG_BANDS;
  sum_bands(&front->short_bands, front->power[0], early_bands);
  sum_bands(&front->short_bands, front->power[1], early_bands + DT__FRONT_SHORT_BANDS);
  dt_log2_scaled(frame, DT__FRONT_SIZE, FLOOR, (float)(DB_AN_OCTAVE / DB_UNIT),
                 (float)(DB_ZERO / DB_UNIT), frame);
}

size_t dt__front_frames(const dt__front* front, size_t count) {
  return (front->pending + count) / DT__FRONT_HOP;
}

size_t dt__front_process(dt__front* front, const float* samples, size_t count, float* frames) {
  size_t made = 0;
  while (count > 0) {
    size_t part = DT__FRONT_HOP - front->pending;
    part = part < count ? part : count;
    if (front->end + part > SOUND_SIZE) {
      memmove(front->sound, front->sound + front->end - DT__FRONT_LONG,
              DT__FRONT_LONG * sizeof(float));
      front->end = DT__FRONT_LONG;
    }
    for (size_t n = 0; n < part; n++)
      front->sound[front->end + n] = fabsf(samples[n]) < SILENCE ? 0 : samples[n];
    front->end += part;
    front->pending += part;
    if (front->pending == DT__FRONT_HOP) {
      see(front, frames + made++ * DT__FRONT_SIZE);
      front->pending = 0;
    }
    samples += part;
    count -= part;
  }
  return made;
}
