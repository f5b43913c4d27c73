#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "align_internal.h"
#include "align_pointer.h"

/* From the pointer's path to the bars that were played, and to every stroke they ask for. */

enum { SLACK = 2 /* units */, EVENTS_MAX = 5000000 };

static dt_status add_bar(dt__parts* parts, const dt__score* score, size_t sheet_bar, double ref,
                         bool jumped) {
  if (parts->bar_count == parts->bar_room) {
    const size_t room = parts->bar_room ? 2 * parts->bar_room : 64;
    dt__played* grown =
        dt_resize(score->allocator, parts->bars, parts->bar_room * sizeof(*parts->bars),
                  room * sizeof(*parts->bars));
    if (!grown) {
      return DT_NO_MEMORY;
    }
    parts->bars = grown;
    parts->bar_room = room;
  }
  const dt__played bar = {sheet_bar, ref, 0, jumped, 0};
  parts->bars[parts->bar_count++] = bar;
  return DT_OK;
}

static int32_t bar_units(const dt__sheet* sheet, size_t bar) {
  const int32_t end = bar + 1 < sheet->bar_count ? sheet->bars[bar + 1].unit : sheet->units;
  return end - sheet->bars[bar].unit;
}

typedef struct walk {
  const dt__score* score;
  const dt__sheet* sheet;
  dt__parts* parts;
  size_t bar;   /* of the sheet */
  int32_t left; /* units to its end */
  double ref;   /* of the step */
} walk;

static double first_stroke(const walk* w) {
  size_t i = 0;
  while (i + 1 < w->score->count && w->score->ref[i] < w->ref) {
    ++i;
  }
  return w->score->ref[i];
}

/* The first bar. Whoever comes in during its second half has a pick-up; before that, he has missed
 * what stands before. Bars before his first stroke he has not played. */
static dt_status come_in(walk* w, int32_t unit) {
  int32_t in = (unit + DT__LEAN) % w->sheet->units;
  w->bar = dt__sheet_bar_at(w->sheet, in);
  in -= w->sheet->bars[w->bar].unit;
  if (in + SLACK >= bar_units(w->sheet, w->bar)) {
    in -= bar_units(w->sheet, w->bar);
    w->bar = w->bar + 1 < w->sheet->bar_count ? w->bar + 1 : 0;
  }
  w->left = bar_units(w->sheet, w->bar) - in + DT__LEAN;
  const double first = first_stroke(w) + (double)SLACK / DT__UNITS;
  while (w->ref + (double)w->left / DT__UNITS <= first) {
    in -= bar_units(w->sheet, w->bar);
    w->bar = w->bar + 1 < w->sheet->bar_count ? w->bar + 1 : 0;
    w->left += bar_units(w->sheet, w->bar);
  }
  const bool pickup = 2 * in > bar_units(w->sheet, w->bar);
  w->parts->first_place = pickup ? (in - SLACK - 1) * DT__UNIT_TICKS : -DT__UNIT_TICKS;
  const double ref = w->ref + (double)(DT__LEAN - in) / DT__UNITS;
  return add_bar(w->parts, w->score, w->bar, ref, false);
}

static dt_status go_on(walk* w, int32_t units) {
  const int32_t ahead = w->left;
  int32_t crossed = ahead;
  for (w->left -= units; w->left <= 0; w->left += bar_units(w->sheet, w->bar)) {
    w->bar = w->bar + 1 < w->sheet->bar_count ? w->bar + 1 : 0;
    const dt_status status =
        add_bar(w->parts, w->score, w->bar, w->ref + (double)crossed / units, false);
    if (status != DT_OK) {
      return status;
    }
    crossed += bar_units(w->sheet, w->bar);
  }
  return DT_OK;
}

/* `unit` is where the step after the jump begins. */
static dt_status jump(walk* w, int32_t unit) {
  const int32_t at = (unit + DT__LEAN) % w->sheet->units;
  const size_t to = dt__sheet_bar_at(w->sheet, at);
  const int32_t in = at - w->sheet->bars[to].unit;
  const int32_t until = DT__UNITS + DT__LEAN - in; /* from here to the bar line */
  dt_status status = DT_OK;
  while (w->left < until && status == DT_OK) {
    w->bar = w->bar + 1 < w->sheet->bar_count ? w->bar + 1 : 0;
    status = add_bar(w->parts, w->score, w->bar, w->ref + (double)w->left / DT__UNITS, false);
    w->left += bar_units(w->sheet, w->bar);
  }
  const bool begun = w->left == until || w->parts->bar_count > 1;
  if (!begun) {
    w->parts->bar_count = 0;
  }
  w->bar = to;
  w->left = bar_units(w->sheet, to) - in + DT__LEAN;
  return status != DT_OK
             ? status
             : add_bar(w->parts, w->score, to, w->ref + (double)until / DT__UNITS, begun);
}

static dt_status walk_bars(walk* w, const dt__path* path) {
  const double start = (double)path->first_beat - (double)DT__LEAN / DT__UNITS;
  w->ref = start;
  dt_status status = come_in(w, path->unit[0]);
  for (size_t k = 1; k < path->count && status == DT_OK; ++k) {
    if (path->came[k] == DT__CAME_JUMPED) {
      status = jump(w, path->unit[k]);
    } else {
      status = go_on(w, DT__UNITS + path->came[k] - 2);
    }
    w->ref = start + (double)k;
  }
  const double last = (w->score->ref[w->score->count - 1] - w->ref) * DT__UNITS;
  if (status == DT_OK && last + SLACK >= w->left) {
    status = go_on(w, DT__UNITS);
  }
  return status;
}

/* A first bar begins where bars can; one that is nearly on the click's bar line is on it. */
dt_tick dt__first_tick(const dt__score* score, const dt__sheet* sheet, double ref) {
  const double ticks = ref * DT_TICKS_PER_QUARTER;
  const dt_tick bar = (dt_tick)dt__click_bar(score, sheet) * DT__UNIT_TICKS;
  if (bar > 0) {
    const double line = floor(ticks / (double)bar + 0.5) * (double)bar;
    if (fabs(ticks - line) < 0.3 * DT_TICKS_PER_QUARTER) {
      return (dt_tick)line;
    }
  }
  const double step = (double)dt__bar_step(sheet) * DT__UNIT_TICKS;
  return (dt_tick)(floor(ticks / step + 0.5) * step);
}

/* Straight ticks: counted on from the first bar, which with a click begins where the click has it.
 */
static void count_ticks(dt__parts* parts, const dt__score* score, const dt__sheet* sheet) {
  dt_tick tick = score->clicked ? dt__first_tick(score, sheet, parts->bars[0].ref) : 0;
  parts->first_place += tick;
  for (size_t b = 0; b < parts->bar_count; ++b) {
    parts->bars[b].tick = tick;
    tick += sheet->bars[parts->bars[b].sheet_bar].length;
  }
  parts->last_place = tick;
}

static double bar_slope(const dt__parts* parts, const dt__sheet* sheet, size_t b) {
  const size_t from = b + 1 < parts->bar_count || b == 0 ? b : b - 1;
  if (from + 1 >= parts->bar_count) {
    return 1.0 / DT_TICKS_PER_QUARTER;
  }
  return (parts->bars[from + 1].ref - parts->bars[from].ref) /
         (double)sheet->bars[parts->bars[from].sheet_bar].length;
}

/* Whoever ends on a bar's first beat has not missed the rest of the bar. */
static void find_end(dt__parts* parts, const dt__score* score, const dt__sheet* sheet) {
  const dt__played* last = &parts->bars[parts->bar_count - 1];
  const double slope = bar_slope(parts, sheet, parts->bar_count - 1);
  const double in = (score->ref[score->count - 1] - last->ref) / slope;
  if (parts->bar_count > 1 && in < 0.8 * DT_TICKS_PER_QUARTER) {
    parts->last_place = last->tick + (dt_tick)fmax(in, 0.0) + (SLACK + 1) * DT__UNIT_TICKS;
  }
}

static dt_tick strokes_of(const dt_chart_note* note) {
  return note->ornament == DT_ROLL && note->roll_step > 0 ? note->length / note->roll_step : 1;
}

static bool is_asked_for(const dt__parts* parts, dt_tick tick) {
  return tick >= parts->first_place && tick < parts->last_place;
}

typedef struct fills {
  int32_t span;
  int count;
  dt_tick last_tick; /* as written */
} fills;

/* A fill that is played again is another fill. */
static int count_fill(fills* f, int32_t span, dt_tick tick) {
  if (span >= 0 && (span != f->span || tick < f->last_tick)) {
    ++f->count;
  }
  f->span = span;
  f->last_tick = tick;
  return span >= 0 ? f->count - 1 : -1;
}

static void ask(dt__parts* parts, const dt__score* score, double origin, double ref, double slope,
                const dt_chart_note* note, dt_tick start) {
  const dt_chart* chart = score->chart;
  for (dt_tick s = 0; s < strokes_of(note); ++s) {
    const double in =
        dt_swing_tick(note->tick + s * note->roll_step, chart->swing_pair, chart->swing) -
        (double)start;
    if (parts->targets) {
      const dt__target target = {
          parts->event_count, origin + in, ref + in * slope, ref + in * slope, 0.5,
          note->drum,         (int)s,      SIZE_MAX};
      parts->targets[parts->target_count] = target;
    }
    ++parts->target_count;
  }
}

/* Counts, and writes where there is room. */
static void ask_all(dt__parts* parts, const dt__score* score, const dt__sheet* sheet) {
  fills f = {-1, 0, 0};
  parts->event_count = parts->target_count = 0;
  for (size_t b = 0; b < parts->bar_count; ++b) {
    const dt__played* played = &parts->bars[b];
    const dt__sheet_bar* bar = &sheet->bars[played->sheet_bar];
    const double slope = bar_slope(parts, sheet, b);
    if (played->jumped) {
      f.span = -1;
    }
    parts->bars[b].first_event = parts->event_count;
    for (size_t i = bar->first_note; i < bar->end_note; ++i) {
      const dt_chart_note* note = &score->chart->notes[i];
      const dt_tick tick = played->tick + note->tick - bar->written_tick;
      if (!is_asked_for(parts, tick) ||
          parts->target_count + (size_t)strokes_of(note) > EVENTS_MAX) {
        continue;
      }
      ask(parts, score, (double)played->tick, played->ref, slope, note, bar->written_tick);
      if (parts->events) {
        dt_event event;
        memset(&event, 0, sizeof(event));
        event.note = *note;
        event.note.tick = tick;
        event.written = i;
        event.bar = b;
        event.section = sheet->section[i];
        event.fill = count_fill(&f, sheet->fill[i], note->tick);
        event.fate = DT_FATE_MISSED;
        event.stroke = SIZE_MAX;
        parts->events[parts->event_count] = event;
      }
      ++parts->event_count;
    }
  }
}

static int by_place(const void* left, const void* right) {
  const dt__target* a = left;
  const dt__target* b = right;
  if (a->place != b->place) {
    return a->place < b->place ? -1 : 1;
  }
  if (a->event != b->event) {
    return a->event < b->event ? -1 : 1;
  }
  return a->order - b->order;
}

/* The reference's own tempo where each target stands. */
static void tempo_of_targets(dt__parts* parts, const dt__score* score) {
  size_t i = 0;
  for (size_t k = 0; k < parts->target_count; ++k) {
    while (i + 1 < score->count && score->ref[i + 1] <= parts->targets[k].ref) {
      ++i;
    }
    parts->targets[k].beat_s = score->beat_s[i];
  }
}

static dt_status make(dt__parts* parts, const dt__score* score, const dt__sheet* sheet,
                      const dt__path* path) {
  walk w = {score, sheet, parts, 0, 0, 0.0};
  const dt_status status = walk_bars(&w, path);
  if (status != DT_OK) {
    return status;
  }
  count_ticks(parts, score, sheet);
  find_end(parts, score, sheet);
  ask_all(parts, score, sheet);
  parts->event_room = parts->event_count;
  parts->target_room = parts->target_count;
  if (parts->event_count == 0) {
    return DT_OK;
  }
  parts->events = dt_alloc(score->allocator, parts->event_room * sizeof(*parts->events));
  parts->targets = dt_alloc(score->allocator, parts->target_room * sizeof(*parts->targets));
  if (!parts->events || !parts->targets) {
    return DT_NO_MEMORY;
  }
  ask_all(parts, score, sheet);
  qsort(parts->targets, parts->target_count, sizeof(*parts->targets), by_place);
  tempo_of_targets(parts, score);
  return DT_OK;
}

dt_status dt__parts_make(dt__parts* parts, const dt__score* score, const dt__sheet* sheet,
                         const dt__path* path) {
  memset(parts, 0, sizeof(*parts));
  const dt_status status = make(parts, score, sheet, path);
  if (status != DT_OK) {
    dt__parts_clear(parts, score->allocator);
  }
  return status;
}

void dt__parts_clear(dt__parts* parts, const dt_allocator* allocator) {
  dt_release(allocator, parts->bars, parts->bar_room * sizeof(*parts->bars));
  dt_release(allocator, parts->events, parts->event_room * sizeof(*parts->events));
  dt_release(allocator, parts->targets, parts->target_room * sizeof(*parts->targets));
  memset(parts, 0, sizeof(*parts));
}
