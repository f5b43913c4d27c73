#include "flag.h"

#include <math.h>
#include <string.h>

#include "dt/log2.h"
#include "flag_weights.h"

#include "dt/rt_poison.h" /* last: see there */

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

void dt__flag_layout(dt__flag* flag, dt_arena* arena) {
  flag->energy = dt_arena_take(arena, DT__FLAG_RING, sizeof *flag->energy);
  flag->mean = dt_arena_take(arena, DT__FLAG_RING, sizeof *flag->mean);
}

void dt__flag_init(dt__flag* flag, int rate_hz) {
  dt_bank_init(&flag->bank, rate_hz);
  flag->hop_frames = (int)lround(rate_hz * 1e-3);
  flag->emphasis = (float)rate_hz / 44100.0f;
  dt__flag_reset(flag);
}

void dt__flag_reset(dt__flag* flag) {
  dt_bank_reset(&flag->bank);
  flag->last_sample = 0;
  flag->hops = 0;
  flag->last_hop = -DT__FLAG_APART;
  memset(flag->loud, 0, sizeof flag->loud);
  memset(flag->energy, 0, DT__FLAG_RING * sizeof *flag->energy);
  memset(flag->mean, 0, DT__FLAG_RING * sizeof *flag->mean);
}

static float greater(float a, float b) {
  return a > b ? a : b;
}

/* The loudest of three stretches, the last of which ended `ago` hops before this one. */
static float before(const dt__flag* flag, int ago, int band) {
  float loudest = 0;
  for (int i = 0; i < 3; i++) {
    int64_t at = flag->hops - ago - SHORT_HOPS * i;
    loudest = greater(loudest, flag->mean[at & (DT__FLAG_RING - 1)][band]);
  }
  return loudest;
}

static float long_before(const dt__flag* flag, int band) {
  float sum = 0;
  for (int i = 0; i < LONG_COUNT; i++)
    sum += flag->mean[(flag->hops - 2 - SHORT_HOPS * i) & (DT__FLAG_RING - 1)][band];
  return sum / LONG_COUNT;
}

/* The rises of this hop: of itself over the nine before it, of it and the hop before over the nine
 * and the thirty before those. */
static void rises(const dt__flag* flag, float rise[DT__FLAG_RISES]) {
  const float* now = flag->energy[flag->hops & (DT__FLAG_RING - 1)];
  const float* last = flag->energy[(flag->hops - 1) & (DT__FLAG_RING - 1)];
  const float* mean = flag->mean[flag->hops & (DT__FLAG_RING - 1)];
  float lower = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    if (b >= 2)
      lower = greater(lower, mean[b - 2]);
    float floor = FLOOR_ABSOLUTE + FLOOR_SHARE * flag->loud[b] + LEAK * lower;
    float two = 0.5f * (now[b] + last[b]) + floor;
    rise[b] = (now[b] + floor) / (before(flag, 1, b) + floor);
    rise[DT_BANK_BANDS + b] = two / (before(flag, 2, b) + floor);
    rise[2 * DT_BANK_BANDS + b] = two / (long_before(flag, b) + floor);
  }
  dt_log2_scaled(rise, DT__FLAG_RISES, 1e-6f, 1, 0, rise);
  for (int i = 0; i < DT__FLAG_RISES; i++)
    rise[i] = greater(RISE_MIN, rise[i] < RISE_MAX ? rise[i] : RISE_MAX);
}

static void take(dt__flag* flag, const float* samples) {
  float emphasised[DT__FLAG_HOP_MAX];
  float last = flag->last_sample;
  for (int n = 0; n < flag->hop_frames; n++) {
    emphasised[n] = (samples[n] - last) * flag->emphasis;
    last = samples[n];
  }
  flag->last_sample = last;
  float sum[DT_BANK_BANDS] = {0};
  dt_bank_add_energy(&flag->bank, emphasised, (size_t)flag->hop_frames, sum);
  float* energy = flag->energy[flag->hops & (DT__FLAG_RING - 1)];
  const float* energy1 = flag->energy[(flag->hops - 1) & (DT__FLAG_RING - 1)];
  const float* energy2 = flag->energy[(flag->hops - 2) & (DT__FLAG_RING - 1)];
  float* mean = flag->mean[flag->hops & (DT__FLAG_RING - 1)];
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    energy[b] = sum[b] / (float)flag->hop_frames;
    mean[b] = (energy[b] + energy1[b] + energy2[b]) / SHORT_HOPS;
    flag->loud[b] = greater(energy[b], flag->loud[b] * FORGET_PER_HOP);
  }
}

float dt__flag_hop(dt__flag* flag, const float* samples) {
  take(flag, samples);
  float rise[DT__FLAG_RISES];
  rises(flag, rise);
  float score = dt__flag_bias;
  for (int i = 0; i < DT__FLAG_RISES; i++)
    score += dt__flag_weights[i] * rise[i];
  int64_t hop = flag->hops++;
  if (!(score > DT__FLAG_LEAST) || hop < flag->last_hop + DT__FLAG_APART)
    return 0;
  flag->last_hop = hop;
  return 1 / (1 + expf(-score));
}

bool dt__flag_dies_away(const dt__flag* flag) {
  float fall = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    float first = 0;
    float later = 0;
    for (int i = 0; i < 5; i++) {
      first += flag->energy[i][b];
      later += flag->energy[i + 13][b];
    }
    fall += log2f((first + 1e-10f) / (later + 1e-10f));
  }
  return fall > 0.7f * DT_BANK_BANDS; /* 2 dB a band */
}
