#ifndef DT_PART_H
#define DT_PART_H

#include "dt/chart.h"

/*
 * A part: a chart unrolled into what is played, bar after bar, note after note. Ticks are counted
 * from the first bar played, DT_TICKS_PER_QUARTER a quarter, straight.
 */
typedef struct dt_part_note {
  dt_chart_note note; /* with its tick as played, and its roll as long as it is played */
  int bar;            /* index into bars */
  int written;        /* index into chart->notes */
  int section;        /* index into chart->spans of the section it is in, or -1 */
  int fill;           /* which fill of the part it is in, counted as played from 0, or -1 */
} dt_part_note;

typedef struct dt_part_bar {
  dt_tick tick;
  dt_tick length;
  dt_meter meter;
  int written; /* bar of the chart, from 0 */
  int section; /* index into chart->spans of the section it begins in, or -1 */
} dt_part_bar;

/* Zero-initialise; release with dt_part_clear. */
typedef struct dt_part {
  dt_part_note* notes; /* by tick, then drum */
  size_t note_count;
  dt_part_bar* bars;
  size_t bar_count;
  dt_chart_span* fills; /* as played, in ticks of the part, in order; `fill` of a note indexes it.
                           One that is played again, or cut by a jump, is another fill */
  size_t fill_count;
  dt_tempo_map map; /* tempo and metre as played */
  double swing;
  dt_tick swing_pair;
  dt_tick end; /* length in ticks */
} dt_part;

/*
 * Unrolls a chart for `bars` bars: 0 = once through, more than one pass begins again from the top.
 * bpm: 0 = as written; else the first tempo becomes bpm and later changes keep their proportion.
 * A roll is cut where the part ends, and where the next bar played is not the next one written: an
 * open roll keeps the strokes that fit whole; with no room for one it is a plain stroke. Errors:
 * DT_NO_MEMORY, DT_BAD_ARGUMENT (a chart that dt_chart_check refuses, bars < 0, bpm not in 10..1000
 * and not 0, a tempo that this takes out of the map's range), DT_TOO_LARGE (more than 100,000 bars
 * or 5,000,000 notes). On failure *part is empty. Any thread.
 */
dt_status dt_part_from_chart(dt_part* part, const dt_allocator* allocator, const dt_chart* chart,
                             int bars, double bpm) DT_NODISCARD;
void dt_part_clear(dt_part* part, const dt_allocator* allocator);

/* The same playing: bars, notes (but for `written` and `section`), fills, tempo and swing. */
bool dt_part_same(const dt_part* a, const dt_part* b);

/* Seconds from the first beat of the part to a note: swing and tempo applied. */
double dt_part_seconds(const dt_part* part, dt_tick tick);

#endif
