#include "exchange_internal.h"

#include <string.h>

#include "dt/part.h"

void* dt__list_room(const dt_allocator* allocator, void* items, size_t count, size_t* room,
                    size_t item_size) {
  if (count < *room)
    return items;
  const size_t more = *room == 0 ? 16 : *room * 2;
  void* grown = dt_resize(allocator, items, *room * item_size, more * item_size);
  if (grown != NULL)
    *room = more;
  return grown;
}

bool dt__text_begins(const char* text, const char* lower_case_start) {
  for (; *lower_case_start != '\0'; text++, lower_case_start++) {
    const char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
    if (c != *lower_case_start)
      return false;
  }
  return true;
}

dt_status dt__map_copy(dt_tempo_map* to, const dt_allocator* allocator, const dt_tempo_map* from,
                       int scale) {
  *to = (dt_tempo_map){.ticks_per_quarter = from->ticks_per_quarter * scale};
  dt_status status = DT_OK;
  for (size_t i = 0; i < from->tempo_count && status == DT_OK; i++)
    status = dt_tempo_map_set_tempo(to, allocator, from->tempi[i].tick * scale,
                                    from->tempi[i].us_per_quarter);
  for (size_t i = 0; i < from->meter_count && status == DT_OK; i++)
    status =
        dt_tempo_map_set_meter(to, allocator, from->meters[i].tick * scale, from->meters[i].meter);
  if (status != DT_OK)
    dt_tempo_map_clear(to, allocator);
  return status;
}

dt_status dt__chart_trim_map(dt_chart* chart, const dt_allocator* allocator) {
  const dt_tick end = dt__chart_end(chart);
  const dt_tempo_map* from = &chart->map;
  dt_tempo_map to = {.ticks_per_quarter = from->ticks_per_quarter};
  dt_status status = DT_OK;
  double us = 0;
  for (size_t i = 0; i < from->tempo_count && status == DT_OK; i++) {
    const dt_tempo_change* change = &from->tempi[i];
    if (change->tick >= end || change->us_per_quarter == us)
      continue;
    us = change->us_per_quarter;
    status = dt_tempo_map_set_tempo(&to, allocator, change->tick, us);
  }
  for (size_t i = 0; i < from->meter_count && status == DT_OK; i++)
    if (from->meters[i].tick < end)
      status = dt_tempo_map_set_meter(&to, allocator, from->meters[i].tick, from->meters[i].meter);
  if (status != DT_OK) {
    dt_tempo_map_clear(&to, allocator);
    return status;
  }
  dt_tempo_map_clear(&chart->map, allocator);
  chart->map = to;
  return DT_OK;
}

static dt_status copy_notes(dt_chart* played, const dt_allocator* allocator, const dt_part* part) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < part->note_count && status == DT_OK; i++)
    status = dt_chart_add_note(played, allocator, &part->notes[i].note);
  for (size_t i = 0; i < part->fill_count && status == DT_OK; i++)
    status = dt_chart_add_span(played, allocator, &part->fills[i]);
  return status;
}

/* A section lasts as long as its bars follow each other on the page. */
static dt_status copy_sections(dt_chart* played, const dt_allocator* allocator,
                               const dt_chart* chart, const dt_part* part) {
  dt_status status = DT_OK;
  for (size_t b = 0; b < part->bar_count && status == DT_OK;) {
    const int section = part->bars[b].section;
    size_t next = b + 1;
    while (next < part->bar_count && part->bars[next].section == section &&
           part->bars[next].written == part->bars[next - 1].written + 1)
      next++;
    if (section >= 0) {
      dt_chart_span span = chart->spans[section];
      span.start = part->bars[b].tick;
      span.end = next < part->bar_count ? part->bars[next].tick : part->end;
      status = dt_chart_add_span(played, allocator, &span);
    }
    b = next;
  }
  return status;
}

dt_status dt__chart_unroll(dt_chart* played, const dt_allocator* allocator, const dt_chart* chart) {
  *played = (dt_chart){.name = ""};
  dt_part part;
  dt_status status = dt_part_from_chart(&part, allocator, chart, 0, 0);
  if (status != DT_OK)
    return status;
  if (part.bar_count > DT_CHART_BARS_MAX)
    status = DT_TOO_LARGE;
  memcpy(played->name, chart->name, sizeof played->name);
  memcpy(played->title, chart->title, sizeof played->title);
  memcpy(played->tags, chart->tags, sizeof played->tags);
  played->swing = chart->swing;
  played->swing_pair = chart->swing_pair;
  played->step = chart->step;
  played->bar_count = (int)part.bar_count;
  if (status == DT_OK)
    status = dt__map_copy(&played->map, allocator, &part.map, 1);
  if (status == DT_OK)
    status = copy_notes(played, allocator, &part);
  if (status == DT_OK)
    status = copy_sections(played, allocator, chart, &part);
  dt_part_clear(&part, allocator);
  if (status == DT_OK)
    dt__chart_mend(played);
  else
    dt_chart_clear(played, allocator);
  return status;
}

/* Of two notes of a drum at once the louder stays, and what it has to say about hand and ornament
 * before the other's. */
static void merge_note(dt_chart_note* kept, const dt_chart_note* other) {
  dt_chart_note best = other->loud > kept->loud ? *other : *kept;
  const dt_chart_note* rest = other->loud > kept->loud ? kept : other;
  if (best.ornament == DT_PLAIN) {
    best.ornament = rest->ornament;
    best.length = rest->length;
    best.roll_step = rest->roll_step;
  }
  if (best.hand == ' ')
    best.hand = rest->hand;
  *kept = best;
}

static void mend_notes(dt_chart* chart, dt_tick end) {
  size_t kept = 0;
  for (size_t i = 0; i < chart->note_count; i++) {
    const dt_chart_note* note = &chart->notes[i];
    dt_chart_note* last = &chart->notes[kept - (kept > 0)];
    if (note->tick < 0 || note->tick >= end)
      continue;
    if (kept > 0 && last->tick == note->tick && last->drum == note->drum)
      merge_note(last, note);
    else
      chart->notes[kept++] = *note;
  }
  chart->note_count = kept;
  dt_tick until[DT_DRUM_COUNT];
  for (size_t i = 0; i < DT_DRUM_COUNT; i++)
    until[i] = end;
  for (size_t i = kept; i-- > 0;) {
    dt__roll_cut(&chart->notes[i], until[chart->notes[i].drum]);
    until[chart->notes[i].drum] = chart->notes[i].tick;
  }
}

/* The bar line nearest to a tick, the earlier of two. */
static dt_tick near_bar_line(const dt_chart* chart, dt_tick tick) {
  const int bar = dt_chart_bar_at(chart, tick);
  const dt_tick start = dt_chart_bar_tick(chart, bar);
  const dt_tick next = dt_chart_bar_tick(chart, bar + 1);
  return tick - start <= next - tick ? start : next;
}

static void mend_spans(dt_chart* chart, dt_tick end) {
  for (size_t i = 0; i < chart->span_count; i++) {
    dt_chart_span* span = &chart->spans[i];
    if (span->start < 0)
      span->start = 0;
    if (span->end > end)
      span->end = end;
    if (span->fill)
      continue;
    span->start = near_bar_line(chart, span->start);
    span->end = near_bar_line(chart, span->end);
  }
  dt_chart_sort(chart);
  size_t kept = 0;
  dt_tick until[2] = {0, 0};
  for (size_t i = 0; i < chart->span_count; i++) {
    const dt_chart_span span = chart->spans[i];
    if (span.end <= span.start || span.start < until[span.fill] ||
        (!span.fill && span.name[0] == '\0'))
      continue;
    until[span.fill] = span.end;
    chart->spans[kept++] = span;
  }
  chart->span_count = kept;
}

void dt__chart_mend(dt_chart* chart) {
  const dt_tick end = dt__chart_end(chart);
  dt_chart_sort(chart);
  mend_notes(chart, end);
  mend_spans(chart, end);
}
