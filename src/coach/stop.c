#include <math.h>
#include <string.h>

#include "stop_internal.h"

/* A take's chances of error are spent over all its looks, so the boundaries stand far out. */
static const double MISSED_GOOD = 0.03;
static const double MISSED_BAD = 0.15;
static const double MISSED_STOP = 4.6;   /* log likelihood ratio: about 100 to 1 */
static const double MISSED_FLOOR = -1.5; /* a good beginning does not excuse the rest */
static const double SCATTER_BAD = 1.6;   /* times the limit */
static const double SCATTER_STOP = 4.6;
static const double SCATTER_FLOOR = -3.0;
static const double SCATTER_BAR = 3.0; /* one wild bar is not a loose take */

void dt_stop_start(dt_stop_test* test, dt_level level, double beat_s, bool own) {
  memset(test, 0, sizeof *test);
  test->level = level;
  test->tolerance = dt_level_tolerance(level, beat_s);
  test->beat_s = beat_s;
  test->own = own;
}

static dt_stop no_stop(void) {
  return (dt_stop){.stop = false, .why = DT_CLEAN, .where = DT_WHERE_THROUGHOUT};
}

/* Names a bar: where it began to go wrong. */
void dt__stop_place(dt_stop* stop, const dt_stop_test* test, int bar) {
  stop->bar = test->heard[bar].bar;
  stop->written = test->heard[bar].written;
  if (bar <= 1)
    stop->where = DT_WHERE_THROUGHOUT;
  else if (test->heard[bar - 1].fill)
    stop->where = DT_WHERE_AFTER_FILL;
  else
    stop->where = DT_WHERE_FROM_BAR;
}

/* Missed notes: Wald's test, begun anew where it would fall too low (Page 1954). */
static void look_at_missed(dt_stop_test* test, const dt_bar_heard* bar) {
  const double miss = log(MISSED_BAD / MISSED_GOOD);
  const double hit = log((1.0 - MISSED_BAD) / (1.0 - MISSED_GOOD));
  const double before = test->missed_llr;
  test->missed_llr += bar->missed * miss + (bar->notes - bar->missed) * hit;
  if (bar->missed > 0 && before <= 0.0) {
    test->first_missed = test->bars;
    test->missed = 0;
    test->worst_missed = 0;
  }
  test->missed += bar->missed;
  if (bar->missed > test->worst_missed)
    test->worst_missed = bar->missed;
  test->missed_llr = fmax(test->missed_llr, MISSED_FLOOR);
}

static bool stop_for_missed(const dt_stop_test* test, dt_stop* stop) {
  if (test->missed_llr < MISSED_STOP)
    return false;
  *stop = (dt_stop){.stop = true, .why = DT_FAIL_MISSED, .size = test->missed};
  int bar = test->first_missed;
  dt__stop_place(stop, test, bar);
  if (3 * test->worst_missed < 2 * test->missed)
    return true;
  for (int b = bar; b < test->bars; ++b)
    if (test->heard[b].missed == test->worst_missed)
      bar = b;
  dt__stop_place(stop, test, bar);
  stop->where = DT_WHERE_IN_BAR;
  return true;
}

/* Scatter: Wald's test of a variance, likewise. */
static void look_at_scatter(dt_stop_test* test, const dt_bar_heard* bar) {
  if (bar->strokes < 3)
    return;
  const double good = test->tolerance.scatter_ms;
  const double freedom = bar->strokes - 1.0;
  const double per_square = 0.5 * (1.0 - 1.0 / (SCATTER_BAD * SCATTER_BAD)) / (good * good);
  const double llr = bar->squares_ms2 * per_square - freedom * log(SCATTER_BAD);
  test->squares_ms2 += bar->squares_ms2;
  test->freedom += bar->strokes - 1;
  if (test->scatter_llr <= 0.0 && llr > 0.0)
    test->scatter_from = test->bars;
  test->scatter_llr = fmax(test->scatter_llr + fmin(llr, SCATTER_BAR), SCATTER_FLOOR);
}

static bool stop_for_scatter(const dt_stop_test* test, dt_stop* stop) {
  if (test->scatter_llr < SCATTER_STOP)
    return false;
  *stop = (dt_stop){.stop = true, .why = DT_FAIL_SCATTER};
  double squares = 0.0;
  double freedom = 0.0;
  for (int b = test->scatter_from; b < test->bars; ++b) {
    squares += test->heard[b].squares_ms2;
    freedom += fmax(test->heard[b].strokes - 1, 0);
  }
  stop->size = sqrt(squares / fmax(freedom, 1.0));
  dt__stop_place(stop, test, test->scatter_from);
  return true;
}

dt_stop dt_stop_look(dt_stop_test* test, const dt_bar_heard* bar) {
  if (test->said.stop || test->bars >= DT_STOP_BARS_MAX)
    return test->said;
  test->heard[test->bars] = *bar;
  look_at_missed(test, bar);
  look_at_scatter(test, bar);
  ++test->bars;
  dt_stop stop = no_stop();
  if (stop_for_missed(test, &stop) ||
      (test->own ? dt__stop_for_own_time(test, &stop) : dt__stop_for_time(test, &stop)) ||
      stop_for_scatter(test, &stop))
    test->said = stop;
  return stop;
}
