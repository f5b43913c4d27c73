#ifndef DT_TEST_NOISE_SUPPORT_H
#define DT_TEST_NOISE_SUPPORT_H

/* Small random problems for the noise model. Include first, from a cmocka test. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/near.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "noise_internal.h"

enum { DT__N_MAX = 64, DT__P_MAX = DT__NOISE_COLUMNS_MAX };

typedef struct dt__small {
  size_t n;
  int p;
  double beat[DT__N_MAX];
  double y[DT__N_MAX];
  double x[DT__P_MAX][DT__N_MAX];
  double white[DT__N_MAX];
  dt__problem problem;
} dt__small;

static inline void dt__tie(dt__small* s) {
  memset(&s->problem, 0, sizeof(s->problem));
  s->problem.count = s->n;
  s->problem.columns = s->p;
  s->problem.beat = s->beat;
  s->problem.y = s->y;
  s->problem.white = s->white;
  for (int k = 0; k < s->p; ++k)
    s->problem.x[k] = s->x[k];
}

static inline void dt__random_problem(dt_rng* rng, dt__small* s) {
  static const double STEP[] = {0.0, 0.25, 0.5, 1.0, 3.7};
  memset(s, 0, sizeof(*s));
  s->p = 1 + (int)dt_rng_below(rng, DT__P_MAX);
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
  dt__tie(s);
}

#endif
