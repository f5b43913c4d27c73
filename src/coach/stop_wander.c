#include "stop_internal.h"

#include <math.h>
#include <string.h>

/*
 * How a steady player's bars lie about the click. A bar's mean is the player's place, and what he
 * wanders about it, and the chance of its few strokes. The wander is a first-order chain: the next
 * bar keeps a share of it. Its size and that share are not known but believed: a grid of both.
 */

/* The sizes, in the level's scatter limit, and the shares that the next bar keeps. */
static const double WANDER_SIZE[] = {0.06, 0.1, 0.16, 0.25, 0.4, 0.63, 1.0};
static const double WANDER_KEPT[] = {0.3, 0.6};
enum {
  SIZES = sizeof WANDER_SIZE / sizeof WANDER_SIZE[0],
  SHARES = sizeof WANDER_KEPT / sizeof WANDER_KEPT[0]
};
_Static_assert(SIZES* SHARES == DT_STOP_WANDERS, "the header's grid");

/* What is believed of a stranger: as drummers of the Groove set wander to a click in takes that are
 * good for the level (docs/coach.md). A normal curve in the logarithm of the size. */
static const double USUAL_SIZE[] = {0.26, 0.476, 0.605};
static const double USUAL_SPREAD[] = {0.3, 0.2, 0.2};
static const double USUAL_KEEPS[] = {0.65, 0.35};
static const double ANY_SIZE = 0.02; /* he may be unlike them all */
/* Where a stranger plays, and one whose takes were heard: ms, about the click or his own place. */
static const double PLACE_STRANGE_MS = 25.0;
static const double PLACE_KNOWN_MS = 10.0;
/* What one more take can make of the belief, at most: players change. */
static const double LIKELY_LEAST = -8.0;

/* A player's own scatter before anything was heard of it, as a share of the level's, and what that
 * belief weighs against strokes; no more than so many earlier strokes weigh either. */
static const double SCATTER_USUAL = 0.5;
static const double SCATTER_WEIGHT = 10.0;
static const double SCATTER_WEIGHT_MOST = 60.0;
static const double SCATTER_LEAST = 0.2;

double dt__stop_scatter(const dt_stop_test* t) {
  const double limit = t->tolerance.scatter_ms * t->tolerance.scatter_ms;
  const bool known = t->habit.freedom > 0.0;
  const double weight = known ? fmin(t->habit.freedom, SCATTER_WEIGHT_MOST) : SCATTER_WEIGHT;
  const double usual = known ? t->habit.squares / t->habit.freedom : SCATTER_USUAL * SCATTER_USUAL;
  const double own = (weight * usual + t->squares_ms2 / limit) / (weight + t->freedom);
  return fmax(own, SCATTER_LEAST * SCATTER_LEAST) * limit;
}

double dt__log_sum(double a, double b) {
  const double most = fmax(a, b);
  if (isinf(most))
    return most; /* neither can be, or one is certain: nothing may be taken off that */
  return most + log1p(exp(fmin(a, b) - most));
}

void dt__wander_see(dt__wander* w, const dt_stop_test* t, int first, int end) {
  memset(w, 0, sizeof *w);
  const bool known = t->habit.places > 0.0;
  const double place = known ? t->habit.place_ms / t->habit.places : 0.0;
  w->place_ms2 = known ? PLACE_KNOWN_MS * PLACE_KNOWN_MS : PLACE_STRANGE_MS * PLACE_STRANGE_MS;
  w->stroke_ms2 = dt__stop_scatter(t);
  for (int b = first; b < end; ++b)
    if (t->heard[b].strokes >= 2) {
      w->bar[w->count] = b;
      w->strokes[w->count] = t->heard[b].strokes;
      w->off_ms[w->count++] = t->heard[b].mean_ms - place;
    }
}

/* The covariance's Cholesky factor, row after row. */
void dt__wander_assume(dt__wander* w, const dt_stop_test* t, int assumed) {
  const double size = WANDER_SIZE[assumed / SHARES] * t->tolerance.scatter_ms;
  const double kept = WANDER_KEPT[assumed % SHARES];
  for (int i = 0; i < w->count; ++i)
    for (int j = 0; j <= i; ++j) {
      double left = size * size * pow(kept, w->bar[i] - w->bar[j]) + w->place_ms2;
      left += i == j ? w->stroke_ms2 / w->strokes[i] : 0.0;
      for (int k = 0; k < j; ++k)
        left -= w->factor[i][k] * w->factor[j][k];
      w->factor[i][j] = i == j ? sqrt(left) : left / w->factor[j][j];
    }
}

void dt__wander_whiten(const dt__wander* w, const double* x, double* white) {
  for (int i = 0; i < w->count; ++i) {
    double left = x[i];
    for (int k = 0; k < i; ++k)
      left -= w->factor[i][k] * white[k];
    white[i] = left / w->factor[i][i];
  }
}

double dt__wander_likely(const dt__wander* w, const double* white) {
  double sum = 0.0;
  for (int i = 0; i < w->count; ++i)
    sum -= 0.5 * white[i] * white[i] + log(w->factor[i][i]);
  return sum;
}

void dt__wander_believed(const dt_stop_test* t, double log_belief[DT_STOP_WANDERS]) {
  const dt_level level = t->level;
  double bell[SIZES];
  double sum = 0.0;
  for (int s = 0; s < SIZES; ++s) {
    const double z = log(WANDER_SIZE[s] / USUAL_SIZE[level]) / USUAL_SPREAD[level];
    bell[s] = exp(-0.5 * z * z);
    sum += bell[s];
  }
  for (int a = 0; a < DT_STOP_WANDERS; ++a) {
    const double size = (1.0 - ANY_SIZE) * bell[a / SHARES] / sum + ANY_SIZE / SIZES;
    log_belief[a] = log(size * USUAL_KEEPS[a % SHARES]) + t->habit.likely[a];
  }
}

/* The wander's share of a take, in pieces of as many bars as are looked at together. */
static void learn_wander(dt_stop_habit* habit, const dt_stop_test* test) {
  double most = -(double)INFINITY;
  for (int a = 0; a < DT_STOP_WANDERS; ++a) {
    for (int first = 0; first < test->bars; first += DT__STOP_WINDOW) {
      const int end = first + DT__STOP_WINDOW;
      double white[DT__STOP_WINDOW];
      dt__wander w;
      dt__wander_see(&w, test, first, end < test->bars ? end : test->bars);
      dt__wander_assume(&w, test, a);
      dt__wander_whiten(&w, w.off_ms, white);
      habit->likely[a] += dt__wander_likely(&w, white);
    }
    most = fmax(most, habit->likely[a]);
  }
  for (int a = 0; a < DT_STOP_WANDERS; ++a)
    habit->likely[a] = fmax(habit->likely[a] - most, LIKELY_LEAST);
}

void dt_stop_habit_learn(dt_stop_habit* habit, const dt_stop_test* test) {
  const double limit = test->tolerance.scatter_ms * test->tolerance.scatter_ms;
  if (test->freedom <= 0)
    return;
  habit->squares += test->squares_ms2 / limit;
  habit->freedom += test->freedom;
  learn_wander(habit, test);
  double sum = 0.0;
  double strokes = 0.0;
  for (int b = 0; b < test->bars; ++b) {
    sum += test->heard[b].mean_ms * test->heard[b].strokes;
    strokes += test->heard[b].strokes;
  }
  habit->place_ms += sum / strokes;
  habit->places += 1.0;
}

void dt_stop_know(dt_stop_test* test, const dt_stop_habit* habit) {
  test->habit = *habit;
}
