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

/* Eight bands side by side. */
#define LANES 8
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t lanes_bits __attribute__((vector_size(LANES * sizeof(int32_t))));

/* By pointer: passing such vectors by value has no stable calling convention. */
static inline void keep_greater(lanes* v, const lanes* other) {
  lanes_bits is_greater = *other > *v;
  *v = (lanes)((is_greater & (lanes_bits)*other) | (~is_greater & (lanes_bits)*v));
}

static inline void load(lanes* v, const float* x) {
  memcpy(v, x, sizeof *v);
}

static inline const float* mean_at(const dt__flag* flag, int ago) {
  return flag->mean[(flag->hops - ago) & (DT__FLAG_RING - 1)];
}

/* The loudest of three stretches, the last of which ended `ago` hops before this one. */
static inline void before(const dt__flag* flag, int ago, int first, lanes* loudest) {
  load(loudest, mean_at(flag, ago) + first);
  for (int i = 1; i < 3; i++) {
    lanes other;
    load(&other, mean_at(flag, ago + SHORT_HOPS * i) + first);
    keep_greater(loudest, &other);
  }
}

static inline void long_before(const dt__flag* flag, int first, lanes* mean) {
  lanes sum = {0};
  for (int i = 0; i < LONG_COUNT; i++) {
    lanes other;
    load(&other, mean_at(flag, 2 + SHORT_HOPS * i) + first);
    sum += other;
  }
  *mean = sum / LONG_COUNT;
}

/* What counts as nothing in each band. */
static void floors(const dt__flag* flag, float floor[DT_BANK_BANDS]) {
  const float* mean = mean_at(flag, 0);
  float lower = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    if (b >= 2)
      lower = greater(lower, mean[b - 2]);
    floor[b] = FLOOR_ABSOLUTE + FLOOR_SHARE * flag->loud[b] + LEAK * lower;
  }
}

/* The rises of this hop: of itself over the nine before it, of it and the hop before over the nine
 * and the thirty before those. */
static void rises(const dt__flag* flag, float rise[DT__FLAG_RISES]) {
  float floor[DT_BANK_BANDS];
  floors(flag, floor);
  for (int b = 0; b < DT_BANK_BANDS; b += LANES) {
    lanes f, now, two, past;
    load(&f, floor + b);
    load(&now, flag->energy[flag->hops & (DT__FLAG_RING - 1)] + b);
    load(&two, flag->energy[(flag->hops - 1) & (DT__FLAG_RING - 1)] + b);
    two = 0.5f * (now + two) + f;
    before(flag, 1, b, &past);
    now = (now + f) / (past + f);
    memcpy(rise + b, &now, sizeof now);
    before(flag, 2, b, &past);
    now = two / (past + f);
    memcpy(rise + DT_BANK_BANDS + b, &now, sizeof now);
    long_before(flag, b, &past);
    now = two / (past + f);
    memcpy(rise + 2 * DT_BANK_BANDS + b, &now, sizeof now);
  }
  dt_log2_scaled(rise, DT__FLAG_RISES, 1e-6f, 1, 0, rise);
}

static float score_of(const float rise[DT__FLAG_RISES]) {
  lanes sum = {0};
  for (int i = 0; i < DT__FLAG_RISES; i += LANES) {
    const lanes most = {-RISE_MAX, -RISE_MAX, -RISE_MAX, -RISE_MAX,
                        -RISE_MAX, -RISE_MAX, -RISE_MAX, -RISE_MAX};
    const lanes least = {RISE_MIN, RISE_MIN, RISE_MIN, RISE_MIN,
                         RISE_MIN, RISE_MIN, RISE_MIN, RISE_MIN};
    lanes r, weight;
    load(&r, rise + i);
    load(&weight, dt__flag_weights + i);
    r = -r;
    keep_greater(&r, &most);
    r = -r;
    keep_greater(&r, &least);
    sum += r * weight;
  }
  float score = dt__flag_bias;
  for (int k = 0; k < LANES; k++)
    score += sum[k];
  return score;
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
  float score = score_of(rise);
  int64_t hop = flag->hops++;
  if (!(score > DT__FLAG_LEAST) || hop < flag->last_hop + DT__FLAG_APART)
    return 0;
  flag->last_hop = hop;
  return 1 / (1 + expf(-score));
}

/* Mean over bands first..last-1 of how many octaves of energy the hops from..to-1 lie over hops
 * 13 to 17. */
static float fall_of(const dt__flag* flag, int first, int last, int from, int to) {
  float fall = 0;
  for (int b = first; b < last; b++) {
    float early = 0;
    float later = 0;
    for (int i = from; i < to; i++)
      early += flag->energy[i][b];
    for (int i = 13; i < DT__FLAG_START; i++)
      later += flag->energy[i][b];
    early /= (float)(to - from);
    later /= (float)(DT__FLAG_START - 13);
    fall += log2f((early + 1e-10f) / (later + 1e-10f));
  }
  return fall / (float)(last - first);
}

bool dt__flag_is_hiss(const dt__flag* flag) {
  bool dies_away = fall_of(flag, 0, DT_BANK_BANDS, 0, 5) > 0.7f;
  /* High bands answer within a hop: was it there at once? */
  bool was_there = fall_of(flag, DT_BANK_BANDS / 2, DT_BANK_BANDS, 1, 3) > -1.5f;
  return !dies_away && was_there;
}
