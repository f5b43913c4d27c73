#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "align_internal.h"
#include "dt/arena.h"

/* The chart, unrolled: bars in the order of playing, and every expected stroke in units. */

enum { BEATS_MIN = 8 }; /* shorter charts are written out several times */

/* A repeat of more bars than the take can hold is as good as endless. */
static int times_of(const dt_chart* chart, const dt_chart_segment* segment, double beats) {
  const dt_tick ticks = dt_chart_bar_tick(chart, segment->first_bar + segment->bar_count) -
                        dt_chart_bar_tick(chart, segment->first_bar);
  if (chart->order_count == 1) {
    return 1; /* after the end comes the beginning anyway */
  }
  const double most = ceil(beats * DT_TICKS_PER_QUARTER / (double)ticks) + 2.0;
  return segment->times < most ? segment->times : (int)most;
}

static size_t note_at(const dt_chart* chart, dt_tick tick) {
  size_t low = 0;
  size_t high = chart->note_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (chart->notes[at].tick < tick) {
      low = at + 1;
    } else {
      high = at;
    }
  }
  return low;
}

static bool section_starts(const dt_chart* chart, dt_tick tick) {
  for (size_t i = 0; i < chart->span_count && chart->spans[i].start <= tick; ++i) {
    if (chart->spans[i].start == tick && !chart->spans[i].fill) {
      return true;
    }
  }
  return false;
}

static int32_t unit_of(double ticks) {
  return (int32_t)floor(ticks / DT__UNIT_TICKS + 0.5);
}

/* Expected strokes of a note: one, or a measured roll's. */
static dt_tick strokes_of(const dt_chart_note* note) {
  return note->ornament == DT_ROLL && note->roll_step > 0 ? note->length / note->roll_step : 1;
}

static void add_bar(dt__sheet* sheet, const dt_chart* chart, int written, dt_tick* end) {
  const dt_tick start = dt_chart_bar_tick(chart, written);
  dt__sheet_bar bar;
  memset(&bar, 0, sizeof(bar));
  bar.written = written;
  bar.tick = *end;
  bar.unit = unit_of((double)*end);
  bar.length = dt_chart_bar_tick(chart, written + 1) - start;
  bar.written_tick = start;
  bar.first_note = note_at(chart, start);
  bar.end_note = note_at(chart, start + bar.length);
  bar.section = section_starts(chart, start);
  if (sheet->bars) {
    sheet->bars[sheet->bar_count] = bar;
  }
  ++sheet->bar_count;
  for (size_t i = bar.first_note; i < bar.end_note; ++i) {
    sheet->note_count += (size_t)strokes_of(&chart->notes[i]);
  }
  *end += bar.length;
}

static void add_bars(dt__sheet* sheet, const dt_chart* chart, double beats) {
  dt_tick end = 0;
  sheet->bar_count = 0;
  sheet->note_count = 0;
  do {
    for (size_t s = 0; s < chart->order_count; ++s) {
      const dt_chart_segment* segment = &chart->order[s];
      for (int k = times_of(chart, segment, beats); k > 0; --k) {
        for (int b = 0; b < segment->bar_count; ++b) {
          add_bar(sheet, chart, segment->first_bar + b, &end);
        }
      }
    }
    for (int b = 0; b < chart->bar_count && chart->order_count == 0; ++b) {
      add_bar(sheet, chart, b, &end);
    }
  } while (end < (dt_tick)BEATS_MIN * DT_TICKS_PER_QUARTER);
  sheet->units = unit_of((double)end);
}

static int by_unit(const void* left, const void* right) {
  const dt__sheet_note* a = left;
  const dt__sheet_note* b = right;
  if (a->unit != b->unit) {
    return a->unit < b->unit ? -1 : 1;
  }
  return (int)a->drum - (int)b->drum;
}

static void add_notes(dt__sheet* sheet, const dt_chart* chart) {
  size_t n = 0;
  for (size_t k = 0; k < sheet->bar_count; ++k) {
    const dt__sheet_bar* bar = &sheet->bars[k];
    const double origin = (double)(bar->tick - bar->written_tick);
    for (size_t i = bar->first_note; i < bar->end_note; ++i) {
      const dt_chart_note* note = &chart->notes[i];
      for (dt_tick s = 0; s < strokes_of(note); ++s) {
        const dt_tick tick = note->tick + s * note->roll_step;
        dt__sheet_note one;
        memset(&one, 0, sizeof(one));
        one.unit = unit_of(dt_swing_tick(tick, chart->swing_pair, chart->swing) + origin);
        one.unit_end = unit_of((double)(note->tick + note->length) + origin);
        one.drum = (unsigned char)note->drum;
        one.loud = (unsigned char)note->loud;
        one.graced = note->ornament != DT_PLAIN;
        one.rolled = note->ornament == DT_ROLL && note->roll_step == 0;
        sheet->notes[n++] = one;
      }
    }
  }
  qsort(sheet->notes, n, sizeof(*sheet->notes), by_unit);
  sheet->note_total = n;
  for (size_t i = 0; i < n && sheet->notes[i].unit < DT__UNITS; ++i) {
    dt__sheet_note again = sheet->notes[i];
    again.unit += sheet->units;
    again.unit_end += sheet->units;
    sheet->notes[sheet->note_total++] = again;
  }
}

/* Both lists are by tick, and sections (or fills) do not overlap each other. */
static void name_places(const dt_chart* chart, bool fill, int32_t* of_note) {
  size_t span = 0;
  for (size_t i = 0; i < chart->note_count; ++i) {
    const dt_tick tick = chart->notes[i].tick;
    while (span < chart->span_count &&
           (chart->spans[span].fill != fill || chart->spans[span].end <= tick)) {
      ++span;
    }
    const bool inside = span < chart->span_count && chart->spans[span].start <= tick;
    of_note[i] = inside ? (int32_t)span : -1;
  }
}

static void layout(dt__sheet* sheet, const dt_chart* chart, dt_arena* arena) {
  sheet->section = dt_arena_take(arena, chart->note_count, sizeof(int32_t));
  sheet->fill = dt_arena_take(arena, chart->note_count, sizeof(int32_t));
  sheet->bars = dt_arena_take(arena, sheet->bar_count, sizeof(*sheet->bars));
  sheet->notes = dt_arena_take(arena, 2 * sheet->note_count + 1, sizeof(*sheet->notes));
}

dt_status dt__sheet_make(dt__sheet* sheet, const dt_allocator* allocator, const dt_chart* chart,
                         double beats) {
  memset(sheet, 0, sizeof(*sheet));
  add_bars(sheet, chart, beats);
  dt_arena arena = dt_arena_measure();
  layout(sheet, chart, &arena);
  sheet->size = arena.used;
  sheet->memory = dt_alloc(allocator, sheet->size);
  if (!sheet->memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(sheet->memory, sheet->size);
  layout(sheet, chart, &arena);
  add_bars(sheet, chart, beats);
  add_notes(sheet, chart);
  name_places(chart, false, sheet->section);
  name_places(chart, true, sheet->fill);
  return DT_OK;
}

void dt__sheet_clear(dt__sheet* sheet, const dt_allocator* allocator) {
  dt_release(allocator, sheet->memory, sheet->size);
  memset(sheet, 0, sizeof(*sheet));
}

size_t dt__sheet_bar_at(const dt__sheet* sheet, int32_t unit) {
  size_t low = 0;
  size_t high = sheet->bar_count;
  while (high - low > 1) {
    const size_t at = low + (high - low) / 2;
    if (sheet->bars[at].unit <= unit) {
      low = at;
    } else {
      high = at;
    }
  }
  return low;
}

static int32_t gcd(int32_t a, int32_t b) {
  while (b != 0) {
    const int32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

int32_t dt__bar_step(const dt__sheet* sheet) {
  int32_t step = DT__UNITS;
  for (size_t b = 0; b < sheet->bar_count; ++b) {
    step = gcd(step, sheet->bars[b].unit);
  }
  return gcd(step, sheet->units);
}
