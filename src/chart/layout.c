#include "layout.h"

#include <string.h>

const dt_drum dt__layout_drums[DT_DRUM_COUNT] = {
    DT_CRASH,      DT_SPLASH,  DT_CHINA,      DT_RIDE,        DT_RIDE_BELL, DT_HIHAT_CLOSED,
    DT_HIHAT_OPEN, DT_HIHAT,   DT_COWBELL,    DT_TAMBOURINE,  DT_CLAP,      DT_DRUM_OTHER,
    DT_TOM_HIGH,   DT_TOM_MID, DT_SNARE,      DT_CROSS_STICK, DT_RIMSHOT,   DT_SNARE_BRUSH,
    DT_TOM_LOW,    DT_KICK,    DT_HIHAT_PEDAL};

size_t dt__layout_span_from(const dt_chart* chart, dt_tick tick) {
  size_t low = 0;
  size_t high = chart->span_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (chart->spans[at].start < tick)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

size_t dt__layout_note_from(const dt_chart* chart, dt_tick tick) {
  size_t low = 0;
  size_t high = chart->note_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (chart->notes[at].tick < tick)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

/* A section begins or ends inside these bars. */
static bool is_crossed(const dt_chart* chart, const dt_chart_segment* segment) {
  const dt_tick start = dt_chart_bar_tick(chart, segment->first_bar);
  const dt_tick end = dt_chart_bar_tick(chart, segment->first_bar + segment->bar_count);
  for (size_t i = 0; i < chart->span_count && chart->spans[i].start < end; i++) {
    const dt_chart_span* s = &chart->spans[i];
    if (!s->fill && (s->start > start || (s->end > start && s->end < end)))
      return true;
  }
  return false;
}

dt__layout dt__layout_of(const dt_chart* chart) {
  dt__layout layout = {chart, true};
  int bar = 0;
  for (size_t i = 0; i < chart->order_count && layout.is_plain_order; i++) {
    const dt_chart_segment* s = &chart->order[i];
    layout.is_plain_order = s->first_bar == bar && (s->times == 1 || !is_crossed(chart, s));
    bar += s->bar_count;
  }
  if (chart->order_count > 0 && bar != chart->bar_count)
    layout.is_plain_order = false;
  return layout;
}

/* The last section that begins at or before a tick and goes on there, or -1. */
static int section_at(const dt_chart* chart, dt_tick tick) {
  for (size_t i = dt__layout_span_from(chart, tick + 1); i-- > 0;)
    if (!chart->spans[i].fill)
      return chart->spans[i].end > tick ? (int)i : -1;
  return -1;
}

/* The bar that begins at a tick; -1 where none does. */
static int bar_from(const dt_chart* chart, dt_tick tick) {
  if (tick == dt__chart_end(chart))
    return chart->bar_count;
  const int bar = dt_chart_bar_at(chart, tick);
  return dt_chart_bar_tick(chart, bar) == tick ? bar : -1;
}

/* A fill that is whole bars before `limit`. */
static bool is_whole(const dt_chart* chart, const dt_chart_span* span, int limit) {
  return span->fill && bar_from(chart, span->start) >= 0 && bar_from(chart, span->end) > 0 &&
         bar_from(chart, span->end) <= limit;
}

static int section_limit(const dt_chart* chart, int section, dt_tick tick) {
  if (section >= 0)
    return bar_from(chart, chart->spans[section].end);
  for (size_t i = dt__layout_span_from(chart, tick); i < chart->span_count; i++)
    if (!chart->spans[i].fill)
      return bar_from(chart, chart->spans[i].start);
  return chart->bar_count;
}

dt__layout_block dt__layout_block_at(const dt__layout* layout, int first_bar,
                                     const dt__layout_block* before) {
  const dt_chart* chart = layout->chart;
  const dt_tick tick = dt_chart_bar_tick(chart, first_bar);
  dt__layout_block b = {.first_bar = first_bar, .times = 1, .fill = -1};
  b.section = section_at(chart, tick);
  b.is_first = b.section >= 0 && chart->spans[b.section].start == tick;
  b.is_apart = b.section < 0 && before != NULL && before->section >= 0;
  b.bar_end = section_limit(chart, b.section, tick);
  int bar = 0;
  for (size_t i = 0; layout->is_plain_order && i < chart->order_count; i++) {
    bar += chart->order[i].bar_count;
    if (bar <= first_bar)
      continue;
    b.bar_end = bar < b.bar_end ? bar : b.bar_end;
    b.times = chart->order[i].times;
    break;
  }
  for (size_t i = dt__layout_span_from(chart, tick); i < chart->span_count; i++) {
    const dt_chart_span* span = &chart->spans[i];
    const int start = bar_from(chart, span->start);
    if (start >= b.bar_end || span->start >= dt_chart_bar_tick(chart, b.bar_end))
      break;
    if (!is_whole(chart, span, b.bar_end))
      continue;
    const int end = bar_from(chart, span->end);
    const bool fits = b.times == 1 || (start == first_bar && end == b.bar_end);
    if (!fits || (start == first_bar && (b.is_first || b.is_apart)))
      continue;
    b.fill = start == first_bar ? (int)i : -1;
    b.bar_end = start == first_bar ? end : start;
    break;
  }
  return b;
}

char dt__layout_char(const dt__layout_system* system, const dt_chart_note* note) {
  static const char chars[4][4] = {"gxX", "\0fF", "\0dD", "\0rR"};
  if (note->ornament == DT_ROLL && note->roll_step == 0)
    return note->loud == DT_LOUD_GHOST ? '\0' : note->loud == DT_LOUD_ACCENT ? 'Z' : 'z';
  if (note->ornament == DT_ROLL && note->roll_step != system->roll_step)
    return '\0';
  return chars[note->ornament][note->loud];
}

int dt__layout_cell(const dt__layout_system* system, const dt_chart_note* note) {
  const dt_tick from = note->tick - system->start;
  if (from % system->step != 0 || note->length % system->step != 0 ||
      note->tick + note->length > system->end || dt__layout_char(system, note) == '\0')
    return -1;
  return (int)(from / system->step);
}

/* How many notes of a bar do not stand on a step. */
static int misfits(const dt_chart* chart, dt_tick start, dt_tick end, dt_tick step) {
  int count = 0;
  for (size_t i = dt__layout_note_from(chart, start);
       i < chart->note_count && chart->notes[i].tick < end; i++)
    count += (chart->notes[i].tick - start) % step != 0 || chart->notes[i].length % step != 0;
  return count;
}

#define OWN_CELLS_MAX   192 /* of a bar, in the chart's own step */
#define OTHER_CELLS_MAX 64  /* and in another: beyond, notes are better said one by one */

/* The chart's own step, or, where notes of the bar do not stand on it, the widest of the usual ones
 * on which most do. */
static dt_tick choose_step(const dt_chart* chart, dt_tick start, dt_tick end) {
  static const dt_tick steps[] = {960, 640, 480, 320, 240, 192, 160, 120, 96, 80, 60};
  const dt_tick length = end - start;
  const bool is_own = length % chart->step == 0 && length / chart->step <= OWN_CELLS_MAX;
  int least = is_own ? misfits(chart, start, end, chart->step) : -1;
  dt_tick best = chart->step;
  for (size_t i = 0; i < sizeof steps / sizeof *steps && least != 0; i++) {
    if (length % steps[i] != 0 || (length / steps[i] > OTHER_CELLS_MAX && least >= 0))
      continue;
    const int count = misfits(chart, start, end, steps[i]);
    if (least >= 0 && count >= least)
      continue;
    least = count;
    best = steps[i];
  }
  return best;
}

static bool tempo_changes_at(const dt_chart* chart, dt_tick tick) {
  size_t low = 0;
  size_t high = chart->map.tempo_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (chart->map.tempi[at].tick < tick)
      low = at + 1;
    else
      high = at;
  }
  return low < chart->map.tempo_count && chart->map.tempi[low].tick == tick;
}

dt__layout_system dt__layout_system_at(const dt__layout* layout, int first_bar, int bar_end,
                                       int max_cells) {
  const dt_chart* chart = layout->chart;
  dt__layout_system s = {.first_bar = first_bar, .bar_end = first_bar + 1};
  s.start = dt_chart_bar_tick(chart, first_bar);
  s.meter = dt_tempo_map_meter(&chart->map, (double)s.start);
  const dt_tick length = dt_meter_bar_ticks(s.meter);
  s.end = s.start + length;
  s.step = choose_step(chart, s.start, s.end);
  s.bar_cells = (int)(length / s.step);
  s.cell_count = s.bar_cells;
  while (s.bar_end < bar_end && s.cell_count + s.bar_cells <= max_cells) {
    const dt_meter meter = dt_tempo_map_meter(&chart->map, (double)s.end);
    if (meter.numerator != s.meter.numerator || meter.denominator != s.meter.denominator ||
        choose_step(chart, s.end, s.end + length) != s.step || tempo_changes_at(chart, s.end))
      break;
    s.bar_end++;
    s.end += length;
    s.cell_count += s.bar_cells;
  }
  s.first_note = dt__layout_note_from(chart, s.start);
  s.note_end = s.first_note;
  for (; s.note_end < chart->note_count && chart->notes[s.note_end].tick < s.end; s.note_end++)
    if (s.roll_step == 0 && chart->notes[s.note_end].ornament == DT_ROLL)
      s.roll_step = chart->notes[s.note_end].roll_step;
  return s;
}

static bool set_cells(const dt_chart* chart, const dt__layout_system* system, dt_drum drum,
                      char* cells) {
  bool has_any = false;
  for (size_t i = system->first_note; i < system->note_end; i++) {
    const dt_chart_note* note = &chart->notes[i];
    const int cell = note->drum == drum ? dt__layout_cell(system, note) : -1;
    if (cell < 0)
      continue;
    has_any = true;
    cells[cell] = dt__layout_char(system, note);
    for (int more = 1; more < note->length / system->step; more++)
      cells[cell + more] = '~';
  }
  return has_any;
}

bool dt__layout_merges_open(const dt_chart* chart, const dt__layout_system* system) {
  char closed[CELLS_MAX + 1];
  memset(closed, '-', sizeof closed);
  (void)set_cells(chart, system, DT_HIHAT_CLOSED, closed);
  for (size_t i = system->first_note; i < system->note_end; i++) {
    const dt_chart_note* note = &chart->notes[i];
    const int cell = note->drum == DT_HIHAT_OPEN ? dt__layout_cell(system, note) : -1;
    if (cell >= 0 &&
        (note->ornament != DT_PLAIN || note->loud == DT_LOUD_GHOST || closed[cell] != '-'))
      return false;
  }
  return true;
}

bool dt__layout_cells(const dt_chart* chart, const dt__layout_system* system, dt_drum drum,
                      char cells[CELLS_MAX + 1]) {
  memset(cells, '-', (size_t)system->cell_count);
  cells[system->cell_count] = '\0';
  const bool is_hihat = drum == DT_HIHAT_CLOSED || drum == DT_HIHAT_OPEN;
  const bool merges = is_hihat && dt__layout_merges_open(chart, system);
  if (merges && drum == DT_HIHAT_OPEN)
    return false;
  bool has_any = false;
  if (merges) {
    has_any = set_cells(chart, system, DT_HIHAT_OPEN, cells);
    for (int i = 0; i < system->cell_count; i++)
      cells[i] = cells[i] == 'x' ? 'o' : cells[i] == 'X' ? 'O' : cells[i];
  }
  return set_cells(chart, system, drum, cells) || has_any;
}
