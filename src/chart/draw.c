#include <string.h>

#include "layout.h"
#include "text_internal.h"

#define NAME_COLUMNS 12 /* of a line, before its first bar line */

typedef struct drawing {
  dt_sink sink;
  const dt_chart* chart;
  const dt_chart_draw_options* options;
  dt__layout layout;
  dt_meter meter;
  dt_status status;
} drawing;

#define PUT(d, ...)                                                                                \
  ((d)->status = (d)->status == DT_OK ? dt_sink_printf((d)->sink, __VA_ARGS__) : (d)->status)

static const char* color(const drawing* d, const char* code) {
  return d->options->color ? code : "";
}

#define BOLD(d)  color(d, "\x1b[1m")
#define DIM(d)   color(d, "\x1b[2m")
#define PLAIN(d) color(d, "\x1b[0m")

static const char* bar_line(const drawing* d) {
  return d->options->utf8 ? "\xE2\x94\x82" : "|"; /* U+2502 */
}

static const char* dot(const drawing* d) {
  return d->options->utf8 ? " \xC2\xB7 " : ", ";
}

/* A line of items, a dot between them, that goes on below where the page ends. */
typedef struct item {
  char text[128];
  size_t size;
} item;

static dt_status write_item(void* ctx, const void* bytes, size_t size) {
  item* it = ctx;
  const size_t room = sizeof it->text - 1 - it->size;
  memcpy(it->text + it->size, bytes, size < room ? size : room);
  it->size += size < room ? size : room;
  it->text[it->size] = '\0';
  return DT_OK;
}

#define ADD(it, ...) ((void)!dt_sink_printf((dt_sink){write_item, it}, __VA_ARGS__))

static void put_item(drawing* d, int* column, const item* it) {
  const int between = *column > 0 ? (d->options->utf8 ? 3 : 2) : 0;
  int width = 0;
  for (const char* c = it->text; *c != '\0'; c++)
    width += ((unsigned char)*c & 0xC0) != 0x80;
  if (width == 0)
    return;
  const bool is_below = *column > 0 && *column + between + width > d->options->columns;
  PUT(d, "%s%s", is_below ? "\n" : between > 0 ? dot(d) : "", it->text);
  *column = is_below ? width : *column + between + width;
}

/* A drummer's word for what swings; NULL for what has none. */
static const char* swing_level(dt_tick pair) {
  return pair == WHOLE_TICKS / 4 ? "eighths" : pair == WHOLE_TICKS / 8 ? "sixteenths" : "pairs";
}

static item swing_item(const dt_chart* c) {
  item it = {.size = 0};
  if (c->swing == 2.0 / 3.0)
    ADD(&it, "swing 2:1 (%s)", swing_level(c->swing_pair));
  else if (c->swing > 0.5)
    ADD(&it, "swing %.0f%% (%s)", c->swing * 100, swing_level(c->swing_pair));
  return it;
}

/* A change to what it is already is none. */
static bool tempo_moves(const dt_chart* c) {
  for (size_t i = 1; i < c->map.tempo_count; i++)
    if (c->map.tempi[i].us_per_quarter != c->map.tempi[0].us_per_quarter)
      return true;
  return false;
}

static item tempo_item(const dt_chart* c, dt_tick tick) {
  item it = {.size = 0};
  const double bpm = dt_tempo_map_bpm(&c->map, (double)tick);
  const dt_tick beat = dt_meter_beat_ticks(dt_tempo_map_meter(&c->map, (double)tick));
  ADD(&it, "%.4g bpm", bpm);
  if (beat == 3 * DT_TICKS_PER_QUARTER / 2)
    ADD(&it, " (dotted %.4g)", bpm * DT_TICKS_PER_QUARTER / (double)beat);
  return it;
}

static void put_head(drawing* d) {
  const dt_chart* c = d->chart;
  const char* title = c->title[0] != '\0' ? c->title : c->name[0] != '\0' ? c->name : "Untitled";
  PUT(d, "%s%s%s", BOLD(d), title, PLAIN(d));
  if (c->name[0] != '\0' && title != c->name)
    PUT(d, "  (%s)", c->name);
  PUT(d, "\n");
  int column = 0;
  const long played = (long)dt_chart_played_bars(c);
  item meter = {.size = 0};
  item bars = {.size = 0};
  item tags = {.size = 0};
  d->meter = c->map.meters[0].meter;
  ADD(&meter, "%d/%d", d->meter.numerator, d->meter.denominator);
  ADD(&bars, "%ld bar%s", played, played == 1 ? "" : "s");
  ADD(&tags, "%s", c->tags);
  item tempo = tempo_item(c, 0);
  if (tempo_moves(c))
    ADD(&tempo, " at first");
  const item swing = swing_item(c);
  const item* const items[] = {&meter, &tempo, &swing, &bars, &tags};
  for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
    put_item(d, &column, items[i]);
  PUT(d, "\n");
}

static void put_order(drawing* d) {
  const dt_chart* c = d->chart;
  if (d->layout.is_plain_order)
    return;
  PUT(d, "Order: bars");
  size_t columns = 11;
  for (size_t i = 0; i < c->order_count; i++) {
    const dt_chart_segment* s = &c->order[i];
    if (columns + 16 > (size_t)d->options->columns) {
      PUT(d, "\n           ");
      columns = 11;
    }
    columns += 14;
    PUT(d, " %d", s->first_bar + 1);
    if (s->bar_count > 1)
      PUT(d, "-%d", s->first_bar + s->bar_count);
    if (s->times > 1)
      PUT(d, " x%d", s->times);
    PUT(d, "%s", i + 1 < c->order_count ? "," : "");
  }
  PUT(d, "\n");
}

static void put_block_head(drawing* d, const dt__layout_block* b) {
  PUT(d, "\n");
  const dt_chart_span* spans = d->chart->spans;
  const bool is_named = b->fill >= 0 || b->is_first;
  if (b->fill >= 0)
    PUT(d, "%s%s%s%s", BOLD(d), spans[b->fill].name[0] != '\0' ? spans[b->fill].name : "Fill",
        spans[b->fill].name[0] != '\0' ? " (fill)" : "", PLAIN(d));
  else if (b->is_first)
    PUT(d, "%s%s%s", BOLD(d), spans[b->section].name, PLAIN(d));
  if (b->times > 1)
    PUT(d, "%splay %d times", is_named ? dot(d) : "", b->times);
  if (is_named || b->times > 1)
    PUT(d, "\n");
}

static void put_name(drawing* d, const char* name) {
  PUT(d, "  %-*s", NAME_COLUMNS - 2, name);
}

/* What a cell of the counting line says: the beat's number, & for its half, + for the quarters;
 * each where the step reaches it. */
static char count_of(const dt__layout_system* s, dt_tick inside) {
  const dt_tick beat = dt_meter_beat_ticks(s->meter);
  const dt_tick from = inside % beat;
  if (from == 0) {
    const dt_tick number = inside / beat + 1;
    return (char)(number < 10 ? '0' + number : '0' + number % 10);
  }
  if (beat % 3 == 0 && from % (beat / 3) == 0)
    return '+';
  if (beat % 2 == 0 && from == beat / 2)
    return '&';
  return ' ';
}

/* Cells of one line of a system: all of them, or a piece of a bar too wide for the page. */
typedef struct piece {
  int from;
  int end;
} piece;

/* A line without bar lines, but with room for them. */
static void put_beside(drawing* d, const dt__layout_system* s, piece part, const char* cells) {
  int end = part.end;
  while (end > part.from && cells[end - 1] == ' ')
    end--;
  for (int cell = part.from; cell < end; cell++)
    PUT(d, cell == part.from || cell % s->bar_cells == 0 ? " %c" : "%c", cells[cell]);
  PUT(d, "%s\n", PLAIN(d));
}

static void put_count(drawing* d, const dt__layout_system* s, piece part) {
  char cells[CELLS_MAX + 1];
  for (int cell = 0; cell < s->cell_count; cell++)
    cells[cell] = count_of(s, cell % s->bar_cells * s->step);
  put_name(d, "");
  PUT(d, "%s", DIM(d));
  put_beside(d, s, part, cells);
}

static void put_cell(drawing* d, char c) {
  const bool is_accent = c >= 'A' && c <= 'Z';
  if (c == '-')
    PUT(d, "%s%s%s", DIM(d), d->options->utf8 ? "\xC2\xB7" : "-", PLAIN(d));
  else if (is_accent)
    PUT(d, "%s%c%s", BOLD(d), c, PLAIN(d));
  else
    PUT(d, "%c", c);
}

static void put_cells(drawing* d, const dt__layout_system* s, piece part, const char* name,
                      const char* cells) {
  put_name(d, name);
  for (int cell = part.from; cell < part.end; cell++) {
    if (cell == part.from || cell % s->bar_cells == 0)
      PUT(d, "%s", bar_line(d));
    put_cell(d, cells[cell]);
  }
  PUT(d, "%s\n", bar_line(d));
}

/* The hands of a drum, or of all that one line can hold (drum DT_DRUM_COUNT): where two hands
 * strike at once, those of the drum lower on the page stand. */
static void put_hands(drawing* d, const dt__layout_system* s, piece part) {
  char cells[CELLS_MAX + 1];
  bool has_any = false;
  memset(cells, ' ', sizeof cells);
  for (size_t i = s->first_note; i < s->note_end; i++) {
    const dt_chart_note* n = &d->chart->notes[i];
    const int cell = dt__layout_cell(s, n);
    if (cell < 0 || n->hand == ' ')
      continue;
    if (cells[cell] == ' ' || n->drum == DT_SNARE)
      cells[cell] = n->hand;
    has_any = true;
  }
  if (!has_any)
    return;
  put_name(d, "hands");
  put_beside(d, s, part, cells);
}

static void put_fills(drawing* d, const dt__layout_block* b, const dt__layout_system* s,
                      piece part) {
  char cells[CELLS_MAX + 1];
  bool has_any = false;
  memset(cells, ' ', sizeof cells);
  for (size_t i = 0; i < d->chart->span_count; i++) {
    const dt_chart_span* span = &d->chart->spans[i];
    if (!span->fill || (int)i == b->fill || span->end <= s->start || span->start >= s->end)
      continue;
    for (int cell = 0; cell < s->cell_count; cell++) {
      const dt_tick tick = s->start + cell * s->step;
      if (tick < span->start || tick >= span->end)
        continue;
      cells[cell] = '=';
      has_any = true;
    }
  }
  if (!has_any)
    return;
  put_name(d, "fill");
  put_beside(d, s, part, cells);
}

/* Notes that stand between the steps are told, not drawn. */
static void put_rest(drawing* d, const dt__layout_system* s) {
  int count = 0;
  for (size_t i = s->first_note; i < s->note_end; i++)
    count += dt__layout_cell(s, &d->chart->notes[i]) < 0;
  if (count > 0)
    PUT(d, "  and %d note%s that the steps cannot show\n", count, count == 1 ? "" : "s");
}

static void put_changes(drawing* d, const dt__layout_system* s) {
  const bool is_new_meter =
      s->meter.numerator != d->meter.numerator || s->meter.denominator != d->meter.denominator;
  d->meter = s->meter;
  if (is_new_meter)
    PUT(d, "  %d/%d\n", s->meter.numerator, s->meter.denominator);
  for (size_t i = 1; tempo_moves(d->chart) && i < d->chart->map.tempo_count; i++) {
    const dt_tick tick = d->chart->map.tempi[i].tick;
    if (tick < s->start || tick >= s->end)
      continue;
    const item tempo = tempo_item(d->chart, tick);
    PUT(d, "  %s from bar %d\n", tempo.text, dt_chart_bar_at(d->chart, tick) + 1);
  }
}

static void put_piece(drawing* d, const dt__layout_block* b, const dt__layout_system* s,
                      piece part) {
  char cells[CELLS_MAX + 1];
  bool has_any = false;
  put_count(d, s, part);
  for (size_t i = 0; i < DT_DRUM_COUNT; i++) {
    if (!dt__layout_cells(d->chart, s, dt__layout_drums[i], cells))
      continue;
    put_cells(d, s, part, dt__text_drum_name(dt__layout_drums[i]), cells);
    has_any = true;
  }
  if (!has_any) {
    memset(cells, '-', sizeof cells);
    put_cells(d, s, part, "rest", cells);
  }
  put_hands(d, s, part);
  put_fills(d, b, s, part);
}

static int room_of(const drawing* d) {
  return d->options->columns - NAME_COLUMNS - 2;
}

/* A bar too wide for the page goes on below, from a beat. */
static void put_system(drawing* d, const dt__layout_block* b, const dt__layout_system* s) {
  const int room = room_of(d);
  const dt_tick beat = dt_meter_beat_ticks(s->meter);
  const int beat_cells = beat % s->step == 0 ? (int)(beat / s->step) : 1;
  const int whole = beat_cells <= room ? room / beat_cells * beat_cells : room;
  const bool is_wide = s->cell_count > room && s->bar_end == s->first_bar + 1;
  const int step = is_wide ? whole : s->cell_count;
  put_changes(d, s);
  for (int from = 0; from < s->cell_count; from += step) {
    if (from > 0)
      PUT(d, "\n");
    put_piece(d, b, s, (piece){from, from + step < s->cell_count ? from + step : s->cell_count});
  }
  put_rest(d, s);
}

/* The bars of one line: all that are left where they fit, else 4 or 2 or 1, as they are counted. */
static dt__layout_system fit_system(const drawing* d, int bar, int bar_end) {
  const int room = room_of(d);
  dt__layout_system s = dt__layout_system_at(&d->layout, bar, bar_end, room);
  while (s.bar_end > bar + 1 && s.cell_count + (s.bar_end - bar) > room + 1)
    s = dt__layout_system_at(&d->layout, bar, s.bar_end - 1, room);
  int bars = 1;
  while (2 * bars <= s.bar_end - bar)
    bars *= 2;
  return s.bar_end < bar_end ? dt__layout_system_at(&d->layout, bar, bar + bars, room) : s;
}

static void put_block(drawing* d, const dt__layout_block* b) {
  put_block_head(d, b);
  for (int bar = b->first_bar; bar < b->bar_end && d->status == DT_OK;) {
    const dt__layout_system s = fit_system(d, bar, b->bar_end);
    if (bar > b->first_bar)
      PUT(d, "\n");
    put_system(d, b, &s);
    bar = s.bar_end;
  }
}

dt_status dt_chart_draw(const dt_chart* chart, const dt_chart_draw_options* options, dt_sink sink) {
  if (options->columns < 40 || dt_chart_check(chart) != NULL)
    return DT_BAD_ARGUMENT;
  drawing d = {.sink = sink, .chart = chart, .options = options, .layout = dt__layout_of(chart)};
  put_head(&d);
  put_order(&d);
  dt__layout_block block = dt__layout_block_at(&d.layout, 0, NULL);
  put_block(&d, &block);
  while (block.bar_end < chart->bar_count && d.status == DT_OK) {
    block = dt__layout_block_at(&d.layout, block.bar_end, &block);
    put_block(&d, &block);
  }
  return d.status;
}
