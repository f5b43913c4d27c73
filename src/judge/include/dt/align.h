#ifndef DT_ALIGN_H
#define DT_ALIGN_H

#include "dt/chart.h"
#include "dt/judge.h"

/*
 * What was played against what is written: which stroke was meant for which note of the chart,
 * what is missing, what is too much, and which bar was played when. Asks for nothing it can infer:
 * the chart may be played once or many times over, at any tempo, begun at any of its bars (also
 * after a count-in, whose strokes are extra), and places lost by a skipped or repeated bar are
 * found again. A player may leave his click. docs/alignment.md says how, and how well.
 */

/* What a stroke is. A flam, drag or roll is one event of several strokes, all hits. Another
 * articulation is a hit: a plain hi-hat for any hi-hat note and any hi-hat for a plain one (not
 * open for closed, nor the pedal), rimshot or brush for snare (not a cross-stick), bell for ride,
 * crash, splash and china for one another, DT_DRUM_OTHER for cowbell, tambourine or clap. One tom
 * for another is a wrong drum. */
typedef enum dt_label { DT_LABEL_HIT, DT_LABEL_WRONG_DRUM, DT_LABEL_EXTRA } dt_label;

typedef struct dt_aligned_stroke {
  dt_label label;
  size_t event; /* index into events; SIZE_MAX for an extra stroke */
  int order;    /* 0 the main (of a roll: first) stroke; -1, -2 the grace stroke next before it and
                   the one before that; 1, 2 ... the later strokes of a roll */
} dt_aligned_stroke;

typedef enum dt_fate { DT_FATE_HIT, DT_FATE_WRONG_DRUM, DT_FATE_MISSED } dt_fate;

/* One note of the chart at one time of playing it. */
typedef struct dt_event {
  dt_chart_note note; /* as written, but its tick: straight ticks from the first beat of bar 1 of
                         the judge's grid (of the click, or of a given start; may be negative).
                         Where no phase is known the first bar played begins at 0. It counts on
                         evenly through jumps, and for a player who leaves his click */
  size_t written;     /* index into chart->notes */
  size_t bar;         /* index into bars */
  int fill;           /* which fill of the take, counted as played from 0; -1 outside */
  int section;        /* index into chart->spans, -1 outside */
  dt_fate fate;
  size_t stroke;    /* the main stroke; SIZE_MAX when missed */
  int stroke_count; /* strokes that belong to it, ornaments included */
} dt_event;

/* One bar as it was played. The first is the one of the first stroke that was meant; notes that
 * stand before it in the first half of that bar were missed, in the second half it was a pick-up
 * and they were not asked for. Whoever ends on the first beat of a bar has not missed the rest of
 * it; last bars of which hardly anything was played do not count. */
typedef struct dt_played_bar {
  dt_tick tick; /* where it begins, as an event's */
  dt_tick length;
  int written; /* bar of the chart */
  bool jumped; /* not the bar that the chart would have next: skipped to, or repeated */
} dt_played_bar;

typedef struct dt_alignment {
  dt_aligned_stroke* strokes; /* one for each stroke of the take, in order */
  size_t stroke_count;
  dt_event* events; /* by tick, then drum; from the first bar played to the last */
  size_t event_count;
  dt_played_bar* bars;
  size_t bar_count;
  size_t hit_count; /* events by fate */
  size_t missed_count;
  size_t wrong_count;
  size_t extra_count; /* strokes */
  double confidence;  /* 0..1: that this is the chart that was played: the share of all that was
                         written and played that agrees, less for a few strokes. To be compared
                         between charts */
} dt_alignment;

/*
 * Aligns a take. config says what is known of the clock, as for dt_judge (its chart and alignment
 * are not looked at). The time is bounded by (strokes + notes) x a constant. A take longer than
 * 1,000 quarters that has fewer than a stroke in 100 of them is of no chart: all is extra. Nothing
 * played is not an error: no events. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (as dt_judge, or a chart
 * that dt_chart_check refuses; err says which). On failure *alignment is empty. Release with
 * dt_alignment_clear. Deterministic. Any thread; not real-time.
 */
dt_status dt_align(dt_alignment* alignment, const dt_allocator* allocator, const dt_take* take,
                   const dt_judge_config* config, const dt_chart* chart,
                   dt_error* err) DT_NODISCARD;
void dt_alignment_clear(dt_alignment* alignment, const dt_allocator* allocator);

#endif
