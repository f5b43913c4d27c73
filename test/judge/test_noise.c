#include "noise_support.h"

/* What is made of the likelihoods: intervals that a drummer is told. */

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
    const double contrast[DT__P_MAX] = {2.0};
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
    const double contrast[DT__P_MAX] = {1.0};
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
    const double contrast[DT__P_MAX] = {1.0, -0.5};
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
    const double contrast[DT__P_MAX] = {1.0};
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
  dt__small s;
  do
    dt__random_problem(&rng, &s);
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
  dt__small s;
  dt__random_problem(&rng, &s);
  assert_int_equal(dt_failing_sweep(fit_and_clear, &s.problem), 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
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
