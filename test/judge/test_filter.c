#include "noise_support.h"

/*
 * The filter against the textbook: generalised least squares with the whole n x n covariance
 * written out, on small random problems.
 */

static dt__shape random_shape(dt_rng* rng) {
  dt__shape shape;
  memset(&shape, 0, sizeof(shape));
  shape.memory_count = (int)dt_rng_below(rng, DT__MEMORIES_MAX + 1);
  for (int k = 0; k < shape.memory_count; ++k)
    shape.tau_beats[k] = 0.1 * pow(1000.0, dt_rng_uniform(rng));
  return shape;
}

static double memory_between(const dt__small* s, const dt__shape* shape, size_t i, size_t j) {
  double sum = 0.0;
  for (int k = 0; k < shape->memory_count; ++k)
    sum += exp(-fabs(s->beat[i] - s->beat[j]) / shape->tau_beats[k]) / shape->memory_count;
  return sum;
}

/* Gauss-Jordan: inverts in place, returns log |det|. */
static double invert(long double* a, size_t n) {
  long double log_det = 0.0L;
  for (size_t c = 0; c < n; ++c) {
    const long double pivot = a[c * n + c];
    log_det += logl(pivot);
    a[c * n + c] = 1.0L;
    for (size_t k = 0; k < n; ++k)
      a[c * n + k] /= pivot;
    for (size_t r = 0; r < n; ++r) {
      if (r == c)
        continue;
      const long double factor = a[r * n + c];
      a[r * n + c] = 0.0L;
      for (size_t k = 0; k < n; ++k)
        a[r * n + k] -= factor * a[c * n + k];
    }
  }
  return (double)log_det;
}

typedef struct dense_answer {
  double b[DT__P_MAX];
  double covariance[DT__P_MAX * DT__P_MAX];
  double sigma2;
  double log_likelihood;
} dense_answer;

static long double form(const long double* inverse, const double* u, const double* v, size_t n) {
  long double sum = 0.0L;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j)
      sum += (long double)u[i] * inverse[i * n + j] * (long double)v[j];
  return sum;
}

static void dense(const dt__small* s, const dt__shape* shape, double share, dense_answer* answer) {
  static long double v[DT__N_MAX * DT__N_MAX];
  long double xx[DT__P_MAX * DT__P_MAX];
  const size_t n = s->n;
  const size_t p = (size_t)s->p;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j)
      v[i * n + j] = (i == j ? (1.0L - (long double)share) * (long double)s->white[i] : 0.0L) +
                     (long double)share * (long double)memory_between(s, shape, i, j);
  const double log_det_v = invert(v, n);
  long double xy[DT__P_MAX];
  for (size_t i = 0; i < p; ++i) {
    xy[i] = form(v, s->x[i], s->y, n);
    for (size_t j = 0; j < p; ++j)
      xx[i * p + j] = form(v, s->x[i], s->x[j], n);
  }
  const double log_det_xx = invert(xx, p);
  long double rss = form(v, s->y, s->y, n);
  for (size_t i = 0; i < p; ++i) {
    long double b = 0.0L;
    for (size_t j = 0; j < p; ++j)
      b += xx[i * p + j] * xy[j];
    answer->b[i] = (double)b;
    rss -= b * xy[i];
  }
  const double df = (double)n - (double)p;
  answer->sigma2 = (double)rss / df;
  answer->log_likelihood = -0.5 * (df * log((double)rss) + log_det_v + log_det_xx);
  for (size_t i = 0; i < p * p; ++i)
    answer->covariance[i] = answer->sigma2 * (double)xx[i];
}

static double filtered(const dt__small* s, const dt__shape* shape, double share, dt__node* node) {
  static double row[DT__N_MAX * 16];
  static double decay[DT__N_MAX * DT__MEMORIES_MAX];
  dt__rows rows;
  assert_true(dt__row_width(s->p) <= 16 && dt__row_width(s->p) % 4 == 0);
  dt__noise_rows(&s->problem, row, &rows);
  dt__noise_decays(&s->problem, shape, decay);
  return dt__noise_filter(&rows, shape, decay, share, node);
}

static void the_filter_agrees_with_the_whole_covariance_matrix(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    dt_rng rng = dt_rng_seeded(seed, 1);
    dt__small s;
    dt__random_problem(&rng, &s);
    const dt__shape shape = random_shape(&rng);
    const double share =
        shape.memory_count == 0 ? 0.0 : 1.0 / (1.0 + exp(8.0 * dt_rng_uniform(&rng) - 4.0));
    dense_answer expected;
    dense(&s, &shape, share, &expected);
    dt__node node;
    const double log_likelihood = filtered(&s, &shape, share, &node);
    if (fabs(log_likelihood - expected.log_likelihood) > 1e-7 ||
        fabs(node.sigma2 / expected.sigma2 - 1.0) > 1e-8)
      fail_msg("Seed %llu: n %zu p %d memories %d s %g: likelihood %.12g not %.12g, sigma2 %g %g",
               (unsigned long long)seed, s.n, s.p, shape.memory_count, share, log_likelihood,
               expected.log_likelihood, node.sigma2, expected.sigma2);
    for (int i = 0; i < s.p; ++i) {
      const double scale = sqrt(expected.covariance[i * s.p + i]);
      assert_near(node.b[i], expected.b[i], 1e-7 * scale);
      for (int j = 0; j < s.p; ++j)
        assert_near(node.covariance[i * s.p + j], expected.covariance[i * s.p + j],
                    1e-7 * scale * sqrt(expected.covariance[j * s.p + j]));
    }
    assert_near(node.df, (double)s.n - s.p, 0);
  }
}

static void ten_thousand_strokes_do_not_underflow(void** state) {
  (void)state;
  enum { N = 10000 };
  static double beat[N];
  static double y[N];
  static double one[N];
  static double white[N];
  static double row[N * 4];
  static double decay[N];
  dt_rng rng = dt_rng_seeded(5, 1);
  for (size_t i = 0; i < N; ++i) {
    beat[i] = 0.5 * (double)i;
    y[i] = 0.01 * dt_rng_normal(&rng);
    one[i] = white[i] = 1.0;
  }
  const dt__problem problem = {
      .count = N, .columns = 1, .beat = beat, .y = y, .x = {one}, .white = white};
  const dt__shape shape = {.memory_count = 1, .tau_beats = {4.0}};
  dt__rows rows;
  dt__node node;
  dt__noise_rows(&problem, row, &rows);
  dt__noise_decays(&problem, &shape, decay);
  /* Independent noise: the likelihood falls as a slow part is supposed, and stays finite. */
  const double little = dt__noise_filter(&rows, &shape, decay, 0.001, &node);
  const double much = dt__noise_filter(&rows, &shape, decay, 0.9, &node);
  assert_true(isfinite(little) && isfinite(much));
  assert_true(little > much + 1000.0);
}

/* With one variance for all the likelihood is known in closed form. */
static void the_determinant_of_ten_thousand_strokes_is_right(void** state) {
  (void)state;
  enum { N = 10000 };
  static double beat[N], y[N], one[N], white[N], row[N * 4], decay[N];
  dt_rng rng = dt_rng_seeded(6, 1);
  for (size_t i = 0; i < N; ++i) {
    beat[i] = (double)i;
    y[i] = dt_rng_normal(&rng);
    one[i] = 1.0;
    white[i] = 0.01;
  }
  const double mean = dt_mean(y, N);
  const double sd = dt_sd(y, N);
  assert_near(mean, 0, 0.1);
  const dt__problem problem = {
      .count = N, .columns = 1, .beat = beat, .y = y, .x = {one}, .white = white};
  const dt__shape shape = {.memory_count = 1, .tau_beats = {4.0}};
  dt__rows rows;
  dt__node node;
  dt__noise_rows(&problem, row, &rows);
  dt__noise_decays(&problem, &shape, decay);
  const double log_det = N * log(0.01);
  const double rss = (N - 1) * sd * sd / 0.01;
  const double expected = -0.5 * ((N - 1) * log(rss) + log_det + log(N / 0.01));
  assert_near(dt__noise_filter(&rows, &shape, decay, 0.0, &node), expected, 1e-6);
}

static void the_part_of_slow_noise_seen_as_scatter_agrees_with_its_trace(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    dt_rng rng = dt_rng_seeded(seed, 2);
    dt__small s;
    dt__random_problem(&rng, &s);
    const dt__shape shape = random_shape(&rng);
    static double decay[DT__N_MAX * DT__MEMORIES_MAX];
    static double scratch[3 * DT__N_MAX];
    dt__noise_decays(&s.problem, &shape, decay);
    const double gain = dt__noise_slow_gain(&s.problem, &shape, decay, scratch);
    long double xx[DT__P_MAX * DT__P_MAX];
    const size_t p = (size_t)s.p;
    for (size_t a = 0; a < p; ++a)
      for (size_t b = 0; b < p; ++b) {
        xx[a * p + b] = 0.0L;
        for (size_t i = 0; i < s.n; ++i)
          xx[a * p + b] += (long double)s.x[a][i] * (long double)s.x[b][i];
      }
    invert(xx, p);
    double trace = 0.0;
    for (size_t i = 0; i < s.n; ++i)
      for (size_t j = 0; j < s.n; ++j) {
        long double m = i == j ? 1.0L : 0.0L;
        for (size_t a = 0; a < p; ++a)
          for (size_t b = 0; b < p; ++b)
            m -= (long double)s.x[a][i] * xx[a * p + b] * (long double)s.x[b][j];
        trace += (double)m * memory_between(&s, &shape, i, j);
      }
    const double expected = shape.memory_count == 0 ? 1.0 : trace / ((double)s.n - s.p);
    if (fabs(gain - expected) > 1e-9)
      fail_msg("Seed %llu: gain %.12g, not %.12g", (unsigned long long)seed, gain, expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_filter_agrees_with_the_whole_covariance_matrix),
      cmocka_unit_test(ten_thousand_strokes_do_not_underflow),
      cmocka_unit_test(the_determinant_of_ten_thousand_strokes_is_right),
      cmocka_unit_test(the_part_of_slow_noise_seen_as_scatter_agrees_with_its_trace),
  };
  return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
