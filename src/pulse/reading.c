#include "reading.h"

#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "recur.h"
#include "tuning.h"

/* Places of the beat; what falls between two is shared. */
static const double PLACE[DT__READ_PLACES + 1] = {0.0,       1.0 / 6.0, 0.25,      1.0 / 3.0, 0.5,
                                                  2.0 / 3.0, 0.75,      5.0 / 6.0, 1.0};

long dt__read_place(double beat, double* late) {
  const double whole = floor(beat);
  const double share = beat - whole;
  int place = 0;
  while (place + 1 < DT__READ_PLACES && share >= PLACE[place + 1]) {
    ++place;
  }
  *late = (share - PLACE[place]) / (PLACE[place + 1] - PLACE[place]);
  return (long)whole * DT__READ_PLACES + place;
}

static void add_spot(float* profile, double at, const dt__spot* spot) {
  enum { BAR_PLACES = 4 * DT__READ_PLACES };
  double late;
  const long place = dt__read_place(at, &late);
  const int first = (int)((place % BAR_PLACES + BAR_PLACES) % BAR_PLACES);
  const int second = (first + 1) % BAR_PLACES;
  profile[first * DT__READ_GROUPS + spot->group] += spot->weight * (float)(1.0 - late);
  profile[second * DT__READ_GROUPS + spot->group] += spot->weight * (float)late;
}

/* The sixteenth of the bar. */
static int sixteenth(double at) {
  const double place = floor(4.0 * at + 0.5);
  return (int)(place - 16.0 * floor(place / 16.0));
}

static void fill(const dt__spot* spots, size_t count, const dt__read_span* span, int octave,
                 int half, const dt__recurrence* again, float* input) {
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
  float* rest = edge + DT__READ_EDGE;
  memcpy(rest, again->repeat, sizeof(again->repeat));
  rest += DT__READ_REPEAT;
  for (int k = 0; k < DT__READ_HALVES; ++k) {
    rest[k] = again->unusual[(k + half) % DT__READ_HALVES];
    rest[DT__READ_HALVES + k] = again->crash[(k + half) % DT__READ_HALVES];
  }
}

/* What the net hears of each group of drums, and of all that is no drum. */
typedef struct parts {
  float group[DT__READ_GROUPS];
  float rest;
} parts;

static void weigh(const signed char* weight, const float* input, parts* out) {
  memset(out, 0, sizeof(*out));
  int k = 0;
  for (; k < DT__READ_PROFILE; k += DT__READ_GROUPS) {
    for (int g = 0; g < DT__READ_GROUPS; ++g) {
      out->group[g] += (float)weight[k + g] * input[k + g];
    }
  }
  for (; k < DT__READ_INPUTS; ++k) {
    out->rest += (float)weight[k] * input[k];
  }
}

/* Adds scale times a unit's input to `to`: as it is, and without each group in turn. */
static void add_parts(const parts* p, float scale, float* to) {
  float all = p->rest;
  for (int g = 0; g < DT__READ_GROUPS; ++g) {
    all += p->group[g];
  }
  to[DT__READ_GROUPS] += scale * all;
  for (int g = 0; g < DT__READ_GROUPS; ++g) {
    to[g] += scale * (all - p->group[g]);
  }
}

/* The mean of what the net says of all drums and of all but one: no one drum decides alone, as it
 * may be one that this player uses otherwise than those who were learned from. */
static double judge(const float* input) {
  enum { VIEWS = DT__READ_GROUPS + 1 };
  parts p;
  float sum[VIEWS] = {0.0F};
  weigh(dt__read_linear, input, &p);
  add_parts(&p, dt__read_linear_scale, sum);
  for (int h = 0; h < DT__READ_HIDDEN; ++h) {
    float x[VIEWS];
    for (int v = 0; v < VIEWS; ++v) {
      x[v] = dt__read_bias[h];
    }
    weigh(dt__read_weight[h], input, &p);
    add_parts(&p, dt__read_scale[h], x);
    for (int v = 0; v < VIEWS; ++v) {
      sum[v] += x[v] > 0.0F ? x[v] * dt__read_out[h] : 0.0F;
    }
  }
  double mean = 0.0;
  for (int v = 0; v < VIEWS; ++v) {
    mean += (double)sum[v] / VIEWS;
  }
  return mean;
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
    if (!(bpm >= 0.99 * span->low_bpm && bpm <= 1.01 * span->high_bpm)) {
      continue;
    }
    dt__recurrence again;
    dt__recur(spots, count, ldexp(1.0, octave), &again);
    for (int half = 0; half < DT__READ_HALVES; ++half) {
      if (!span->on_beat || half % 2 == 0) {
        float input[DT__READ_INPUTS];
        fill(spots, count, span, octave, half, &again, input);
        const bool is_between = octave >= 0 && half % 2 == 1;
        out[n] = (dt__reading){octave, half, judge(input) - (is_between ? DT__BETWEEN : 0.0)};
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
