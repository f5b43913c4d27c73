#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "judge_internal.h"

/*
 * Which grid did the drummer play on? Every candidate is a set of places in the beat; strokes
 * stand around them with one spread (a mixture fitted by expectation-maximisation on a histogram
 * of the phases), and the Bayesian information criterion (Schwarz 1978) picks the candidate that
 * explains them with the fewest places.
 */

enum { BINS = 384, PLACES_MAX = 8, CANDIDATES = 10, ROUNDS = 25 };

static const double STRAY = 0.02; /* strokes that stand nowhere, per beat */
static const double SPREAD_MIN_BEATS = 0.003;
static const double SPREAD_MAX_BEATS = 0.09;
static const double FAR_BEATS = 0.10;
static const double FAR_SPREADS = 6.0;
static const double SWING_MIN = 0.54; /* less is straight with a habit */
static const double SWING_MAX = 0.78;

typedef struct grid {
  dt_feel feel;
  int division;
  int place_count;
  double place[PLACES_MAX]; /* beats, in 0..1, rising */
  double share[PLACES_MAX];
  double swing; /* 0: nothing swings */
  double shift; /* of all places: the placement against the tracked pulse */
  double spread;
  double bic;
} grid;

static const grid CANDIDATE[CANDIDATES] = {
    {DT_FEEL_STRAIGHT, 1, 1, {0.0}, {0}, 0, 0, 0, 0},
    {DT_FEEL_STRAIGHT, 2, 2, {0.0, 0.5}, {0}, 0, 0, 0, 0},
    {DT_FEEL_STRAIGHT, 4, 4, {0.0, 0.25, 0.5, 0.75}, {0}, 0, 0, 0, 0},
    {DT_FEEL_STRAIGHT, 8, 8, {0, .125, .25, .375, .5, .625, .75, .875}, {0}, 0, 0, 0, 0},
    {DT_FEEL_TRIPLET, 3, 3, {0.0, 1.0 / 3.0, 2.0 / 3.0}, {0}, 0, 0, 0, 0},
    {DT_FEEL_TRIPLET, 6, 6, {0, 1 / 6.0, 1 / 3.0, 0.5, 2 / 3.0, 5 / 6.0}, {0}, 0, 0, 0, 0},
    {DT_FEEL_SWUNG_EIGHTHS, 2, 2, {0.0, 0.667}, {0}, 0.667, 0, 0, 0},
    {DT_FEEL_SWUNG_EIGHTHS, 3, 3, {0.0, 0.333, 0.667}, {0}, 0.667, 0, 0, 0},
    {DT_FEEL_SWUNG_SIXTEENTHS, 4, 4, {0.0, 0.30, 0.5, 0.80}, {0}, 0.60, 0, 0, 0},
    {DT_FEEL_MIXED, 12, 6, {0.0, 0.25, 1 / 3.0, 0.5, 2 / 3.0, 0.75}, {0}, 0, 0, 0, 0},
};

static double wrap(double beats) {
  return beats - floor(beats + 0.5);
}

/* Swung places follow the swing: the off-beat of the pair, and the triplet between. */
static void place_swing(grid* g) {
  if (g->feel == DT_FEEL_SWUNG_EIGHTHS) {
    g->place[g->place_count - 1] = g->swing;
    if (g->place_count == 3) {
      g->place[1] = 0.5 * g->swing;
    }
  } else if (g->feel == DT_FEEL_SWUNG_SIXTEENTHS) {
    g->place[1] = 0.5 * g->swing;
    g->place[3] = 0.5 + 0.5 * g->swing;
  }
}

/* Is this place one that swing moves? */
static bool swings(const grid* g, int k) {
  return g->swing > 0.0 && (g->feel == DT_FEEL_SWUNG_SIXTEENTHS ? k % 2 == 1 : k > 0);
}

/* wrap, for less than a beat and a half. */
static double wrap_near(double beats) {
  return beats >= 0.5 ? beats - 1.0 : beats < -0.5 ? beats + 1.0 : beats;
}

static double density(const grid* g, int k, double away) {
  const double z = away / g->spread;
  if (fabs(z) > 6.0) {
    return 0.0;
  }
  return g->share[k] * exp(-0.5 * z * z) / (g->spread * sqrt(2.0 * DT_PI));
}

typedef struct sums {
  double log_likelihood;
  double share[PLACES_MAX];
  double away[PLACES_MAX]; /* sum of responsibility x distance */
  double square;
  double total;
} sums;

static void expect(const grid* g, const double* histogram, sums* s) {
  memset(s, 0, sizeof(*s));
  for (int b = 0; b < BINS; ++b) {
    if (histogram[b] <= 0.0) {
      continue;
    }
    double part[PLACES_MAX];
    double away[PLACES_MAX];
    double sum = STRAY;
    for (int k = 0; k < g->place_count; ++k) {
      away[k] = wrap_near((b + 0.5) / BINS - g->place[k] - g->shift);
      part[k] = (1.0 - STRAY) * density(g, k, away[k]);
      sum += part[k];
    }
    s->log_likelihood += histogram[b] * log(sum);
    for (int k = 0; k < g->place_count; ++k) {
      if (part[k] <= 0.0) {
        continue;
      }
      const double mass = histogram[b] * part[k] / sum;
      s->share[k] += mass;
      s->away[k] += mass * away[k];
      s->square += mass * away[k] * away[k];
      s->total += mass;
    }
  }
}

static void maximise(grid* g, const sums* s) {
  if (s->total <= 0.0) {
    return;
  }
  double straight = 0.0;
  double straight_away = 0.0;
  double swung = 0.0;
  double swung_away = 0.0;
  for (int k = 0; k < g->place_count; ++k) {
    g->share[k] = fmax(s->share[k] / s->total, 1e-4);
    if (swings(g, k)) {
      swung += s->share[k];
      swung_away += s->away[k];
    } else {
      straight += s->share[k];
      straight_away += s->away[k];
    }
  }
  const double move = straight > 0.0 ? straight_away / straight : 0.0;
  g->shift = fmin(fmax(g->shift + move, -0.12), 0.12);
  g->spread = fmin(fmax(sqrt(s->square / s->total), SPREAD_MIN_BEATS), SPREAD_MAX_BEATS);
  if (g->swing > 0.0 && swung > 0.0) {
    const double pair = g->feel == DT_FEEL_SWUNG_SIXTEENTHS ? 2.0 : 1.0;
    g->swing += pair * (swung_away / swung - move);
    g->swing = fmin(fmax(g->swing, SWING_MIN), SWING_MAX);
    place_swing(g);
  }
}

static void fit_grid(grid* g, const double* histogram, double count) {
  g->spread = 0.03;
  g->shift = 0.0;
  for (int k = 0; k < g->place_count; ++k) {
    g->share[k] = 1.0 / g->place_count;
  }
  sums s;
  double before = -INFINITY;
  for (int round = 0; round < ROUNDS; ++round) {
    expect(g, histogram, &s);
    if (s.log_likelihood - before < 0.01) {
      break;
    }
    before = s.log_likelihood;
    maximise(g, &s);
  }
  const double parameters = g->place_count + 1.0 + (g->swing > 0.0 ? 1.0 : 0.0);
  g->bic = -2.0 * s.log_likelihood + parameters * log(fmax(count, 2.0));
}

static void phase_histogram(const dt__work* work, double* histogram) {
  memset(histogram, 0, BINS * sizeof(double));
  for (size_t i = 0; i < work->count; ++i) {
    const double phase = work->own_beat[i] - floor(work->own_beat[i]);
    const int bin = (int)(phase * BINS);
    histogram[bin < BINS ? bin : BINS - 1] += 1.0;
  }
}

static void best_grid(const dt__work* work, grid* best, double* probability) {
  double histogram[BINS];
  phase_histogram(work, histogram);
  grid trial[CANDIDATES];
  int at = 0;
  for (int c = 0; c < CANDIDATES; ++c) {
    trial[c] = CANDIDATE[c];
    fit_grid(&trial[c], histogram, (double)work->count);
    /* At the edge of its range it is not a swing that was found. */
    if (trial[c].swing > 0.0 && trial[c].swing < SWING_MIN + 1e-6) {
      trial[c].bic = INFINITY;
    }
    at = trial[c].bic < trial[at].bic ? c : at;
  }
  double sum = 0.0;
  for (int c = 0; c < CANDIDATES; ++c) {
    sum += exp(-0.5 * (trial[c].bic - trial[at].bic));
  }
  *best = trial[at];
  *probability = 1.0 / sum;
}

/* A limb may be twice as loose as the rest: only what no limb does is left out. */
static double nearest_place(const grid* g, double own_beat, bool* fits) {
  const double phase = own_beat - floor(own_beat);
  double nearest = 0.0;
  double best = -INFINITY;
  for (int k = 0; k < g->place_count; ++k) {
    const double away = wrap(phase - g->place[k] - g->shift);
    const double z = away / g->spread;
    const double score = log(g->share[k]) - 0.5 * z * z;
    if (score > best) {
      best = score;
      nearest = away;
    }
  }
  *fits = fabs(nearest) <= fmax(FAR_BEATS, FAR_SPREADS * g->spread);
  return own_beat - nearest - g->shift;
}

/* Positions as exact fractions where they are fractions: sums of rounding errors never grow. */
static double exact(double beat) {
  const double fine = floor(beat * 240.0 + 0.5) / 240.0;
  return fabs(fine - beat) < 1e-6 ? fine : beat;
}

double dt__grid_fit(const dt__work* work) {
  grid g;
  double probability = 0.0;
  best_grid(work, &g, &probability);
  return -0.5 * g.bic / (double)work->count;
}

static void tell_subdivision(dt__work* work, const grid* g, double probability) {
  work->subdivision.feel = g->feel;
  work->subdivision.division = g->division;
  work->subdivision.swing = g->swing > 0.0 ? g->swing : 0.5;
  work->subdivision.probability = probability;
  work->swing_pair_beats = g->feel == DT_FEEL_SWUNG_EIGHTHS      ? 1.0
                           : g->feel == DT_FEEL_SWUNG_SIXTEENTHS ? 0.5
                                                                 : 0.0;
}

void dt__put_on_grid(dt__work* work, dt_judged* judged) {
  grid g;
  double probability = 0.0;
  best_grid(work, &g, &probability);
  tell_subdivision(work, &g, probability);
  size_t kept = 0;
  for (size_t i = 0; i < work->count; ++i) {
    bool fits = false;
    const double beat = exact(nearest_place(&g, work->own_beat[i], &fits));
    if (!fits) {
      judged[work->stroke[i]].outlier = true;
      judged[work->stroke[i]].beat = floor(work->own_beat[i] * 4.0 + 0.5) / 4.0;
      continue;
    }
    work->stroke[kept] = work->stroke[i];
    work->time_s[kept] = work->time_s[i];
    work->voice[kept] = work->voice[i];
    work->weight[kept] = work->weight[i];
    work->own_beat[kept] = work->own_beat[i];
    work->grid_beat[kept] = beat;
    ++kept;
  }
  work->count = kept;
}
