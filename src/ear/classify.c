#include "classify.h"

#include <math.h>

#include "classify_weights.h"

#include "dt/rt_poison.h" /* last: see there */

/* The windows, in frames from the attack. */
static const int windows[DT__WINDOWS][2] = {{-24, -13}, {-11, -2}, {0, 4}, {5, 14}, {15, 39}};

static const int offsets[DT__OFFSETS] = {-36, -28, -20, -15, -11, -8, -5, -2, 1, 4, 8, 12, 18, 24};

/* The usual rise of what sounds (steady noise has some) is taken from these frames before. */
#define USUAL_FIRST 240
#define USUAL_LAST  40

static float clip(float x, float low, float high) {
  return fminf(fmaxf(x, low), high);
}

void dt__features(const dt__flux* flux, int64_t frame, float features[DT__FEATURES]) {
  float level[DT__WINDOWS + 1][DT_BANK_BANDS];
  const float* loud = flux->loud[(frame + 9) & (DT__FRAMES - 1)];
  float top = -HUGE_VALF;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    for (int w = 0; w < DT__WINDOWS; w++)
      level[w][b] = log2f(dt__flux_mean(flux, b, frame + windows[w][0], frame + windows[w][1]) +
                          flux->floor[b]);
    level[DT__WINDOWS][b] = log2f(loud[b] + flux->floor[b]);
    top = fmaxf(top, level[DT__WINDOWS][b]);
  }
  /* Levels below the take's loudest band; rises over what sounded just before; levels below each
   * band's own loudest. In octaves of energy (3 dB). */
  for (int w = 0; w <= DT__WINDOWS; w++)
    for (int b = 0; b < DT_BANK_BANDS; b++)
      *features++ = 0.2f * fmaxf(level[w][b] - top, -20);
  for (int w = 2; w < DT__WINDOWS; w++)
    for (int b = 0; b < DT_BANK_BANDS; b++)
      *features++ = 0.4f * clip(level[w][b] - level[1][b], 0, 8);
  for (int w = 2; w < 4; w++)
    for (int b = 0; b < DT_BANK_BANDS; b++)
      *features++ = 0.2f * fmaxf(level[w][b] - level[DT__WINDOWS][b], -15);
  for (int i = 0; i < DT__OFFSETS; i++) {
    float rise = 0;
    for (int64_t f = frame + offsets[i] - 1; f <= frame + offsets[i] + 1; f++)
      rise = fmaxf(rise, dt__novelty(flux, f));
    *features++ = rise;
  }
  float usual = 0;
  for (int64_t f = frame - USUAL_FIRST; f < frame - USUAL_LAST; f++)
    usual += dt__novelty(flux, f);
  *features = 4 * usual / (USUAL_FIRST - USUAL_LAST);
}

static void outputs_of(const float features[DT__FEATURES], float outputs[DT__OUTPUTS]) {
  /* Weights lie feature by feature, so that the inner loop runs over independent sums. */
  float hidden[DT__HIDDEN];
  for (int h = 0; h < DT__HIDDEN; h++)
    hidden[h] = dt__hidden_bias[h];
  for (int i = 0; i < DT__FEATURES; i++)
    for (int h = 0; h < DT__HIDDEN; h++)
      hidden[h] += dt__hidden_weights[i * DT__HIDDEN + h] * features[i];
  for (int h = 0; h < DT__HIDDEN; h++)
    hidden[h] = fmaxf(hidden[h], 0);
  for (int o = 0; o < DT__OUTPUTS; o++) {
    const float* weights = dt__output_weights + o * DT__HIDDEN;
    float sum = dt__output_bias[o];
    for (int h = 0; h < DT__HIDDEN; h++)
      sum += weights[h] * hidden[h];
    outputs[o] = 1 / (1 + expf(-sum));
  }
}

/* The likeliest of count drums. */
static dt_drum likeliest(const float* chance, const dt_drum* drums, int count) {
  int best = 0;
  for (int i = 1; i < count; i++)
    if (chance[i] > chance[best])
      best = i;
  return drums[best];
}

static const dt_drum toms[3] = {DT_TOM_HIGH, DT_TOM_MID, DT_TOM_LOW};
static const dt_drum cymbals[3] = {DT_RIDE, DT_RIDE_BELL, DT_CRASH};
static const dt_drum hats[3] = {DT_HIHAT_CLOSED, DT_HIHAT_OPEN, DT_HIHAT_PEDAL};

static dt_drum drum_in(int class, const float* outputs) {
  switch (class) {
  case 0:
    return DT_KICK;
  case 1:
    return outputs[5] > 0.5f * outputs[1] ? DT_CROSS_STICK : DT_SNARE;
  case 2: {
    const float chance[3] = {outputs[2] - outputs[6] - outputs[7], outputs[6], outputs[7]};
    return likeliest(chance, hats, 3);
  }
  case 3:
    return likeliest(outputs + 8, toms, 3);
  default:
    return likeliest(outputs + 11, cymbals, 3);
  }
}

static float velocity_of(int class, const float features[DT__FEATURES]) {
  const float* weights = dt__loudness_weights + class * DT__LOUDNESS;
  float velocity = weights[0];
  for (int i = 1; i < DT__LOUDNESS; i++)
    velocity += weights[i] * features[2 * DT_BANK_BANDS + i - 1];
  return clip(velocity, 1, 127);
}

/* Refined picks that turn out to be strokes nearly always had this much of the threshold before. */
#define MAY_BE 0.25f

bool dt__may_be_struck(const float features[DT__FEATURES]) {
  float outputs[DT__OUTPUTS];
  outputs_of(features, outputs);
  return outputs[DT__STRUCK] > MAY_BE * dt__thresholds[DT__CLASSES];
}

bool dt__dies_away(const float features[DT__FEATURES]) {
  float fall = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++)
    fall += features[2 * DT_BANK_BANDS + b] - features[4 * DT_BANK_BANDS + b];
  return fall > 0.2f * DT_BANK_BANDS; /* an octave of energy a band */
}

int dt__classify(const float features[DT__FEATURES], bool sure, dt_stroke strokes[DT__CLASSES]) {
  float outputs[DT__OUTPUTS];
  outputs_of(features, outputs);
  if (!sure && !(outputs[DT__STRUCK] > dt__thresholds[DT__CLASSES]))
    return 0;
  int best = 0;
  for (int c = 1; c < DT__CLASSES; c++)
    if (outputs[c] * dt__thresholds[best] > outputs[best] * dt__thresholds[c])
      best = c;
  int count = 0;
  for (int c = 0; c < DT__CLASSES; c++) {
    if (c != best && !(outputs[c] > dt__thresholds[c]))
      continue;
    dt_stroke* stroke = &strokes[count++];
    *stroke = dt_stroke_at(0, drum_in(c, outputs));
    stroke->confidence = outputs[DT__STRUCK];
    stroke->velocity = velocity_of(c, features);
  }
  return count;
}
