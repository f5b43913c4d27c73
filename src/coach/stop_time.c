#include <math.h>

#include "stop_internal.h"

/*
 * Drift and placement from the bars' mean asynchronies. A steady player's means lie about one
 * height; one who leaves the tempo makes them a slope, from some bar on; one who moves makes a
 * step. First: is there anything beyond chance and beyond what the level allows? Then: since when,
 * and which of the two fits better?
 */
enum { LINE_MIN = 3, LINE_MAX = 8 };
/* Standard errors that chance alone reaches, in any of the looks at 16 bars, in 1 take of 100: by
 * lines, and by steps, of a player whose bars wander as below (simulated, 40,000 takes). Half of
 * the 2 % of good takes that may be stopped goes to each (Jennison & Turnbull 2000). */
static const double LINE_CHANCE = 3.67;
static const double STEP_CHANCE = 3.41;
static const double ONE_BAR = 2.0; /* and that much more */
/* And it has to be more than the level allows, at 95 %. */
static const double BEYOND = 1.64;
/* A player's own scatter before anything was heard of it, as a share of the level's, and what that
 * belief weighs against strokes; no more than so many earlier strokes weigh either. */
static const double SCATTER_USUAL = 0.5;
static const double SCATTER_WEIGHT = 10.0;
static const double SCATTER_WEIGHT_MOST = 60.0;
static const double SCATTER_LEAST = 0.2;
/* His wander: the variance of his bars' places in that scatter's, and how much of a bar's place the
 * next bar keeps, as drummers of the Groove set have them, to a click (docs/coach.md). What that
 * belief weighs against pairs of bars. */
static const double WANDER_USUAL = 0.68;
static const double WANDER_KEPT = 0.5;
static const double WANDER_WEIGHT = 10.0;
static const double WANDER_LEAST = 0.2;
/* Without a click the wander adds up, bar after bar. */
static const double WANDER_OWN = 0.6;
/* What the tempo of a few bars may differ, surely, as a share of the drift that the level allows a
 * take, and at least, in percent. With a click that is little: whoever leaves it and goes on so has
 * lost it before the take is over. */
static const double DRIFT_SHARE = 0.2;
static const double DRIFT_LEAST = 0.1;
static const double DRIFT_SHARE_OWN = 1.5;
static const double DRIFT_LEAST_OWN = 0.9;
static const double MOVE_SHARE = 0.7;

static bool is_there(const dt_bar_heard* b) {
  return b->strokes >= 2;
}

/* Variance of a player's strokes about their bar's mean, in the level's. */
static double own_scatter(const dt_stop_test* t) {
  const double limit = t->tolerance.scatter_ms * t->tolerance.scatter_ms;
  const bool known = t->habit.freedom > 0.0;
  const double weight = known ? fmin(t->habit.freedom, SCATTER_WEIGHT_MOST) : SCATTER_WEIGHT;
  const double usual = known ? t->habit.squares / t->habit.freedom : SCATTER_USUAL * SCATTER_USUAL;
  const double own = (weight * usual + t->squares_ms2 / limit) / (weight + t->freedom);
  return fmax(own, SCATTER_LEAST * SCATTER_LEAST);
}

/* Variance of the wander, in the level's. Neighbouring bars differ by the part that is not kept. */
static double own_wander(const dt_stop_test* t, double scatter) {
  const double pairs = t->habit.wander / (1.0 - WANDER_KEPT);
  const double own =
      (WANDER_WEIGHT * WANDER_USUAL * scatter + pairs) / (WANDER_WEIGHT + t->habit.pairs);
  return fmax(own, WANDER_LEAST * WANDER_LEAST * scatter);
}

/* What is chance in the bars' means. */
typedef struct noise {
  double scatter; /* of one stroke, ms^2 */
  double wander;  /* of a bar's place, ms^2 */
} noise;

static noise noise_of(const dt_stop_test* t) {
  const double limit = t->tolerance.scatter_ms * t->tolerance.scatter_ms;
  const double scatter = own_scatter(t);
  return (noise){scatter * limit, own_wander(t, scatter) * limit};
}

static double weight(const noise* n, const dt_bar_heard* b) {
  return is_there(b) ? 1.0 / (n->scatter / b->strokes + n->wander) : 0.0;
}

/* Standard error of a sum of the last bars' means, each times its share: the wander of bars that
 * are k apart is correlated by WANDER_KEPT to the power k. */
static double error_of(const dt_stop_test* t, const noise* n, const double* share, int first) {
  double variance = 0.0;
  double kept = 0.0; /* the wander of the bars before, as far as it is still there */
  for (int b = first; b < t->bars; ++b) {
    const double s = share[b - first];
    if (is_there(&t->heard[b]))
      variance += s * s * (n->scatter / t->heard[b].strokes + n->wander);
    kept *= WANDER_KEPT;
    variance += 2.0 * s * kept * n->wander;
    kept += s;
  }
  return sqrt(variance);
}

void dt_stop_know(dt_stop_test* test, const dt_stop_habit* habit) {
  test->habit = *habit;
}

void dt_stop_habit_learn(dt_stop_habit* habit, const dt_stop_test* test) {
  const double limit = test->tolerance.scatter_ms * test->tolerance.scatter_ms;
  habit->squares += test->squares_ms2 / limit;
  habit->freedom += test->freedom;
  if (habit->freedom <= 0.0)
    return;
  const double scatter = habit->squares / habit->freedom;
  for (int b = 1; b < test->bars; ++b) {
    const dt_bar_heard* was = &test->heard[b - 1];
    const dt_bar_heard* is = &test->heard[b];
    if (!is_there(was) || !is_there(is))
      continue;
    const double move = is->mean_ms - was->mean_ms;
    habit->wander +=
        0.5 * move * move / limit - 0.5 * scatter * (1.0 / was->strokes + 1.0 / is->strokes);
    habit->pairs += 1.0;
  }
}

static double drift_limit(const dt_stop_test* t) {
  const double allowed = t->tolerance.drift_percent;
  return t->own ? fmax(DRIFT_SHARE_OWN * allowed, DRIFT_LEAST_OWN)
                : fmax(DRIFT_SHARE * allowed, DRIFT_LEAST);
}

/* Slope (ms a second) of the means of heard[first .. bars-1], and its standard error. */
static double slope(const dt_stop_test* t, const noise* n, int first, double* error) {
  double share[LINE_MAX] = {0};
  double at = 0.0;
  double w_sum = 0.0;
  double tx = 0.0;
  double ty = 0.0;
  double txx = 0.0;
  double txy = 0.0;
  for (int b = first; b < t->bars; ++b) {
    const dt_bar_heard* bar = &t->heard[b];
    const double w = weight(n, bar);
    const double x = at + 0.5 * bar->length_s;
    at += bar->length_s;
    w_sum += w;
    tx += w * x;
    ty += w * bar->mean_ms;
    txx += w * x * x;
    txy += w * x * bar->mean_ms;
  }
  const double spread = txx - tx * tx / w_sum;
  double x = 0.0;
  for (int b = first; b < t->bars; ++b) {
    const dt_bar_heard* bar = &t->heard[b];
    share[b - first] = weight(n, bar) * (x + 0.5 * bar->length_s - tx / w_sum) / spread;
    x += bar->length_s;
  }
  *error = error_of(t, n, share, first);
  if (t->own)
    *error = hypot(*error, WANDER_OWN * t->tolerance.scatter_ms * sqrt((double)(t->bars - first)) /
                               fmax(at, 1e-3));
  return (txy - tx * ty / w_sum) / spread;
}

static int last_bars_there(const dt_stop_test* t, int first) {
  int there = 0;
  for (int b = first; b < t->bars; ++b)
    there += is_there(&t->heard[b]);
  return there;
}

/* A finding against both of its limits: more than chance, and more than is allowed. > 0: both. */
static double stands_out(double size, double allowed, double error, double chance) {
  return fmin(size / error - chance, (size - allowed) / error - BEYOND);
}

/* How far the surest line stands out. */
static double line_stands_out(const dt_stop_test* t, const noise* n) {
  double most = -(double)INFINITY;
  for (int w = LINE_MIN; w <= LINE_MAX && w <= t->bars; ++w) {
    const int first = t->bars - w;
    if (last_bars_there(t, first) < LINE_MIN)
      continue;
    double error;
    const double g = slope(t, n, first, &error);
    most = fmax(most, stands_out(fabs(g), 10.0 * drift_limit(t), error, LINE_CHANCE));
  }
  return most; /* 1 % is 10 ms a second */
}

/* Takes the mean of heard[from .. end-1] times `sign` into share; false: nothing is there. */
static bool share_mean(const dt_stop_test* t, const noise* n, int from, int end, double sign,
                       double* share, int first) {
  double w_sum = 0.0;
  for (int b = from; b < end; ++b)
    w_sum += weight(n, &t->heard[b]);
  for (int b = from; b < end && w_sum > 0.0; ++b)
    share[b - first] += sign * weight(n, &t->heard[b]) / w_sum;
  return w_sum > 0.0;
}

/* How far heard[from .. bars-1] has moved from heard[first .. end-1]; more: asked for beyond both
 * limits. */
static double moved(const dt_stop_test* t, const noise* n, int first, int end, int from,
                    double more) {
  double share[LINE_MAX] = {0};
  if (!share_mean(t, n, first, end, -1.0, share, first) ||
      !share_mean(t, n, from, t->bars, 1.0, share, first))
    return -(double)INFINITY;
  double move = 0.0;
  for (int b = first; b < t->bars; ++b)
    move += share[b - first] * t->heard[b].mean_ms;
  return stands_out(fabs(move), MOVE_SHARE * t->tolerance.scatter_ms, error_of(t, n, share, first),
                    STEP_CHANCE) -
         more;
}

/* A step: the last two bars against those before. Time lost little by little: against the first
 * ones. One bar alone has to be far out. */
static double step_stands_out(const dt_stop_test* t, const noise* n) {
  const int first = t->bars > LINE_MAX ? t->bars - LINE_MAX : 0;
  if (t->own || t->bars < 3)
    return -(double)INFINITY;
  const int before = t->bars < 4 ? first + 1 : first + 2;
  const double lost = fmax(moved(t, n, first, before, t->bars - 1, ONE_BAR),
                           moved(t, n, first, before, t->bars - 2, 0.0));
  return t->bars < 4 ? lost : fmax(lost, moved(t, n, first, t->bars - 2, t->bars - 2, 0.0));
}

/* Sum of squares about the best hinge (a line from bar `from` on, level before) or step there. */
static double misfit(const dt_stop_test* t, int first, int from, bool hinge, double* size) {
  double n = 0.0;
  double x_sum = 0.0;
  double y_sum = 0.0;
  double xx = 0.0;
  double xy = 0.0;
  double yy = 0.0;
  double at = 0.0;
  for (int b = first; b < t->bars; ++b) {
    const dt_bar_heard* bar = &t->heard[b];
    double x = 0.0;
    if (b >= from) {
      x = hinge ? at + 0.5 * bar->length_s : 1.0;
      at += bar->length_s;
    }
    if (!is_there(bar))
      continue;
    n += 1.0;
    x_sum += x;
    y_sum += bar->mean_ms;
    xx += x * x;
    xy += x * bar->mean_ms;
    yy += bar->mean_ms * bar->mean_ms;
  }
  const double spread = xx - x_sum * x_sum / n;
  *size = spread > 1e-9 ? (xy - x_sum * y_sum / n) / spread : 0.0;
  return yy - y_sum * y_sum / n - *size * *size * spread;
}

bool dt__stop_for_time(const dt_stop_test* test, dt_stop* stop) {
  const noise n = noise_of(test);
  if (!(line_stands_out(test, &n) > 0.0) && !(step_stands_out(test, &n) > 0.0))
    return false;
  const int first = test->bars > LINE_MAX ? test->bars - LINE_MAX : 0;
  double least = (double)INFINITY;
  double size = 0.0;
  int from = first;
  bool hinge = true;
  for (int kind = 0; kind < (test->own ? 1 : 2); ++kind)
    for (int b = first + kind; b <= test->bars - 2; ++b) {
      double s;
      const double m = misfit(test, first, b, kind == 0, &s);
      if (m < least * (1.0 - 1e-9)) {
        least = m;
        size = s;
        from = b;
        hinge = kind == 0;
      }
    }
  /* Later than the grid, more and more, is dragging. */
  *stop = (dt_stop){.stop = true,
                    .why = hinge ? DT_FAIL_DRIFT : DT_FAIL_PLACEMENT,
                    .direction = size < 0.0 ? 1 : -1,
                    .size = hinge ? fabs(size) / 10.0 : fabs(size)};
  dt__stop_place(stop, test, from);
  return true;
}
