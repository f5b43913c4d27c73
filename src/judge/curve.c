#include <math.h>

#include "dt/stat.h"
#include "judge_internal.h"
#include "linalg_internal.h"

/*
 * The tempo curve. A player whose tempo moves linearly in time has played, at time t, the music of
 * the steady click's time
 *
 *   s(t) = centre + (1 + stretch) v + rate v^2 / 2,      v = t - centre - offset.
 *
 * Fitted by Gauss-Newton; the steps are ordinary least squares, which is only biased in its
 * intervals, and those come later (timing.c).
 */

enum { STEPS = 12 };

double dt__nominal_time_s(const dt__work* work, double beat) {
  if (work->is_click) {
    return dt_tempo_map_seconds(&work->take->click, beat * work->take->click.ticks_per_quarter);
  }
  return work->origin_s + beat * 60.0 / work->bpm;
}

/* v where s(v) = centre + away: the root that grows from 0, in the form that is stable at rate 0.
 * A tempo that would fall to nothing is held at a tenth. */
static double elapsed(const dt__work* work, double away) {
  const double start = 1.0 + work->stretch;
  const double square = start * start + 2.0 * work->rate_per_s * away;
  return 2.0 * away / (start + sqrt(fmax(square, 0.01 * start * start)));
}

static double speed_at(const dt__work* work, double v) {
  return fmax(0.1, 1.0 + work->stretch + work->rate_per_s * v);
}

static void update_reference(dt__work* work) {
  for (size_t i = 0; i < work->count; ++i) {
    const double v = elapsed(work, work->nominal_s[i] - work->centre_s);
    work->reference_s[i] = work->centre_s + work->offset_s + v;
    work->residual_s[i] = work->time_s[i] - work->reference_s[i];
  }
}

static void raw_columns(const dt__work* work, double* one, double* stretch, double* rate) {
  for (size_t i = 0; i < work->count; ++i) {
    const double v = work->reference_s[i] - work->centre_s - work->offset_s;
    const double speed = speed_at(work, v);
    one[i] = 1.0;
    stretch[i] = -v / speed;
    rate[i] = -0.5 * v * v / speed;
  }
}

static void centre(double* x, size_t count) {
  const double mean = dt_mean(x, count);
  for (size_t i = 0; i < count; ++i) {
    x[i] -= mean;
  }
}

void dt__tempo_columns(const dt__work* work, double* stretch, double* rate) {
  raw_columns(work, work->scratch, stretch, rate);
  centre(stretch, work->count);
  centre(rate, work->count);
}

bool dt__fit_curve(dt__work* work) {
  const size_t n = work->count;
  if (n < 4 || work->grid_beat[n - 1] - work->grid_beat[0] < 1.0) {
    return false;
  }
  for (size_t i = 0; i < n; ++i) {
    work->nominal_s[i] = dt__nominal_time_s(work, work->grid_beat[i]);
    work->residual_s[i] = work->time_s[i] - work->nominal_s[i];
  }
  work->centre_s = 0.5 * (work->nominal_s[0] + work->nominal_s[n - 1]);
  work->offset_s = dt_median(work->residual_s, n, work->scratch);
  work->stretch = 0.0;
  work->rate_per_s = 0.0;
  const double span_s = work->nominal_s[n - 1] - work->nominal_s[0];
  for (int step = 0; step < STEPS; ++step) {
    update_reference(work);
    raw_columns(work, work->column[0], work->column[1], work->column[2]);
    const double* const x[3] = {work->column[0], work->column[1], work->column[2]};
    double b[3] = {0};
    if (!dt__least_squares(work->residual_s, x, 3, n, b)) {
      return false;
    }
    work->offset_s += b[0];
    work->stretch += b[1];
    work->rate_per_s += b[2];
    if (fabs(b[0]) + span_s * fabs(b[1]) + span_s * span_s * fabs(b[2]) < 1e-9) {
      break;
    }
  }
  update_reference(work);
  return isfinite(work->residual_s[0]) && isfinite(work->residual_s[n - 1]);
}
