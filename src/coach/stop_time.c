#include <math.h>

#include "stop_internal.h"

/*
 * Has the player left the click? What a steady player would do, wandering as he is believed to,
 * against what he would do on top of that if he had left it: since bar k the tempo changes evenly,
 * or is another one, or the place is. All of these, with the bars they may begin at and their
 * sizes, together are one alternative: its odds are their mean, each by its share.
 */
typedef enum manner { EVENLY, NEW_TEMPO, NEW_PLACE, HOWS } manner;
/* Percent in 64 beats; percent; scatter limits. */
static const double SIZE[HOWS][4] = {
    {4.5, 7.0, 11.0, 0.0}, {1.2, 2.0, 3.5, 6.0}, {1.4, 2.0, 2.8, 0.0}};
static const int SIZE_COUNT[HOWS] = {3, 4, 3};
static const double EVEN_BEATS = 64.0;
static const double SHARE[HOWS] = {0.4, 0.3, 0.3};
/* What goes wrong does so from the first bar, or else in any of so many. */
static const double FROM_FIRST[HOWS] = {0.75, 0.5, 0.0};
enum { MAY_BEGIN = 16, BARS_LEAST = 3 };
/* Log odds: about 20 to 1. Stops 1 good take of 100 (docs/coach.md). Longer takes are looked at
 * more often: there it rises with the logarithm of their length. */
static const double ODDS_STOP = 3.0;

/* The alternatives that begin at one bar in one manner: log odds by size and direction. */
typedef struct turn {
  manner how;
  int from; /* into test->heard */
  double odds[4][2];
} turn;

/* What it makes of a bar's mean, for a size of 1: ms, averaged over the bar. */
static double turned(const dt_stop_test* t, const turn* u, int bar) {
  if (bar < u->from)
    return 0.0;
  if (u->how == NEW_PLACE)
    return t->tolerance.scatter_ms;
  double before = 0.0;
  for (int b = u->from; b < bar; ++b)
    before += t->heard[b].length_s;
  const double length = t->heard[bar].length_s;
  const double middle = before + 0.5 * length;
  if (u->how == NEW_TEMPO)
    return 10.0 * middle; /* 1 % is 10 ms a second */
  return 10.0 / (EVEN_BEATS * t->beat_s) * (0.5 * middle * middle + length * length / 24.0);
}

/* Before anything was heard: the share of a turn, all sizes and both directions together. */
static double share_of(const turn* u) {
  const double first = FROM_FIRST[u->how];
  return SHARE[u->how] * (u->from == 0 ? first : (1.0 - first) / (MAY_BEGIN - 1));
}

static int turns_that_may_be(const dt_stop_test* t, turn* turns) {
  int count = 0;
  const int first = t->bars > MAY_BEGIN ? t->bars - MAY_BEGIN : 0;
  for (manner how = EVENLY; how < HOWS; ++how)
    for (int from = first; from <= t->bars - 2; ++from) {
      turn* u = &turns[count];
      u->how = how;
      u->from = from;
      for (int s = 0; s < SIZE_COUNT[how]; ++s)
        u->odds[s][0] = u->odds[s][1] = -(double)INFINITY;
      count += share_of(u) > 0.0;
    }
  return count;
}

/* Adds what one assumption of the wander, believed with such a weight, says of a turn. */
static void weigh(turn* u, const dt_stop_test* t, const dt__wander* w, const double* white,
                  double log_belief) {
  double shape[DT__STOP_WINDOW];
  double white_shape[DT__STOP_WINDOW];
  for (int i = 0; i < w->count; ++i)
    shape[i] = turned(t, u, w->bar[i]);
  dt__wander_whiten(w, shape, white_shape);
  double along = 0.0;
  double squares = 0.0;
  for (int i = 0; i < w->count; ++i) {
    along += white[i] * white_shape[i];
    squares += white_shape[i] * white_shape[i];
  }
  for (int s = 0; s < SIZE_COUNT[u->how]; ++s) {
    const double size = SIZE[u->how][s];
    for (int late = 0; late < 2; ++late)
      u->odds[s][late] = dt__log_sum(u->odds[s][late], log_belief + (late ? size : -size) * along -
                                                           0.5 * size * size * squares);
  }
}

/* What is believed of each assumption after these bars, of a player who is steady. */
static void believe(dt__wander* w, const dt_stop_test* t, double log_belief[DT_STOP_WANDERS]) {
  double sum = -(double)INFINITY;
  dt__wander_believed(t, log_belief);
  for (int a = 0; a < DT_STOP_WANDERS; ++a) {
    double white[DT__STOP_WINDOW];
    dt__wander_assume(w, t, a);
    dt__wander_whiten(w, w->off_ms, white);
    log_belief[a] += dt__wander_likely(w, white);
    sum = dt__log_sum(sum, log_belief[a]);
  }
  for (int a = 0; a < DT_STOP_WANDERS; ++a)
    log_belief[a] -= sum;
}

/* Log odds of a turn with its share; and of one direction of it where late is 0 or 1. */
static double odds_of(const turn* u, int late) {
  double sum = -(double)INFINITY;
  for (int s = 0; s < SIZE_COUNT[u->how]; ++s)
    for (int l = 0; l < 2; ++l)
      if (late < 0 || l == late)
        sum = dt__log_sum(sum, u->odds[s][l]);
  return sum + log(share_of(u) / (2.0 * SIZE_COUNT[u->how]));
}

/* The size that is expected of a turn: percent of the tempo by now, or ms. */
static double size_of(const dt_stop_test* t, const turn* u, int late) {
  double sum = 0.0;
  double weight = 0.0;
  double most = -(double)INFINITY;
  for (int s = 0; s < SIZE_COUNT[u->how]; ++s)
    most = fmax(most, u->odds[s][late]);
  for (int s = 0; s < SIZE_COUNT[u->how]; ++s) {
    const double w = exp(u->odds[s][late] - most);
    sum += w * SIZE[u->how][s];
    weight += w;
  }
  double size = sum / weight;
  if (u->how == NEW_PLACE)
    return size * t->tolerance.scatter_ms;
  if (u->how == NEW_TEMPO)
    return size;
  double length = 0.0;
  for (int b = u->from; b < t->bars; ++b)
    length += t->heard[b].length_s;
  return size * length / (EVEN_BEATS * t->beat_s);
}

/* The likeliest turn of the likelier of the two causes. */
static void name(const dt_stop_test* t, const turn* turns, int count, dt_stop* stop) {
  double cause[2] = {-(double)INFINITY, -(double)INFINITY};
  for (int i = 0; i < count; ++i) {
    double* sum = &cause[turns[i].how == NEW_PLACE];
    *sum = dt__log_sum(*sum, odds_of(&turns[i], -1));
  }
  const bool place = cause[1] > cause[0];
  const turn* best = NULL;
  for (int i = 0; i < count; ++i)
    if ((turns[i].how == NEW_PLACE) == place &&
        (best == NULL || odds_of(&turns[i], -1) > odds_of(best, -1)))
      best = &turns[i];
  if (best == NULL)
    return; /* nothing may have begun: nothing to name */
  /* Later than the grid, more and more, is dragging. */
  const int late = odds_of(best, 1) > odds_of(best, 0);
  *stop = (dt_stop){.stop = true,
                    .why = place ? DT_FAIL_PLACEMENT : DT_FAIL_DRIFT,
                    .direction = late ? -1 : 1,
                    .size = size_of(t, best, late)};
  dt__stop_place(stop, t, best->from);
}

/* Log odds of all turns together; turns and count say which. -INFINITY: too little was heard. */
static double look(const dt_stop_test* test, turn turns[HOWS * MAY_BEGIN], int* count) {
  dt__wander w;
  const int first = test->bars > DT__STOP_WINDOW ? test->bars - DT__STOP_WINDOW : 0;
  dt__wander_see(&w, test, first, test->bars);
  *count = 0;
  if (w.count < BARS_LEAST)
    return -(double)INFINITY;
  double log_belief[DT_STOP_WANDERS];
  believe(&w, test, log_belief);
  *count = turns_that_may_be(test, turns);
  for (int a = 0; a < DT_STOP_WANDERS; ++a) {
    double white[DT__STOP_WINDOW];
    dt__wander_assume(&w, test, a);
    dt__wander_whiten(&w, w.off_ms, white);
    for (int i = 0; i < *count; ++i)
      weigh(&turns[i], test, &w, white, log_belief[a]);
  }
  double odds = -(double)INFINITY;
  for (int i = 0; i < *count; ++i)
    odds = dt__log_sum(odds, odds_of(&turns[i], -1));
  return odds;
}

double dt__stop_odds(const dt_stop_test* test) {
  turn turns[HOWS * MAY_BEGIN];
  int count;
  return look(test, turns, &count) - log(fmax(test->bars, MAY_BEGIN) / MAY_BEGIN);
}

bool dt__stop_for_time(const dt_stop_test* test, dt_stop* stop) {
  turn turns[HOWS * MAY_BEGIN];
  int count;
  const double odds = look(test, turns, &count);
  if (odds < ODDS_STOP + log(fmax(test->bars, MAY_BEGIN) / MAY_BEGIN))
    return false;
  name(test, turns, count, stop);
  return true;
}
