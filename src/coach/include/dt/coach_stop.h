#ifndef DT_COACH_STOP_H
#define DT_COACH_STOP_H

#include "dt/coach_clean.h"

/*
 * Can this take still be saved? Looked at after every bar, so that a hopeless take is stopped early
 * and a good one never is.
 *
 *   missed notes  Wald's sequential test of 3 % (a good take, misheard) against 15 %, note by note
 *   scatter       Wald's test of the level's limit against 1.6 times it; no one bar decides
 *   drift         how many times likelier the bars' mean asynchronies are if the tempo has left the
 *                 click, since any bar and by any of several sizes, than if a steady player wanders
 *                 about it: the odds, summed over both (a mixture likelihood ratio)
 *   placement     one of those alternatives: a step that lasts
 *
 * Such a ratio exceeds x in at most one of x takes of players as believed, however often it is
 * looked at (Ville 1939; Robbins 1970). How players wander is learned from drummers
 * (docs/coach.md), and then from the player's own earlier takes of the exercise (dt_stop_habit),
 * with the spread of his strokes and his usual place. Without a click only drift is looked at: the
 * tempo of the last 3 to 8 bars, a group-sequential test.
 *
 * Both of Wald's tests are begun anew where they fall low (Page 1954): a good beginning does not
 * excuse the rest.
 *
 * Ville, Etude critique de la notion de collectif, 1939; Wald, Sequential Analysis, 1947; Page,
 * Biometrika 41, 1954; Robbins, Annals of Mathematical Statistics 41, 1970; Jennison & Turnbull,
 * Group Sequential Methods, 2000. Rates of error in docs/coach.md. Plain data, caller-owned; no
 * allocation.
 */
#define DT_STOP_BARS_MAX 512
#define DT_STOP_WANDERS  14 /* assumptions of how a player wanders */

typedef enum dt_where {
  DT_WHERE_THROUGHOUT,
  DT_WHERE_FROM_BAR,   /* from `bar` on */
  DT_WHERE_AFTER_FILL, /* likewise, and the bar before it has a fill */
  DT_WHERE_IN_BAR,
  DT_WHERE_WORST_IN_BAR, /* there more than elsewhere */
  DT_WHERE_ALONG_THE_WAY /* somewhere: the chart has one bar only, or no bar stands out */
} dt_where;

/* Why the take is stopped, and where it went. */
typedef struct dt_stop {
  bool stop;
  dt_criterion why;
  int direction; /* of drift and placement: +1 rushing or early, -1 dragging or late */
  dt_where where;
  int bar;     /* of the take, from 0, where it began to go wrong */
  int written; /* that bar in the chart, from 0 */
  double size; /* missed notes; percent of tempo; ms of placement or scatter */
} dt_stop;

/* A player's own scatter, the wander of his bars and his place, from takes that were good. Zeroes:
 * unknown. Scatter and wander in units of the level's scatter limit, so that they hold at another
 * tempo. */
typedef struct dt_stop_habit {
  double squares; /* of strokes about their bar's mean */
  double freedom;
  double likely[DT_STOP_WANDERS]; /* log likelihood of each assumption, the likeliest 0 */
  double place_ms;                /* sum of the takes' mean asynchronies */
  double places;                  /* takes in it */
} dt_stop_habit;

typedef struct dt_stop_test {
  dt_level level;
  dt_tolerance tolerance;
  dt_stop_habit habit;
  double beat_s;
  bool own; /* no click: placement is free, tempo is not */
  int bars;
  double missed_llr;
  double scatter_llr;
  int missed;
  int first_missed;
  int worst_missed; /* most in one bar */
  double squares_ms2;
  int freedom;
  int scatter_from;
  dt_stop said;
  dt_bar_heard heard[DT_STOP_BARS_MAX];
} dt_stop_test;

/* beat_s > 0 at the tempo asked for. own: the player keeps the time, no click to stay with. */
void dt_stop_start(dt_stop_test* test, dt_level level, double beat_s, bool own);

/* Looks at the next bar that is over (bars in order; more than DT_STOP_BARS_MAX are not looked at).
 * Once it says stop it keeps saying so. */
dt_stop dt_stop_look(dt_stop_test* test, const dt_bar_heard* bar);

/* After dt_stop_start and before the first bar: what is known of the player. */
void dt_stop_know(dt_stop_test* test, const dt_stop_habit* habit);

/* Adds what a take showed that was good as a whole, and not without a click. */
void dt_stop_habit_learn(dt_stop_habit* habit, const dt_stop_test* test);

#endif
