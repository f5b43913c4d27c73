#include "flux.h"

#include <math.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

/* 60 dB under a band's recent peak is as good as silence; so is -100 dB of full scale. */
#define FLOOR_SHARE    1e-6f
#define FLOOR_ABSOLUTE 1e-11f

/* The recent peak is forgotten by a third of a decibel a second ... in energy per frame. */
#define FORGET_PER_FRAME 0.9995f

/* Rises are counted in octaves of energy (3 dB): smaller ones are the noise's own, larger ones
 * say no more than "from silence". */
#define RISE_MIN 0.6f
#define RISE_MAX 6.0f

void dt__flux_layout(dt__flux* flux, dt_arena* arena) {
  flux->energy = dt_arena_take(arena, DT__FRAMES, sizeof *flux->energy);
  flux->after = dt_arena_take(arena, DT__FRAMES, sizeof *flux->after);
  flux->before = dt_arena_take(arena, DT__FRAMES, sizeof *flux->before);
  flux->loud = dt_arena_take(arena, DT__FRAMES, sizeof *flux->loud);
  flux->novelty = dt_arena_take(arena, DT__FRAMES, sizeof *flux->novelty);
}

void dt__flux_init(dt__flux* flux, int rate_hz) {
  dt_bank_init(&flux->bank, rate_hz);
  flux->hop_frames = (int)lround(rate_hz * 1e-3);
  flux->frame_s = flux->hop_frames / (double)rate_hz;
  flux->emphasis = (float)rate_hz / 44100.0f;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    /* The envelope of an n-stage gammatone of bandwidth w peaks (n-1) / (2 pi w) after a click. */
    double width_hz = fmax(40.0, 0.3 * dt_bank_center_hz(b));
    flux->delay[b] = (int)lround(2 / (6.2831853 * width_hz) / flux->frame_s);
  }
  dt__flux_reset(flux);
}

void dt__flux_reset(dt__flux* flux) {
  dt_bank_reset(&flux->bank);
  flux->fill = 0;
  flux->last_sample = 0;
  flux->frames = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++)
    flux->floor[b] = FLOOR_ABSOLUTE;
  memset(flux->energy, 0, DT__FRAMES * sizeof *flux->energy);
  memset(flux->after, 0, DT__FRAMES * sizeof *flux->after);
  memset(flux->before, 0, DT__FRAMES * sizeof *flux->before);
  memset(flux->loud, 0, DT__FRAMES * sizeof *flux->loud);
  memset(flux->novelty, 0, DT__FRAMES * sizeof *flux->novelty);
}

float dt__flux_mean(const dt__flux* flux, int band, int64_t first, int64_t last) {
  float sum = 0;
  first += flux->delay[band];
  last += flux->delay[band];
  for (int64_t f = first; f <= last; f++)
    if (f >= 0 && f < flux->frames && f > flux->frames - DT__FRAMES)
      sum += flux->energy[f & (DT__FRAMES - 1)][band];
  return sum / (float)(last - first + 1);
}

/* Rises of all bands at a frame, summed. */
static float rise_at(const dt__flux* flux, int64_t frame) {
  float total = 0;
  for (int b = 0; b < flux->bank.band_count; b++) {
    int64_t at = frame + flux->delay[b];
    float after = flux->after[(at + DT__AFTER - 1) & (DT__FRAMES - 1)][b];
    float before = flux->before[(at - DT__GAP - 1) & (DT__FRAMES - 1)][b];
    float rise = log2f((after + flux->floor[b]) / (before + flux->floor[b]));
    if (rise > RISE_MIN)
      total += (rise < RISE_MAX ? rise : RISE_MAX) - RISE_MIN;
  }
  return total / (float)flux->bank.band_count;
}

/* Mean over the count frames that end with the newest; the ring is clear before the start. */
static void mean_of_last(const dt__flux* flux, int count, float mean[DT_BANK_BANDS]) {
  float sum[DT_BANK_BANDS] = {0};
  for (int i = 0; i < count; i++) {
    const float* energy = flux->energy[(flux->frames - i) & (DT__FRAMES - 1)];
    for (int b = 0; b < DT_BANK_BANDS; b++)
      sum[b] += energy[b];
  }
  for (int b = 0; b < DT_BANK_BANDS; b++)
    mean[b] = sum[b] / (float)count;
}

static float greater(float a, float b) {
  return a > b ? a : b;
}

static void close_frame(dt__flux* flux) {
  float* energy = flux->energy[flux->frames & (DT__FRAMES - 1)];
  float* loud = flux->loud[flux->frames & (DT__FRAMES - 1)];
  const float* loud_before = flux->loud[(flux->frames - 1) & (DT__FRAMES - 1)];
  /* Whole frames only: sums taken in other pieces would round otherwise. */
  float sum[DT_BANK_BANDS] = {0};
  dt_bank_add_energy(&flux->bank, flux->open, (size_t)flux->hop_frames, sum);
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    energy[b] = sum[b] / (float)flux->hop_frames;
    loud[b] = greater(energy[b], loud_before[b] * FORGET_PER_FRAME);
    flux->floor[b] = FLOOR_ABSOLUTE + FLOOR_SHARE * loud[b];
  }
  mean_of_last(flux, DT__AFTER, flux->after[flux->frames & (DT__FRAMES - 1)]);
  mean_of_last(flux, DT__BEFORE, flux->before[flux->frames & (DT__FRAMES - 1)]);
  flux->fill = 0;
  flux->frames++;
  int64_t known = flux->frames - 1 - DT__FLUX_AHEAD;
  if (known >= 0)
    flux->novelty[known & (DT__FRAMES - 1)] = rise_at(flux, known);
}

bool dt__flux_add(dt__flux* flux, const float* samples, size_t count) {
  float last = flux->last_sample;
  for (size_t n = 0; n < count; n++) {
    flux->open[flux->fill + (int)n] = (samples[n] - last) * flux->emphasis;
    last = samples[n];
  }
  flux->last_sample = last;
  flux->fill += (int)count;
  if (flux->fill < flux->hop_frames)
    return false;
  close_frame(flux);
  return true;
}
