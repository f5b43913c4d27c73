#include <math.h>

#include "noise_internal.h"

/* Answers of the mixture over the noise grid: quantiles of placement, drift and scatter. */

static const double SQRT_HALF = 0.707106781186547524401;

static double normal_below(double z) {
  return 0.5 * erfc(-z * SQRT_HALF);
}

/* Student's t to a normal (Wallace 1959): the error is below 1e-4 from 10 degrees of freedom on,
 * and no interval is given below that. */
static double student_to_normal(double t, double df) {
  const double scale = (8.0 * df + 1.0) / (8.0 * df + 3.0);
  return copysign(scale * sqrt(df * log1p(t * t / df)), t);
}

/* Chi-squared to a normal (Wilson & Hilferty 1931). */
static double chi2_to_normal(double x, double df) {
  const double v = 2.0 / (9.0 * df);
  return (cbrt(x / df) - (1.0 - v)) / sqrt(v);
}

typedef double (*cdf_fn)(const dt__posterior* posterior, const double* contrast, double at);

static void contrast_of(const dt__node* node, int p, const double* c, double* mean, double* sd) {
  double m = 0.0;
  double v = 0.0;
  for (int i = 0; i < p; ++i) {
    m += c[i] * node->b[i];
    for (int j = 0; j < p; ++j) {
      v += c[i] * c[j] * node->covariance[i * p + j];
    }
  }
  *mean = m;
  *sd = sqrt(fmax(v, 0.0));
}

double dt__posterior_cdf(const dt__posterior* posterior, const double* contrast, double at) {
  double sum = 0.0;
  for (size_t i = 0; i < posterior->count; ++i) {
    const dt__node* node = &posterior->nodes[i];
    double mean = 0.0;
    double sd = 0.0;
    contrast_of(node, posterior->columns, contrast, &mean, &sd);
    const double t = sd > 0.0 ? (at - mean) / sd : copysign(1e9, at - mean);
    sum += node->weight * normal_below(student_to_normal(t, node->df));
  }
  return sum;
}

static double scatter_cdf(const dt__posterior* posterior, const double* contrast, double at) {
  (void)contrast;
  double sum = 0.0;
  for (size_t i = 0; i < posterior->count; ++i) {
    const dt__node* node = &posterior->nodes[i];
    const double estimate = node->sigma2 * node->scatter_gain;
    const double x = node->scatter_df * estimate / (at * at);
    sum += node->weight * normal_below(-chi2_to_normal(x, node->scatter_df));
  }
  return sum;
}

/* The CDF is smooth and rises: bisect to a part in 2^40 of the bracket. */
static double invert(cdf_fn cdf, const dt__posterior* posterior, const double* contrast, double p,
                     double low, double high) {
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (low + high);
    if (cdf(posterior, contrast, middle) < p) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return 0.5 * (low + high);
}

double dt__posterior_quantile(const dt__posterior* posterior, const double* contrast, double p) {
  double low = INFINITY;
  double high = -INFINITY;
  for (size_t i = 0; i < posterior->count; ++i) {
    double mean = 0.0;
    double sd = 0.0;
    contrast_of(&posterior->nodes[i], posterior->columns, contrast, &mean, &sd);
    low = fmin(low, mean - 20.0 * sd);
    high = fmax(high, mean + 20.0 * sd);
  }
  return invert(dt__posterior_cdf, posterior, contrast, p, low, high);
}

double dt__posterior_scatter(const dt__posterior* posterior, double p) {
  double low = INFINITY;
  double high = 0.0;
  for (size_t i = 0; i < posterior->count; ++i) {
    const dt__node* node = &posterior->nodes[i];
    const double estimate = sqrt(node->sigma2 * node->scatter_gain);
    low = fmin(low, 0.2 * estimate);
    high = fmax(high, 5.0 * estimate);
  }
  return invert(scatter_cdf, posterior, NULL, p, low, high);
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
