#include <math.h>
#include <string.h>

#include "lattice.h"
#include "tuning.h"

/* log Gamma(n + a) / Gamma(a) for whole n. */
static double rising(double a, int n) {
  double sum = 0.0;
  for (int k = 0; k < n; ++k) {
    sum += log(a + k);
  }
  return sum;
}

/* Strokes a beat are counted by a negative binomial law (a player is busier or sparser than the
 * pattern), times n!, which the order of the strokes takes up. */
static double count_score(double mean, int n) {
  const double a = DT__COUNT_SHAPE;
  return rising(a, n) + a * log(a / (a + mean)) + n * log(mean / (a + mean));
}

void dt__evidence_fill(dt__evidence* evidence) {
  memset(evidence, 0, sizeof(*evidence));
  for (int g = 0; g < DT__SEGMENTS; ++g) {
    for (int group = 0; group < DT__GROUPS; ++group) {
      for (int bin = 0; bin < DT__BINS; ++bin) {
        evidence->place[group][bin][g] =
            (float)(DT__KAPPA * dt__segment_places[g][group][bin] / 16.0);
      }
    }
    for (int bin = 0; bin < DT__BINS; ++bin) {
      const int away = bin < DT__BINS / 2 ? bin : DT__BINS - bin;
      evidence->place[DT__GROUP_TAP][bin][g] = away == 0   ? 2.5F
                                               : away == 1 ? 1.8F
                                               : away == 2 ? 0.3F
                                                           : -4.0F;
    }
    double share = 0.0; /* of the beat's strokes that are expected by then */
    for (int bin = 0; bin <= DT__BINS; ++bin) {
      const double mean = fmax((double)dt__segment_strokes[g] * fmin(share, 1.0), 0.02);
      for (int n = 0; n < DT__COUNTS; ++n) {
        evidence->count[bin][n][g] = (float)(DT__KAPPA * count_score(mean, n));
      }
      if (bin < DT__BINS) {
        share += exp(dt__segment_places[g][DT__GROUP_UNKNOWN][bin] / 16.0) / DT__BINS;
      }
    }
  }
}

static void add_row(float* restrict out, const float* restrict row, float weight) {
  for (int g = 0; g < DT__WIDTH; ++g) {
    out[g] += weight * row[g];
  }
}

/* Strokes stand within half a bin before their place. */
static const double EDGE = 0.5 / DT__BINS;

static int bin_of(double inside) {
  const int bin = (int)(inside * DT__BINS + 0.5);
  return bin < 0 ? 0 : bin >= DT__BINS ? DT__BINS - 1 : bin;
}

typedef struct window {
  double begin, end, length;
} window;

static window window_of(int begin, int end, double length) {
  const double until = begin + length < end ? begin + length : (double)end;
  return (window){begin - EDGE * length, until >= begin + length ? until - EDGE * length : until,
                  length};
}

static int part_of(const window* w, int begin) {
  const int part = (int)((w->end - begin) / w->length * DT__BINS + 0.999);
  return part < 0 ? 0 : part > DT__BINS ? DT__BINS : part;
}

static const dt__heard* newest(const dt__lattice* lattice, unsigned back) {
  return &lattice->heard[(lattice->heard_count - 1 - back) & (DT__HEARD - 1)];
}

static unsigned kept(const dt__lattice* lattice) {
  return lattice->heard_count < DT__HEARD ? lattice->heard_count : DT__HEARD;
}

/* What a silent stretch says, at most: the same of every tempo. */
static float silence(const window* w, int begin) {
  return (float)(-DT__KAPPA * (DT__SILENCE_BEAT * (w->end - begin) / w->length +
                               DT__SILENCE_S * (w->end - begin) / DT__FRAMES_PER_S));
}

void dt__evidence_plain(const dt__lattice* lattice, int begin, int end, int length, float* out) {
  const window w = window_of(begin, end, lattice->length[length]);
  const unsigned count = kept(lattice);
  float n = 0.0F;
  memset(out, 0, DT__WIDTH * sizeof(*out));
  for (unsigned k = 0; k < count; ++k) {
    const dt__heard* stroke = newest(lattice, k);
    if (stroke->frame < w.begin) {
      break;
    }
    if (stroke->frame < w.end) {
      const int bin = bin_of((stroke->frame - begin) / w.length);
      add_row(out, lattice->evidence->place[stroke->group][bin], stroke->weight);
      n += stroke->group == DT__GROUP_TAP ? 0.0F : stroke->weight;
    }
  }
  const int whole = n >= DT__COUNTS - 1 ? DT__COUNTS - 1 : (int)(n + 0.5F);
  const float* row = lattice->evidence->count[part_of(&w, begin)][whole];
  const float lasting = -n * lattice->log_length[length];
  if (whole > 0) {
    for (int g = 0; g < DT__WIDTH; ++g) {
      out[g] += row[g] + lasting;
    }
    return;
  }
  const float quiet = silence(&w, begin);
  for (int g = 0; g < DT__WIDTH; ++g) {
    out[g] += row[g] > quiet ? row[g] : quiet;
  }
}

float dt__evidence_long(const dt__lattice* lattice, int begin, int end, int length, int segment) {
  const window w = window_of(begin, end, 1.5 * lattice->length[length]);
  const unsigned count = kept(lattice);
  float n = 0.0F;
  float score = 0.0F;
  for (unsigned k = 0; k < count; ++k) {
    const dt__heard* stroke = newest(lattice, k);
    if (stroke->frame < w.begin) {
      break;
    }
    if (stroke->frame < w.end) {
      const int bin = bin_of((stroke->frame - begin) / w.length);
      score += stroke->weight * lattice->evidence->place[stroke->group][bin][segment];
      n += stroke->group == DT__GROUP_TAP ? 0.0F : stroke->weight;
    }
  }
  const int whole = n >= DT__COUNTS - 1 ? DT__COUNTS - 1 : (int)(n + 0.5F);
  const float row = lattice->evidence->count[part_of(&w, begin)][whole][segment];
  const float quiet = silence(&w, begin);
  if (whole == 0) {
    return row > quiet ? row : quiet;
  }
  return score + row - n * (lattice->log_length[length] + (float)(DT__KAPPA * 0.405465));
}

void dt__evidence_score(const dt__lattice* lattice, int begin, int end, int length, float* out) {
  dt__evidence_plain(lattice, begin, end, length, out);
  for (int p = 0; p < DT__PATTERNS; ++p) {
    const dt__pattern* pattern = &dt__patterns[p];
    for (int g = pattern->first; pattern->is_uneven && g < pattern->first + pattern->count; ++g) {
      if (dt__segment_halves[g] == 3) {
        out[g] = dt__evidence_long(lattice, begin, end, length, g);
      }
    }
  }
}
