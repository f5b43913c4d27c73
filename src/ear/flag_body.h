#ifndef DT_EAR_FLAG_BODY_H
#define DT_EAR_FLAG_BODY_H

/* The body of every flag kernel: LANES bands side by side. The order of operations on each number
 * does not depend on LANES. */
#include <string.h>

#include "dt/log2.h"
#include "flag_kernels.h"

/* 60 dB under a band's recent peak is as good as silence; so is -100 dB of full scale. */
#define FLOOR_SHARE    1e-6f
#define FLOOR_ABSOLUTE 1e-11f

/* Low tones are heard in every higher band, 31 dB weaker, and ripple there: a band is only believed
 * above -24 dB of the loudest that lies two or more below it. */
#define LEAK 4e-3f

/* The recent peak is forgotten by 2 dB a second. */
#define FORGET_PER_HOP 0.9995f

/* Rises are counted in octaves of energy (3 dB); larger ones say no more than "from silence". */
#define RISE_MIN -1.0f
#define RISE_MAX 5.0f

#define SHORT_HOPS 3  /* rises are over the loudest of three stretches of three hops ... */
#define LONG_COUNT 10 /* ... and over the mean of ten such stretches */

/* What is summed over bands is summed in so many parts. */
#define PARTS 8

#ifndef LANES
#define LANES 4
#endif

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t lanes_bits __attribute__((vector_size(LANES * sizeof(int32_t))));

static inline lanes load(const float* x) {
  lanes v;
  memcpy(&v, x, sizeof v);
  return v;
}

static inline void store(float* x, lanes v) {
  memcpy(x, &v, sizeof v);
}

static inline lanes all(float x) {
  return (lanes){0} + x;
}

static inline lanes greater(lanes a, lanes b) {
  lanes_bits is_greater = b > a;
  return (lanes)((is_greater & (lanes_bits)b) | (~is_greater & (lanes_bits)a));
}

static inline lanes lesser(lanes a, lanes b) {
  lanes_bits is_lesser = b < a;
  return (lanes)((is_lesser & (lanes_bits)b) | (~is_lesser & (lanes_bits)a));
}

static inline float* at(float (*ring)[DT_BANK_BANDS], int64_t hop) {
  return ring[hop & (DT__FLAG_RING - 1)];
}

/* The loudest of three stretches, the last of which ended `ago` hops before this one. */
static inline lanes before(const dt__flag* flag, int ago, int first) {
  lanes loudest = load(at(flag->mean, flag->hops - ago) + first);
  for (int i = 1; i < 3; i++)
    loudest = greater(loudest, load(at(flag->mean, flag->hops - ago - SHORT_HOPS * i) + first));
  return loudest;
}

static inline lanes long_before(const dt__flag* flag, int first) {
  lanes sum = {0};
  for (int i = 0; i < LONG_COUNT; i++)
    sum += load(at(flag->mean, flag->hops - 2 - SHORT_HOPS * i) + first);
  return sum / LONG_COUNT;
}

/* What counts as nothing in each band. */
static inline void floors(const dt__flag* flag, float floor[DT_BANK_BANDS]) {
  const float* mean = at(flag->mean, flag->hops);
  float lower = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    if (b >= 2)
      lower = mean[b - 2] > lower ? mean[b - 2] : lower;
    floor[b] = lower;
  }
  for (int b = 0; b < DT_BANK_BANDS; b += LANES)
    store(floor + b, FLOOR_ABSOLUTE + FLOOR_SHARE * load(flag->loud + b) + LEAK * load(floor + b));
}

/* The rises of this hop: of itself over the nine before it, of it and the hop before over the nine
 * and the thirty before those. */
static inline void rises(const dt__flag* flag, float rise[DT__FLAG_RISES]) {
  float floor[DT_BANK_BANDS];
  floors(flag, floor);
  for (int b = 0; b < DT_BANK_BANDS; b += LANES) {
    const lanes f = load(floor + b);
    const lanes now = load(at(flag->energy, flag->hops) + b);
    const lanes two = 0.5f * (now + load(at(flag->energy, flag->hops - 1) + b)) + f;
    store(rise + b, (now + f) / (before(flag, 1, b) + f));
    store(rise + DT_BANK_BANDS + b, two / (before(flag, 2, b) + f));
    store(rise + 2 * DT_BANK_BANDS + b, two / (long_before(flag, b) + f));
  }
  dt_log2_scaled(rise, DT__FLAG_RISES, 1e-6f, 1, 0, rise);
}

static float score(const dt__flag* flag) DT_NONBLOCKING {
  float rise[DT__FLAG_RISES];
  float part[PARTS];
  rises(flag, rise);
  for (int p = 0; p < PARTS; p += LANES) {
    lanes sum = {0};
    for (int i = p; i < DT__FLAG_RISES; i += PARTS) {
      const lanes r = greater(lesser(load(rise + i), all(RISE_MAX)), all(RISE_MIN));
      sum += r * load(dt__flag_weights + i);
    }
    store(part + p, sum);
  }
  float total = dt__flag_bias;
  for (int p = 0; p < PARTS; p++)
    total += part[p];
  return total;
}

static void take(dt__flag* flag, const float* samples) DT_NONBLOCKING {
  float emphasised[DT__FLAG_HOP_MAX];
  const int count = flag->hop_frames;
  emphasised[0] = (samples[0] - flag->last_sample) * flag->emphasis;
  for (int n = 1; n < count; n++)
    emphasised[n] = (samples[n] - samples[n - 1]) * flag->emphasis;
  flag->last_sample = samples[count - 1];
  float sum[DT_BANK_BANDS] = {0};
  dt_bank_add_energy(&flag->bank, emphasised, (size_t)count, sum);
  for (int b = 0; b < DT_BANK_BANDS; b += LANES) {
    const lanes energy = load(sum + b) / (float)count;
    const lanes energy1 = load(at(flag->energy, flag->hops - 1) + b);
    const lanes energy2 = load(at(flag->energy, flag->hops - 2) + b);
    store(at(flag->energy, flag->hops) + b, energy);
    store(at(flag->mean, flag->hops) + b, (energy + energy1 + energy2) / SHORT_HOPS);
    store(flag->loud + b, greater(load(flag->loud + b) * FORGET_PER_HOP, energy));
  }
}

#endif
