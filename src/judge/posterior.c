#include <math.h>

#include "dt/stat.h"
#include "noise_internal.h"

/* Answers of the mixture over the noise grid: quantiles of placement, drift and scatter. */

static const double SQRT_HALF = 0.707106781186547524401;

static double normal_below(double z) {
  return 0.5 * erfc(-z * SQRT_HALF);
}

/* Below this the approximations are coarse and takes short: the exact functions cost nothing. */
static const double EXACT_DF = 12.0;

/* Student's t through a normal (Wallace 1959): the error is below 1e-4. */
static double student_below(double t, double df) {
  if (df < EXACT_DF) {
    return dt_student_cdf(t, df);
  }
  const double scale = (8.0 * df + 1.0) / (8.0 * df + 3.0);
  return normal_below(copysign(scale * sqrt(df * log1p(t * t / df)), t));
}

/* Chi-squared through a normal (Wilson & Hilferty 1931). */
static double chi2_above(double x, double df) {
  if (df < EXACT_DF) {
    return 1.0 - dt_chi2_cdf(x, df);
  }
  const double v = 2.0 / (9.0 * df);
  return normal_below(-(cbrt(x / df) - (1.0 - v)) / sqrt(v));
}

/* Of one unknown: what every node says of it. */
typedef struct marginal {
  const dt__posterior* posterior;
  double centre[DT__NODES_MAX];
  double spread[DT__NODES_MAX]; /* contrasts only */
  double guess;                 /* mean and SD of the mixture, roughly */
  double width;
  double low; /* surely below and above every quantile asked for */
  double high;
} marginal;

static void contrast_of(const dt__node* node, int p, const double* c, double* mean, double* sd) {
  double m = 0.0;
  double v = 0.0;
  for (int i = 0; i < p; ++i) {
    if (c[i] == 0.0) {
      continue;
    }
    m += c[i] * node->b[i];
    for (int j = 0; j < p; ++j) {
      v += c[i] * c[j] * node->covariance[i * p + j];
    }
  }
  *mean = m;
  *sd = sqrt(fmax(v, 0.0));
}

static void guess_from(marginal* m, double mean, double square) {
  m->guess = mean;
  m->width = sqrt(fmax(square - mean * mean, 0.0));
}

static void marginal_contrast(const dt__posterior* posterior, const double* contrast, marginal* m) {
  double mean = 0.0;
  double square = 0.0;
  m->posterior = posterior;
  m->low = (double)INFINITY;
  m->high = -(double)INFINITY;
  for (size_t i = 0; i < posterior->count; ++i) {
    const dt__node* node = &posterior->nodes[i];
    contrast_of(node, posterior->columns, contrast, &m->centre[i], &m->spread[i]);
    m->low = fmin(m->low, m->centre[i] - 20.0 * m->spread[i]);
    m->high = fmax(m->high, m->centre[i] + 20.0 * m->spread[i]);
    mean += node->weight * m->centre[i];
    square += node->weight * (m->centre[i] * m->centre[i] + m->spread[i] * m->spread[i]);
  }
  guess_from(m, mean, square);
}

static double contrast_cdf(const marginal* m, double at) {
  double sum = 0.0;
  for (size_t i = 0; i < m->posterior->count; ++i) {
    const dt__node* node = &m->posterior->nodes[i];
    const double away = at - m->centre[i];
    const double t = m->spread[i] > 0.0 ? away / m->spread[i] : copysign(1e9, away);
    sum += node->weight * student_below(t, node->df);
  }
  return fmin(sum, 1.0);
}

static void marginal_scatter(const dt__posterior* posterior, marginal* m) {
  double mean = 0.0;
  double square = 0.0;
  m->posterior = posterior;
  m->low = (double)INFINITY;
  m->high = 0.0;
  for (size_t i = 0; i < posterior->count; ++i) {
    const dt__node* node = &posterior->nodes[i];
    const double estimate = sqrt(node->sigma2 * node->scatter_gain);
    m->centre[i] = estimate;
    m->low = fmin(m->low, 0.05 * estimate);
    m->high = fmax(m->high, 50.0 * estimate);
    mean += node->weight * estimate;
    square += node->weight * estimate * estimate * (1.0 + 0.5 / node->scatter_df);
  }
  guess_from(m, mean, square);
}

static double scatter_cdf(const marginal* m, double at) {
  double sum = 0.0;
  for (size_t i = 0; i < m->posterior->count; ++i) {
    const dt__node* node = &m->posterior->nodes[i];
    const double ratio = m->centre[i] / at;
    const double x = node->scatter_df * ratio * ratio;
    sum += node->weight * chi2_above(x, node->scatter_df);
  }
  return fmin(sum, 1.0);
}

typedef double (*cdf_fn)(const marginal* m, double at);

/* The CDF is smooth and rises, and as a normal score it is nearly straight: secants, kept inside a
 * bracket, halving it where they gain little. To a part in 10^11 of the width. */
static double invert(cdf_fn cdf, const marginal* m, double p) {
  const double score = dt_normal_quantile(p);
  double low = m->low;
  double high = m->high;
  double slope = 1.0 / m->width;
  double at = m->guess + score * m->width;
  double last_at = at;
  double last_away = (double)INFINITY;
  for (int i = 0; i < 60 && high > low; ++i) {
    if (!(at > low && at < high)) {
      at = 0.5 * (low + high);
    }
    const double below = fmin(fmax(cdf(m, at), 1e-15), 1.0 - 1e-15);
    const double away = dt_normal_quantile(below) - score;
    if (fabs(away) < 1e-11) {
      break;
    }
    low = away < 0.0 ? at : low;
    high = away < 0.0 ? high : at;
    if (isfinite(last_away) && at != last_at) {
      slope = (away - last_away) / (at - last_at);
    }
    last_at = at;
    at = fabs(away) < 0.5 * fabs(last_away) && slope > 0.0 ? at - away / slope : (double)NAN;
    last_away = away;
  }
  return at;
}

double dt__posterior_cdf(const dt__posterior* posterior, const double* contrast, double at) {
  marginal m;
  marginal_contrast(posterior, contrast, &m);
  return contrast_cdf(&m, at);
}

void dt__posterior_quantiles(const dt__posterior* posterior, const double* contrast,
                             const double* p, double* at, int count) {
  marginal m;
  marginal_contrast(posterior, contrast, &m);
  for (int k = 0; k < count; ++k) {
    at[k] = invert(contrast_cdf, &m, p[k]);
  }
}

void dt__posterior_scatter(const dt__posterior* posterior, const double* p, double* at, int count) {
  marginal m;
  marginal_scatter(posterior, &m);
  for (int k = 0; k < count; ++k) {
    at[k] = invert(scatter_cdf, &m, p[k]);
  }
}

const char* dt__posterior_shape(const dt__posterior* posterior, double* slow_share) {
  dt__shape shapes[DT__SHAPES_MAX];
  const int count = dt__noise_shapes(posterior->span_beats, posterior->clicked, shapes);
  double mass[DT__SHAPES_MAX] = {0};
  *slow_share = 0.0;
  for (size_t i = 0; i < posterior->count; ++i) {
    const dt__node* node = &posterior->nodes[i];
    mass[node->shape] += node->weight;
    *slow_share += node->weight / (1.0 + exp(-node->logit_s));
  }
  int best = 0;
  for (int k = 1; k < count; ++k) {
    best = mass[k] > mass[best] ? k : best;
  }
  return shapes[best].name;
}
