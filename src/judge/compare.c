#include "dt/compare.h"

#include <math.h>
#include <string.h>

#include "compare_internal.h"
#include "dt/stat.h"

/* Less scatter than this is the instrument's, and has no logarithm worth comparing. */
static const double SCATTER_FLOOR_MS = 0.05;

/* Half of a 95 % interval in standard errors. */
static const double HALF_WIDTH = 1.959963984540054;

static const double ALPHA = 0.05;

/* A player's placement wanders from take to take by at least this share of his scatter, even where
 * one take's strokes look independent: 1/f noise (Hennig et al. 2011) too weak to show in 200 of
 * them moves their mean by so much. Set on simulated takes of seeds that docs do not report. */
static const double WANDER = 0.15;

static const dt_timing* timing_of(const dt_verdict* verdict, dt_voice voice) {
  if (voice == DT_VOICE_COUNT) {
    return &verdict->all;
  }
  for (size_t k = 0; k < verdict->voice_count; ++k) {
    if (verdict->voices[k].voice == voice) {
      return &verdict->voices[k].timing;
    }
  }
  return NULL;
}

static dt_estimate estimate_of(const dt_timing* timing, dt_measure measure) {
  switch (measure) {
  case DT_MEASURE_PLACEMENT:
    return timing->placement_ms;
  case DT_MEASURE_PLACEMENT_OWN:
    return timing->placement_own_ms;
  case DT_MEASURE_DRIFT:
    return timing->drift_bpm_per_min;
  case DT_MEASURE_SCATTER:
    break;
  }
  return timing->scatter_ms;
}

/* On the scale on which differences are taken: logarithms for scatter. */
static double to_scale(dt_measure measure, double value) {
  return measure == DT_MEASURE_SCATTER ? log(fmax(value, SCATTER_FLOOR_MS)) : value;
}

static double from_scale(dt_measure measure, double value) {
  return measure == DT_MEASURE_SCATTER ? exp(value) : value;
}

/* A number in both takes. */
typedef struct pair {
  dt_estimate a;
  dt_estimate b;
} pair;

/* A difference, and how far it reaches to either side at one half width (Zou & Donner 2008). */
typedef struct difference {
  double value;
  double down;
  double up;
  double share_a; /* of the variance on the side where "no change" lies; NAN: not known */
} difference;

/*
 * least_a and least_b: half widths below which an interval is not believed. They come from the
 * blocks, which ask no model of the noise: what a model overlooks shows there.
 */
static difference difference_of(dt_measure measure, const pair* in, double least_a,
                                double least_b) {
  const double at_a = to_scale(measure, in->a.value);
  const double at_b = to_scale(measure, in->b.value);
  const double a_down = fmax(at_a - to_scale(measure, in->a.low), least_a);
  const double a_up = fmax(to_scale(measure, in->a.high) - at_a, least_a);
  const double b_down = fmax(at_b - to_scale(measure, in->b.low), least_b);
  const double b_up = fmax(to_scale(measure, in->b.high) - at_b, least_b);
  difference d = {.value = at_b - at_a};
  d.down = fmax(sqrt(b_down * b_down + a_up * a_up), 1e-12);
  d.up = fmax(sqrt(b_up * b_up + a_down * a_down), 1e-12);
  const double a_side = d.value > 0.0 ? a_up : a_down;
  const double all = d.value > 0.0 ? d.down : d.up;
  d.share_a = fmin(a_side * a_side / (all * all), 1.0);
  return d;
}

/* Adds a number to the list; unknown in either take, it is listed as such. */
static void add(dt_comparison* comparison, pair* pairs, dt_measure measure, dt_voice voice,
                const dt_timing* a, const dt_timing* b) {
  const double nan = (double)NAN;
  dt_change* change = &comparison->changes[comparison->count];
  pair* in = &pairs[comparison->count++];
  *in = (pair){estimate_of(a, measure), estimate_of(b, measure)};
  *change = (dt_change){measure, voice, DT_KNOWN, nan, nan, nan, nan, nan, nan, false};
  if (in->a.known != DT_KNOWN || in->b.known != DT_KNOWN) {
    const bool never = in->a.known == DT_NOT_TESTABLE || in->b.known == DT_NOT_TESTABLE;
    change->known = never ? DT_NOT_TESTABLE : DT_CANT_TELL;
    return;
  }
  change->a = in->a.value;
  change->b = in->b.value;
  ++comparison->known_count;
}

/* A voice is placed against the player's own pulse: what all limbs do together is said once, and
 * the slow noise that they share cancels. */
static void list_numbers(dt_comparison* comparison, pair* pairs, const dt_verdict* a,
                         const dt_verdict* b) {
  const dt_voice all = DT_VOICE_COUNT;
  add(comparison, pairs, DT_MEASURE_PLACEMENT, all, &a->all, &b->all);
  add(comparison, pairs, DT_MEASURE_DRIFT, all, &a->all, &b->all);
  add(comparison, pairs, DT_MEASURE_SCATTER, all, &a->all, &b->all);
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    const dt_timing* in_a = timing_of(a, (dt_voice)v);
    const dt_timing* in_b = timing_of(b, (dt_voice)v);
    if (in_a && in_b && in_a->stroke_count >= DT_COMPARE_STROKES_MIN &&
        in_b->stroke_count >= DT_COMPARE_STROKES_MIN) {
      add(comparison, pairs, DT_MEASURE_PLACEMENT_OWN, (dt_voice)v, in_a, in_b);
      add(comparison, pairs, DT_MEASURE_SCATTER, (dt_voice)v, in_a, in_b);
    }
  }
}

/* Share of the draws that reach z; the difference itself counts as one of them, so never 0. */
static double p_of(const double* largest, double z) {
  size_t below = 0;
  size_t above = DT_COMPARE_DRAWS;
  while (below < above) {
    const size_t middle = below + (above - below) / 2;
    if (largest[middle] < z) {
      below = middle + 1;
    } else {
      above = middle;
    }
  }
  return (1.0 + (double)(DT_COMPARE_DRAWS - below)) / (1.0 + DT_COMPARE_DRAWS);
}

static void decide(dt_comparison* comparison, const difference* differences,
                   const double* largest) {
  const double stretch = comparison->critical / HALF_WIDTH;
  for (size_t k = 0; k < comparison->count; ++k) {
    dt_change* change = &comparison->changes[k];
    const difference* d = &differences[k];
    if (change->known != DT_KNOWN) {
      continue;
    }
    const double reach = d->value > 0.0 ? d->down : d->up;
    change->change = from_scale(change->measure, d->value);
    change->low = from_scale(change->measure, d->value - stretch * d->down);
    change->high = from_scale(change->measure, d->value + stretch * d->up);
    change->p = p_of(largest, HALF_WIDTH * fabs(d->value) / reach);
    change->real = fabs(d->value) > stretch * reach;
    comparison->real_count += change->real;
  }
}

static double least_half_width(dt_measure measure, double block_error, const dt_verdict* verdict) {
  const dt_estimate scatter = verdict->all.scatter_ms;
  if (measure == DT_MEASURE_PLACEMENT && scatter.known == DT_KNOWN) {
    block_error = fmax(block_error, WANDER * scatter.value);
  }
  return HALF_WIDTH * block_error;
}

void dt_compare(dt_comparison* comparison, const dt_take* take_a, const dt_verdict* a,
                const dt_take* take_b, const dt_verdict* b, uint64_t seed) {
  pair pairs[DT_COMPARE_CHANGES_MAX];
  difference differences[DT_COMPARE_CHANGES_MAX];
  double share_a[DT_COMPARE_CHANGES_MAX];
  double largest[DT_COMPARE_DRAWS];
  dt__block_errors errors_a;
  dt__block_errors errors_b;
  memset(comparison, 0, sizeof(*comparison));
  comparison->seed = seed;
  comparison->draws = DT_COMPARE_DRAWS;
  comparison->critical = (double)NAN;
  list_numbers(comparison, pairs, a, b);
  if (comparison->known_count == 0) {
    return;
  }
  dt__block_errors_fill(&errors_a, comparison, take_a, a);
  dt__block_errors_fill(&errors_b, comparison, take_b, b);
  for (size_t k = 0; k < comparison->count; ++k) {
    share_a[k] = (double)NAN;
    if (comparison->changes[k].known == DT_KNOWN) {
      const dt_measure measure = comparison->changes[k].measure;
      differences[k] = difference_of(measure, &pairs[k],
                                     least_half_width(measure, errors_a.standard_error[k], a),
                                     least_half_width(measure, errors_b.standard_error[k], b));
      share_a[k] = differences[k].share_a;
    }
  }
  dt__largest_by_chance(largest, &errors_a, &errors_b, share_a, comparison->count, seed);
  comparison->critical = largest[(size_t)ceil((1.0 - ALPHA) * (DT_COMPARE_DRAWS + 1)) - 1];
  decide(comparison, differences, largest);
}

const char* dt_measure_name(dt_measure measure) {
  switch (measure) {
  case DT_MEASURE_PLACEMENT:
  case DT_MEASURE_PLACEMENT_OWN:
    return "placement";
  case DT_MEASURE_DRIFT:
    return "drift";
  case DT_MEASURE_SCATTER:
    break;
  }
  return "scatter";
}
