#include <math.h>

#include "fatigue_internal.h"

/*
 * How a variance grows: residual squares have the mean
 *
 *   v_i = a(group of i) exp(b t_i) + jitter^2
 *
 * fitted by the normal likelihood (Harvey, "Estimating regression models with multiplicative
 * heteroscedasticity", Econometrica 44, 1976) by scoring. Its error is that of the mean of the
 * scores, which asks neither that residuals are normal nor that they are independent.
 */
enum { ROUNDS = 30, LEFT_MIN = 30 };
static const double STEP_MAX = 0.5;       /* of b times the take's length, in one round */
static const double OWN_SHARE_MIN = 0.15; /* of the variance, for it to be told from the jitter */

typedef struct group {
  double count;
  double own; /* a: the player's variance at minute 0 of this fit */
  double mean;
} group;

static double own_at(const dt__growth* g, const group* groups, double b, size_t i) {
  return groups[g->group[i]].own * exp(b * g->minutes[i]);
}

/* One round for every a, given b: a scoring step of the same likelihood. */
static void fit_groups(const dt__growth* g, group* groups, double b) {
  double up[DT__GROUPS] = {0};
  double down[DT__GROUPS] = {0};
  for (size_t i = 0; i < g->count; ++i) {
    if (g->in[i]) {
      const double own = own_at(g, groups, b, i);
      const double v = own + g->jitter2;
      up[g->group[i]] += own * (g->square[i] - v) / (v * v);
      down[g->group[i]] += own * own / (v * v);
    }
  }
  for (int k = 0; k < DT__GROUPS; ++k) {
    if (down[k] > 0.0) {
      groups[k].own *= exp(fmax(-1.0, fmin(1.0, up[k] / down[k])));
    }
  }
}

/* Times about the mean of their group, weighted as the likelihood does; returns information. */
static double centre(dt__growth* g, const group* groups, double b, double* step) {
  double weight[DT__GROUPS] = {0};
  double sum[DT__GROUPS] = {0};
  for (int pass = 0; pass < 2; ++pass) {
    double info = 0.0;
    double slope = 0.0;
    for (size_t i = 0; i < g->count; ++i) {
      if (!g->in[i]) {
        continue;
      }
      const double own = own_at(g, groups, b, i);
      const double v = own + g->jitter2;
      const double w = own * own / (v * v);
      const int k = g->group[i];
      if (pass == 0) {
        weight[k] += w;
        sum[k] += w * g->minutes[i];
      } else {
        g->time[i] = g->minutes[i] - sum[k] / weight[k];
        info += w * g->time[i] * g->time[i];
        slope += g->time[i] * own * (g->square[i] - v) / (v * v);
      }
    }
    if (pass == 1) {
      *step = info > 0.0 ? slope / info : 0.0;
      return info;
    }
  }
  return 0.0;
}

static size_t first_guess(const dt__growth* g, group* groups, double* span) {
  size_t n = 0;
  double low = (double)INFINITY;
  double high = -(double)INFINITY;
  for (size_t i = 0; i < g->count; ++i) {
    if (g->in[i]) {
      groups[g->group[i]].count += 1.0;
      groups[g->group[i]].mean += g->square[i];
      low = fmin(low, g->minutes[i]);
      high = fmax(high, g->minutes[i]);
      ++n;
    }
  }
  for (int k = 0; k < DT__GROUPS; ++k) {
    if (groups[k].count > 0.0) {
      groups[k].mean /= groups[k].count;
      groups[k].own = fmax(groups[k].mean - g->jitter2, OWN_SHARE_MIN * groups[k].mean);
    }
  }
  *span = high - low;
  return n;
}

static bool tells(const group* groups, const dt__growth* g, double* fitted) {
  double own = 0.0;
  double all = 0.0;
  for (int k = 0; k < DT__GROUPS; ++k) {
    *fitted += groups[k].count > 0.0;
    own += groups[k].count * fmax(0.0, groups[k].mean - g->jitter2);
    all += groups[k].count * groups[k].mean;
  }
  return own >= OWN_SHARE_MIN * all && all > 0.0;
}

static void score(dt__growth* g, const group* groups, double b, double info, double gain) {
  for (size_t i = 0; i < g->count; ++i) {
    g->score[i] = 0.0;
    if (g->in[i]) {
      const double own = own_at(g, groups, b, i);
      const double v = own + g->jitter2;
      g->score[i] = gain / info * g->time[i] * own * (g->square[i] - v) / (v * v);
    }
  }
}

dt__error dt__clumped_error(double* scores, size_t count) {
  enum { CLUMP = 4 };
  const size_t clumps = count / CLUMP;
  for (size_t k = 0; k < clumps; ++k) {
    const size_t from = count * k / clumps;
    const size_t to = count * (k + 1) / clumps;
    double sum = 0.0;
    for (size_t i = from; i < to; ++i) {
      sum += scores[i];
    }
    scores[k] = sum * (double)clumps / (double)count;
  }
  return dt__slope_error(scores, clumps);
}

dt__number dt__growth_fit(dt__growth* g) {
  dt__number growth = {(double)NAN, {(double)NAN, 0.0}};
  group groups[DT__GROUPS] = {{0.0, 0.0, 0.0}};
  double span = 0.0;
  double fitted = 1.0;
  const size_t n = first_guess(g, groups, &span);
  if (n < LEFT_MIN || !(span > 0.0) || !tells(groups, g, &fitted)) {
    return growth;
  }
  double b = 0.0;
  double info = 0.0;
  for (int round = 0; round < ROUNDS; ++round) {
    double step;
    fit_groups(g, groups, b);
    info = centre(g, groups, b, &step);
    const double limit = STEP_MAX / span;
    b += fmax(-limit, fmin(limit, step));
    if (fabs(step) * span < 1e-9) {
      break;
    }
  }
  if (!(info > 0.0) || fabs(b) * span > 20.0) {
    return growth;
  }
  const double left = fmax(1.0, (double)n - fitted);
  score(g, groups, b, info, sqrt((double)n / left));
  size_t k = 0;
  for (size_t i = 0; i < g->count; ++i) {
    if (g->in[i]) {
      g->scratch[k++] = g->score[i] * (double)n;
    }
  }
  growth.value = b;
  growth.error = dt__clumped_error(g->scratch, n);
  /* Never surer than normal and independent errors would make it. */
  growth.error.se = fmax(growth.error.se, sqrt(2.0 / info * (double)n / left));
  return growth;
}
