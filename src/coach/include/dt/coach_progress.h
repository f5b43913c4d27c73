#ifndef DT_COACH_PROGRESS_H
#define DT_COACH_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/coach_clean.h"
#include "dt/coach_plan.h"

/*
 * The history as the coach needs it, and what to do today from it.
 *
 * One dt_past is one exercise on one day, made by dt_coach_past at its end; whoever keeps files
 * keeps these and hands them back the next time. `day` counts days from any fixed day: the caller's
 * calendar, the coach knows none.
 */
typedef struct dt_past {
  int64_t day;
  char chart[DT_PLAN_CHART_MAX];
  dt_practice_mode mode;
  dt_limbs limbs;
  double played_s;
  int takes; /* whole ones, judged */
  int clean_takes;
  double bpm; /* ladder, retention: clean tempo at the end, with its interval; 0 unknown */
  double low_bpm;
  double high_bpm;
  double sd;         /* of its logarithm */
  double top_bpm;    /* highest tempo that was clean; 0 none */
  double forewarned; /* share of belief that the margin foretells failure; 0 unknown */
  double cold_bpm;   /* tempo of the cold test; 0: there was none */
  bool cold_kept;
  double held; /* gap: silent bars; quiet: share of bars without click; endurance: seconds */
  bool tired;  /* ended by tiredness */
  dt_criterion weakest;            /* what failed most; DT_CLEAN nothing */
  int weak_bars[DT_WEAK_BARS_MAX]; /* written, from 0 */
  int weak_count;
} dt_past;

/* One day of an exercise's curve. */
typedef struct dt_progress_point {
  int64_t day;
  double bpm;
  double low_bpm;
  double high_bpm;
  double cold_bpm; /* 0 none */
  bool cold_kept;
} dt_progress_point;

/* The clean tempo of one chart over the days: one point a day (the last of that day), oldest first,
 * at most `room` and then the newest. Modes ladder and retention together. Result: how many. */
size_t dt_progress_curve(dt_progress_point* points, size_t room, const dt_past* past, size_t count,
                         const char* chart, dt_limbs limbs);

typedef enum dt_due_why {
  DT_DUE_COLD_TEST, /* played before, at least a day ago: what stayed? */
  DT_DUE_FORGOTTEN, /* the last cold test was lost */
  DT_DUE_WEAK_BARS, /* bars that failed last time */
  DT_DUE_PLATEAU,   /* three days within 1 %: change the way of practising */
  DT_DUE_SPACING,   /* longest not played */
  DT_DUE_TIRED      /* ended tired yesterday or today: not today, or only lightly */
} dt_due_why;

typedef struct dt_due {
  char chart[DT_PLAN_CHART_MAX];
  dt_limbs limbs;
  dt_due_why why;
  dt_practice_mode mode; /* to be practised in */
  double bpm;            /* to begin with; 0 unknown */
  int days;              /* since it was last played */
  int weak_bars[DT_WEAK_BARS_MAX];
  int weak_count;
  double urgency;
} dt_due;

/* What to do today, the most urgent first: spacing and cold tests before anything new (gains show a
 * day later: Simmons 2012), weak bars apart. One line a chart. Result: how many, at most room. */
size_t dt_progress_today(dt_due* due, size_t room, const dt_past* past, size_t count,
                         int64_t today);

/* One sentence about it, at most DT_PROGRESS_TEXT_MAX - 1 bytes. */
#define DT_PROGRESS_TEXT_MAX 320
void dt_due_text(char text[DT_PROGRESS_TEXT_MAX], const dt_due* due);

/* Seconds of playing on that day, all exercises: for the daily ceiling. */
double dt_progress_played_s(const dt_past* past, size_t count, int64_t day);

#endif
