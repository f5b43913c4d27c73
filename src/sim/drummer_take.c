#include <math.h>

#include "dt/drummer.h"

/* Nearer to a bar line than this, a count-in is whole; far below what any file can hold. */
#define WHOLE_BAR_S 1e-6

static dt_status add_strokes(dt_take* take, const dt_allocator* allocator,
                             const dt_truths* truths) {
  for (size_t i = 0; i < truths->count; i++) {
    dt_stroke stroke = truths->items[i].stroke;
    stroke.time_s = fmax(0, stroke.time_s);
    const dt_status status = dt_strokes_add(&take->strokes, allocator, &stroke);
    if (status != DT_OK)
      return status;
  }
  dt_strokes_sort(&take->strokes);
  return DT_OK;
}

/* The part's tempo and metre, after a count-in in those of its beginning. */
static dt_status add_click(dt_take* take, const dt_allocator* allocator, const dt_part* part,
                           dt_tick count_in) {
  const dt_tempo_map* map = &part->map;
  take->click.ticks_per_quarter = DT_TICKS_PER_QUARTER;
  dt_status status =
      dt_tempo_map_set_tempo(&take->click, allocator, 0, 60e6 / dt_tempo_map_bpm(map, 0));
  if (status == DT_OK)
    status = dt_tempo_map_set_meter(&take->click, allocator, 0, part->bars[0].meter);
  for (size_t i = 1; i < map->tempo_count && status == DT_OK; i++)
    status = dt_tempo_map_set_tempo(&take->click, allocator, count_in + map->tempi[i].tick,
                                    map->tempi[i].us_per_quarter);
  for (size_t i = 1; i < map->meter_count && status == DT_OK; i++)
    status = dt_tempo_map_set_meter(&take->click, allocator, count_in + map->meters[i].tick,
                                    map->meters[i].meter);
  take->has_click = status == DT_OK;
  return status;
}

static dt_tick end_of(const dt_truths* truths, const dt_part* part) {
  const dt_truth_bar* last = truths->bar_count > 0 ? &truths->bars[truths->bar_count - 1] : NULL;
  const dt_tick played = last ? last->tick + last->length : 0;
  return played > part->end ? played : part->end;
}

dt_status dt_take_from_truths(dt_take* take, const dt_allocator* allocator, const dt_truths* truths,
                              const dt_drummer* drummer, const dt_part* part) {
  *take = (dt_take){.source = DT_TAKE_MIDI};
  if (part->bar_count == 0)
    return DT_BAD_ARGUMENT;
  const double lead_in_s = dt_drummer_lead_in_s(drummer, part);
  const double bar_s =
      (double)part->bars[0].length / DT_TICKS_PER_QUARTER * 60 / dt_tempo_map_bpm(&part->map, 0);
  const double bars = round(lead_in_s / bar_s);
  dt_status status = add_strokes(take, allocator, truths);
  if (status == DT_OK && fabs(lead_in_s - bar_s * bars) < WHOLE_BAR_S)
    status = add_click(take, allocator, part, (dt_tick)bars * part->bars[0].length);
  if (status != DT_OK) {
    dt_take_clear(take, allocator);
    *take = (dt_take){0};
    return status;
  }
  const double end = (double)end_of(truths, part);
  take->duration_s = lead_in_s + dt_tempo_map_seconds(&part->map, end);
  if (take->strokes.count > 0)
    take->duration_s = fmax(take->duration_s, take->strokes.items[take->strokes.count - 1].time_s);
  return DT_OK;
}
