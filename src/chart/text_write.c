#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "text_internal.h"

#define LINE_CELLS 64

typedef struct writer {
  dt_sink sink;
  const dt_chart* chart;
  dt__layout layout;
  dt_tick step; /* what is set at this place of the text */
  dt_tick roll_step;
  dt_meter meter;
  double us_per_quarter;
  dt_status status;
} writer;

#define PUT(w, ...)                                                                                \
  ((w)->status = (w)->status == DT_OK ? dt_sink_printf((w)->sink, __VA_ARGS__) : (w)->status)

static void put_bytes(writer* w, const char* bytes, size_t size) {
  if (w->status == DT_OK)
    w->status = dt_sink_write(w->sink, bytes, size);
}

/* What the parser makes of a number with these decimals. */
static double rounded(double value, int decimals) {
  const double scale = pow(10, decimals);
  return nearbyint(value * scale) / scale;
}

/* Beats a minute where they say it exactly, or else microseconds a quarter. */
static void put_tempo(writer* w, double us) {
  const double bpm = 6e7 / us;
  for (int decimals = 0; decimals <= 3; decimals++)
    if (6e7 / rounded(bpm, decimals) == us && bpm < 1e6) {
      PUT(w, "tempo: %.*f", decimals, rounded(bpm, decimals));
      return;
    }
  if (us == nearbyint(us))
    PUT(w, "tempo: %.0f us", us);
  else
    PUT(w, "tempo: %.17g us", us);
}

static void put_swing(writer* w) {
  const double swing = w->chart->swing;
  const dt_tick pair = w->chart->swing_pair;
  char half[DURATION_TEXT_MAX];
  if (pair == 0) {
    PUT(w, "swing: never\n");
    return;
  }
  if (swing == 0.5 && pair == WHOLE_TICKS / 4)
    return;
  const double percent[2] = {rounded(swing * 100, 0), rounded(swing * 100, 1)};
  if (swing == 0.5)
    PUT(w, "swing: straight");
  else if (swing == 2.0 / 3.0)
    PUT(w, "swing: 2:1");
  else if (percent[0] / 100 == swing)
    PUT(w, "swing: %.0f%%", percent[0]);
  else if (percent[1] / 100 == swing)
    PUT(w, "swing: %.1f%%", percent[1]);
  else
    PUT(w, "swing: %.17g", swing);
  dt__duration_text(pair, half);
  if (pair == WHOLE_TICKS / 4)
    PUT(w, " eighths\n");
  else if (pair == WHOLE_TICKS / 8)
    PUT(w, " sixteenths\n");
  else
    PUT(w, " pairs %s\n", half);
}

static void put_duration(writer* w, const char* key, dt_tick ticks) {
  char text[DURATION_TEXT_MAX];
  dt__duration_text(ticks, text);
  PUT(w, "%s: %s\n", key, text);
}

static void put_order(writer* w) {
  const dt_chart* c = w->chart;
  if (w->layout.is_plain_order)
    return;
  PUT(w, "order:");
  for (size_t i = 0; i < c->order_count; i++) {
    const dt_chart_segment* s = &c->order[i];
    PUT(w, i > 0 ? ", %d" : " %d", s->first_bar + 1);
    if (s->bar_count > 1)
      PUT(w, "-%d", s->first_bar + s->bar_count);
    if (s->times > 1)
      PUT(w, " x%d", s->times);
  }
  PUT(w, "\n");
}

static void put_head(writer* w) {
  const dt_chart* c = w->chart;
  w->meter = c->map.meters[0].meter;
  w->us_per_quarter = c->map.tempi[0].us_per_quarter;
  w->step = c->step;
  if (c->name[0] != '\0')
    PUT(w, "name: %s\n", c->name);
  if (c->title[0] != '\0')
    PUT(w, "title: %s\n", c->title);
  if (c->tags[0] != '\0')
    PUT(w, "tags: %s\n", c->tags);
  put_tempo(w, w->us_per_quarter);
  PUT(w, "\nmeter: %d/%d\n", w->meter.numerator, w->meter.denominator);
  put_swing(w);
  put_duration(w, "step", c->step);
  put_order(w);
}

static bool is_word(const char* name, const char* word) {
  return dt__slice_is((dt__slice){name, name + strlen(name)}, word);
}

static void put_block_head(writer* w, const dt__layout_block* b) {
  const char* name = "";
  const char* what = "";
  if (b->fill >= 0) {
    name = w->chart->spans[b->fill].name;
    what = " fill";
  } else if (b->is_first) {
    name = w->chart->spans[b->section].name;
    what = is_word(name, "fill") || is_word(name, "-") ? " section" : "";
  } else if (b->section < 0) {
    name = "-";
  }
  PUT(w, "\n[%s]%s", name, what);
  if (b->times > 1)
    PUT(w, " x%d", b->times);
  PUT(w, "\n");
}

static void put_settings(writer* w, const dt__layout_system* s) {
  if (s->meter.numerator != w->meter.numerator || s->meter.denominator != w->meter.denominator)
    PUT(w, "meter: %d/%d\n", s->meter.numerator, s->meter.denominator);
  w->meter = s->meter;
  const dt_tempo_map* map = &w->chart->map;
  for (size_t i = 0; i < map->tempo_count; i++)
    if (map->tempi[i].tick == s->start && map->tempi[i].us_per_quarter != w->us_per_quarter) {
      w->us_per_quarter = map->tempi[i].us_per_quarter;
      put_tempo(w, w->us_per_quarter);
      PUT(w, "\n");
    }
  if (s->step != w->step)
    put_duration(w, "step", s->step);
  w->step = s->step;
  if (s->roll_step > 0 && s->roll_step != w->roll_step) {
    put_duration(w, "roll", s->roll_step);
    w->roll_step = s->roll_step;
  }
}

static void put_cells(writer* w, const dt__layout_system* s, const char* name, const char* cells) {
  PUT(w, "%-11s ", name);
  for (int cell = 0; cell < s->cell_count; cell += s->bar_cells) {
    PUT(w, "|");
    put_bytes(w, cells + cell, (size_t)s->bar_cells);
  }
  PUT(w, "|\n");
}

/* "2+3/16" */
static void put_place(writer* w, const dt__layout_system* s, dt_tick tick) {
  const dt_tick length = dt_meter_bar_ticks(s->meter);
  const dt_tick from = tick - s->start;
  char offset[DURATION_TEXT_MAX];
  PUT(w, "%d", (int)(from / length) + 1);
  if (from % length == 0)
    return;
  dt__duration_text(from % length, offset);
  PUT(w, "+%s", offset);
}

static void put_note(writer* w, const dt__layout_system* s, const dt_chart_note* n) {
  char text[DURATION_TEXT_MAX];
  PUT(w, "note %s at ", dt__text_drum_name(n->drum));
  put_place(w, s, n->tick);
  if (n->loud != DT_LOUD_NORMAL)
    PUT(w, n->loud == DT_LOUD_GHOST ? " ghost" : " accent");
  if (n->ornament == DT_FLAM || n->ornament == DT_DRAG)
    PUT(w, n->ornament == DT_FLAM ? " flam" : " drag");
  if (n->ornament == DT_ROLL) {
    dt__duration_text(n->length, text);
    PUT(w, " roll %s", text);
    if (n->roll_step > 0) {
      dt__duration_text(n->roll_step, text);
      PUT(w, " of %s", text);
    }
  }
  if (n->hand != ' ')
    PUT(w, " hand %c", n->hand);
  PUT(w, "\n");
}

/* Every hand of these bars can be said in one line that names no drum. */
static bool hands_are_plain(const dt_chart* c, const dt__layout_system* s) {
  for (size_t i = s->first_note; i < s->note_end;) {
    size_t end = i;
    size_t bearer = 0;
    int bearers = 0;
    for (; end < s->note_end && c->notes[end].tick == c->notes[i].tick; end++)
      if (c->notes[end].hand != ' ' && dt__layout_cell(s, &c->notes[end]) >= 0) {
        bearer = end;
        bearers++;
      }
    if (bearers > 1 || (bearers == 1 && dt__hand_target(c->notes + i, end - i,
                                                        c->notes[bearer].hand) != bearer - i))
      return false;
    i = end;
  }
  return true;
}

/* drum DT_DRUM_COUNT: of all drums. */
static void put_hands(writer* w, const dt__layout_system* s, dt_drum drum) {
  char cells[CELLS_MAX + 1];
  char name[32] = "hands";
  bool has_any = false;
  memset(cells, '-', sizeof cells);
  for (size_t i = s->first_note; i < s->note_end; i++) {
    const dt_chart_note* n = &w->chart->notes[i];
    const int cell = dt__layout_cell(s, n);
    if (cell < 0 || n->hand == ' ' || (drum != DT_DRUM_COUNT && n->drum != drum))
      continue;
    cells[cell] = n->hand;
    has_any = true;
  }
  if (!has_any)
    return;
  if (drum != DT_DRUM_COUNT) {
    strcat(name, " ");
    strcat(name, dt__text_drum_name(drum));
  }
  put_cells(w, s, name, cells);
}

static bool is_block_fill(const dt__layout_block* b, size_t span) {
  return b->fill >= 0 && (size_t)b->fill == span;
}

/* Nameless fills on the step are marked under the bars; false where there are none. */
static bool mark_fill(const dt__layout_system* s, const dt_chart_span* span, char* cells) {
  if (span->name[0] != '\0' || span->end > s->end || (span->start - s->start) % s->step != 0 ||
      (span->end - s->start) % s->step != 0)
    return false;
  const int from = (int)((span->start - s->start) / s->step);
  const int end = (int)((span->end - s->start) / s->step);
  for (int i = from; cells != NULL && i < end; i++)
    cells[i] = 'x';
  if (cells != NULL && from > 0 && cells[from - 1] != '-')
    cells[from] = 'X';
  return true;
}

static void put_fills(writer* w, const dt__layout_block* b, const dt__layout_system* s) {
  const dt_chart* c = w->chart;
  char cells[CELLS_MAX + 1];
  bool has_any = false;
  memset(cells, '-', sizeof cells);
  const size_t first = dt__layout_span_from(c, s->start);
  for (size_t i = first; i < c->span_count && c->spans[i].start < s->end; i++)
    if (c->spans[i].fill && !is_block_fill(b, i))
      has_any |= mark_fill(s, &c->spans[i], cells);
  if (has_any)
    put_cells(w, s, "fill", cells);
  for (size_t i = first; i < c->span_count && c->spans[i].start < s->end; i++) {
    const dt_chart_span* span = &c->spans[i];
    if (!span->fill || is_block_fill(b, i) || mark_fill(s, span, NULL))
      continue;
    PUT(w, "fill from ");
    put_place(w, s, span->start);
    PUT(w, " to ");
    put_place(w, s, span->end);
    PUT(w, "%s%s\n", span->name[0] != '\0' ? " " : "", span->name);
  }
}

static void put_tempi(writer* w, const dt__layout_system* s) {
  const dt_tempo_map* map = &w->chart->map;
  for (size_t i = 0; i < map->tempo_count; i++) {
    if (map->tempi[i].tick <= s->start || map->tempi[i].tick >= s->end)
      continue;
    w->us_per_quarter = map->tempi[i].us_per_quarter;
    put_tempo(w, w->us_per_quarter);
    PUT(w, " at ");
    put_place(w, s, map->tempi[i].tick);
    PUT(w, "\n");
  }
}

static void put_system(writer* w, const dt__layout_block* b, const dt__layout_system* s) {
  char cells[CELLS_MAX + 1];
  bool has_any = false;
  put_settings(w, s);
  for (size_t i = 0; i < DT_DRUM_COUNT; i++) {
    if (!dt__layout_cells(w->chart, s, dt__layout_drums[i], cells))
      continue;
    put_cells(w, s, dt__text_drum_name(dt__layout_drums[i]), cells);
    has_any = true;
  }
  if (!has_any) {
    memset(cells, '-', sizeof cells);
    put_cells(w, s, "rest", cells);
  }
  if (hands_are_plain(w->chart, s))
    put_hands(w, s, DT_DRUM_COUNT);
  else
    for (size_t i = 0; i < DT_DRUM_COUNT; i++)
      put_hands(w, s, dt__layout_drums[i]);
  for (size_t i = s->first_note; i < s->note_end; i++)
    if (dt__layout_cell(s, &w->chart->notes[i]) < 0)
      put_note(w, s, &w->chart->notes[i]);
  put_fills(w, b, s);
  put_tempi(w, s);
}

static void put_block(writer* w, const dt__layout_block* b) {
  for (int bar = b->first_bar; bar < b->bar_end && w->status == DT_OK;) {
    const dt__layout_system s = dt__layout_system_at(&w->layout, bar, b->bar_end, LINE_CELLS);
    if (bar > b->first_bar)
      PUT(w, "+\n");
    put_system(w, b, &s);
    bar = s.bar_end;
  }
}

dt_status dt_chart_write(const dt_chart* chart, dt_sink sink) {
  if (dt_chart_check(chart) != NULL)
    return DT_BAD_ARGUMENT;
  writer w = {
      .sink = sink, .chart = chart, .layout = dt__layout_of(chart), .roll_step = WHOLE_TICKS / 32};
  put_head(&w);
  dt__layout_block block = dt__layout_block_at(&w.layout, 0, NULL);
  const bool is_simple =
      block.bar_end == chart->bar_count && block.section < 0 && block.fill < 0 && block.times == 1;
  if (is_simple)
    PUT(&w, "\n");
  for (;;) {
    /* Without its bracket a first step other than the chart's would be taken for the chart's. */
    const bool is_bare =
        is_simple &&
        dt__layout_system_at(&w.layout, 0, block.bar_end, LINE_CELLS).step == chart->step;
    if (!is_bare)
      put_block_head(&w, &block);
    put_block(&w, &block);
    if (block.bar_end >= chart->bar_count || w.status != DT_OK)
      return w.status;
    block = dt__layout_block_at(&w.layout, block.bar_end, &block);
  }
}
