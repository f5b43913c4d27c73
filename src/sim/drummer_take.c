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

static dt_status add_click(dt_take* take, const dt_allocator* allocator, const dt_drummer* drummer,
                           const dt_groove* groove) {
  take->click.ticks_per_quarter = DT_TICKS_PER_QUARTER;
  const dt_status status = dt_tempo_map_set_tempo(&take->click, allocator, 0, 60e6 / drummer->bpm);
  if (status != DT_OK)
    return status;
  take->has_click = true;
  return dt_tempo_map_set_meter(&take->click, allocator, 0, groove->meter);
}

dt_status dt_take_from_truths(dt_take* take, const dt_allocator* allocator, const dt_truths* truths,
                              const dt_drummer* drummer, const dt_groove* groove) {
  *take = (dt_take){.source = DT_TAKE_MIDI};
  const double lead_in_s = dt_drummer_lead_in_s(drummer, groove);
  const double bar_s =
      (double)dt_meter_bar_ticks(groove->meter) / DT_TICKS_PER_QUARTER * 60 / drummer->bpm;
  const bool whole = fabs(lead_in_s - bar_s * round(lead_in_s / bar_s)) < WHOLE_BAR_S;
  dt_status status = add_strokes(take, allocator, truths);
  if (status == DT_OK && whole)
    status = add_click(take, allocator, drummer, groove);
  if (status != DT_OK) {
    dt_take_clear(take, allocator);
    *take = (dt_take){0};
    return status;
  }
  take->duration_s = lead_in_s + bar_s * drummer->bars;
  if (take->strokes.count > 0)
    take->duration_s = fmax(take->duration_s, take->strokes.items[take->strokes.count - 1].time_s);
  return DT_OK;
}
