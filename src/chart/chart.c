#include "dt/chart.h"

#include <stdint.h>
#include <string.h>

#include "chart_internal.h"

#define DEFAULT_US_PER_QUARTER 500000.0

dt_status dt_chart_init(dt_chart* chart, const dt_allocator* allocator) {
  *chart = (dt_chart){
      .swing = 0.5,
      .swing_pair = DT_TICKS_PER_QUARTER,
      .step = DT_TICKS_PER_QUARTER / 4,
      .map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER},
      .bar_count = 1,
  };
  dt_status status = dt_tempo_map_set_tempo(&chart->map, allocator, 0, DEFAULT_US_PER_QUARTER);
  if (status == DT_OK)
    status = dt_tempo_map_set_meter(&chart->map, allocator, 0, (dt_meter){4, 4});
  if (status != DT_OK)
    dt_chart_clear(chart, allocator);
  return status;
}

void dt_chart_clear(dt_chart* chart, const dt_allocator* allocator) {
  dt_tempo_map_clear(&chart->map, allocator);
  dt_release(allocator, chart->notes, chart->note_room * sizeof *chart->notes);
  dt_release(allocator, chart->spans, chart->span_room * sizeof *chart->spans);
  dt_release(allocator, chart->order, chart->order_room * sizeof *chart->order);
  *chart = (dt_chart){.name = ""};
}

/* The array with room for one item more: where it is, or NULL when there is no memory. */
static void* make_room(const dt_allocator* allocator, void* items, size_t count, size_t* room,
                       size_t item_size) {
  if (count < *room)
    return items;
  const size_t more = *room == 0 ? 8 : *room * 2;
  void* grown = dt_resize(allocator, items, *room * item_size, more * item_size);
  if (grown != NULL)
    *room = more;
  return grown;
}

dt_status dt_chart_add_note(dt_chart* chart, const dt_allocator* allocator,
                            const dt_chart_note* note) {
  if (chart->note_count >= DT_CHART_NOTES_MAX)
    return DT_TOO_LARGE;
  const dt_chart_note copy = *note; /* it may stand in the array that moves */
  dt_chart_note* notes =
      make_room(allocator, chart->notes, chart->note_count, &chart->note_room, sizeof *notes);
  if (notes == NULL)
    return DT_NO_MEMORY;
  chart->notes = notes;
  notes[chart->note_count++] = copy;
  return DT_OK;
}

dt_status dt_chart_add_span(dt_chart* chart, const dt_allocator* allocator,
                            const dt_chart_span* span) {
  if (chart->span_count >= DT_CHART_SPANS_MAX)
    return DT_TOO_LARGE;
  const dt_chart_span copy = *span;
  dt_chart_span* spans =
      make_room(allocator, chart->spans, chart->span_count, &chart->span_room, sizeof *spans);
  if (spans == NULL)
    return DT_NO_MEMORY;
  chart->spans = spans;
  spans[chart->span_count++] = copy;
  return DT_OK;
}

dt_status dt_chart_add_segment(dt_chart* chart, const dt_allocator* allocator,
                               const dt_chart_segment* segment) {
  if (chart->order_count >= DT_CHART_ORDER_MAX)
    return DT_TOO_LARGE;
  const dt_chart_segment copy = *segment;
  dt_chart_segment* order =
      make_room(allocator, chart->order, chart->order_count, &chart->order_room, sizeof *order);
  if (order == NULL)
    return DT_NO_MEMORY;
  chart->order = order;
  order[chart->order_count++] = copy;
  return DT_OK;
}

int64_t dt_chart_played_bars(const dt_chart* chart) {
  int64_t bars = chart->order_count == 0 ? chart->bar_count : 0;
  for (size_t i = 0; i < chart->order_count; i++)
    bars += (int64_t)chart->order[i].bar_count * chart->order[i].times;
  return bars;
}

/* Metres change on bar lines, so each holds for a whole number of bars. */
dt_tick dt_chart_bar_tick(const dt_chart* chart, int bar) {
  int left = bar < 0 ? 0 : bar < chart->bar_count ? bar : chart->bar_count;
  const dt_tempo_map* map = &chart->map;
  for (size_t i = 0; i + 1 < map->meter_count; i++) {
    const dt_tick length = dt_meter_bar_ticks(map->meters[i].meter);
    const dt_tick bars = (map->meters[i + 1].tick - map->meters[i].tick) / length;
    if (left < bars)
      return map->meters[i].tick + left * length;
    left -= (int)bars;
  }
  const dt_meter_change* last = &map->meters[map->meter_count - 1];
  return last->tick + left * dt_meter_bar_ticks(last->meter);
}

int dt_chart_bar_at(const dt_chart* chart, dt_tick tick) {
  const dt_tempo_map* map = &chart->map;
  int64_t bar = 0;
  for (size_t i = 0; i < map->meter_count; i++) {
    const dt_meter_change* from = &map->meters[i];
    const bool is_last = i + 1 == map->meter_count;
    const dt_tick until =
        !is_last && map->meters[i + 1].tick <= tick ? map->meters[i + 1].tick : tick;
    if (until > from->tick)
      bar += (until - from->tick) / dt_meter_bar_ticks(from->meter);
  }
  return bar < chart->bar_count ? (int)bar : chart->bar_count - 1;
}

void dt__roll_cut(dt_chart_note* note, dt_tick until) {
  if (note->ornament != DT_ROLL)
    return;
  if (note->length > until - note->tick)
    note->length = until - note->tick;
  if (note->roll_step > 0 && note->length > 0)
    note->length -= note->length % note->roll_step;
  if (note->length > 0)
    return;
  note->ornament = DT_PLAIN;
  note->length = note->roll_step = 0;
}
