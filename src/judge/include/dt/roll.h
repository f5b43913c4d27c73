#ifndef DT_ROLL_H
#define DT_ROLL_H

#include "dt/marks.h"

/*
 * Rolls: how even they are, how fast, what one hand does differently from the other, and when they
 * fall apart.
 *
 * A roll is what the chart writes as one; or a run of at least DT_ROLL_STROKES_MIN strokes of one
 * voice, evenly spaced in the chart (single strokes, doubles, paradiddles ...) and played no
 * further apart than DT_ROLL_INTERVAL_MAX_MS; or, without a chart, such a run whose intervals are
 * nearly equal. A run that the grid swings is none. A stroke left out ends a run; a written
 * roll goes on after it, but no interval is counted across the gap.
 *
 * Evenness is the spread of the intervals about the roll's own speed, in percent of the mean
 * interval (coefficient of variation). Not in it: the instrument's jitter, a speed that changes
 * slowly (a straight line over every 32 strokes), and what the hands do differently every time,
 * which is given apart. Neighbouring intervals share a stroke and so depend on each other; that is
 * estimated and reckoned with. No published norms exist for these numbers: none are given.
 */
#define DT_ROLL_STROKES_MIN     8
#define DT_ROLL_INTERVAL_MAX_MS 150.0

typedef enum dt_roll_kind {
  DT_ROLL_WRITTEN, /* the chart says roll */
  DT_ROLL_RUN,     /* a run of single notes in the chart */
  DT_ROLL_FOUND    /* no chart: inferred from the intervals */
} dt_roll_kind;

/* What ends a roll before its end. */
typedef enum dt_breakdown { DT_HOLDS, DT_BREAKS_UNEVEN, DT_BREAKS_SLOW } dt_breakdown;

/* The strokes of two hands compared: the left against the right where the sticking is known, else
 * every second stroke against the others, beginning with the roll's first. */
typedef struct dt_roll_hands {
  bool sticking;         /* it was known, of all rolls here */
  dt_estimate later_ms;  /* how much later the left (second) strokes come than evenly between the
                            right ones; negative: earlier */
  dt_estimate later_pct; /* the same in percent of the mean interval */
  dt_estimate louder_db; /* left (second) minus right (first); not testable without velocities */
  dt_estimate double_ms; /* how much later the second stroke of a double comes than it should; not
                            testable without doubles in the sticking */
  dt_estimate double_db; /* and how much louder than the first; negative: weaker */
} dt_roll_hands;

typedef struct dt_roll {
  dt_roll_kind kind;
  dt_voice voice;
  size_t first_mark; /* index into marks->items of its first stroke */
  size_t stroke_count;
  double start_s;
  double end_s;  /* its last stroke */
  int first_bar; /* of the grid, from 0; -1 unknown */
  int last_bar;
  dt_estimate cv_pct;
  dt_estimate strokes_per_min;
  dt_roll_hands hands;

  /* Where it breaks down: from there to its end it is more uneven (by half at least) or slower (by
   * 5 % at least) than before. Of rolls that hold, fewer than 5 % are said to break. Not known:
   * too short (under 24 strokes), then breakdown is DT_HOLDS. */
  dt_known breakdown_known;
  dt_breakdown breakdown;
  double breakdown_s;       /* time in the take; NAN when it holds */
  double breakdown_after_s; /* after the roll's start */
  double breakdown_p;       /* of a change this clear in a roll that holds */
  double cv_before_pct;     /* plain numbers of both parts, with a breakdown; else NAN */
  double cv_after_pct;
  double rate_before; /* strokes a minute */
  double rate_after;
} dt_roll;

typedef struct dt_rolls {
  dt_roll* items; /* owned; by start */
  size_t count;
  size_t stroke_count; /* in all of them */
  /* All rolls together: spreads and offsets pooled over their intervals. */
  dt_estimate cv_pct;
  dt_estimate strokes_per_min; /* mean over all intervals */
  dt_roll_hands hands;
  size_t breakdown_count; /* rolls that break down */
  size_t tested_count;    /* rolls long enough to tell */
} dt_rolls;

/* Measures. No rolls is not an error: count 0 and DT_NOT_TESTABLE. Errors: DT_NO_MEMORY (*rolls is
 * then empty). Release with dt_rolls_clear. Deterministic. Any thread; not real-time. */
dt_status dt_rolls_measure(dt_rolls* rolls, const dt_allocator* allocator,
                           const dt_marks* marks) DT_NODISCARD;
void dt_rolls_clear(dt_rolls* rolls, const dt_allocator* allocator);

/* "written", "run", "found"; "holds", "uneven", "slow". Static storage. */
const char* dt_roll_kind_name(dt_roll_kind kind);
const char* dt_breakdown_name(dt_breakdown breakdown);

#endif
