#include "sounds.h"

#include <math.h>
#include <string.h>

#include "dt/rng.h"
#include "dt/stat.h"

#include "dt/rt_poison.h" /* last: see there */

#define PEAK      0.5
#define RISE_S    0.0003
#define FALL_S    0.005
#define CLICK_S   0.09
#define HISS_PART 48   /* partials of the hi-hat */
#define WORD_S    0.26 /* see words.c */
#define EDGE      0.8  /* of the woodblock at a word's beginning */

typedef struct partial {
  double ratio; /* to the lowest */
  double gain;
  double t60_s;
} partial;

static const partial beep[] = {{1, 1, 0.11}, {2, 0.25, 0.06}, {3, 0.1, 0.03}};
static const partial wood[] = {{1, 1, 0.07}, {2.42, 0.6, 0.035}, {4.05, 0.35, 0.02}};

static const double beep_hz[DT__PITCH_COUNT] = {1760, 1175, 784};
static const double wood_hz[DT__PITCH_COUNT] = {1250, 880, 660};
static const double hat_hz[DT__PITCH_COUNT] = {4200, 6000, 7500};
static const double hat_t60_s[DT__PITCH_COUNT] = {0.08, 0.055, 0.035};

static size_t frames_of(double seconds, int rate_hz) {
  return (size_t)ceil(seconds * rate_hz);
}

static void add_partial(dt__table* t, int rate_hz, double hz, double gain, double t60_s,
                        double phase) {
  if (hz >= DT__HIGHEST * rate_hz)
    return;
  for (size_t i = 0; i < t->length; i++) {
    const double s = (double)i / rate_hz;
    t->samples[i] += (float)(gain * exp(-log(1000) * s / t60_s) * cos(2 * DT_PI * hz * s + phase));
  }
}

static void add_partials(dt__table* t, int rate_hz, double lowest_hz, const partial* p,
                         size_t count, double gain) {
  for (size_t i = 0; i < count; i++)
    add_partial(t, rate_hz, lowest_hz * p[i].ratio, gain * p[i].gain, p[i].t60_s, 0);
}

/* Partials at random, in a band that the rate can carry. */
static void add_hiss(dt__table* t, int rate_hz, double low_hz, double t60_s, uint64_t seed) {
  const double top_hz = fmin(16000, 0.98 * DT__HIGHEST * rate_hz);
  const double bottom_hz = fmin(low_hz, top_hz / 2);
  dt_rng rng = dt_rng_seeded(seed, 1);
  for (int i = 0; i < HISS_PART; i++) {
    const double hz = bottom_hz * pow(top_hz / bottom_hz, (i + dt_rng_uniform(&rng)) / HISS_PART);
    const double phase = 2 * DT_PI * dt_rng_uniform(&rng);
    add_partial(t, rate_hz, hz, 1, t60_s * (0.6 + 0.4 * bottom_hz / hz), phase);
  }
}

static double squared_sine(double x) {
  const double s = sin(DT_PI / 2 * x);
  return s * s;
}

static void shape(dt__table* t, int rate_hz) {
  const size_t rise = frames_of(RISE_S, rate_hz);
  const size_t fall = frames_of(FALL_S, rate_hz);
  for (size_t i = 0; i < rise; i++)
    t->samples[i] *= (float)squared_sine((double)(i + 1) / (double)(rise + 1));
  for (size_t i = 0; i < fall; i++)
    t->samples[t->length - 1 - i] *= (float)squared_sine((double)(i + 1) / (double)(fall + 1));
  float peak = 0;
  for (size_t i = 0; i < t->length; i++)
    peak = fmaxf(peak, fabsf(t->samples[i]));
  for (size_t i = 0; i < t->length; i++)
    t->samples[i] *= (float)PEAK / peak;
}

static void render_click(dt__table* t, int sound, int pitch, int rate_hz) {
  if (sound == DT_BAND_BEEP)
    add_partials(t, rate_hz, beep_hz[pitch], beep, sizeof beep / sizeof *beep, 1);
  else if (sound == DT_BAND_WOODBLOCK)
    add_partials(t, rate_hz, wood_hz[pitch], wood, sizeof wood / sizeof *wood, 1);
  else
    add_hiss(t, rate_hz, hat_hz[pitch], hat_t60_s[pitch], 7 + (uint64_t)pitch);
  shape(t, rate_hz);
}

static void take_table(dt_arena* arena, dt__table* t, size_t length) {
  t->samples = dt_arena_take(arena, length, sizeof(float));
  t->length = length;
}

void dt__sounds_layout(dt__sounds* sounds, dt_arena* arena, int rate_hz) {
  for (int s = 0; s < DT_BAND_SOUND_COUNT; s++)
    for (int p = 0; p < DT__PITCH_COUNT; p++)
      take_table(arena, &sounds->clicks[s][p], frames_of(CLICK_S, rate_hz));
  for (int w = 0; w < DT__WORDS; w++)
    take_table(arena, &sounds->words[w], frames_of(WORD_S, rate_hz));
}

static void clear(dt__table* t) {
  memset(t->samples, 0, t->length * sizeof(float));
}

static void render_word(dt__table* t, int number, int rate_hz) {
  dt__word_render(t, number, rate_hz);
  const double pitch_hz = wood_hz[number == 0 ? DT__ACCENT : DT__BEAT];
  add_partials(t, rate_hz, pitch_hz, wood, sizeof wood / sizeof *wood, EDGE);
  shape(t, rate_hz);
}

void dt__sounds_render(dt__sounds* sounds, int rate_hz) {
  for (int s = 0; s < DT_BAND_SOUND_COUNT; s++)
    for (int p = 0; p < DT__PITCH_COUNT; p++) {
      clear(&sounds->clicks[s][p]);
      render_click(&sounds->clicks[s][p], s, p, rate_hz);
    }
  for (int w = 0; w < DT__WORDS; w++) {
    clear(&sounds->words[w]);
    render_word(&sounds->words[w], w, rate_hz);
  }
}
