#include <string.h>

#include "text_internal.h"

#define DEFAULT_ROLL_STEP (WHOLE_TICKS / 32)

dt__slice dt__text_next_line(const char** at, const char* end) {
  dt__slice line = {*at, *at};
  while (line.end < end && *line.end != '\n' && *line.end != '\r')
    line.end++;
  *at = line.end;
  if (*at < end && **at == '\r')
    ++*at;
  if (*at < end && **at == '\n')
    ++*at;
  return dt__trimmed(line);
}

static const char* find_char(dt__slice s, char c) {
  return memchr(s.at, c, (size_t)(s.end - s.at));
}

/* "hands snare": for one drum; "hands": for whatever is struck. */
static dt_status name_line(dt__text_parser* p, dt__text_line* line) {
  dt__slice rest = line->name;
  const dt__slice first = dt__take_word(&rest);
  if (dt__slice_is(first, "hands") || dt__slice_is(first, "sticking")) {
    line->kind = DT__LINE_HANDS;
    line->drum = dt__text_drum(rest);
    if (line->drum == DT_DRUM_COUNT && !dt__is_end(rest))
      return FAIL_AT(p, rest.at, "There is no drum \"%s\"", dt__text_quote(rest).text);
    return DT_OK;
  }
  line->drum = DT_DRUM_COUNT;
  if (dt__slice_is(line->name, "fill") || dt__slice_is(line->name, "fills"))
    line->kind = DT__LINE_FILL;
  else if (dt__slice_is(line->name, "rest") || dt__slice_is(line->name, "rests"))
    line->kind = DT__LINE_REST;
  else
    line->drum = dt__text_drum(line->name);
  if (line->kind == DT__LINE_DRUM && line->drum == DT_DRUM_COUNT)
    return FAIL_AT(p, line->name.at,
                   "There is no drum \"%s\"; write hi-hat, snare, kick, ride, crash, high tom, or "
                   "another of docs/charts.md",
                   dt__text_quote(line->name).text);
  return DT_OK;
}

static dt_status add_line(dt__text_parser* p, dt__slice text, const char* bar_line) {
  dt__text_line line = {.kind = DT__LINE_DRUM, .name = dt__trimmed((dt__slice){text.at, bar_line})};
  line.cells = (dt__slice){bar_line + 1, text.end};
  if (line.name.end > line.name.at && line.name.end[-1] == ':')
    line.name = dt__trimmed((dt__slice){line.name.at, line.name.end - 1});
  const dt_status status = name_line(p, &line);
  if (status != DT_OK)
    return status;
  for (size_t i = 0; i < p->line_count; i++)
    if (p->lines[i].kind == line.kind && p->lines[i].drum == line.drum)
      return FAIL_SAY(p, text.at,
                      "This line stands here twice; put a line with only + before the "
                      "bars that follow");
  if (p->line_count == LINES_MAX)
    return FAIL_SAY(p, text.at, "Too many lines stand together");
  if (p->line_count == 0 && p->extra_at == NULL)
    p->system_at = text.at;
  if (!p->block.is_open)
    p->block = (dt__text_block){
        .is_open = true, .at = text.at, .times = 1, .first_bar = p->bar_count, .start = p->tick};
  p->lines[p->line_count++] = line;
  return DT_OK;
}

static dt_status add_extra(dt__text_parser* p, dt__slice text) {
  if (p->line_count == 0)
    return FAIL_SAY(p, text.at, "Write the bars first; this line only adds to them");
  if (p->extra_at == NULL)
    p->extra_at = text.at;
  return DT_OK;
}

static dt_status read_head(dt__text_parser* p, dt__slice line) {
  dt_status status = dt__text_bars(p, line.at);
  if (status == DT_OK)
    status = dt__text_block_end(p);
  return status == DT_OK ? dt__text_block_head(p, line) : status;
}

static dt_status read_setting(dt__text_parser* p, dt__slice line, const char* colon) {
  const dt__slice key = dt__trimmed((dt__slice){line.at, colon});
  const dt_status status = dt__text_bars(p, line.at);
  return status == DT_OK ? dt__text_setting(p, key, (dt__slice){colon + 1, line.end}) : status;
}

static dt_status read_line(dt__text_parser* p, dt__slice line) {
  if (line.at == line.end || *line.at == '#')
    return DT_OK;
  if (*line.at == '[')
    return read_head(p, line);
  if (*line.at == '+' && dt__is_end((dt__slice){line.at + 1, line.end})) {
    if (p->line_count == 0)
      return FAIL_SAY(p, line.at, "+ stands between bars, but none stand before it");
    return dt__text_bars(p, line.at);
  }
  if (dt__is_note_line(line) || dt__is_fill_line(line) || dt__is_tempo_line(line))
    return add_extra(p, line);
  const char* colon = find_char(line, ':');
  const char* bar_line = find_char(line, '|');
  if (colon != NULL && dt__text_is_key(dt__trimmed((dt__slice){line.at, colon})))
    return read_setting(p, line, colon);
  if (bar_line != NULL)
    return add_line(p, line, bar_line);
  if (colon != NULL)
    return read_setting(p, line, colon);
  return FAIL_AT(p, line.at,
                 "\"%s\" is not understood; write a setting as tempo: 96, a line of bars as snare "
                 "|----x---|",
                 dt__text_quote(line).text);
}

/* One entry for what is played on from bar to bar, none for the bars as they are written. */
static void tidy_order(dt_chart* chart) {
  size_t kept = 0;
  for (size_t i = 0; i < chart->order_count; i++) {
    const dt_chart_segment s = chart->order[i];
    dt_chart_segment* last = &chart->order[kept > 0 ? kept - 1 : 0];
    if (kept > 0 && s.times == 1 && last->times == 1 &&
        last->first_bar + last->bar_count == s.first_bar)
      last->bar_count += s.bar_count;
    else
      chart->order[kept++] = s;
  }
  chart->order_count = kept;
  if (kept == 1 && chart->order[0].times == 1 && chart->order[0].bar_count == chart->bar_count)
    chart->order_count = 0;
}

static dt_status add_sections(dt__text_parser* p) {
  for (size_t i = 0; i < p->section_count; i++) {
    const dt__text_section* section = &p->sections[i];
    dt_chart_span span = {.start = dt_chart_bar_tick(p->chart, section->first_bar),
                          .end = dt_chart_bar_tick(p->chart, section->bar_end)};
    memcpy(span.name, section->name, sizeof span.name);
    const dt_status status = dt_chart_add_span(p->chart, p->allocator, &span);
    if (status != DT_OK)
      return dt_fail(p->err, status, "%s", dt_status_sentence(status));
  }
  return DT_OK;
}

static dt_status finish(dt__text_parser* p) {
  dt_status status = dt__text_bars(p, p->end);
  if (status == DT_OK)
    status = dt__text_block_end(p);
  if (status != DT_OK)
    return status;
  if (p->bar_count == 0)
    return FAIL_SAY(p, p->end,
                    "There are no bars; write at least one line such as snare |x-x-x-x-|");
  if (p->setting_at != NULL)
    return FAIL_SAY(p, p->setting_at, "No bars follow this setting");
  if (p->last_end > p->tick)
    return FAIL_SAY(p, p->last_end_at, "This goes on after the last bar");
  p->chart->bar_count = p->bar_count;
  status = add_sections(p);
  if (status == DT_OK && p->order.at != NULL)
    status = dt__text_order(p);
  if (status != DT_OK)
    return status;
  tidy_order(p->chart);
  dt_chart_sort(p->chart);
  if (dt_chart_played_bars(p->chart) > DT_CHART_PLAYED_MAX)
    return dt_fail(p->err, DT_TOO_LARGE, "With all repeats more than %d bars are played",
                   DT_CHART_PLAYED_MAX);
  const char* wrong = dt_chart_check(p->chart);
  return wrong == NULL ? DT_OK : dt_fail(p->err, DT_BAD_DATA, "%s", wrong);
}

dt_status dt_chart_parse(dt_chart* chart, const dt_allocator* allocator, const char* text,
                         size_t size, dt_error* err) {
  dt_status status = dt_chart_init(chart, allocator);
  if (status != DT_OK)
    return dt_fail(err, status, "%s", dt_status_sentence(status));
  if (size == 0)
    text = "";
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    text += 3;
    size -= 3;
  }
  dt__text_parser p = {.chart = chart,
                       .allocator = allocator,
                       .err = err,
                       .text = text,
                       .end = text + size,
                       .step = chart->step,
                       .roll_step = DEFAULT_ROLL_STEP,
                       .meter = {4, 4},
                       .us_per_quarter = 500000};
  for (const char* at = text; at < p.end && status == DT_OK;)
    status = read_line(&p, dt__text_next_line(&at, p.end));
  if (status == DT_OK)
    status = finish(&p);
  dt_release(allocator, p.sections, p.section_room * sizeof *p.sections);
  if (status != DT_OK)
    dt_chart_clear(chart, allocator);
  return status;
}
