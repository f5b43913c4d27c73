#include "synth.h"

#include <math.h>
#include <stdbool.h>

#include "dt/rng.h"

#define PI 3.14159265358979323846

#define AUDIBLE_DB 70.0   /* a sound this far under its start is over */
#define ONSET_S    0.0001 /* noise and clusters start this steeply, as a struck stick does */
#define TAIL_S     0.004  /* the last moments fade, so that the end makes no click */
#define BAND_TOP   0.45   /* of the rate: no component goes higher */

/* Logarithm of the amplitude ratio of 60 dB. */
#define LN_60_DB 6.90775527898213705

static double longest_t60(const dt__component* c) {
  return c->sound == DT__CLUSTER ? fmax(c->t60_s, c->t60_high_s) : c->t60_s;
}

size_t dt__part_length(const dt__recipe* recipe, dt__part part, int rate_hz) {
  double longest_s = 0;
  for (size_t i = 0; i < recipe->component_count; i++) {
    const dt__component* c = &recipe->components[i];
    if (c->part == part)
      longest_s = fmax(longest_s, c->delay_s + longest_t60(c) * AUDIBLE_DB / 60);
  }
  return (size_t)ceil(longest_s * rate_hz);
}

/* Sample at which a component that falls by 60 dB in t60_s is over. */
static size_t end_of(double t60_s, double rate, size_t length) {
  return (size_t)fmin((double)length, t60_s * AUDIBLE_DB / 60 * rate);
}

/* 0 at the very start, 1 after `rise_s`; a quarter of a cosine's period squared. */
static double rising(double t, double rise_s) {
  if (t >= rise_s)
    return 1;
  const double s = sin(PI / 2 * t / rise_s);
  return s * s;
}

static void render_tone(const dt__component* c, double rate, float* table, size_t length) {
  if (c->low_hz > BAND_TOP * rate)
    return;
  const size_t end = end_of(c->t60_s, rate, length);
  for (size_t i = 0; i < end; i++) {
    const double t = (double)i / rate;
    const double glided = c->glide > 0 ? c->glide * c->glide_s * (1 - exp(-t / c->glide_s)) : 0;
    const double envelope = c->gain * exp(-LN_60_DB * t / c->t60_s);
    table[i] += (float)(envelope * sin(2 * PI * c->low_hz * (t + glided)));
  }
}

/* Second-order section, transposed direct form II. */
typedef struct section {
  double b0, b1, b2, a1, a2;
  double s1, s2;
} section;

/* Butterworth low-pass or high-pass by the bilinear transform (R. Bristow-Johnson's cookbook). */
static section butterworth(double hz, double rate, bool high) {
  const double w = 2 * PI * hz / rate;
  const double alpha = sin(w) / sqrt(2.0);
  const double a0 = 1 + alpha;
  const double edge = high ? 1 + cos(w) : 1 - cos(w);
  return (section){
      .b0 = edge / 2 / a0,
      .b1 = (high ? -edge : edge) / a0,
      .b2 = edge / 2 / a0,
      .a1 = -2 * cos(w) / a0,
      .a2 = (1 - alpha) / a0,
  };
}

static double run(section* f, double x) {
  const double y = f->b0 * x + f->s1;
  f->s1 = f->b1 * x - f->a1 * y + f->s2;
  f->s2 = f->b2 * x - f->a2 * y;
  return y;
}

typedef struct band_noise {
  section filters[4];
  double scale; /* to an RMS of 1 */
  dt_rng* rng;
} band_noise;

static double next_noise(band_noise* noise) {
  /* Uniform is as good as normal once filtered, and needs no logarithm. */
  double x = noise->scale * (2 * dt_rng_uniform(noise->rng) - 1);
  for (size_t i = 0; i < 4; i++)
    x = run(&noise->filters[i], x);
  return x;
}

/* Running for a while already: noise is in its steady state when the stroke lets it out. */
static band_noise start_noise(double low_hz, double high_hz, double rate, dt_rng* rng) {
  const section low = butterworth(low_hz, rate, true);
  const section high = butterworth(high_hz, rate, false);
  band_noise noise = {.filters = {low, low, high, high}, .rng = rng};
  /* White noise in -1..1 has power 1/3, spread evenly up to half the rate. */
  noise.scale = sqrt(3 * rate / (2 * (high_hz - low_hz)));
  const int settle = (int)(2 * rate / low_hz);
  for (int i = 0; i < settle; i++)
    (void)next_noise(&noise);
  return noise;
}

static void render_noise(const dt__component* c, double rate, dt_rng* rng, float* table,
                         size_t length) {
  const double top_hz = fmin(c->high_hz, BAND_TOP * rate);
  const double low_hz = fmin(c->low_hz, top_hz / 2);
  band_noise noise = start_noise(low_hz, top_hz, rate, rng);
  const double rise_s = fmax(ONSET_S, c->rise_s);
  const size_t start = (size_t)(c->delay_s * rate);
  const double decay = exp(-LN_60_DB / (c->t60_s * rate));
  double envelope = c->gain;
  const size_t end = start + end_of(c->t60_s, rate, length - start);
  for (size_t i = start; i < end; i++) {
    table[i] += (float)(envelope * rising((double)(i - start) / rate, rise_s) * next_noise(&noise));
    envelope *= decay;
  }
}

/* One mode, by the two-term recursion of a decaying sinusoid, until it cannot be heard. */
static void render_mode(double hz, double t60_s, double gain, double phase, double rate,
                        float* table, size_t length) {
  const double r = exp(-LN_60_DB / (t60_s * rate));
  const double w = 2 * PI * hz / rate;
  const double c1 = 2 * r * cos(w);
  const double c2 = r * r;
  double y2 = gain * sin(phase - 2 * w) / (r * r);
  double y1 = gain * sin(phase - w) / r;
  const size_t end = end_of(t60_s, rate, length);
  for (size_t i = 0; i < end; i++) {
    const double y = c1 * y1 - c2 * y2;
    const double t = (double)i / rate;
    table[i] += (float)(t < ONSET_S ? y * rising(t, ONSET_S) : y);
    y2 = y1;
    y1 = y;
  }
}

/* Modes of a plate: one at random in each of `count` steps of pitch, which are even on a scale
 * between linear (as a plate's modes are) and logarithmic, so that the low ones are heard apart. */
static void render_cluster(const dt__component* c, double rate, dt_rng* rng, float* table,
                           size_t length) {
  const double gain = c->gain * sqrt(2.0 / c->count);
  const double low = sqrt(c->low_hz);
  const double step = (sqrt(c->high_hz) - low) / c->count;
  for (int i = 0; i < c->count; i++) {
    const double root = low + step * (i + dt_rng_uniform(rng));
    const double hz = root * root;
    const double phase = 2 * PI * dt_rng_uniform(rng);
    /* Some modes are struck, some hardly; the outermost ones stand back. */
    const double luck = dt_rng_uniform(rng);
    const double outward = 2 * (i + 0.5) / c->count - 1;
    const double level = (0.2 + 2.2 * luck * luck) * (1 - pow(outward, 6));
    const double along = log(hz / c->low_hz) / log(c->high_hz / c->low_hz);
    const double t60_s = c->t60_s * pow(c->t60_high_s / c->t60_s, along);
    if (hz < BAND_TOP * rate)
      render_mode(hz, t60_s, gain * level, phase, rate, table, length);
  }
}

static void fade_tail(float* table, size_t length, double rate) {
  const size_t tail = (size_t)fmin((double)length, TAIL_S * rate);
  for (size_t i = 0; i < tail; i++)
    table[length - 1 - i] *= (float)i / (float)tail;
}

void dt__part_render(const dt__recipe* recipe, dt__part part, int rate_hz, uint64_t seed,
                     float* table, size_t length) {
  const double rate = rate_hz;
  for (size_t i = 0; i < length; i++)
    table[i] = 0;
  for (size_t i = 0; i < recipe->component_count; i++) {
    const dt__component* c = &recipe->components[i];
    if (c->part != part)
      continue;
    dt_rng rng = dt_rng_seeded(seed, i);
    if (c->sound == DT__TONE)
      render_tone(c, rate, table, length);
    else if (c->sound == DT__NOISE)
      render_noise(c, rate, &rng, table, length);
    else
      render_cluster(c, rate, &rng, table, length);
  }
  fade_tail(table, length, rate);
}
