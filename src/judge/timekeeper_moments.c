#include <math.h>
#include <string.h>

#include "dt/timekeeper.h"

/* The published estimators: Wing & Kristofferson's moments, and bounded generalised least squares.
 */

enum { FEWEST = 10, ROUNDS = 20 };

/* --- moments --------------------------------------------------------------------------------- */

/* Intervals between neighbouring beats that both have a stroke. */
typedef struct intervals {
  size_t count;
  double* x;    /* ms, then what the line leaves */
  double* at;   /* beat */
  double* line; /* orthonormal to the level: the slope's direction */
} intervals;

static void gather(const dt_beats* beats, intervals* v) {
  v->count = 0;
  for (size_t i = 0; i + 1 < beats->count; ++i) {
    if (!isnan(beats->value_ms[i]) && !isnan(beats->value_ms[i + 1])) {
      v->x[v->count] = beats->value_ms[i + 1] - beats->value_ms[i];
      v->at[v->count++] = (double)i;
    }
  }
}

static bool neighbours(const intervals* v, size_t i) {
  return i + 1 < v->count && v->at[i + 1] - v->at[i] < 1.5;
}

static void detrend(intervals* v) {
  const double n = (double)v->count;
  double mean_x = 0.0;
  double mean_at = 0.0;
  for (size_t i = 0; i < v->count; ++i) {
    mean_x += v->x[i] / n;
    mean_at += v->at[i] / n;
  }
  double square = 0.0;
  double cross = 0.0;
  for (size_t i = 0; i < v->count; ++i) {
    v->line[i] = v->at[i] - mean_at;
    square += v->line[i] * v->line[i];
    cross += v->line[i] * (v->x[i] - mean_x);
  }
  for (size_t i = 0; i < v->count; ++i) {
    v->x[i] -= mean_x + cross / square * v->line[i];
    v->line[i] /= sqrt(square);
  }
}

/* (S q)_i for S = half of "both neighbours", q the level (line = NULL) or the slope. */
static double smoothed(const intervals* v, size_t i, const double* line) {
  const double level = 1.0 / sqrt((double)v->count);
  double sum = 0.0;
  if (neighbours(v, i)) {
    sum += 0.5 * (line ? line[i + 1] : level);
  }
  if (i > 0 && neighbours(v, i - 1)) {
    sum += 0.5 * (line ? line[i - 1] : level);
  }
  return sum;
}

/*
 * r = M x, M = I - H, H onto level and slope. With Var x = g0 I + 2 g1 S:
 *   E r'r  = g0 tr M  + 2 g1 tr(M S)
 *   E r'Sr = g0 tr(M S) + 2 g1 tr(M S M S)
 */
static void unbias(const intervals* v, double square, double cross, double* g0, double* g1) {
  double hs[2][2] = {{0}}; /* Q'SQ */
  double ss[2] = {0};      /* |S q|^2 */
  double pairs = 0.0;
  for (size_t i = 0; i < v->count; ++i) {
    const double level = smoothed(v, i, NULL);
    const double slope = smoothed(v, i, v->line);
    const double one = 1.0 / sqrt((double)v->count);
    hs[0][0] += one * level;
    hs[0][1] += one * slope;
    hs[1][0] += v->line[i] * level;
    hs[1][1] += v->line[i] * slope;
    ss[0] += level * level;
    ss[1] += slope * slope;
    pairs += neighbours(v, i);
  }
  const double ms = -(hs[0][0] + hs[1][1]);
  const double hshs =
      hs[0][0] * hs[0][0] + hs[0][1] * hs[0][1] + hs[1][0] * hs[1][0] + hs[1][1] * hs[1][1];
  const double msms = 0.5 * pairs - 2.0 * (ss[0] + ss[1]) + hshs;
  const double a = (double)v->count - 2.0;
  const double det = a * 2.0 * msms - 2.0 * ms * ms;
  *g0 = (square * 2.0 * msms - 2.0 * ms * cross) / det;
  *g1 = (a * cross - ms * square) / det;
}

static double root(double variance) {
  return variance >= 0.0 ? sqrt(variance) : (double)NAN;
}

dt_status dt_timekeeper_moments(dt_keeper_point* out, const dt_allocator* allocator,
                                const dt_beats* beats) {
  *out = (dt_keeper_point){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
  if (beats->count < FEWEST + 1) {
    return DT_OK;
  }
  const size_t size = 3 * beats->count * sizeof(double);
  double* block = dt_alloc(allocator, size);
  if (!block) {
    return DT_NO_MEMORY;
  }
  intervals v = {0, block, block + beats->count, block + 2 * beats->count};
  gather(beats, &v);
  if (v.count >= FEWEST) {
    detrend(&v);
    double square = 0.0;
    double cross = 0.0;
    double pairs = 0.0;
    for (size_t i = 0; i < v.count; ++i) {
      square += v.x[i] * v.x[i];
      cross += neighbours(&v, i) ? v.x[i] * v.x[i + 1] : 0.0;
      pairs += neighbours(&v, i);
    }
    double g0 = 0.0;
    double g1 = 0.0;
    if (pairs >= 3.0 && square > 0.0) {
      unbias(&v, square, cross, &g0, &g1);
      const double detector2 = beats->detector_ms * beats->detector_ms;
      out->lag1 = g1 / g0;
      out->motor_ms = root(-g1 - detector2);
      out->clock_ms = root(g0 + 2.0 * g1);
    }
  }
  dt_release(allocator, block, size);
  return DT_OK;
}

/* --- bounded generalised least squares ---------------------------------------------------------
 */

/* A(n) and A(n + 1), both there, about the mean. */
typedef struct pairs {
  size_t count;
  double* x;
  double* y;
  double* at;
  double* solved; /* Sigma^-1 x */
  double* pivot;
} pairs;

static void gather_pairs(const dt_beats* beats, pairs* p) {
  double mean = 0.0;
  double n = 0.0;
  for (size_t i = 0; i < beats->count; ++i) {
    if (!isnan(beats->value_ms[i])) {
      mean += beats->value_ms[i];
      n += 1.0;
    }
  }
  mean /= n;
  p->count = 0;
  for (size_t i = 0; i + 1 < beats->count; ++i) {
    if (!isnan(beats->value_ms[i]) && !isnan(beats->value_ms[i + 1])) {
      p->x[p->count] = beats->value_ms[i] - mean;
      p->y[p->count] = beats->value_ms[i + 1] - mean;
      p->at[p->count++] = (double)i;
    }
  }
}

static bool follows(const pairs* p, size_t i) {
  return i > 0 && p->at[i] - p->at[i - 1] < 1.5;
}

/* Sigma = tridiagonal (g1 g0 g1), cut at gaps; solved = Sigma^-1 x. */
static void solve_tridiagonal(pairs* p, double g0, double g1) {
  for (size_t i = 0; i < p->count; ++i) {
    p->pivot[i] = g0;
    p->solved[i] = p->x[i];
    if (follows(p, i)) {
      const double factor = g1 / p->pivot[i - 1];
      p->pivot[i] -= factor * g1;
      p->solved[i] -= factor * p->solved[i - 1];
    }
  }
  for (size_t i = p->count; i-- > 0;) {
    if (i + 1 < p->count && follows(p, i + 1)) {
      p->solved[i] -= g1 * p->solved[i + 1];
    }
    p->solved[i] /= p->pivot[i];
  }
}

static double slope(const pairs* p) {
  double top = 0.0;
  double bottom = 0.0;
  for (size_t i = 0; i < p->count; ++i) {
    top += p->solved[i] * p->y[i];
    bottom += p->solved[i] * p->x[i];
  }
  return top / bottom;
}

static void residual_moments(const pairs* p, double phi, double* g0, double* g1) {
  double square = 0.0;
  double cross = 0.0;
  double n = 0.0;
  double before = 0.0;
  for (size_t i = 0; i < p->count; ++i) {
    const double r = p->y[i] - phi * p->x[i];
    square += r * r;
    if (follows(p, i)) {
      cross += r * before;
      n += 1.0;
    }
    before = r;
  }
  *g0 = square / ((double)p->count - 1.0);
  *g1 = n > 0.0 ? cross / n : 0.0;
}

dt_status dt_timekeeper_bgls(dt_keeper_point* out, const dt_allocator* allocator,
                             const dt_beats* beats) {
  *out = (dt_keeper_point){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
  if (beats->count < FEWEST + 1) {
    return DT_OK;
  }
  const size_t n = beats->count;
  const size_t size = 5 * n * sizeof(double);
  double* block = dt_alloc(allocator, size);
  if (!block) {
    return DT_NO_MEMORY;
  }
  pairs p = {0, block, block + n, block + 2 * n, block + 3 * n, block + 4 * n};
  gather_pairs(beats, &p);
  if (p.count >= FEWEST) {
    double g0 = 1.0;
    double g1 = 0.0;
    double phi = 0.0;
    double raw = 0.0;
    for (int round = 0; round < ROUNDS && g0 > 0.0; ++round) {
      solve_tridiagonal(&p, g0, g1);
      phi = slope(&p);
      residual_moments(&p, phi, &g0, &raw);
      /* 0 <= motor^2 = -g1 <= clock^2 = g0 + 2 g1 */
      g1 = fmin(fmax(raw, -g0 / 3.0), 0.0);
    }
    const double detector2 = beats->detector_ms * beats->detector_ms;
    const double alpha = 1.0 - phi;
    out->correction = alpha;
    out->lag1 = raw / g0;
    out->motor_ms = root(-g1 - phi * detector2);
    out->clock_ms = root(g0 + 2.0 * g1 - alpha * alpha * detector2);
  }
  dt_release(allocator, block, size);
  return DT_OK;
}
