#include <math.h>
#include <string.h>

#include "linalg_internal.h"
#include "noise_internal.h"

/*
 * Kalman filter of the slow part, run on y and on every column at once: the innovations decorrelate
 * all of them, so generalised least squares needs no n x n matrix (Harvey 1989, section 3.4).
 */

static const double LN_2 = 0.693147180559945309417;

enum { COLUMNS = DT__NOISE_COLUMNS_MAX + 1 }; /* y and the columns */

typedef struct filter_sums {
  double products[COLUMNS * COLUMNS]; /* sum of v v' / F, lower triangle */
  double log_det;                     /* sum of log F */
} filter_sums;

static void add_innovation(filter_sums* sums, const double* v, int width, double variance) {
  const double inverse = 1.0 / variance;
  for (int i = 0; i < width; ++i) {
    const double scaled = v[i] * inverse;
    for (int j = 0; j <= i; ++j) {
      sums->products[i * COLUMNS + j] += scaled * v[j];
    }
  }
}

/* log F summed as a product with its exponent taken out now and then: one log in many. */
typedef struct log_product {
  double mantissa;
  int exponent;
} log_product;

static void log_product_times(log_product* product, double factor) {
  int exponent = 0;
  product->mantissa = frexp(product->mantissa * factor, &exponent);
  product->exponent += exponent;
}

static void row_of(const dt__problem* problem, size_t i, double* row) {
  row[0] = problem->y[i];
  for (int k = 0; k < problem->columns; ++k) {
    row[k + 1] = problem->x[k][i];
  }
}

/* One memory: the state is a number, and this is the path nearly every grid point takes. */
static void filter_single(const dt__problem* problem, const double* decay, double s,
                          filter_sums* sums) {
  const int width = problem->columns + 1;
  double state[COLUMNS] = {0};
  double v[COLUMNS] = {0};
  double p = s;
  log_product det = {1.0, 0};
  for (size_t i = 0; i < problem->count; ++i) {
    const double f = decay[i];
    if (f < 1.0) {
      p = s + f * f * (p - s);
      for (int k = 0; k < width; ++k) {
        state[k] *= f;
      }
    }
    const double variance = p + (1.0 - s) * problem->white[i];
    row_of(problem, i, v);
    const double gain = p / variance;
    for (int k = 0; k < width; ++k) {
      v[k] -= state[k];
      state[k] += gain * v[k];
    }
    p -= gain * p;
    add_innovation(sums, v, width, variance);
    log_product_times(&det, variance);
  }
  sums->log_det = log(det.mantissa) + det.exponent * LN_2;
}

typedef struct many {
  double p[DT__MEMORIES_MAX][DT__MEMORIES_MAX];
  double state[DT__MEMORIES_MAX][COLUMNS];
} many;

static void many_predict(many* m, int memories, int width, const double* decay, size_t stride,
                         double each) {
  for (int a = 0; a < memories; ++a) {
    const double fa = decay[(size_t)a * stride];
    for (int b = 0; b <= a; ++b) {
      m->p[a][b] *= fa * decay[(size_t)b * stride];
      m->p[b][a] = m->p[a][b];
    }
    m->p[a][a] += each * (1.0 - fa * fa);
    for (int k = 0; k < width; ++k) {
      m->state[a][k] *= fa;
    }
  }
}

static double many_update(many* m, int memories, int width, double white, double* v) {
  double row_sum[DT__MEMORIES_MAX];
  double variance = white;
  for (int a = 0; a < memories; ++a) {
    row_sum[a] = 0.0;
    for (int b = 0; b < memories; ++b) {
      row_sum[a] += m->p[a][b];
    }
    variance += row_sum[a];
    for (int k = 0; k < width; ++k) {
      v[k] -= m->state[a][k];
    }
  }
  for (int a = 0; a < memories; ++a) {
    const double gain = row_sum[a] / variance;
    for (int k = 0; k < width; ++k) {
      m->state[a][k] += gain * v[k];
    }
    for (int b = 0; b < memories; ++b) {
      m->p[a][b] -= gain * row_sum[b];
    }
  }
  return variance;
}

static void filter_many(const dt__problem* problem, const dt__shape* shape, const double* decay,
                        double s, filter_sums* sums) {
  const int width = problem->columns + 1;
  const int memories = shape->memory_count;
  const double each = s / memories;
  many m;
  memset(&m, 0, sizeof(m));
  double v[COLUMNS] = {0};
  log_product det = {1.0, 0};
  for (size_t i = 0; i < problem->count; ++i) {
    many_predict(&m, memories, width, decay + i, problem->count, each);
    row_of(problem, i, v);
    const double variance = many_update(&m, memories, width, (1.0 - s) * problem->white[i], v);
    add_innovation(sums, v, width, variance);
    log_product_times(&det, variance);
  }
  sums->log_det = log(det.mantissa) + det.exponent * LN_2;
}

static void filter_white(const dt__problem* problem, filter_sums* sums) {
  double v[COLUMNS] = {0};
  for (size_t i = 0; i < problem->count; ++i) {
    row_of(problem, i, v);
    add_innovation(sums, v, problem->columns + 1, problem->white[i]);
    sums->log_det += log(problem->white[i]);
  }
}

/* Generalised least squares from the sums; the restricted likelihood with sigma profiled out. */
static double solve(const dt__problem* problem, const filter_sums* sums, dt__node* node) {
  const int p = problem->columns;
  double xx[DT__NOISE_COLUMNS_MAX * DT__NOISE_COLUMNS_MAX];
  for (int i = 0; i < p; ++i) {
    for (int j = 0; j <= i; ++j) {
      xx[i * p + j] = sums->products[(i + 1) * COLUMNS + j + 1];
    }
  }
  double log_det_xx = 0.0;
  if (!dt__cholesky(xx, p, &log_det_xx)) {
    return NAN;
  }
  for (int i = 0; i < p; ++i) {
    node->b[i] = sums->products[(i + 1) * COLUMNS];
  }
  dt__cholesky_solve(xx, p, node->b);
  double rss = sums->products[0];
  for (int i = 0; i < p; ++i) {
    rss -= node->b[i] * sums->products[(i + 1) * COLUMNS];
  }
  rss = fmax(rss, 1e-18 * (double)problem->count); /* a machine plays without scatter: 1 ns */
  node->df = (double)problem->count - p;
  node->sigma2 = rss / node->df;
  dt__cholesky_inverse(xx, p, node->covariance);
  for (int i = 0; i < p * p; ++i) {
    node->covariance[i] *= node->sigma2;
  }
  return -0.5 * (node->df * log(rss) + sums->log_det + log_det_xx);
}

double dt__noise_filter(const dt__problem* problem, const dt__shape* shape, const double* decay,
                        double s, dt__node* node) {
  filter_sums sums;
  memset(&sums, 0, sizeof(sums));
  if (shape->memory_count == 0) {
    filter_white(problem, &sums);
  } else if (shape->memory_count == 1) {
    filter_single(problem, decay, s, &sums);
  } else {
    filter_many(problem, shape, decay, s, &sums);
  }
  return solve(problem, &sums, node);
}

void dt__noise_decays(const dt__problem* problem, const dt__shape* shape, double* decay) {
  for (int k = 0; k < shape->memory_count; ++k) {
    double* row = decay + (size_t)k * problem->count;
    double last_step = -1.0;
    double last = 0.0;
    for (size_t i = 0; i < problem->count; ++i) {
      if (i == 0) {
        row[0] = 0.0;
        continue;
      }
      const double step = fmax(0.0, problem->beat[i] - problem->beat[i - 1]);
      if (step != last_step) { /* grooves repeat few distances */
        last = exp(-step / shape->tau_beats[k]);
        last_step = step;
      }
      row[i] = last;
    }
  }
}

/* C v for one exponential memory, by a sum from the left and one from the right. */
static void memory_times(const double* decay, const double* v, size_t count, double* out) {
  double sum = 0.0;
  for (size_t i = 0; i < count; ++i) {
    sum = decay[i] * sum + v[i];
    out[i] = sum;
  }
  sum = 0.0;
  for (size_t i = count; i-- > 0;) {
    out[i] += sum;
    sum = decay[i] * (sum + v[i]);
  }
}

double dt__noise_slow_gain(const dt__problem* problem, const dt__shape* shape, const double* decay,
                           double* scratch) {
  const int p = problem->columns;
  const size_t n = problem->count;
  double xx[DT__NOISE_COLUMNS_MAX * DT__NOISE_COLUMNS_MAX];
  double inverse[DT__NOISE_COLUMNS_MAX * DT__NOISE_COLUMNS_MAX];
  for (int i = 0; i < p; ++i) {
    for (int j = 0; j <= i; ++j) {
      xx[i * p + j] = dt__dot(problem->x[i], problem->x[j], n);
    }
  }
  double log_det = 0.0;
  if (shape->memory_count == 0 || !dt__cholesky(xx, p, &log_det)) {
    return 1.0;
  }
  dt__cholesky_inverse(xx, p, inverse);
  double taken = 0.0; /* tr((X'X)^-1 X'CX): what the columns swallow */
  for (int i = 0; i < p; ++i) {
    double* cx = scratch;
    for (size_t k = 0; k < n; ++k) {
      cx[k] = 0.0;
    }
    for (int m = 0; m < shape->memory_count; ++m) {
      memory_times(decay + (size_t)m * n, problem->x[i], n, scratch + n);
      for (size_t k = 0; k < n; ++k) {
        cx[k] += scratch[n + k] / shape->memory_count;
      }
    }
    for (int j = 0; j < p; ++j) {
      taken += inverse[i * p + j] * dt__dot(problem->x[j], cx, n);
    }
  }
  return ((double)n - taken) / (double)(n - (size_t)p);
}
