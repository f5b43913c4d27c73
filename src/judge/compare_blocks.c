#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_internal.h"
#include "dt/rng.h"

/* A judged stroke that takes part. */
static bool counts(const dt_judged* judged) {
  return !judged->outlier && !judged->ornament && isfinite(judged->residual_ms);
}

/* Where the take's judged strokes lie, and each voice's share of them; the last is all. */
typedef struct frame {
  double first_beat;
  double span_beats;
  double count[DT_VOICE_COUNT + 1];
  double mean[DT_VOICE_COUNT + 1];
  double variance[DT_VOICE_COUNT + 1]; /* about the voice's own mean; the last pools them */
} frame;

static void add_moments(frame* f, const dt_take* take, const dt_verdict* verdict) {
  for (size_t i = 0; i < verdict->judged_count; ++i) {
    const dt_judged* judged = &verdict->judged[i];
    if (counts(judged)) {
      const dt_voice voice = dt_drum_voice(take->strokes.items[judged->stroke].drum);
      f->count[voice] += 1.0;
      f->mean[voice] += judged->residual_ms;
      f->variance[voice] += judged->residual_ms * judged->residual_ms;
    }
  }
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    if (f->count[v] > 0.0) {
      f->mean[v] /= f->count[v];
      f->variance[v] = f->variance[v] / f->count[v] - f->mean[v] * f->mean[v];
      f->count[DT_VOICE_COUNT] += f->count[v];
      f->variance[DT_VOICE_COUNT] += f->count[v] * f->variance[v];
    }
  }
  f->variance[DT_VOICE_COUNT] /= fmax(f->count[DT_VOICE_COUNT], 1.0);
}

static void measure_frame(frame* f, const dt_take* take, const dt_verdict* verdict) {
  memset(f, 0, sizeof(*f));
  double last_beat = -(double)INFINITY;
  f->first_beat = (double)INFINITY;
  for (size_t i = 0; i < verdict->judged_count; ++i) {
    if (counts(&verdict->judged[i])) {
      f->first_beat = fmin(f->first_beat, verdict->judged[i].beat);
      last_beat = fmax(last_beat, verdict->judged[i].beat);
    }
  }
  f->span_beats = fmax(last_beat - f->first_beat, 1e-9);
  add_moments(f, take, verdict);
}

/* What one stroke's error does to a number (the influence function); to drift up to a factor. */
static double influence(const frame* f, const dt_change* change, dt_voice voice, double residual,
                        double x) {
  const double error = residual - f->mean[voice];
  const double variance = f->variance[change->voice];
  const bool mine = change->voice == DT_VOICE_COUNT || change->voice == voice;
  const double own = mine ? error / f->count[change->voice] : 0.0;
  switch (change->measure) {
  case DT_MEASURE_PLACEMENT:
    return own;
  case DT_MEASURE_PLACEMENT_OWN:
    return own - error / f->count[DT_VOICE_COUNT];
  case DT_MEASURE_DRIFT: /* a tempo that changes steadily bends the time line into a parabola */
    return own * (1.5 * x * x - 0.5);
  case DT_MEASURE_SCATTER:
    break;
  }
  return mine && variance > 0.0
             ? (error * error - variance) / (2.0 * variance * f->count[change->voice])
             : 0.0;
}

static void to_unit_length(dt__block_errors* errors, const dt_comparison* comparison) {
  for (size_t k = 0; k < comparison->count; ++k) {
    double square = 0.0;
    for (int b = 0; b < errors->blocks; ++b) {
      square += errors->of[b][k] * errors->of[b][k];
    }
    const double scale = square > 0.0 ? 1.0 / sqrt(square) : 0.0;
    for (int b = 0; b < errors->blocks; ++b) {
      errors->of[b][k] *= scale;
    }
    const bool known = comparison->changes[k].measure != DT_MEASURE_DRIFT;
    errors->standard_error[k] = known ? sqrt(square) : 0.0;
  }
}

void dt__block_errors_fill(dt__block_errors* errors, const dt_comparison* comparison,
                           const dt_take* take, const dt_verdict* verdict) {
  frame f;
  memset(errors, 0, sizeof(*errors));
  measure_frame(&f, take, verdict);
  errors->blocks = (int)fmin(fmax(f.span_beats / 4.0, DT__BLOCKS_MIN), DT__BLOCKS_MAX);
  for (size_t i = 0; i < verdict->judged_count; ++i) {
    const dt_judged* judged = &verdict->judged[i];
    if (!counts(judged)) {
      continue;
    }
    const dt_voice voice = dt_drum_voice(take->strokes.items[judged->stroke].drum);
    const double place = (judged->beat - f.first_beat) / f.span_beats;
    const int block = (int)fmin(place * errors->blocks, errors->blocks - 1);
    for (size_t k = 0; k < comparison->count; ++k) {
      if (comparison->changes[k].known == DT_KNOWN) {
        errors->of[block][k] +=
            influence(&f, &comparison->changes[k], voice, judged->residual_ms, 2.0 * place - 1.0);
      }
    }
  }
  to_unit_length(errors, comparison);
}

/* Student's denominator: the spread of so few blocks, and the intervals, are themselves estimates.
 * Twice as many degrees of freedom as blocks, set on seeds that docs do not report. */
static double random_spread(int blocks, dt_rng* rng) {
  double square = 0.0;
  for (int b = 0; b < 2 * blocks; ++b) {
    const double g = dt_rng_normal(rng);
    square += g * g;
  }
  return sqrt(square / (2.0 * blocks));
}

/* Adds one random weighing of the blocks. */
static void add_draw(double* sum, const dt__block_errors* errors, const double* share, size_t count,
                     dt_rng* rng) {
  const double spread = random_spread(errors->blocks, rng);
  double weight[DT_COMPARE_CHANGES_MAX];
  for (size_t k = 0; k < count; ++k) {
    weight[k] = share[k] / spread;
  }
  for (int b = 0; b < errors->blocks; ++b) {
    const double g = dt_rng_normal(rng);
    for (size_t k = 0; k < count; ++k) {
      sum[k] += g * weight[k] * errors->of[b][k];
    }
  }
}

static int ascending(const void* left, const void* right) {
  const double l = *(const double*)left;
  const double r = *(const double*)right;
  return (l > r) - (l < r);
}

void dt__largest_by_chance(double largest[DT_COMPARE_DRAWS], const dt__block_errors* a,
                           const dt__block_errors* b, const double* share_a, size_t count,
                           uint64_t seed) {
  dt_rng rng = dt_rng_seeded(seed, 1);
  double weight_a[DT_COMPARE_CHANGES_MAX];
  double weight_b[DT_COMPARE_CHANGES_MAX];
  for (size_t k = 0; k < count; ++k) {
    weight_a[k] = isnan(share_a[k]) ? 0.0 : sqrt(share_a[k]);
    weight_b[k] = isnan(share_a[k]) ? 0.0 : sqrt(1.0 - share_a[k]);
  }
  for (int draw = 0; draw < DT_COMPARE_DRAWS; ++draw) {
    double sum[DT_COMPARE_CHANGES_MAX] = {0};
    add_draw(sum, a, weight_a, count, &rng);
    add_draw(sum, b, weight_b, count, &rng);
    largest[draw] = 0.0;
    for (size_t k = 0; k < count; ++k) {
      largest[draw] = fmax(largest[draw], fabs(sum[k]));
    }
  }
  qsort(largest, DT_COMPARE_DRAWS, sizeof(double), ascending);
}
