#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/near.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "noise_internal.h"

/*
 * The filter against the textbook: generalised least squares with the whole n x n covariance
 * written out, on small random problems. And what is made of it: intervals that a drummer is told.
 */

enum { N_MAX = 64, P_MAX = DT__NOISE_COLUMNS_MAX };

typedef struct small {
  size_t n;
  int p;
  double beat[N_MAX];
  double y[N_MAX];
  double x[P_MAX][N_MAX];
  double white[N_MAX];
  dt__problem problem;
} small;

static void tie(small* s) {
  memset(&s->problem, 0, sizeof(s->problem));
  s->problem.count = s->n;
  s->problem.columns = s->p;
  s->problem.beat = s->beat;
  s->problem.y = s->y;
  s->problem.white = s->white;
  for (int k = 0; k < s->p; ++k)
    s->problem.x[k] = s->x[k];
}

static void random_problem(dt_rng* rng, small* s) {
  static const double STEP[] = {0.0, 0.25, 0.5, 1.0, 3.7};
  memset(s, 0, sizeof(*s));
  s->p = 1 + (int)dt_rng_below(rng, P_MAX);
  s->n = (size_t)s->p + 3 + dt_rng_below(rng, 40);
  double beat = 100.0 * dt_rng_uniform(rng) - 50.0;
  double white = 0.0;
  for (size_t i = 0; i < s->n; ++i) {
    s->beat[i] = beat;
    s->y[i] = 0.01 * dt_rng_normal(rng);
    s->white[i] = 0.2 + 2.0 * dt_rng_uniform(rng);
    white += s->white[i] / (double)s->n;
    for (int k = 0; k < s->p; ++k)
      s->x[k][i] = k == 0 ? 1.0 : dt_rng_normal(rng);
    beat += STEP[dt_rng_below(rng, 5)];
  }
  for (size_t i = 0; i < s->n; ++i)
    s->white[i] /= white;
  tie(s);
}

static dt__shape random_shape(dt_rng* rng) {
  dt__shape shape;
  memset(&shape, 0, sizeof(shape));
  shape.memory_count = (int)dt_rng_below(rng, DT__MEMORIES_MAX + 1);
  for (int k = 0; k < shape.memory_count; ++k)
    shape.tau_beats[k] = 0.1 * pow(1000.0, dt_rng_uniform(rng));
  return shape;
}

static double memory_between(const small* s, const dt__shape* shape, size_t i, size_t j) {
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
  double b[P_MAX];
  double covariance[P_MAX * P_MAX];
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

static void dense(const small* s, const dt__shape* shape, double share, dense_answer* answer) {
  static long double v[N_MAX * N_MAX];
  long double xx[P_MAX * P_MAX];
  const size_t n = s->n;
  const size_t p = (size_t)s->p;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j)
      v[i * n + j] = (i == j ? (1.0L - (long double)share) * (long double)s->white[i] : 0.0L) +
                     (long double)share * (long double)memory_between(s, shape, i, j);
  const double log_det_v = invert(v, n);
  long double xy[P_MAX];
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

static double filtered(const small* s, const dt__shape* shape, double share, dt__node* node) {
  static double row[N_MAX * 16];
  static double decay[N_MAX * DT__MEMORIES_MAX];
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
    small s;
    random_problem(&rng, &s);
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
    small s;
    random_problem(&rng, &s);
    const dt__shape shape = random_shape(&rng);
    static double decay[N_MAX * DT__MEMORIES_MAX];
    static double scratch[3 * N_MAX];
    dt__noise_decays(&s.problem, &shape, decay);
    const double gain = dt__noise_slow_gain(&s.problem, &shape, decay, scratch);
    long double xx[P_MAX * P_MAX];
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

static const double P[] = {0.005, 0.025, 0.2, 0.5, 0.8, 0.975, 0.995};
enum { P_COUNT = sizeof(P) / sizeof(P[0]) };

/* One node of independent noise: Student's t and chi-squared, exactly. */
static void white_intervals_are_those_of_student_and_chi_squared(void** state) {
  (void)state;
  static const double DF[] = {3, 5, 11, 13, 30, 200, 5000};
  for (size_t d = 0; d < sizeof(DF) / sizeof(DF[0]); ++d) {
    dt__node node;
    memset(&node, 0, sizeof(node));
    node.weight = 1.0;
    node.sigma2 = 4e-4;
    node.scatter_gain = 1.0;
    node.df = node.scatter_df = DF[d];
    node.b[0] = 0.003;
    node.covariance[0] = 1e-6;
    const dt__posterior posterior = {.nodes = &node, .count = 1, .columns = 1};
    const double contrast[P_MAX] = {2.0};
    double at[P_COUNT];
    dt__posterior_quantiles(&posterior, contrast, P, at, P_COUNT);
    const double slack = DF[d] < 12 ? 1e-8 : 0.001; /* exact where the approximations are not */
    for (int k = 0; k < P_COUNT; ++k) {
      const double t = dt_student_quantile(P[k], DF[d]);
      assert_near((at[k] - 0.006) / 0.002, t, slack * fmax(1.0, fabs(t)));
      assert_near(dt__posterior_cdf(&posterior, contrast, at[k]), P[k], 1e-9);
    }
    dt__posterior_scatter(&posterior, P, at, P_COUNT);
    for (int k = 0; k < P_COUNT; ++k) {
      const double expected = sqrt(4e-4 * DF[d] / dt_chi2_quantile(1.0 - P[k], DF[d]));
      assert_near(at[k] / expected, 1.0, DF[d] < 12 ? 1e-8 : 0.01);
    }
  }
}

/* A take of length n: placement, a slope, and noise. */
static void long_problem(dt_rng* rng, size_t n, double white_s, double slow_s, double tau,
                         double* beat, double* y, double* one, double* slope, double* white,
                         dt__problem* problem) {
  double slow = slow_s * dt_rng_normal(rng);
  const double keep = exp(-0.5 / tau);
  for (size_t i = 0; i < n; ++i) {
    beat[i] = 0.5 * (double)i;
    y[i] = white_s * dt_rng_normal(rng) + slow;
    one[i] = white[i] = 1.0;
    slope[i] = ((double)i - 0.5 * (double)(n - 1)) / (double)n;
    slow = keep * slow + slow_s * sqrt(1.0 - keep * keep) * dt_rng_normal(rng);
  }
  *problem = (dt__problem){.count = n,
                           .columns = 2,
                           .beat = beat,
                           .y = y,
                           .x = {one, slope},
                           .white = white,
                           .clicked = true};
}

/* The same mixture over a grid twice as wide and as fine, without leaving anything out. */
static double placement_cdf_of_fine_grid(const dt__problem* problem, double at,
                                         double* slow_share) {
  enum { STEPS = 97 };
  static double row[400 * 4];
  static double decay[400 * DT__MEMORIES_MAX];
  dt__shape shapes[DT__SHAPES_MAX];
  const double span = problem->beat[problem->count - 1] - problem->beat[0];
  const int count = dt__noise_shapes(span, problem->clicked, shapes);
  static double log_mass[DT__SHAPES_MAX * STEPS];
  static double below[DT__SHAPES_MAX * STEPS];
  static double share[DT__SHAPES_MAX * STEPS];
  dt__rows rows;
  dt__noise_rows(problem, row, &rows);
  double top = -(double)INFINITY;
  for (int k = 0; k < count; ++k) {
    dt__noise_decays(problem, &shapes[k], decay);
    for (int i = 0; i < STEPS; ++i) {
      const bool white = shapes[k].memory_count == 0;
      const double u = shapes[k].centre - 4.0 + 10.0 * i / (STEPS - 1);
      const double s = white ? 0.0 : 1.0 / (1.0 + exp(-u));
      const double about = 1.0 / (1.0 + exp(shapes[k].centre - u));
      const double width =
          white ? (i == 0 ? 1.0 : 0.0) : about * (1.0 - about) * 10.0 / (STEPS - 1);
      dt__node node;
      const double ll = dt__noise_filter(&rows, &shapes[k], decay, s, &node);
      log_mass[k * STEPS + i] = ll + log(shapes[k].prior * width);
      below[k * STEPS + i] = dt_student_cdf((at - node.b[0]) / sqrt(node.covariance[0]), node.df);
      share[k * STEPS + i] = s;
      top = fmax(top, log_mass[k * STEPS + i]);
    }
  }
  double mass = 0.0;
  double sum = 0.0;
  *slow_share = 0.0;
  for (int i = 0; i < count * STEPS; ++i) {
    const double weight = exp(log_mass[i] - top);
    mass += weight;
    sum += weight * below[i];
    *slow_share += weight * share[i];
  }
  *slow_share /= mass;
  return sum / mass;
}

static void the_short_way_over_the_grid_ends_where_the_long_one_does(void** state) {
  (void)state;
  static double beat[400], y[400], one[400], slope[400], white[400];
  static const double SLOW_S[] = {0.0, 0.003, 0.01, 0.03};
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    dt_rng rng = dt_rng_seeded(seed, 3);
    dt__problem problem;
    const size_t n = seed % 3 == 0 ? 24 : seed % 3 == 1 ? 100 : 400;
    long_problem(&rng, n, 0.01, SLOW_S[seed % 4], 3.0, beat, y, one, slope, white, &problem);
    problem.clicked = seed % 2 == 0;
    dt__posterior posterior;
    assert_int_equal(dt__noise_fit(&problem, NULL, &posterior), DT_OK);
    const double contrast[P_MAX] = {1.0};
    static const double p[] = {0.025, 0.5, 0.975};
    double at[3];
    dt__posterior_quantiles(&posterior, contrast, p, at, 3);
    double share = 0.0;
    double fine_share = 0.0;
    dt__posterior_shape(&posterior, &share);
    for (int k = 0; k < 3; ++k) {
      const double fine = placement_cdf_of_fine_grid(&problem, at[k], &fine_share);
      if (fabs(fine - p[k]) > (k == 1 ? 0.03 : 0.010))
        fail_msg("Seed %llu: %g where the fine grid says %g", (unsigned long long)seed, p[k], fine);
    }
    assert_near(share, fine_share, 0.03);
    dt__posterior_clear(&posterior, NULL);
  }
}

static void quantiles_rise_and_come_back_as_probabilities(void** state) {
  (void)state;
  static double beat[400], y[400], one[400], slope[400], white[400];
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    dt_rng rng = dt_rng_seeded(seed, 4);
    dt__problem problem;
    long_problem(&rng, 12 + seed * 12, 0.01, seed % 2 ? 0.02 : 0.0, 4.0, beat, y, one, slope, white,
                 &problem);
    dt__posterior posterior;
    assert_int_equal(dt__noise_fit(&problem, NULL, &posterior), DT_OK);
    double weight = 0.0;
    for (size_t i = 0; i < posterior.count; ++i)
      weight += posterior.nodes[i].weight;
    assert_near(weight, 1.0, 1e-12);
    const double contrast[P_MAX] = {1.0, -0.5};
    double p[99];
    double at[99];
    double scatter[99];
    for (int k = 0; k < 99; ++k)
      p[k] = 0.01 * (k + 1);
    dt__posterior_quantiles(&posterior, contrast, p, at, 99);
    dt__posterior_scatter(&posterior, p, scatter, 99);
    for (int k = 0; k < 99; ++k) {
      assert_near(dt__posterior_cdf(&posterior, contrast, at[k]), p[k], 1e-9);
      assert_true(k == 0 || (at[k] > at[k - 1] && scatter[k] > scatter[k - 1]));
    }
    assert_true(dt__posterior_cdf(&posterior, contrast, 1e9) <= 1.0);
    dt__posterior_clear(&posterior, NULL);
  }
}

static void noise_is_called_by_its_name(void** state) {
  (void)state;
  static double beat[400], y[400], one[400], slope[400], white[400];
  dt_rng rng = dt_rng_seeded(11, 5);
  dt__problem problem;
  dt__posterior posterior;
  double share = 0.0;
  long_problem(&rng, 400, 0.01, 0.0, 4.0, beat, y, one, slope, white, &problem);
  assert_int_equal(dt__noise_fit(&problem, NULL, &posterior), DT_OK);
  assert_string_equal(dt__posterior_shape(&posterior, &share), "white");
  assert_true(share < 0.1);
  dt__posterior_clear(&posterior, NULL);
  long_problem(&rng, 400, 0.002, 0.02, 4.0, beat, y, one, slope, white, &problem);
  assert_int_equal(dt__noise_fit(&problem, NULL, &posterior), DT_OK);
  assert_non_null(strstr(dt__posterior_shape(&posterior, &share), "timekeeper"));
  assert_true(share > 0.8);
  dt__posterior_clear(&posterior, NULL);
}

static void slow_noise_widens_the_interval_of_the_placement(void** state) {
  (void)state;
  static double beat[400], y[400], one[400], slope[400], white[400];
  static const double p[] = {0.025, 0.975};
  enum { TAKES = 15 };
  double width[2][TAKES];
  for (int k = 0; k < 2 * TAKES; ++k) {
    const int slow = k % 2;
    dt_rng rng = dt_rng_seeded(100 + (uint64_t)k, 6);
    dt__problem problem;
    dt__posterior posterior;
    /* The same variance in all. */
    long_problem(&rng, 300, slow ? 0.006 : 0.010, slow ? 0.008 : 0.0, 4.0, beat, y, one, slope,
                 white, &problem);
    assert_int_equal(dt__noise_fit(&problem, NULL, &posterior), DT_OK);
    const double contrast[P_MAX] = {1.0};
    double at[2];
    dt__posterior_quantiles(&posterior, contrast, p, at, 2);
    width[slow][k / 2] = at[1] - at[0];
    dt__posterior_clear(&posterior, NULL);
  }
  const double independent = 2 * 1.96 * 0.01 / sqrt(300);
  double scratch[TAKES];
  const double of_white = dt_median(width[0], TAKES, scratch);
  assert_in_range((int)(100 * of_white / independent), 95, 150);
  /* Known to be slow it would be 3.3 times as wide; it has to be found out, which costs more. */
  const double of_slow = dt_median(width[1], TAKES, scratch);
  assert_in_range((int)(100 * of_slow / independent), 240, 700);
}

static void too_few_strokes_and_columns_that_agree_are_refused(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(3, 7);
  small s;
  do
    random_problem(&rng, &s);
  while (s.p != 3);
  dt__posterior posterior;
  s.problem.count = 5;
  assert_int_equal(dt__noise_fit(&s.problem, NULL, &posterior), DT_TOO_FEW);
  s.problem.count = 6;
  assert_int_equal(dt__noise_fit(&s.problem, NULL, &posterior), DT_OK);
  dt__posterior_clear(&posterior, NULL);
  s.problem.count = s.n;
  memcpy(s.x[2], s.x[1], sizeof(s.x[2]));
  assert_int_equal(dt__noise_fit(&s.problem, NULL, &posterior), DT_BAD_DATA);
  assert_null(posterior.nodes);
  assert_int_equal(posterior.count, 0);
}

static void a_machine_without_scatter_has_an_interval_of_nothing(void** state) {
  (void)state;
  static double beat[400], y[400], one[400], slope[400], white[400];
  dt_rng rng = dt_rng_seeded(3, 8);
  dt__problem problem;
  dt__posterior posterior;
  long_problem(&rng, 64, 0.0, 0.0, 4.0, beat, y, one, slope, white, &problem);
  assert_int_equal(dt__noise_fit(&problem, NULL, &posterior), DT_OK);
  static const double p[] = {0.025, 0.5, 0.975};
  double at[3];
  dt__posterior_scatter(&posterior, p, at, 3);
  assert_true(at[0] >= 0 && at[0] <= at[1] && at[1] <= at[2] && at[2] < 1e-8);
  dt__posterior_clear(&posterior, NULL);
}

static bool fit_and_clear(const dt_allocator* allocator, void* ctx) {
  dt__posterior posterior;
  const dt_status status = dt__noise_fit(ctx, allocator, &posterior);
  assert_true(status == DT_OK || status == DT_NO_MEMORY);
  assert_true(status == DT_OK || posterior.nodes == NULL);
  dt__posterior_clear(&posterior, allocator);
  return status == DT_OK;
}

static void memory_that_runs_out_is_given_back(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(9, 9);
  small s;
  random_problem(&rng, &s);
  assert_int_equal(dt_failing_sweep(fit_and_clear, &s.problem), 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_filter_agrees_with_the_whole_covariance_matrix),
      cmocka_unit_test(ten_thousand_strokes_do_not_underflow),
      cmocka_unit_test(the_determinant_of_ten_thousand_strokes_is_right),
      cmocka_unit_test(the_part_of_slow_noise_seen_as_scatter_agrees_with_its_trace),
      cmocka_unit_test(white_intervals_are_those_of_student_and_chi_squared),
      cmocka_unit_test(the_short_way_over_the_grid_ends_where_the_long_one_does),
      cmocka_unit_test(quantiles_rise_and_come_back_as_probabilities),
      cmocka_unit_test(noise_is_called_by_its_name),
      cmocka_unit_test(slow_noise_widens_the_interval_of_the_placement),
      cmocka_unit_test(too_few_strokes_and_columns_that_agree_are_refused),
      cmocka_unit_test(a_machine_without_scatter_has_an_interval_of_nothing),
      cmocka_unit_test(memory_that_runs_out_is_given_back),
  };
  return cmocka_run_group_tests_name("noise", tests, NULL, NULL);
}
