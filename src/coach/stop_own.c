#include <math.h>

#include "stop_internal.h"

/*
 * Drift without a click, from the bars' mean asynchronies against the time that was counted in: a
 * slope is another tempo, which may be a little off, and the place wanders off without an end. Is
 * there a slope beyond chance and beyond what is allowed? Then: since when?
 */
enum { LINE_MIN = 3, LINE_MAX = 8 };
/* Standard errors that chance alone reaches, in any of the looks at 16 bars, in 1 take of 100, of a
 * player whose bars wander as below (simulated, 40,000 takes; Jennison & Turnbull 2000). */
static const double LINE_CHANCE = 3.67;
/* And it has to be more than is allowed, at 95 %. */
static const double BEYOND = 1.64;
/* The variance of his bars' places in his strokes' scatter, and how much of a bar's place the next
 * bar keeps. */
static const double WANDER = 0.68;
static const double WANDER_KEPT = 0.5;
/* Without a click the wander adds up, bar after bar: in the level's scatter. */
static const double WANDER_ADDS = 0.6;
/* What the tempo of a few bars may differ, surely, as a share of the drift that the level allows a
 * take, and at least, in percent. */
static const double DRIFT_SHARE = 1.5;
static const double DRIFT_LEAST = 0.9;

static bool is_there(const dt_bar_heard* b) {
  return b->strokes >= 2;
}

/* Variance of a bar's mean, ms^2. */
static double chance_of(const dt_bar_heard* b, double scatter) {
  return scatter / b->strokes + WANDER * scatter;
}

/* Standard error of a sum of the last bars' means, each times its share: the wander of bars that
 * are k apart is correlated by WANDER_KEPT to the power k. */
static double error_of(const dt_stop_test* t, double scatter, const double* share, int first) {
  double variance = 0.0;
  double kept = 0.0; /* the wander of the bars before, as far as it is still there */
  for (int b = first; b < t->bars; ++b) {
    const double s = share[b - first];
    if (is_there(&t->heard[b]))
      variance += s * s * chance_of(&t->heard[b], scatter);
    kept *= WANDER_KEPT;
    variance += 2.0 * s * kept * WANDER * scatter;
    kept += s;
  }
  return sqrt(variance);
}

/* Slope (ms a second) of the means of heard[first .. bars-1], and its standard error. */
static double slope(const dt_stop_test* t, double scatter, int first, double* error) {
  double share[LINE_MAX] = {0};
  double at = 0.0;
  double w_sum = 0.0;
  double tx = 0.0;
  double txx = 0.0;
  for (int b = first; b < t->bars; ++b) {
    const dt_bar_heard* bar = &t->heard[b];
    const double w = is_there(bar) ? 1.0 / chance_of(bar, scatter) : 0.0;
    const double x = at + 0.5 * bar->length_s;
    at += bar->length_s;
    w_sum += w;
    tx += w * x;
    txx += w * x * x;
  }
  const double spread = txx - tx * tx / w_sum;
  double x = 0.0;
  double sum = 0.0;
  for (int b = first; b < t->bars; ++b) {
    const dt_bar_heard* bar = &t->heard[b];
    const double w = is_there(bar) ? 1.0 / chance_of(bar, scatter) : 0.0;
    share[b - first] = w * (x + 0.5 * bar->length_s - tx / w_sum) / spread;
    sum += share[b - first] * bar->mean_ms;
    x += bar->length_s;
  }
  const double adds = WANDER_ADDS * t->tolerance.scatter_ms * sqrt((double)(t->bars - first));
  *error = hypot(error_of(t, scatter, share, first), adds / fmax(at, 1e-3));
  return sum;
}

static int last_bars_there(const dt_stop_test* t, int first) {
  int there = 0;
  for (int b = first; b < t->bars; ++b)
    there += is_there(&t->heard[b]);
  return there;
}

/* Is there a line that stands out of chance and of what is allowed? 1 % is 10 ms a second. */
static bool line_stands_out(const dt_stop_test* t) {
  const double scatter = dt__stop_scatter(t);
  const double allowed = 10.0 * fmax(DRIFT_SHARE * t->tolerance.drift_percent, DRIFT_LEAST);
  for (int w = LINE_MIN; w <= LINE_MAX && w <= t->bars; ++w) {
    const int first = t->bars - w;
    if (last_bars_there(t, first) < LINE_MIN)
      continue;
    double error;
    const double size = fabs(slope(t, scatter, first, &error));
    if (size > LINE_CHANCE * error && size - allowed > BEYOND * error)
      return true;
  }
  return false;
}

/* Sum of squares about the best line from bar `from` on, level before. */
static double misfit(const dt_stop_test* t, int first, int from, double* size) {
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
      x = at + 0.5 * bar->length_s;
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

bool dt__stop_for_own_time(const dt_stop_test* test, dt_stop* stop) {
  if (!line_stands_out(test))
    return false;
  const int first = test->bars > LINE_MAX ? test->bars - LINE_MAX : 0;
  double least = (double)INFINITY;
  double size = 0.0;
  int from = first;
  for (int b = first; b <= test->bars - 2; ++b) {
    double s;
    const double m = misfit(test, first, b, &s);
    if (m < least * (1.0 - 1e-9)) {
      least = m;
      size = s;
      from = b;
    }
  }
  /* Later than the time, more and more, is dragging. */
  *stop = (dt_stop){.stop = true,
                    .why = DT_FAIL_DRIFT,
                    .direction = size < 0.0 ? 1 : -1,
                    .size = fabs(size) / 10.0};
  dt__stop_place(stop, test, from);
  return true;
}
