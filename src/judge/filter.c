#include <math.h>
#include <string.h>

#include "linalg_internal.h"
#include "noise_internal.h"

/*
 * Kalman filter of the slow part, run on y and on every column at once: the innovations decorrelate
 * all of them, so generalised least squares needs no n x n matrix (Harvey 1989, section 3.4).
 */

static const double LN_2 = 0.693147180559945309417;

enum { BLOCK = 4, WIDTH_MAX = 16 }; /* of a row: y and the columns */

/* The loops are written for one width and compiled for four: what is known in advance runs several
 * columns at a time, with the same sums in the same order. */
#if defined(__GNUC__)
#define FLAT __attribute__((always_inline)) inline
#else
#define FLAT inline
#endif
#define WITH_WIDTH(width, call)                                                                    \
  switch (width) {                                                                                 \
  case 4:                                                                                          \
    call(4);                                                                                       \
    break;                                                                                         \
  case 8:                                                                                          \
    call(8);                                                                                       \
    break;                                                                                         \
  case 12:                                                                                         \
    call(12);                                                                                      \
    break;                                                                                         \
  default:                                                                                         \
    call(16);                                                                                      \
  }

typedef struct filter_sums {
  double products[WIDTH_MAX * WIDTH_MAX]; /* sum of v v' / F, lower triangle of blocks */
  double mantissa;                        /* product of F with its exponent taken out now and */
  int exponent;                           /* then: one log in many */
} filter_sums;

static FLAT void add_innovation(filter_sums* sums, const double* v, int width, double inverse) {
  for (int i = 0; i < width; ++i) {
    const double scaled = v[i] * inverse;
    double* row = sums->products + i * WIDTH_MAX;
    for (int block = 0; block <= i; block += BLOCK) {
      for (int j = 0; j < BLOCK; ++j) {
        row[block + j] += scaled * v[block + j];
      }
    }
  }
}

static FLAT void add_variance(filter_sums* sums, double variance) {
  sums->mantissa *= variance;
  if (sums->mantissa < 1e-200 || sums->mantissa > 1e200) {
    int exponent = 0;
    sums->mantissa = frexp(sums->mantissa, &exponent);
    sums->exponent += exponent;
  }
}

/* One memory: the state is a number, and this is the path nearly every grid point takes. */
static FLAT void single(const dt__rows* rows, const double* decay, double s, filter_sums* sums,
                        int width) {
  double state[WIDTH_MAX] = {0};
  double v[WIDTH_MAX];
  double p = s;
  for (size_t i = 0; i < rows->problem->count; ++i) {
    const double* row = rows->row + i * (size_t)width;
    const double f = decay[i];
    if (f < 1.0) {
      p = s + f * f * (p - s);
      for (int k = 0; k < width; ++k) {
        state[k] *= f;
      }
    }
    const double variance = p + (1.0 - s) * rows->problem->white[i];
    const double inverse = 1.0 / variance;
    const double gain = p * inverse;
    for (int k = 0; k < width; ++k) {
      v[k] = row[k] - state[k];
      state[k] += gain * v[k];
    }
    p -= gain * p;
    add_innovation(sums, v, width, inverse);
    add_variance(sums, variance);
  }
}

static void filter_single(const dt__rows* rows, const double* decay, double s, filter_sums* sums) {
#define SINGLE(width) single(rows, decay, s, sums, width)
  WITH_WIDTH(rows->width, SINGLE)
#undef SINGLE
}

/* Several memories; those that pad the list are empty and stay so. */
typedef struct many {
  double p[DT__MEMORIES_MAX][DT__MEMORIES_MAX]; /* symmetric to the last bit */
  double each[DT__MEMORIES_MAX];
  double state[DT__MEMORIES_MAX][WIDTH_MAX];
  double row_sum[DT__MEMORIES_MAX];
} many;

static FLAT void many_predict(many* m, const double* decay, int memories, int width) {
  for (int a = 0; a < memories; ++a) {
    const double f = decay[a];
    for (int b = 0; b < memories; ++b) {
      m->p[a][b] *= f * decay[b];
    }
    m->p[a][a] += m->each[a] * (1.0 - f * f);
    for (int k = 0; k < width; ++k) {
      m->state[a][k] *= f;
    }
  }
}

static FLAT double many_variance(many* m, double white, int memories) {
  for (int b = 0; b < memories; ++b) {
    m->row_sum[b] = m->p[0][b];
  }
  for (int a = 1; a < memories; ++a) {
    for (int b = 0; b < memories; ++b) {
      m->row_sum[b] += m->p[a][b];
    }
  }
  double variance = white;
  for (int a = 0; a < memories; ++a) {
    variance += m->row_sum[a];
  }
  return variance;
}

static FLAT void many_update(many* m, double inverse, double* v, int memories, int width) {
  for (int a = 0; a < memories; ++a) {
    for (int k = 0; k < width; ++k) {
      v[k] -= m->state[a][k];
    }
  }
  for (int a = 0; a < memories; ++a) {
    const double gain = m->row_sum[a] * inverse;
    for (int k = 0; k < width; ++k) {
      m->state[a][k] += gain * v[k];
    }
    for (int b = 0; b < memories; ++b) {
      m->p[a][b] -= m->row_sum[a] * m->row_sum[b] * inverse;
    }
  }
}

static FLAT void several(const dt__rows* rows, const dt__shape* shape, const double* decay,
                         double s, filter_sums* sums, int memories, int width) {
  many m;
  memset(&m, 0, sizeof(m));
  for (int k = 0; k < shape->memory_count; ++k) {
    m.each[k] = s / shape->memory_count;
  }
  double v[WIDTH_MAX];
  for (size_t i = 0; i < rows->problem->count; ++i) {
    const double* f = decay + i * (size_t)memories;
    if (f[0] < 1.0) {
      many_predict(&m, f, memories, width);
    }
    memcpy(v, rows->row + i * (size_t)width, (size_t)width * sizeof(double));
    const double variance = many_variance(&m, (1.0 - s) * rows->problem->white[i], memories);
    const double inverse = 1.0 / variance;
    many_update(&m, inverse, v, memories, width);
    add_innovation(sums, v, width, inverse);
    add_variance(sums, variance);
  }
}

static void filter_many(const dt__rows* rows, const dt__shape* shape, const double* decay, double s,
                        filter_sums* sums) {
#define FOUR(width)  several(rows, shape, decay, s, sums, 4, width)
#define EIGHT(width) several(rows, shape, decay, s, sums, 8, width)
  if (dt__decay_stride(shape) <= 4) {
    WITH_WIDTH(rows->width, FOUR)
  } else {
    WITH_WIDTH(rows->width, EIGHT)
  }
#undef FOUR
#undef EIGHT
}

static void filter_white(const dt__rows* rows, filter_sums* sums) {
  for (size_t i = 0; i < rows->problem->count; ++i) {
    const double variance = rows->problem->white[i];
    add_innovation(sums, rows->row + i * (size_t)rows->width, rows->width, 1.0 / variance);
    add_variance(sums, variance);
  }
}

/* Generalised least squares from the sums; the restricted likelihood with sigma profiled out. */
static double solve(const dt__problem* problem, const filter_sums* sums, dt__node* node) {
  const int p = problem->columns;
  double xx[DT__NOISE_COLUMNS_MAX * DT__NOISE_COLUMNS_MAX];
  for (int i = 0; i < p; ++i) {
    for (int j = 0; j <= i; ++j) {
      xx[i * p + j] = sums->products[(i + 1) * WIDTH_MAX + j + 1];
    }
  }
  double log_det_xx = 0.0;
  if (!dt__cholesky(xx, p, &log_det_xx)) {
    return NAN;
  }
  for (int i = 0; i < p; ++i) {
    node->b[i] = sums->products[(i + 1) * WIDTH_MAX];
  }
  dt__cholesky_solve(xx, p, node->b);
  double rss = sums->products[0];
  for (int i = 0; i < p; ++i) {
    rss -= node->b[i] * sums->products[(i + 1) * WIDTH_MAX];
  }
  rss = fmax(rss, 1e-18 * (double)problem->count); /* a machine plays without scatter: 1 ns */
  node->df = (double)problem->count - p;
  node->sigma2 = rss / node->df;
  dt__cholesky_inverse(xx, p, node->covariance);
  for (int i = 0; i < p * p; ++i) {
    node->covariance[i] *= node->sigma2;
  }
  const double log_det = log(sums->mantissa) + sums->exponent * LN_2;
  return -0.5 * (node->df * log(rss) + log_det + log_det_xx);
}

double dt__noise_filter(const dt__rows* rows, const dt__shape* shape, const double* decay, double s,
                        dt__node* node) {
  filter_sums sums;
  memset(&sums, 0, sizeof(sums));
  sums.mantissa = 1.0;
  if (shape->memory_count == 0) {
    filter_white(rows, &sums);
  } else if (shape->memory_count == 1) {
    filter_single(rows, decay, s, &sums);
  } else {
    filter_many(rows, shape, decay, s, &sums);
  }
  return solve(rows->problem, &sums, node);
}

int dt__row_width(int columns) {
  return (columns + 1 + BLOCK - 1) / BLOCK * BLOCK;
}

void dt__noise_rows(const dt__problem* problem, double* row, dt__rows* rows) {
  rows->problem = problem;
  rows->width = dt__row_width(problem->columns);
  rows->row = row;
  for (size_t i = 0; i < problem->count; ++i, row += rows->width) {
    row[0] = problem->y[i];
    for (int k = 1; k < rows->width; ++k) {
      row[k] = k <= problem->columns ? problem->x[k - 1][i] : 0.0;
    }
  }
}

int dt__decay_stride(const dt__shape* shape) {
  return shape->memory_count <= 1 ? 1 : shape->memory_count <= 4 ? 4 : DT__MEMORIES_MAX;
}

void dt__noise_decays(const dt__problem* problem, const dt__shape* shape, double* decay) {
  const size_t stride = (size_t)dt__decay_stride(shape);
  memset(decay, 0, stride * problem->count * sizeof(double));
  for (int k = 0; k < shape->memory_count; ++k) {
    double last_step = -1.0;
    double last = 0.0;
    for (size_t i = 1; i < problem->count; ++i) {
      const double step = fmax(0.0, problem->beat[i] - problem->beat[i - 1]);
      if (step != last_step) { /* grooves repeat few distances */
        last = exp(-step / shape->tau_beats[k]);
        last_step = step;
      }
      decay[i * stride + (size_t)k] = last;
    }
  }
}

/* C v for one exponential memory, by a sum from the left and one from the right. */
static void memory_times(const double* decay, size_t stride, const double* v, size_t count,
                         double* out) {
  double sum = 0.0;
  for (size_t i = 0; i < count; ++i) {
    sum = decay[i * stride] * sum + v[i];
    out[i] = sum;
  }
  sum = 0.0;
  for (size_t i = count; i-- > 0;) {
    out[i] += sum;
    sum = decay[i * stride] * (sum + v[i]);
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
      memory_times(decay + m, (size_t)dt__decay_stride(shape), problem->x[i], n, scratch + n);
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
