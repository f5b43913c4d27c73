#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/near.h"
#include "dt/rng.h"
#include "linalg_internal.h"

enum { N_MAX = 16 };

/* L L' of a random lower triangle, so that the answer is known. */
static void random_positive(dt_rng* rng, int n, double* a, double* lower) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      lower[i * n + j] = j > i ? 0.0 : j == i ? 0.5 + dt_rng_uniform(rng) : dt_rng_normal(rng);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      a[i * n + j] = 0.0;
      for (int k = 0; k < n; ++k)
        a[i * n + j] += lower[i * n + k] * lower[j * n + k];
    }
}

static void factor_solution_and_inverse_are_those_of_the_matrix(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    dt_rng rng = dt_rng_seeded(seed, 1);
    const int n = 1 + (int)dt_rng_below(&rng, 8);
    double a[N_MAX * N_MAX] = {0};
    double lower[N_MAX * N_MAX];
    double factor[N_MAX * N_MAX];
    random_positive(&rng, n, a, lower);
    memcpy(factor, a, sizeof(factor));
    for (int i = 0; i < n; ++i) /* The upper triangle is never read. */
      for (int j = i + 1; j < n; ++j)
        factor[i * n + j] = (double)NAN;
    double log_det = 0.0;
    assert_true(dt__cholesky(factor, n, &log_det));
    double expected = 0.0;
    for (int i = 0; i < n; ++i) {
      expected += 2.0 * log(lower[i * n + i]);
      for (int j = 0; j <= i; ++j)
        assert_near(factor[i * n + j], lower[i * n + j], 1e-8);
    }
    assert_near(log_det, expected, 1e-8);
    double x[N_MAX];
    double b[N_MAX] = {0};
    for (int i = 0; i < n; ++i)
      x[i] = dt_rng_normal(&rng);
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j)
        b[i] += a[i * n + j] * x[j];
    dt__cholesky_solve(factor, n, b);
    double inverse[N_MAX * N_MAX];
    dt__cholesky_inverse(factor, n, inverse);
    for (int i = 0; i < n; ++i) {
      assert_near(b[i], x[i], 1e-4);
      for (int j = 0; j < n; ++j) {
        double sum = 0.0;
        for (int k = 0; k < n; ++k)
          sum += a[i * n + k] * inverse[k * n + j];
        if (fabs(sum - (i == j)) > 1e-4)
          fail_msg("Seed %llu: A inverse(A) is %g at %d, %d", (unsigned long long)seed, sum, i, j);
      }
    }
  }
}

static void least_squares_finds_the_line_and_leaves_nothing_along_it(void** state) {
  (void)state;
  enum { N = 50 };
  dt_rng rng = dt_rng_seeded(4, 1);
  double one[N];
  double slope[N];
  double y[N];
  for (int i = 0; i < N; ++i) {
    one[i] = 1.0;
    slope[i] = i;
    y[i] = 3.0 - 0.25 * i + dt_rng_normal(&rng);
  }
  const double* const x[] = {one, slope};
  double b[2];
  assert_true(dt__least_squares(y, x, 2, N, b));
  assert_near(b[0], 3.0, 1.0);
  assert_near(b[1], -0.25, 0.05);
  for (int i = 0; i < N; ++i)
    y[i] -= b[0] + b[1] * slope[i];
  assert_near(dt__dot(one, y, N), 0.0, 1e-10);
  assert_near(dt__dot(slope, y, N), 0.0, 1e-8);
}

static void columns_that_say_the_same_are_refused(void** state) {
  (void)state;
  double one[6] = {1, 1, 1, 1, 1, 1};
  double twice[6] = {2, 2, 2, 2, 2, 2};
  double none[6] = {0};
  const double y[6] = {1, 2, 3, 4, 5, 6};
  double b[2];
  const double* const same[] = {one, twice};
  const double* const empty[] = {one, none};
  assert_false(dt__least_squares(y, same, 2, 6, b));
  assert_false(dt__least_squares(y, empty, 2, 6, b));
  double negative[] = {-1.0};
  double unknown[] = {(double)NAN};
  double log_det = 0.0;
  assert_false(dt__cholesky(negative, 1, &log_det));
  assert_false(dt__cholesky(unknown, 1, &log_det));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(factor_solution_and_inverse_are_those_of_the_matrix),
      cmocka_unit_test(least_squares_finds_the_line_and_leaves_nothing_along_it),
      cmocka_unit_test(columns_that_say_the_same_are_refused),
  };
  return cmocka_run_group_tests_name("linalg", tests, NULL, NULL);
}
