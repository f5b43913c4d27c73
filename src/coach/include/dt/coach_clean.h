#ifndef DT_COACH_CLEAN_H
#define DT_COACH_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/align.h"
#include "dt/part.h"
#include "dt/study.h"

/*
 * What a take showed, as far as the coach looks at it, and whether it was clean: nothing missed,
 * placement steady, drift nil, scatter inside the level, dynamics as written. What failed is named.
 */
typedef enum dt_criterion {
  DT_CLEAN,
  DT_FAIL_MISSED,    /* notes left out, or on the wrong drum */
  DT_FAIL_DRIFT,     /* rushing or dragging */
  DT_FAIL_PLACEMENT, /* moved against the click without a change of tempo that lasts */
  DT_FAIL_SCATTER,   /* loose */
  DT_FAIL_DYNAMICS,  /* accents or ghost notes not as written */
  DT_CRITERION_COUNT
} dt_criterion;

const char* dt_criterion_name(dt_criterion criterion); /* "clean", "missed notes" ... */

/* One bar of a take as it was heard. Bars are those of the instruction, from 0; the count-in is
 * none. Zeroes where nothing was heard. */
typedef struct dt_bar_heard {
  int bar;         /* of the take, from 0 */
  int written;     /* of the chart, from 0 */
  int notes;       /* written in it (ornaments count once) */
  int missed;      /* of them left out or on the wrong drum */
  int extra;       /* strokes too many */
  int strokes;     /* with a time against the grid */
  double length_s; /* of the bar */
  double mean_ms;  /* their mean asynchrony, each voice about its own usual place: negative early */
  double squares_ms2; /* sum of squares about that mean and the voices' own places */
  double level_db;    /* mean level; NAN unknown */
  bool fill;          /* a fill is in it */
} dt_bar_heard;

/*
 * The bars of a take so far. take, marks and alignment are of the same strokes, judged with the
 * click (DT_GRID_CLICK, or DT_GRID_TEMPO with a known start). part: what was asked, bar for bar;
 * part_tick: where its first bar begins in ticks of the grid (the count-in's length); done: how
 * many of its bars are over. Fills bars[0 .. result - 1], at most `room` and at most `done`. No
 * allocation. Any thread; not real-time.
 */
int dt_bars_heard(dt_bar_heard* bars, int room, const dt_take* take, const dt_marks* marks,
                  const dt_alignment* alignment, const dt_part* part, dt_tick part_tick, int done);

#define DT_WEAK_BARS_MAX 4

/* What a take showed. Estimates that are not known count for nothing, either way. */
typedef struct dt_shown {
  double played_s; /* how long was played, count-in not counted; > 0 */
  double bpm;      /* asked for, at the start */
  int bars;        /* played to the end */
  int bars_asked;
  int notes;
  int missed; /* or on the wrong drum */
  int extra;
  bool heard;       /* from sound: the ear mishears, and 1 note in 50 may be missing */
  double wander_ms; /* placement's move over the take, largest step between its quarters that is
                       surely there, 0: none; NAN unknown */
  dt_estimate placement_ms;
  dt_estimate drift_percent; /* total change of tempo over the take, percent: + rushing */
  bool drift_sure;           /* p < 0.01 */
  dt_estimate scatter_ms;
  dt_estimate accent_db; /* accents above normal strokes; the chart asks for some: else not known */
  dt_estimate ghost_db;  /* ghost notes against normal strokes, negative is softer */
  double level_db;       /* mean level; NAN unknown: tiredness shows in it */
  dt_slope scatter_growth;         /* dt_fatigue.scatter_pct of takes long enough, else not known */
  dt_slope level_slope;            /* dt_fatigue.level_db */
  int weak_bars[DT_WEAK_BARS_MAX]; /* written, from 0, the weakest first */
  int weak_count;
  bool stopped; /* by the coach's word, before its end */
  dt_criterion stopped_for;
  bool abandoned; /* by the player: counts as played time and as nothing else */
} dt_shown;

/* From a judged take. study may be NULL (then no dynamics and no fatigue); bars as dt_bars_heard
 * made them. No allocation. */
dt_shown dt_shown_of(const dt_verdict* verdict, const dt_study* study, const dt_bar_heard* bars,
                     int bar_count, double bpm, int bars_asked);

/* How far each criterion is from its limit: 1 is on it, below is inside; NAN not known. */
typedef struct dt_clean {
  dt_criterion failed; /* the worst of those that failed, DT_CLEAN when none did */
  double ratio[DT_CRITERION_COUNT];
  double margin; /* the largest ratio but that of missed notes; NAN unknown: for the ladder */
  int direction; /* of a drift or placement failure: +1 early or rushing, -1 late or dragging */
} dt_clean;

/* Accents must stand out by so much on average, and ghost notes lie under by so much, where the
 * chart has any (dt/practise.h notices from the same distance). */
#define DT_CLEAN_ACCENT_DB 3.0
#define DT_CLEAN_GHOST_DB  (-4.0)

/* beat_s > 0: at the tempo asked for. */
dt_clean dt_clean_check(const dt_shown* shown, dt_level level, double beat_s);

#endif
