#ifndef DT_COACH_INTERNAL_H
#define DT_COACH_INTERNAL_H

#include "dt/coach.h"

static inline const dt_exercise* dt__plan_exercise(const dt_coach* coach) {
  return &coach->plan.exercises[coach->exercise];
}

static inline dt_coach_exercise* dt__exercise(dt_coach* coach) {
  return &coach->exercises[coach->exercise];
}

/* Seconds of a bar, and of a beat, at a tempo. */
double dt__bar_s(const dt_coach_exercise* e, double bpm);
double dt__beat_s(const dt_coach_exercise* e, double bpm);

/* begin.c: the exercise that is next, and what the history knows of it. */
void dt__begin_exercise(dt_coach* coach);

/* ask.c: the next take of the exercise going on, into coach->now. */
void dt__ask(dt_coach* coach);
void dt__speak(dt_coach* coach, dt_line line);

/* learn.c: what a take changes. */
void dt__learn(dt_coach* coach, const dt_shown* shown);
void dt__end_exercise(dt_coach* coach, dt_line why);

/* pieces.c: taking apart and putting back. */
void dt__choose_piece(dt_coach* coach, const dt_shown* shown);

/* tired.c */
void dt__tired_start(dt_tired* tired);
/* scatter_ratio: to its limit. */
bool dt__tired_see(dt_tired* tired, const dt_shown* shown, double scatter_ratio);

/* surprise.c: what happens in bar `bar` of a take with surprises. */
typedef struct dt__surprise {
  double tempo_factor;
  uint64_t click_beats;
  double shift_beats;
  dt_call call;
  bool unsettled; /* the time of this bar is not judged */
} dt__surprise;
dt__surprise dt__surprise_at(const dt_coach* coach, int bar);

#define DT__GAP_LEAD    4 /* bars of click before a gap */
#define DT__GAP_REENTRY 2 /* and after it */
#define DT__TRADE_BARS  4
#define DT__COLD_TAKES  3

/* Where bar `bar` is in its phrase of lead, gap and re-entry. */
static inline int dt__gap_place(const dt_coach* coach, int bar) {
  return bar % (DT__GAP_LEAD + DT__GAP_REENTRY + coach->exercises[coach->exercise].gap_bars);
}

#endif
