#include <string.h>

#include "text_internal.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

int dt__text_count_bars(const dt__text_line* line) {
  int bars = 0;
  bool is_inside = false;
  for (const char* c = line->cells.at; c < line->cells.end && *c != '#'; c++) {
    if (is_blank(*c))
      continue;
    bars += *c != '|' && !is_inside;
    is_inside = *c != '|';
  }
  return bars;
}

/* A walk along a line, bar after bar. */
typedef struct bar_walk {
  dt__text_parser* p;
  const dt__text_line* line;
  dt__cell_fn call;
  int steps;
  int bar;
  dt__slice before; /* the bar before, for % */
} bar_walk;

static dt_status wrong_length(const bar_walk* w, const char* at, int found) {
  char step[DURATION_TEXT_MAX];
  dt__duration_text(w->p->step, step);
  return FAIL_AT(w->p, at, "Bar %d of %s %s after step %d; a bar of %d/%d has %d of %s", w->bar + 1,
                 dt__text_quote(w->line->name).text, found > w->steps ? "goes on" : "ends",
                 found > w->steps ? w->steps : found, w->p->meter.numerator,
                 w->p->meter.denominator, w->steps, step);
}

static dt_status walk_bar(bar_walk* w, dt__slice cells) {
  const dt_tick start = w->p->system_tick + w->bar * dt_meter_bar_ticks(w->p->meter);
  int step = 0;
  for (const char* c = cells.at; c < cells.end; c++) {
    if (is_blank(*c))
      continue;
    if (step >= w->steps)
      return wrong_length(w, c, step + 1);
    const dt_tick tick = start + step++ * w->p->step;
    const dt_status status = w->call(w->p, w->line, tick, c);
    if (status != DT_OK)
      return status;
  }
  return step < w->steps ? wrong_length(w, cells.end, step) : DT_OK;
}

static bool is_again(dt__slice cells) {
  cells = dt__trimmed(cells);
  return cells.end - cells.at == 1 && *cells.at == '%';
}

dt_status dt__text_each_cell(dt__text_parser* p, const dt__text_line* line, dt__cell_fn call) {
  bar_walk w = {
      .p = p, .line = line, .call = call, .steps = (int)(dt_meter_bar_ticks(p->meter) / p->step)};
  const char* at = line->cells.at;
  const char* end = line->cells.at;
  while (end < line->cells.end && *end != '#')
    end++;
  while (at < end) {
    dt__slice cells = {at, at};
    while (cells.end < end && *cells.end != '|')
      cells.end++;
    at = cells.end + 1;
    if (dt__trimmed(cells).at == dt__trimmed(cells).end) {
      if (cells.end < end)
        return FAIL_SAY(p, cells.end,
                        "A bar is empty; write - for each rest, or % for the bar "
                        "before once more");
      break;
    }
    if (!is_again(cells))
      w.before = cells;
    else if (w.before.at == NULL)
      return FAIL_SAY(p, dt__trimmed(cells).at,
                      "% plays the bar before again, but this is the first");
    const dt_status status = walk_bar(&w, w.before);
    if (status != DT_OK)
      return status;
    w.bar++;
  }
  return DT_OK;
}

/* A roll that went on to here is one note. */
static dt_status end_roll(dt__text_parser* p) {
  const dt_chart_note roll = p->rolling;
  if (roll.ornament != DT_ROLL)
    return DT_OK;
  p->rolling.ornament = DT_PLAIN;
  if (roll.roll_step > 0 && roll.length % roll.roll_step != 0) {
    char length[DURATION_TEXT_MAX];
    char step[DURATION_TEXT_MAX];
    dt__duration_text(roll.length, length);
    dt__duration_text(roll.roll_step, step);
    return FAIL_AT(p, p->rolling_at,
                   "A roll of %s is no whole number of strokes of %s; set roll: or write z for a "
                   "buzz",
                   length, step);
  }
  return dt__text_emit(p, &roll, p->rolling_at);
}

static bool has_open(dt_drum drum) {
  return drum == DT_HIHAT_CLOSED || drum == DT_HIHAT || drum == DT_HIHAT_OPEN;
}

static dt_status drum_cell(dt__text_parser* p, const dt__text_line* line, dt_tick tick,
                           const char* at) {
  const char c = *at;
  dt_chart_note note = {.tick = tick, .drum = line->drum, .loud = DT_LOUD_NORMAL, .hand = ' '};
  if (c == '~' && p->rolling.ornament == DT_ROLL) {
    p->rolling.length += p->step;
    return DT_OK;
  }
  const dt_status status = end_roll(p);
  if (status != DT_OK || c == '-' || c == '.')
    return status;
  if (line->kind == DT__LINE_REST)
    return FAIL_SAY(p, at, "A line of rests holds only -");
  if (c == 'X' || c == 'O' || c == 'F' || c == 'D' || c == 'R' || c == 'Z')
    note.loud = DT_LOUD_ACCENT;
  switch (c) {
  case 'x':
  case 'X':
    break;
  case 'g':
    note.loud = DT_LOUD_GHOST;
    break;
  case 'o':
  case 'O':
    if (!has_open(line->drum))
      return FAIL_AT(p, at, "%c is an open hi-hat; on this line write %s", c, c == 'o' ? "x" : "X");
    note.drum = DT_HIHAT_OPEN;
    break;
  case 'f':
  case 'F':
    note.ornament = DT_FLAM;
    break;
  case 'd':
  case 'D':
    note.ornament = DT_DRAG;
    break;
  case 'r':
  case 'R':
  case 'z':
  case 'Z':
    note.ornament = DT_ROLL;
    note.length = p->step;
    note.roll_step = c == 'r' || c == 'R' ? p->roll_step : 0;
    p->rolling = note;
    p->rolling_at = at;
    return DT_OK;
  case '~':
    return FAIL_SAY(p, at, "~ goes on with a roll, but none begins before it; write r or z first");
  default:
    return FAIL_AT(
        p, at,
        "\"%s\" is no stroke; write x, X (accent), g (ghost), o (open), f (flam), d (drag), "
        "r or z (rolls), ~ or -",
        dt__text_quote((dt__slice){at, at + dt__chart_utf8(at, (size_t)(p->end - at))}).text);
  }
  return dt__text_emit(p, &note, at);
}

dt_status dt__text_drum_line(dt__text_parser* p, const dt__text_line* line) {
  p->rolling.ornament = DT_PLAIN;
  const dt_status status = dt__text_each_cell(p, line, drum_cell);
  return status == DT_OK ? end_roll(p) : status;
}

static dt_status end_fill(dt__text_parser* p, dt_tick end) {
  const dt_tick start = p->fill_from;
  p->fill_from = -1;
  return start < 0 ? DT_OK : dt__text_fill(p, start, end, (dt__slice){p->end, p->end}, p->fill_at);
}

static dt_status fill_cell(dt__text_parser* p, const dt__text_line* line, dt_tick tick,
                           const char* at) {
  (void)line;
  if (strchr("xX-.", *at) == NULL || *at == '\0')
    return FAIL_SAY(p, at,
                    "A fill is marked with x, one that begins right after another with X, and "
                    "- elsewhere");
  dt_status status = DT_OK;
  if (*at != 'x')
    status = end_fill(p, tick);
  if (p->fill_from < 0 && (*at == 'x' || *at == 'X')) {
    p->fill_from = tick;
    p->fill_at = at;
  }
  return status;
}

dt_status dt__text_fill_cells(dt__text_parser* p, const dt__text_line* line) {
  p->fill_from = -1;
  const dt_status status = dt__text_each_cell(p, line, fill_cell);
  const dt_tick end = p->system_tick + p->system_bars * dt_meter_bar_ticks(p->meter);
  return status == DT_OK ? end_fill(p, end) : status;
}
