#include <math.h>
#include <string.h>

#include "linalg_internal.h"
#include "timekeeper_internal.h"

/*
 * The model as a scalar state space. B = A - M is what the clock meant:
 *
 *   A(n) = B(n) + M(n),   B(n+1) = (1 - alpha) B(n) + [T(n) - alpha M(n)]
 *
 * so the noise of the state and of what is seen are correlated, and the filter's gain has a term
 * for it (Anderson & Moore 1979, 5.5). The value and the columns go through the same filter; least
 * squares on the innovations is then generalised least squares, exactly.
 */
enum { WIDTH_MAX = DT__KEEPER_COLUMNS_MAX + 1 };

typedef struct state {
  double mean[WIDTH_MAX];
  double variance; /* of B */
} state;

typedef struct step {
  double seen; /* variance of the innovation */
  double gain;
} step;

static void start(const dt__keeper* keeper, const dt__keeper_node* node, state* s) {
  memset(s, 0, sizeof(*s));
  const double a = node->alpha;
  if (!keeper->free) { /* the player has settled; without a click the level column is diffuse */
    s->variance = (1.0 - node->w + a * a * 0.5 * node->w) / (a * (2.0 - a));
  }
}

/* Through one beat; motor is the relative variance of its stroke. */
static step advance(const dt__keeper_node* node, double motor, bool seen, state* s) {
  const double a = node->alpha;
  const double phi = 1.0 - a;
  const double m = 0.5 * node->w * motor;
  const double noise = 1.0 - node->w + a * a * m;
  step out = {1.0, 0.0};
  if (seen) {
    out.seen = s->variance + m;
    out.gain = (phi * s->variance - a * m) / out.seen;
  }
  s->variance = phi * phi * s->variance + noise - out.gain * out.gain * (seen ? out.seen : 0.0);
  return out;
}

/* Generalised least squares of the last column of sums on the others. */
static bool solve(double sums[WIDTH_MAX][WIDTH_MAX], int columns, double* rest, double* log_det,
                  double* b) {
  double factor[DT__KEEPER_COLUMNS_MAX * DT__KEEPER_COLUMNS_MAX];
  double right[DT__KEEPER_COLUMNS_MAX];
  for (int i = 0; i < columns; ++i) {
    for (int j = 0; j <= i; ++j) {
      factor[i * columns + j] = sums[i][j];
    }
    right[i] = b[i] = sums[columns][i];
  }
  if (!dt__cholesky(factor, columns, log_det)) {
    return false;
  }
  dt__cholesky_solve(factor, columns, b);
  *rest = sums[columns][columns] - dt__dot(right, b, (size_t)columns);
  return true;
}

static double run(const dt__keeper* keeper, const dt__keeper_node* node,
                  double sums[WIDTH_MAX][WIDTH_MAX], double* innovation) {
  const int width = keeper->columns + 1;
  state s;
  start(keeper, node, &s);
  double log_det = 0.0;
  double product = 1.0;
  for (size_t i = 0; i < keeper->count; ++i) {
    const double* row = keeper->row + i * (size_t)width;
    const bool seen = !isnan(row[width - 1]);
    const step at = advance(node, keeper->share[i], seen, &s);
    if (!seen) {
      for (int k = 0; k < width; ++k) {
        s.mean[k] *= 1.0 - node->alpha;
      }
      continue;
    }
    double v[WIDTH_MAX];
    const double weight = 1.0 / at.seen;
    for (int k = 0; k < width; ++k) {
      v[k] = row[k] - s.mean[k];
      s.mean[k] = (1.0 - node->alpha) * s.mean[k] + at.gain * v[k];
      const double weighted = v[k] * weight;
      for (int l = 0; l <= k; ++l) {
        sums[k][l] += weighted * v[l];
      }
    }
    if (innovation) {
      for (int k = 0; k < width; ++k) {
        *innovation++ = v[k] * sqrt(weight);
      }
    }
    product *= at.seen;
    if (product > 1e200 || product < 1e-200) {
      log_det += log(product);
      product = 1.0;
    }
  }
  return log_det + log(product);
}

bool dt__keeper_filter(const dt__keeper* keeper, dt__keeper_node* node) {
  double sums[WIDTH_MAX][WIDTH_MAX] = {{0}};
  double b[DT__KEEPER_COLUMNS_MAX];
  const double log_det = run(keeper, node, sums, NULL);
  double rest = 0.0;
  double log_det_columns = 0.0;
  if (!solve(sums, keeper->columns, &rest, &log_det_columns, b)) {
    return false;
  }
  const double total = sums[keeper->columns][keeper->columns];
  if (!(rest > 1e-18 * total)) {
    return false;
  }
  node->df = (double)keeper->present - keeper->columns;
  node->log_like = -0.5 * (log_det + log_det_columns);
  if (keeper->unison_df > 0.0 && node->w > 0.0) {
    const double motor = 0.5 * node->w;
    /* Of the instrument's jitter, 1 - alpha is in motor already. */
    const double jitter = node->alpha * keeper->detector_ms2 * keeper->unison_df;
    rest += fmax(keeper->unison_ms2 - jitter, 0.01 * keeper->unison_ms2) / motor;
    node->log_like -= 0.5 * keeper->unison_df * log(motor);
  } else if (keeper->unison_df > 0.0) {
    return false;
  }
  node->df += keeper->unison_df;
  node->scale = rest / node->df;
  node->log_like -= 0.5 * node->df * log(node->scale);
  return true;
}

size_t dt__keeper_innovations(const dt__keeper* keeper, const dt__keeper_node* node,
                              double* innovation) {
  double sums[WIDTH_MAX][WIDTH_MAX] = {{0}};
  double b[DT__KEEPER_COLUMNS_MAX];
  run(keeper, node, sums, innovation);
  double rest = 0.0;
  double log_det = 0.0;
  if (!solve(sums, keeper->columns, &rest, &log_det, b)) {
    return 0;
  }
  const size_t width = (size_t)keeper->columns + 1;
  for (size_t i = 0; i < keeper->present; ++i) {
    const double* v = innovation + i * width;
    innovation[i] = v[width - 1] - dt__dot(v, b, width - 1);
  }
  return keeper->present;
}
