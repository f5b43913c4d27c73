#include "ear_scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"

#define SNR_S      0.050
#define STEADY_S   0.200
#define LEVEL_STEP 32 /* samples of the same level of noise */

const dt_drum scene_drums[SCENE_DRUMS] = {
    DT_KICK,       DT_SNARE,       DT_CROSS_STICK, DT_RIMSHOT, DT_HIHAT_CLOSED,
    DT_HIHAT_OPEN, DT_HIHAT_PEDAL, DT_TOM_HIGH,    DT_TOM_MID, DT_TOM_LOW,
    DT_RIDE,       DT_RIDE_BELL,   DT_CRASH};

scene scene_new(double length_s, int rate_hz) {
  scene s = {.count = (size_t)(length_s * rate_hz), .rate_hz = rate_hz};
  s.samples = calloc(s.count + 1, sizeof *s.samples);
  if (s.samples == NULL)
    exit(1);
  return s;
}

void scene_clear(scene* s) {
  free(s->samples);
  hits_clear(&s->truth);
  memset(s, 0, sizeof *s);
}

dt_synthkit* kit_new(int rate_hz, uint64_t seed) {
  dt_synthkit* kit = dt_synthkit_new(NULL, rate_hz, seed);
  if (kit == NULL)
    exit(1);
  return kit;
}

void scene_stroke(scene* s, const dt_synthkit* kit, dt_drum drum, double at_s, double velocity) {
  dt_stroke stroke = dt_stroke_at(at_s, drum);
  stroke.velocity = (float)fmin(fmax(velocity, 1), 127);
  dt_synthkit_add(kit, &stroke, s->samples, s->count, 0);
  hits_add(&s->truth,
           (hit){.at_s = at_s, .drum = drum, .velocity = (double)stroke.velocity, .confidence = 1});
}

void scene_end(scene* s) {
  hits_sort(&s->truth);
}

/* RMS of a stroke's first 50 ms. */
static double stroke_rms(const scene* s, double at_s) {
  size_t first = (size_t)(at_s * s->rate_hz);
  size_t end = first + (size_t)(SNR_S * s->rate_hz);
  double sum = 0;
  for (size_t n = first; n < end && n < s->count; n++)
    sum += (double)s->samples[n] * (double)s->samples[n];
  return sqrt(sum / (SNR_S * s->rate_hz));
}

/* The level at a time, gliding between the strokes' own; *next is the first stroke not yet over. */
static double level_at(const hits* truth, const double* level, size_t* next, double at_s) {
  while (*next < truth->count && truth->items[*next].at_s + STEADY_S < at_s)
    ++*next;
  if (*next == truth->count)
    return level[truth->count - 1];
  if (*next == 0)
    return level[0];
  double from_s = truth->items[*next - 1].at_s + STEADY_S;
  double to_s = truth->items[*next].at_s - STEADY_S;
  double way = to_s > from_s ? fmin(fmax((at_s - from_s) / (to_s - from_s), 0), 1) : 1;
  return level[*next - 1] + way * (level[*next] - level[*next - 1]);
}

void scene_noise_under_strokes(scene* s, double snr_db, double offset_s, const float* unit) {
  if (!isfinite(snr_db) || s->truth.count == 0)
    return;
  double* level = malloc(s->truth.count * sizeof *level); /* natural logarithm */
  if (level == NULL)
    exit(1);
  for (size_t i = 0; i < s->truth.count; i++)
    level[i] = log(stroke_rms(s, s->truth.items[i].at_s + offset_s) + 1e-9) - snr_db / 20 * log(10);
  size_t next = 0;
  double rms = 0;
  for (size_t n = 0; n < s->count; n++) {
    if (n % LEVEL_STEP == 0)
      rms = exp(level_at(&s->truth, level, &next, (double)n / s->rate_hz - offset_s));
    s->samples[n] += (float)(rms * (double)unit[n]);
  }
  free(level);
}

float* noise_new(size_t count, dt_rng* rng) {
  float* unit = malloc((count + 1) * sizeof *unit);
  if (unit == NULL)
    exit(1);
  for (size_t n = 0; n < count; n++)
    unit[n] = (float)dt_rng_normal(rng);
  return unit;
}

void scene_noise(scene* s, double rms, dt_rng* rng) {
  for (size_t n = 0; n < s->count; n++)
    s->samples[n] += (float)(rms * dt_rng_normal(rng));
}

/* A sixteenth of the groove: which drum plays how hard, 0 for a rest. */
static double groove_velocity(dt_drum drum, int bar, int sixteenth) {
  bool is_fill = bar % 4 == 3 && sixteenth >= 12;
  switch (drum) {
  case DT_KICK:
    return sixteenth % 8 == 0 ? 100 : sixteenth == 10 ? 85 : 0;
  case DT_SNARE:
    return is_fill ? 0 : sixteenth % 8 == 4 ? 105 : sixteenth == 7 || sixteenth == 9 ? 30 : 0;
  case DT_HIHAT_CLOSED:
    return is_fill || (bar % 4 == 0 && sixteenth == 0) || sixteenth % 2 != 0 ? 0
           : sixteenth % 4 == 0                                              ? 80
                                                                             : 55;
  case DT_TOM_HIGH:
    return is_fill && sixteenth < 14 ? 90 : 0;
  case DT_TOM_LOW:
    return is_fill && sixteenth >= 14 ? 95 : 0;
  case DT_CRASH:
    return bar % 4 == 0 && sixteenth == 0 ? 110 : 0;
  default:
    return 0;
  }
}

void scene_groove(scene* s, const dt_synthkit* kit, double start_s, double length_s, double bpm,
                  dt_rng* rng) {
  static const dt_drum played[] = {DT_KICK,     DT_SNARE,   DT_HIHAT_CLOSED,
                                   DT_TOM_HIGH, DT_TOM_LOW, DT_CRASH};
  double sixteenth_s = 15 / bpm;
  for (int at = 0; at * sixteenth_s < length_s; at++)
    for (size_t d = 0; d < sizeof played / sizeof played[0]; d++) {
      double velocity = groove_velocity(played[d], at / 16, at % 16);
      double late_s = 0.005 * dt_rng_normal(rng);
      double louder = 8 * dt_rng_normal(rng);
      if (velocity > 0)
        scene_stroke(s, kit, played[d], start_s + at * sixteenth_s + fmax(late_s, -0.012),
                     velocity + louder);
    }
  scene_end(s);
}
