#include "reading.h"

#include <math.h>
#include <string.h>

#include "dt/stat.h"

/* Places of the beat; what falls between two is shared. */
static const double PLACE[DT__READ_PLACES + 1] = {0.0,       1.0 / 6.0, 0.25,      1.0 / 3.0, 0.5,
                                                  2.0 / 3.0, 0.75,      5.0 / 6.0, 1.0};

static void add_spot(float* profile, double at, const dt__spot* spot) {
  const double beat = floor(at);
  const double share = at - beat;
  int place = 0;
  while (place + 1 < DT__READ_PLACES && share >= PLACE[place + 1]) {
    ++place;
  }
  const double next = (share - PLACE[place]) / (PLACE[place + 1] - PLACE[place]);
  const int bar_places = 4 * DT__READ_PLACES;
  const int in_bar = (int)(beat - 4.0 * floor(beat / 4.0));
  const int first = in_bar * DT__READ_PLACES + place;
  const int second = (first + 1) % bar_places;
  profile[first * DT__READ_GROUPS + spot->group] += spot->weight * (float)(1.0 - next);
  profile[second * DT__READ_GROUPS + spot->group] += spot->weight * (float)next;
}

/* The sixteenth of the bar. */
static int sixteenth(double at) {
  const double place = floor(4.0 * at + 0.5);
  return (int)(place - 16.0 * floor(place / 16.0));
}

static void fill(const dt__spot* spots, size_t count, const dt__read_span* span, int octave,
                 int half, float* input) {
  memset(input, 0, DT__READ_INPUTS * sizeof(*input));
  const double ratio = ldexp(1.0, octave);
  for (size_t k = 0; k < count; ++k) {
    if (spots[k].group >= 0 && spots[k].group < DT__READ_GROUPS) {
      add_spot(input, spots[k].beat * ratio - 0.5 * half, &spots[k]);
    }
  }
  const double bars = fmax(span->beats * ratio / 4.0, 0.5);
  for (int k = 0; k < DT__READ_PROFILE; ++k) {
    input[k] = log1pf(4.0F * input[k] / (float)bars);
  }
  const double low = log2(35.0);
  const double high = log2(260.0);
  const double tempo = log2(60.0 / span->beat_s) + octave;
  float* tempi = input + DT__READ_PROFILE;
  for (int k = 0; k < DT__READ_TEMPI; ++k) {
    const double away = (tempo - low - (high - low) * k / (DT__READ_TEMPI - 1)) / 0.25;
    tempi[k] = (float)exp(-0.5 * away * away);
  }
  float* edge = tempi + DT__READ_TEMPI;
  edge[span->has_start ? sixteenth(spots[0].beat * ratio - 0.5 * half) : 16] = 1.0F;
  edge += DT__READ_EDGE;
  edge[span->has_end ? sixteenth(spots[count - 1].beat * ratio - 0.5 * half) : 16] = 1.0F;
}

static float dot(const signed char* weight, const float* input) {
  float part[8] = {0.0F};
  int k = 0;
  for (; k + 8 <= DT__READ_INPUTS; k += 8) {
    for (int j = 0; j < 8; ++j) {
      part[j] += (float)weight[k + j] * input[k + j];
    }
  }
  float sum = 0.0F;
  for (; k < DT__READ_INPUTS; ++k) {
    sum += (float)weight[k] * input[k];
  }
  for (int j = 0; j < 8; ++j) {
    sum += part[j];
  }
  return sum;
}

static double judge(const float* input) {
  double sum = (double)(dt__read_linear_scale * dot(dt__read_linear, input));
  for (int h = 0; h < DT__READ_HIDDEN; ++h) {
    const float x = dt__read_scale[h] * dot(dt__read_weight[h], input) + dt__read_bias[h];
    sum += x > 0.0F ? (double)(x * dt__read_out[h]) : 0.0;
  }
  return sum;
}

static bool is_known(const dt__spot* spots, size_t count) {
  size_t known = 0;
  for (size_t k = 0; k < count; ++k) {
    known += spots[k].group >= 0 && spots[k].group < DT__READ_GROUPS;
  }
  return count > 0 && 2 * known > count;
}

size_t dt__readings(const dt__spot* spots, size_t count, const dt__read_span* span,
                    dt__reading* out) {
  size_t n = 0;
  if (!is_known(spots, count)) {
    return 0;
  }
  double best = -(double)INFINITY;
  for (int octave = -2; octave <= 2; ++octave) {
    const double bpm = ldexp(60.0 / span->beat_s, octave);
    for (int half = 0; half < DT__READ_HALVES; ++half) {
      const bool may_be = !span->on_beat || half % 2 == 0;
      if (may_be && bpm >= 0.99 * span->low_bpm && bpm <= 1.01 * span->high_bpm) {
        float input[DT__READ_INPUTS];
        fill(spots, count, span, octave, half, input);
        out[n] = (dt__reading){octave, half, judge(input)};
        best = fmax(best, out[n++].log_p);
      }
    }
  }
  double sum = 0.0;
  for (size_t k = 0; k < n; ++k) {
    sum += exp(out[k].log_p - best);
  }
  for (size_t k = 0; k < n; ++k) {
    out[k].log_p -= best + log(sum);
  }
  return n;
}
