#include <math.h>
#include <stdint.h>

#include "marks_internal.h"

static const double GRACE_S = 0.045; /* as in judge.c */

static void put_in_event(dt_mark* mark, const dt_alignment* alignment, size_t event, int order) {
  const dt_event* written = &alignment->events[event];
  const dt_played_bar* bar = &alignment->bars[written->bar];
  mark->tick = (double)written->note.tick;
  mark->bar = (int)written->bar;
  mark->bar_tick = (double)(written->note.tick - bar->tick);
  mark->event = event;
  mark->ornament = written->note.ornament;
  mark->order = order;
  mark->loud = written->note.loud;
  mark->hand = written->note.hand;
  mark->section = written->section;
  mark->fill = written->fill;
}

/* The commonest length among the bars played; the first of equals. */
static dt_tick common_bar(const dt_alignment* alignment, dt_tick none) {
  dt_tick best = none;
  size_t most = 0;
  for (size_t i = 0; i < alignment->bar_count && most <= alignment->bar_count / 2; ++i) {
    size_t count = 0;
    for (size_t k = 0; k < alignment->bar_count; ++k) {
      count += alignment->bars[k].length == alignment->bars[i].length;
    }
    if (count > most) {
      most = count;
      best = alignment->bars[i].length;
    }
  }
  return best;
}

void dt__mark_from_chart(dt_marks* marks, const dt_alignment* alignment, const dt_chart* chart) {
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_aligned_stroke* aligned = &alignment->strokes[i];
    dt_mark* mark = &marks->items[i];
    mark->label = aligned->label;
    if (aligned->label == DT_LABEL_EXTRA) {
      mark->event = alignment->event_count + i; /* its own */
    } else {
      put_in_event(mark, alignment, aligned->event, aligned->order);
    }
  }
  marks->has_chart = true;
  marks->swing_pair = chart->swing_pair;
  marks->bar_ticks = common_bar(alignment, marks->bar_ticks);
}

static dt_tick pair_of(const dt_subdivision* subdivision) {
  switch (subdivision->feel) {
  case DT_FEEL_SWUNG_EIGHTHS:
    return DT_TICKS_PER_QUARTER;
  case DT_FEEL_SWUNG_SIXTEENTHS:
    return DT_TICKS_PER_QUARTER / 2;
  case DT_FEEL_STRAIGHT:
    return subdivision->division == 2   ? DT_TICKS_PER_QUARTER
           : subdivision->division >= 4 ? DT_TICKS_PER_QUARTER / 2
                                        : 0;
  default:
    return 0;
  }
}

/* The straight tick that dt_swing_tick moves to `tick`. */
static double unswung(double tick, dt_tick pair_ticks, double swing) {
  if (pair_ticks <= 0) {
    return tick;
  }
  const double pair = (double)pair_ticks;
  const double start = pair * floor(tick / pair);
  const double x = (tick - start) / pair;
  const double straight = x <= swing ? 0.5 * x / swing : 1.0 - 0.5 * (1.0 - x) / (1.0 - swing);
  return start + pair * straight;
}

static void place(dt_mark* mark, double tick, dt_tick bar_ticks) {
  const double bar = floor(tick / (double)bar_ticks);
  mark->tick = tick;
  mark->bar = bar >= 0.0 ? (int)fmin(bar, 1e9) : -1;
  mark->bar_tick = tick - bar * (double)bar_ticks;
}

/* The main stroke that a grace stroke goes before: the next of its voice, near and not softer. */
static size_t main_of(const dt_marks* marks, size_t i) {
  for (size_t k = i + 1;
       k < marks->count && marks->items[k].time_s - marks->items[i].time_s < GRACE_S; ++k) {
    if (marks->items[k].voice == marks->items[i].voice && !isnan(marks->items[k].tick)) {
      return marks->items[k].event;
    }
  }
  return SIZE_MAX;
}

static void join(dt_mark* grace, dt_mark* main) {
  main->ornament = main->ornament == DT_PLAIN ? DT_FLAM : DT_DRAG;
  grace->order = main->ornament == DT_FLAM ? -1 : -2;
  grace->event = main->event;
  grace->tick = main->tick;
  grace->bar = main->bar;
  grace->bar_tick = main->bar_tick;
}

/* Grace strokes nearest to their main stroke first, so that they are numbered outwards. Whatever
 * else was heard as an ornament (a bounce behind a stroke) has no place. */
static void join_ornaments(dt_marks* marks, const dt_verdict* verdict) {
  for (size_t i = marks->count; i-- > 0;) {
    dt_mark* mark = &marks->items[i];
    if (!verdict->judged[i].ornament) {
      continue;
    }
    const size_t main = main_of(marks, i);
    if (main == SIZE_MAX) {
      mark->label = DT_LABEL_EXTRA;
    } else {
      join(mark, &marks->items[main]);
    }
  }
  for (size_t i = 0; i < marks->count; ++i) {
    if (marks->items[i].order < 0) {
      marks->items[i].ornament = marks->items[marks->items[i].event].ornament;
    }
  }
}

void dt__mark_from_verdict(dt_marks* marks, const dt_verdict* verdict) {
  marks->swing_pair = pair_of(&verdict->subdivision);
  marks->has_sections = verdict->has_sections;
  const double swing = verdict->subdivision.swing;
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_judged* judged = &verdict->judged[i];
    marks->items[i].fill = judged->fill - 1;
    marks->items[i].section = judged->section - 1;
    dt_mark* mark = &marks->items[i];
    if (judged->outlier) {
      mark->label = DT_LABEL_EXTRA;
    } else if (!judged->ornament && !isnan(judged->beat)) {
      const double tick =
          unswung(judged->beat * DT_TICKS_PER_QUARTER, swing > 0.5 ? marks->swing_pair : 0, swing);
      place(mark, floor(tick + 0.5), marks->bar_ticks);
    }
  }
  join_ornaments(marks, verdict);
}
