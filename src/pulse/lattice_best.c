#include <math.h>
#include <string.h>

#include "lattice.h"
#include "tuning.h"

static const float NEVER = -1e30F;
static const float MARGIN = 12.0F; /* a cell this far below the best is not looked into */

static bool same_reading(const dt__lattice* l, const dt__place* a, const dt__place* b) {
  const double la = l->length[a->length];
  const double lb = l->length[b->length];
  if (fabs(la - lb) > 0.06 * la) {
    return false;
  }
  const double beats = (a->frame - b->frame) / (0.5 * (la + lb));
  return fabs(beats - floor(beats + 0.5)) < 0.16;
}

static void keep(const dt__lattice* l, const dt__place* found, dt__place* out, size_t* count,
                 size_t capacity) {
  for (size_t k = 0; k < *count; ++k) {
    if (same_reading(l, &out[k], found)) {
      if (found->score <= out[k].score) {
        return;
      }
      memmove(&out[k], &out[k + 1], (*count - k - 1) * sizeof(*out));
      --*count;
      break;
    }
  }
  size_t at = *count;
  while (at > 0 && out[at - 1].score < found->score) {
    --at;
  }
  if (at >= capacity) {
    return;
  }
  if (*count < capacity) {
    ++*count;
  }
  memmove(&out[at + 1], &out[at], (*count - at - 1) * sizeof(*out));
  out[at] = *found;
}

size_t dt__lattice_best(const dt__lattice* l, dt__place* out, size_t capacity) {
  size_t count = 0;
  float top = NEVER;
  for (int i = l->low; i < l->high; ++i) {
    for (int age = 1; age < l->ring[i] - 1 && age <= l->frame; ++age) {
      const float best = l->cell_best[i][(l->frame - age) % l->ring[i]];
      top = best > top ? best : top;
    }
  }
  const double now = l->null_score[l->frame & (DT__HISTORY - 1)];
  for (int i = l->low; i < l->high; ++i) {
    for (int age = 1; age < l->ring[i] - 1 && age <= l->frame; ++age) {
      const int begin = l->frame - age;
      if (l->cell_best[i][begin % l->ring[i]] < top - MARGIN) {
        continue;
      }
      float score[DT__WIDTH];
      const float* from = l->cell[i] + (size_t)(begin % l->ring[i]) * DT__WIDTH;
      const float null = (float)(now - l->null_score[begin & (DT__HISTORY - 1)]);
      dt__evidence_score(l, begin, l->frame, i, score);
      dt__place found = {begin, i, -1, NEVER};
      for (int g = 0; g < DT__SEGMENTS; ++g) {
        const float whole = from[g] + score[g] - null;
        if (whole > found.score && age <= dt__segment_frames(l, i, g)) {
          found.score = whole;
          found.segment = g;
        }
      }
      if (found.segment >= 0) {
        keep(l, &found, out, &count, capacity);
      }
    }
  }
  return count;
}

void dt__lattice_segments(const dt__lattice* l, const dt__place* at, float* score) {
  const float* from = l->cell[at->length] + (size_t)(at->frame % l->ring[at->length]) * DT__WIDTH;
  const float null = (float)(l->null_score[l->frame & (DT__HISTORY - 1)] -
                             l->null_score[at->frame & (DT__HISTORY - 1)]);
  dt__evidence_score(l, at->frame, l->frame, at->length, score);
  for (int g = 0; g < DT__WIDTH; ++g) {
    score[g] += from[g] - null;
  }
}

double dt__pulse_probability(const dt__lattice* l, double score) {
  const double strokes = (double)l->heard_count;
  const double gain = (score + l->score_before - l->drum_score) / (DT__KAPPA * (strokes + 8.0));
  /* Drums that are known tell far more: random ones of them and speech stay below the first
   * threshold, the longer the farther, while times alone reach +0.06. */
  const double known = l->heard_count > 0 ? l->known_count / strokes : 0.0;
  const double if_known = DT__PULSE_GAIN + DT__PULSE_FEW / sqrt(fmax(strokes, 1.0));
  const double threshold = known * if_known + (1.0 - known) * DT__PULSE_GAIN_UNKNOWN;
  return 1.0 / (1.0 + exp(-DT__PULSE_SLOPE * (gain - threshold)));
}
