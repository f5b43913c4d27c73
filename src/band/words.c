#include "sounds.h"

#include <math.h>

#include "dt/rng.h"
#include "dt/stat.h"

#include "dt/rt_poison.h" /* last: see there */

/*
 * "One" to "eight", by formants: the harmonics of a voice, weighed by two resonances that glide
 * from one vowel to the next, and a breath of partials where the word begins with a consonant. Not
 * a voice to fall in love with; one number is told from another. Formants after G. Peterson and H.
 * Barney, "Control methods used in a study of the vowels", JASA 24, 1952.
 */
typedef struct word {
  double from_hz[2]; /* first and second formant */
  double to_hz[2];
  double breath_s; /* 0: begins with the voice */
} word;

static const word words[DT__WORDS] = {
    {{300, 700}, {640, 1190}, 0},     {{320, 1400}, {300, 870}, 0.025},
    {{400, 1500}, {270, 2290}, 0.05}, {{570, 840}, {500, 900}, 0.05},
    {{730, 1090}, {350, 2000}, 0.05}, {{390, 1990}, {390, 1990}, 0.07},
    {{530, 1840}, {480, 1300}, 0.06}, {{480, 1900}, {300, 2200}, 0},
};

#define VOICE_HZ    140.0
#define VOICE_SINKS 0.15 /* of its pitch, by the end */
#define HIGHEST_HZ  4000.0
#define WIDTH_HZ    90.0
#define BREATH      0.02
#define BREATH_PART 24
#define RISE_S      0.012
#define HARMONICS   40 /* at most */

static double resonance(double hz, double formant_hz) {
  const double x = (hz - formant_hz) / WIDTH_HZ;
  return 1 / (1 + x * x);
}

static double weight(const word* w, double at, double hz) {
  const double first = w->from_hz[0] + (w->to_hz[0] - w->from_hz[0]) * at;
  const double second = w->from_hz[1] + (w->to_hz[1] - w->from_hz[1]) * at;
  return resonance(hz, first) + 0.5 * resonance(hz, second) + 0.1 * resonance(hz, 2600);
}

static int harmonics_of(int rate_hz) {
  const double highest = fmin(HIGHEST_HZ, 0.4 * rate_hz);
  const int count = (int)(highest / VOICE_HZ);
  return count < HARMONICS ? count : HARMONICS;
}

static double envelope(double at, double since_s) {
  const double rise = since_s < RISE_S ? since_s / RISE_S : 1;
  return rise * (1 - at * at);
}

/* Weights change every millisecond, along straight lines. */
static void add_voice(dt__table* t, const word* w, size_t from, int rate_hz) {
  const int count = harmonics_of(rate_hz);
  const size_t step = (size_t)(rate_hz / 1000);
  const double length = (double)(t->length - from);
  double now[HARMONICS + 1] = {0};
  double slope[HARMONICS + 1] = {0};
  double phase = 0;
  for (size_t i = 0; from + i < t->length; i++) {
    const double at = (double)i / length;
    const double hz = VOICE_HZ * (1 - VOICE_SINKS * at);
    if (i % step == 0)
      for (int k = 1; k <= count; k++) {
        now[k] = weight(w, at, k * hz);
        slope[k] = (weight(w, at + (double)step / length, k * hz) - now[k]) / (double)step;
      }
    /* Sines of multiples of one angle, by Chebyshev's recurrence. */
    const double twice = 2 * cos(phase);
    double s0 = 0;
    double s1 = sin(phase);
    double sum = 0;
    for (int k = 1; k <= count; k++) {
      sum += (now[k] + slope[k] * (double)(i % step)) * s1;
      const double s2 = twice * s1 - s0;
      s0 = s1;
      s1 = s2;
    }
    t->samples[from + i] += (float)(sum * envelope(at, (double)i / rate_hz));
    phase += 2 * DT_PI * hz / rate_hz;
  }
}

static void add_breath(dt__table* t, size_t length, int number, int rate_hz) {
  const double top_hz = fmin(9000, 0.98 * DT__HIGHEST * rate_hz);
  dt_rng rng = dt_rng_seeded(100 + (uint64_t)number, 1);
  for (int p = 0; p < BREATH_PART; p++) {
    const double hz = top_hz * (0.4 + 0.6 * (p + dt_rng_uniform(&rng)) / BREATH_PART);
    const double phase = 2 * DT_PI * dt_rng_uniform(&rng);
    for (size_t i = 0; i < length; i++) {
      const double swell = sin(DT_PI * (double)(i + 1) / (double)(length + 1));
      t->samples[i] +=
          (float)(BREATH * swell * swell * cos(2 * DT_PI * hz * (double)i / rate_hz + phase));
    }
  }
}

void dt__word_render(dt__table* table, int number, int rate_hz) {
  const word* w = &words[number];
  const size_t breath = (size_t)(w->breath_s * rate_hz);
  if (breath > 0)
    add_breath(table, breath, number, rate_hz);
  add_voice(table, w, breath, rate_hz);
}
