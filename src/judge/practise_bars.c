#include <math.h>
#include <stdlib.h>

#include "practise_internal.h"

/* Where a fault is worst, and what it costs the whole. */

static bool is_unison(const dt_mark* mark, const dt_marks* marks) {
  enum { NEAR = 6 };
  const size_t i = (size_t)(mark - marks->items);
  for (size_t k = i > NEAR ? i - NEAR : 0; k < marks->count && k <= i + NEAR; ++k) {
    const dt_mark* other = &marks->items[k];
    if (other->tick == mark->tick && other->voice != mark->voice && other->order == 0) {
      return true;
    }
  }
  return false;
}

bool dt__fault_concerns(const dt__fault* fault, const dt_mark* mark, const dt_marks* marks) {
  switch (fault->weakness) {
  case DT_WEAK_HAND_TIME:
    return mark->hand == 'L';
  case DT_WEAK_HAND_SCATTER: /* left over right */
    return mark->hand == (fault->value > 0.0 ? 'L' : 'R');
  case DT_WEAK_HAND_LEVEL: /* left less right: the weak one */
    return mark->hand == (fault->value < 0.0 ? 'L' : 'R');
  case DT_WEAK_PLACE:
    return mark->voice == fault->voice && (int)mark->bar_tick == fault->bar_tick;
  case DT_WEAK_VOICE_SCATTER:
    return mark->voice == fault->voice;
  case DT_WEAK_SWING:
    return marks->swing_pair > 0 && (dt_tick)mark->tick % marks->swing_pair != 0;
  case DT_WEAK_UNISON:
    return is_unison(mark, marks);
  case DT_WEAK_SIXTEENTHS:
    return (dt_tick)mark->tick % (DT_TICKS_PER_QUARTER / 2) != 0;
  case DT_WEAK_GHOSTS:
    return mark->voice == fault->voice && mark->loud == DT_LOUD_GHOST;
  case DT_WEAK_ACCENTS:
    return mark->voice == fault->voice && mark->loud == DT_LOUD_ACCENT;
  default:
    return true;
  }
}

/* How bad one stroke is, for choosing bars. */
static double badness(const dt__fault* fault, const dt_mark* mark, const dt_marks* marks) {
  if (mark->order != 0 || !dt__fault_concerns(fault, mark, marks)) {
    return 0.0;
  }
  switch (fault->weakness) {
  case DT_WEAK_HAND_TIME:
  case DT_WEAK_PLACE:
  case DT_WEAK_SIXTEENTHS:
    return isnan(mark->own_ms) ? 0.0 : fabs(mark->own_ms);
  case DT_WEAK_GHOSTS:
    return isnan(mark->level_db) ? 0.0 : mark->level_db + 40.0;
  case DT_WEAK_ACCENTS:
  case DT_WEAK_HAND_LEVEL:
    return isnan(mark->level_db) ? 0.0 : -mark->level_db;
  default:
    return isnan(mark->residual_ms) ? 0.0 : mark->residual_ms * mark->residual_ms;
  }
}

typedef struct bar_sum {
  int bar;
  double sum;
  double count;
} bar_sum;

/* Three bars at most; the drummer looks at them for half a second. */
enum { BARS_SHOWN = 3 };

static void keep_worst(bar_sum* worst, int* kept, bar_sum bar) {
  if (bar.count < 1.0) {
    return;
  }
  bar.sum /= bar.count;
  int at = *kept;
  while (at > 0 && worst[at - 1].sum < bar.sum) {
    if (at < BARS_SHOWN) {
      worst[at] = worst[at - 1];
    }
    --at;
  }
  if (at < BARS_SHOWN) {
    worst[at] = bar;
    *kept += *kept < BARS_SHOWN;
  }
}

static int by_number(const void* a, const void* b) {
  return *(const int*)a - *(const int*)b;
}

static void put_bars(const bar_sum* worst, int kept, dt_practise_line* line) {
  for (int i = 0; i < kept; ++i) {
    line->bars[line->bar_count++] = worst[i].bar + 1;
  }
  qsort(line->bars, (size_t)line->bar_count, sizeof(int), by_number);
}

static void worst_bars(const dt__faults* faults, const dt__fault* fault, dt_practise_line* line) {
  const dt_marks* marks = &faults->study->marks;
  bar_sum worst[BARS_SHOWN];
  bar_sum now = {-1, 0.0, 0.0};
  int kept = 0;
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (mark->bar < 0) {
      continue;
    }
    if (mark->bar > now.bar) {
      keep_worst(worst, &kept, now);
      now = (bar_sum){mark->bar, 0.0, 0.0};
    }
    const double bad = badness(fault, mark, marks);
    if (mark->bar == now.bar && bad > 0.0) {
      now.sum += bad;
      now.count += 1.0;
    }
  }
  keep_worst(worst, &kept, now);
  put_bars(worst, kept, line);
}

static void add_bar(dt_practise_line* line, int bar) {
  const bool is_new = line->bar_count == 0 || line->bars[line->bar_count - 1] < bar;
  if (bar >= 1 && is_new && line->bar_count < DT_PRACTISE_BARS_MAX) {
    line->bars[line->bar_count++] = bar;
  }
}

static void fill_bars(const dt__faults* faults, dt_practise_line* line) {
  const dt_fills* fills = &faults->study->places.fills;
  for (size_t i = 0; i < fills->count; ++i) {
    add_bar(line, fills->items[i].first_bar + 1);
  }
}

static void section_bars(const dt__faults* faults, dt_practise_line* line) {
  const dt_places* places = &faults->study->places;
  for (size_t i = 0; i < places->change_count; ++i) {
    add_bar(line, places->changes[i].bar + 1);
  }
}

/* Where most notes were missed or on the wrong drum. */
static void missed_bars(const dt__faults* faults, dt_practise_line* line) {
  const dt_alignment* a = faults->study->alignment;
  bar_sum worst[BARS_SHOWN];
  bar_sum now = {-1, 0.0, 0.0};
  int kept = 0;
  for (size_t i = 0; i < a->event_count; ++i) {
    if ((int)a->events[i].bar != now.bar) {
      keep_worst(worst, &kept, now);
      now = (bar_sum){(int)a->events[i].bar, 0.0, 0.0};
    }
    if (a->events[i].fate != DT_FATE_HIT) {
      now.sum += 1.0;
      now.count = 1.0;
    }
  }
  keep_worst(worst, &kept, now);
  put_bars(worst, kept, line);
}

static void roll_bars(const dt__faults* faults, bool broken, dt_practise_line* line) {
  const dt_rolls* rolls = &faults->study->rolls;
  for (size_t i = 0; i < rolls->count; ++i) {
    if (!broken || dt__roll_broke(faults, &rolls->items[i])) {
      add_bar(line, rolls->items[i].first_bar + 1);
    }
  }
}

void dt__fault_bars(const dt__faults* faults, const dt__fault* fault, dt_practise_line* line) {
  switch (fault->weakness) {
  case DT_WEAK_FILLS:
    fill_bars(faults, line);
    return;
  case DT_WEAK_SECTIONS:
    section_bars(faults, line);
    return;
  case DT_WEAK_MISSED:
    missed_bars(faults, line);
    return;
  case DT_WEAK_ROLL_BREAKS:
    roll_bars(faults, true, line);
    return;
  case DT_WEAK_ROLL:
  case DT_WEAK_ROLL_HANDS:
    roll_bars(faults, false, line);
    return;
  case DT_WEAK_DRIFT: /* everywhere */
  case DT_WEAK_TIRING:
  case DT_WEAK_FLAM:
  case DT_WEAK_EVENNESS:
  case DT_WEAK_OPENNESS:
    return;
  default:
    worst_bars(faults, fault, line);
  }
}

/* Spreads of the strokes concerned become those of the others; offsets become none. */
void dt__fault_effect(const dt__faults* faults, const dt__fault* fault, double* now_ms,
                      double* without_ms) {
  const dt_marks* marks = &faults->study->marks;
  double square = 0.0;
  double count = 0.0;
  double square_of[2] = {0.0, 0.0};
  double sum_of[2] = {0.0, 0.0};
  double count_of[2] = {0.0, 0.0};
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (mark->order != 0 || isnan(mark->own_ms)) {
      continue;
    }
    const int other = !dt__fault_concerns(fault, mark, marks);
    square += mark->own_ms * mark->own_ms;
    square_of[other] += mark->own_ms * mark->own_ms;
    sum_of[other] += mark->own_ms;
    count_of[other] += 1.0;
    count += 1.0;
  }
  *now_ms = *without_ms = (double)NAN;
  if (count_of[0] < 1.0 || count_of[1] < 1.0) {
    return;
  }
  *now_ms = sqrt(square / count);
  const bool offset = fault->weakness == DT_WEAK_HAND_TIME || fault->weakness == DT_WEAK_PLACE ||
                      fault->weakness == DT_WEAK_SIXTEENTHS;
  const double moved = sum_of[0] / count_of[0] - sum_of[1] / count_of[1];
  if (offset) { /* the group moves onto the others, and all move back to their mean */
    const double mean = sum_of[1] / count_of[1];
    const double after = square_of[0] - 2.0 * moved * sum_of[0] + count_of[0] * moved * moved;
    *without_ms = sqrt(fmax((after + square_of[1]) / count - mean * mean, 0.0));
  } else {
    *without_ms = sqrt(square_of[1] / count_of[1]);
  }
}
