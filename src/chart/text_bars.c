#include <string.h>

#include "text_internal.h"

static dt_status no_memory(dt__text_parser* p) {
  return dt_fail(p->err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
}

dt_status dt__text_emit(dt__text_parser* p, const dt_chart_note* note, const char* at) {
  if (p->is_seeking) {
    if (note->tick != p->sought.tick || note->drum != p->sought.drum || p->sought_skip-- > 0)
      return DT_OK;
    p->found_at = at;
    return DT_CANCELLED;
  }
  const dt_status status = dt_chart_add_note(p->chart, p->allocator, note);
  if (status == DT_NO_MEMORY)
    return no_memory(p);
  if (status != DT_OK)
    return FAIL_AS(p, at, status, "A chart has at most %d notes", DT_CHART_NOTES_MAX);
  if (note->tick + note->length > p->last_end) {
    p->last_end = note->tick + note->length;
    p->last_end_at = at;
  }
  return DT_OK;
}

static bool is_overlapping(const dt_chart* chart, dt_tick start, dt_tick end) {
  for (size_t i = 0; i < chart->span_count; i++)
    if (chart->spans[i].fill && chart->spans[i].start < end && start < chart->spans[i].end)
      return true;
  return false;
}

dt_status dt__text_fill(dt__text_parser* p, dt_tick start, dt_tick end, dt__slice name,
                        const char* at) {
  dt_chart_span span = {.start = start, .end = end, .fill = true};
  dt_status status = dt__text_name(p, name, span.name, sizeof span.name);
  if (status != DT_OK)
    return status;
  if (start < p->fill_until && is_overlapping(p->chart, start, end))
    return FAIL_SAY(p, at, "This fill overlaps another");
  status = dt_chart_add_span(p->chart, p->allocator, &span);
  if (status == DT_NO_MEMORY)
    return no_memory(p);
  if (status != DT_OK)
    return FAIL_AS(p, at, status, "A chart has at most %d sections and fills", DT_CHART_SPANS_MAX);
  p->fill_until = end > p->fill_until ? end : p->fill_until;
  if (end > p->last_end) {
    p->last_end = end;
    p->last_end_at = at;
  }
  return DT_OK;
}

/* Notes, in cells and in lines of their own. */
static dt_status read_notes(dt__text_parser* p, const char* until) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < p->line_count && status == DT_OK; i++)
    if (p->lines[i].kind == DT__LINE_DRUM || p->lines[i].kind == DT__LINE_REST)
      status = dt__text_drum_line(p, &p->lines[i]);
  for (const char* at = p->extra_at; at != NULL && at < until && status == DT_OK;) {
    const dt__slice line = dt__text_next_line(&at, until);
    if (dt__is_note_line(line))
      status = dt__text_note(p, line);
  }
  return status;
}

/* Where a note of these bars stands in the text, after `skip` others that are like it. */
static const char* find_note(dt__text_parser* p, const dt_chart_note* note, int skip,
                             const char* until) {
  p->is_seeking = true;
  p->sought = *note;
  p->sought_skip = skip;
  p->found_at = p->system_at;
  (void)read_notes(p, until);
  p->is_seeking = false;
  return p->found_at;
}

static dt_status check_notes(dt__text_parser* p, const char* until) {
  for (size_t i = p->system_notes; i < p->chart->note_count; i++) {
    const dt_chart_note note = p->chart->notes[i];
    const char* name = dt__text_drum_name(note.drum);
    const dt_chart_note* before = &p->chart->notes[i - (i > p->system_notes)];
    if (i > p->system_notes && before->tick == note.tick && before->drum == note.drum)
      return FAIL_AT(p, find_note(p, &note, 1, until), "The %s is struck twice at once here", name);
    if (note.tick < p->rolled_until[note.drum])
      return FAIL_AT(p, find_note(p, &note, 0, until), "The %s is still being rolled on here",
                     name);
    p->rolled_until[note.drum] = note.tick + note.length;
  }
  return DT_OK;
}

static dt_status set_map(dt__text_parser* p) {
  dt_tempo_map* map = &p->chart->map;
  const dt_meter was = dt_tempo_map_meter(map, (double)p->tick);
  const bool is_new_meter =
      was.numerator != p->meter.numerator || was.denominator != p->meter.denominator;
  if (is_new_meter && dt_tempo_map_set_meter(map, p->allocator, p->tick, p->meter) != DT_OK)
    return no_memory(p);
  const bool is_new_tempo = map->tempi[map->tempo_count - 1].us_per_quarter != p->us_per_quarter;
  if (is_new_tempo &&
      dt_tempo_map_set_tempo(map, p->allocator, p->tick, p->us_per_quarter) != DT_OK)
    return no_memory(p);
  return DT_OK;
}

static dt_status measure(dt__text_parser* p) {
  char step[DURATION_TEXT_MAX];
  const dt__text_line* first = &p->lines[0];
  dt__duration_text(p->step, step);
  if (dt_meter_bar_ticks(p->meter) % p->step != 0)
    return FAIL_AT(p, first->name.at, "A bar of %d/%d is no whole number of steps of %s; set step:",
                   p->meter.numerator, p->meter.denominator, step);
  const int bars = dt__text_count_bars(first);
  for (size_t i = 0; i < p->line_count; i++) {
    const int count = dt__text_count_bars(&p->lines[i]);
    if (count == 0)
      return FAIL_SAY(p, p->lines[i].name.at, "This line has no bars");
    if (count != bars)
      return FAIL_AT(p, p->lines[i].name.at, "This line has %d bars, but the first of these has %d",
                     count, bars);
  }
  if (bars > DT_CHART_BARS_MAX - p->bar_count)
    return FAIL_AS(p, first->name.at, DT_TOO_LARGE, "A chart has at most %d bars as written",
                   DT_CHART_BARS_MAX);
  p->system_tick = p->tick;
  p->system_bars = bars;
  p->system_notes = p->chart->note_count;
  return DT_OK;
}

/* Fills and tempi, which only stand beside the notes. */
static dt_status read_marks(dt__text_parser* p, const char* until) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < p->line_count && status == DT_OK; i++)
    if (p->lines[i].kind == DT__LINE_FILL)
      status = dt__text_fill_cells(p, &p->lines[i]);
  for (const char* at = p->extra_at; at != NULL && at < until && status == DT_OK;) {
    const dt__slice line = dt__text_next_line(&at, until);
    if (dt__is_fill_line(line))
      status = dt__text_fill_line(p, line);
    else if (dt__is_tempo_line(line))
      status = dt__text_tempo_line(p, line);
  }
  return status;
}

dt_status dt__text_bars(dt__text_parser* p, const char* until) {
  if (p->line_count == 0)
    return p->extra_at == NULL
               ? DT_OK
               : FAIL_SAY(p, p->extra_at, "Write the bars first; this line only adds to them");
  dt_status status = measure(p);
  if (status == DT_OK)
    status = set_map(p);
  if (status == DT_OK)
    status = read_notes(p, until);
  if (status != DT_OK)
    return status;
  if (p->chart->note_count > p->system_notes)
    dt__notes_sort(p->chart->notes + p->system_notes, p->chart->note_count - p->system_notes);
  status = check_notes(p, until);
  if (status == DT_OK)
    status = dt__text_hands(p);
  if (status == DT_OK)
    status = read_marks(p, until);
  p->us_per_quarter = p->chart->map.tempi[p->chart->map.tempo_count - 1].us_per_quarter;
  p->tick += p->system_bars * dt_meter_bar_ticks(p->meter);
  p->bar_count += p->system_bars;
  p->line_count = 0;
  p->extra_at = NULL;
  p->setting_at = NULL;
  return status;
}
