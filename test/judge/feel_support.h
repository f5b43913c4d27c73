#ifndef DT_TEST_FEEL_SUPPORT_H
#define DT_TEST_FEEL_SUPPORT_H

/* Tables of marks made by hand, stroke by stroke, for the measures of feel. Include first. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdlib.h>

#include "../support/near.h"
#include "dt/marks.h"
#include "dt/rng.h"

enum { DT__QUARTER = DT_TICKS_PER_QUARTER, DT__BAR = 4 * DT__QUARTER, DT__MARKS_MAX = 4096 };

typedef struct dt__made {
  dt_mark items[DT__MARKS_MAX];
  dt_marks marks;
  dt_rng rng;
  double bpm;
} dt__made;

static inline dt__made* dt__make(double bpm, uint64_t seed) {
  static dt__made made;
  memset(&made, 0, sizeof made);
  made.rng = dt_rng_seeded(seed, 1);
  made.bpm = bpm;
  made.marks.items = made.items;
  made.marks.has_chart = true;
  made.marks.meter.numerator = 4;
  made.marks.meter.denominator = 4;
  made.marks.bar_ticks = DT__BAR;
  made.marks.swing_pair = DT__QUARTER;
  made.marks.bpm = bpm;
  return &made;
}

/* A stroke that far off its straight place on a steady pulse, plus noise of that SD. */
static inline dt_mark* dt__strike(dt__made* made, dt_tick tick, dt_voice voice, double off_ms,
                                  double sd_ms) {
  if (made->marks.count == DT__MARKS_MAX)
    fail_msg("Too many marks");
  dt_mark* mark = &made->items[made->marks.count++];
  memset(mark, 0, sizeof *mark);
  const double ms = off_ms + sd_ms * dt_rng_normal(&made->rng);
  mark->time_s = 1.0 + (double)tick / DT__QUARTER * 60 / made->bpm + 1e-3 * ms;
  mark->voice = voice;
  mark->level_db = -6.0;
  mark->tick = (double)tick;
  mark->bar = (int)(tick / DT__BAR);
  mark->bar_tick = (double)(tick % DT__BAR);
  mark->asynchrony_ms = (double)NAN;
  mark->straight_ms = mark->own_ms = mark->residual_ms = ms;
  mark->event = made->marks.count;
  mark->hand = ' ';
  mark->section = mark->fill = -1;
  mark->label = DT_LABEL_HIT;
  return mark;
}

static inline int dt__by_time(const void* a, const void* b) {
  const dt_mark* x = a;
  const dt_mark* y = b;
  return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

/* The table, by time. */
static inline const dt_marks* dt__marks(dt__made* made) {
  qsort(made->items, made->marks.count, sizeof *made->items, dt__by_time);
  for (size_t i = 0; i < made->marks.count; i++)
    made->items[i].stroke = i;
  return &made->marks;
}

/* Known, holds the truth, and says so within `wide`. */
static inline void dt__assert_holds(dt_estimate e, double truth, double wide) {
  assert_int_equal(e.known, DT_KNOWN);
  if (!(e.low <= truth && truth <= e.high && e.low <= e.value && e.value <= e.high))
    fail_msg("%g is not within %g .. %g .. %g", truth, e.low, e.value, e.high);
  if (e.high - e.low > wide)
    fail_msg("%g .. %g is wider than %g", e.low, e.high, wide);
}

static inline void dt__assert_unknown(dt_estimate e, dt_known why) {
  assert_int_equal(e.known, why);
  assert_true(isnan(e.value) && isnan(e.low) && isnan(e.high));
}

#endif
