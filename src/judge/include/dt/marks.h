#ifndef DT_MARKS_H
#define DT_MARKS_H

#include "dt/align.h"

/*
 * Every stroke of a take with all that is known of it, in one table: what the measures of the full
 * judgement (dt/swing.h, dt/roll.h, dt/dynamics.h ...) are made from.
 */
typedef struct dt_mark {
  size_t stroke; /* index into take->strokes */
  double time_s;
  dt_drum drum;
  dt_voice voice;
  double level_db; /* dt_velocity_db of it: 0 at 127, below it negative; NAN unknown */
  double openness; /* hi-hat: 0 closed .. 1 open; NAN unknown */

  /* Its place in the music; NAN, or -1, when it has none (outliers; extra strokes of a chart). */
  double tick;     /* straight position in ticks from the first beat of bar 1 of the grid: of an
                      ornament that of its main stroke, of a roll's stroke that of the roll */
  int bar;         /* of the grid, from 0; a stroke before bar 1 has none but may have a tick */
  double bar_tick; /* position in that bar, >= 0 */

  /* Against the grid; NAN where not judged. Negative: you were early. */
  double asynchrony_ms; /* stroke minus grid, swing of the grid included; NAN without a click */
  double straight_ms;   /* stroke minus the straight (unswung) position on the player's own steady
                           or drifting pulse: feel, swing and limb offsets are all still in it */
  double own_ms;        /* the same against the swung grid */
  double residual_ms;   /* what is left after placement, drift and feel */

  /* What it is; from the chart where there is one, else inferred (sticking never, fills in free
   * mode). */
  size_t event;         /* strokes of one flam, drag or roll share it */
  dt_ornament ornament; /* of its event */
  int order;            /* 0 main stroke; < 0 grace stroke; > 0 later stroke of a roll */
  dt_loud loud;         /* as written; without a chart DT_LOUD_NORMAL */
  char hand;            /* 'R' 'L' 'K' 'H', ' ' unknown */
  int section;          /* index into chart->spans; without a chart, of the pulse's sections; -1 */
  int fill;             /* which fill of the take, from 0; -1 outside */
  dt_label label;       /* without a chart DT_LABEL_HIT, for outliers DT_LABEL_EXTRA */
} dt_mark;

typedef struct dt_marks {
  dt_mark* items; /* one for each stroke, by time */
  size_t count;
  bool has_chart;
  bool has_sections; /* section and fill were heard, in a free take */
  bool heard;        /* from sound: the ear mishears some strokes, and misnames more */
  bool has_click;    /* asynchrony_ms is known */
  bool has_velocity; /* most strokes have a level_db */
  dt_meter meter;
  dt_tick bar_ticks;  /* of the commonest metre */
  dt_tick swing_pair; /* ticks of the pair that swings or could: 960 eighths, 480 sixteenths; 0 none
                         (triplets, nothing between the beats) */
  double bpm;         /* the player's own mean tempo */
  double span_s;      /* from the first stroke on the grid to the last */
  double jitter_ms;   /* SD that the instrument adds to every time; subtract it from spreads */
} dt_marks;

/* verdict: of the same take, made with the same alignment. alignment and chart are both NULL
 * without a chart. Errors: DT_NO_MEMORY; *marks is then empty. */
dt_status dt_marks_make(dt_marks* marks, const dt_allocator* allocator, const dt_take* take,
                        const dt_verdict* verdict, const dt_alignment* alignment,
                        const dt_chart* chart) DT_NODISCARD;
void dt_marks_clear(dt_marks* marks, const dt_allocator* allocator);

#endif
