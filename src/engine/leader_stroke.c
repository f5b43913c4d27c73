#include <math.h>

#include "leader_internal.h"

/* The nearest note that this drum's voice has within half a beat. */
static double nearest_s(const dt__leader_take* take, dt_drum drum, double from_first_s) {
  double best_s = (double)NAN;
  for (size_t i = 0; i < take->part.note_count; i++) {
    const dt_chart_note* note = &take->part.notes[i].note;
    if (dt_drum_voice(note->drum) != dt_drum_voice(drum))
      continue;
    const double away_s = from_first_s - dt_part_seconds(&take->part, note->tick);
    if (isnan(best_s) || fabs(away_s) < fabs(best_s))
      best_s = away_s;
  }
  return best_s;
}

static void place(const dt_leader* leader, dt_lead_stroke* at) {
  const dt__leader_take* take = &leader->take;
  const double first_s = (double)take->first / leader->config.rate_hz;
  const double from_first_s = at->stroke.time_s - first_s;
  const double tick = dt_tempo_map_ticks(&take->part.map, from_first_s);
  for (size_t i = 0; i < take->part.bar_count; i++) {
    const dt_part_bar* bar = &take->part.bars[i];
    if (tick < (double)bar->tick || tick >= (double)(bar->tick + bar->length))
      continue;
    at->bar = (int)i;
    at->beat = (tick - (double)bar->tick) / (double)dt_meter_beat_ticks(bar->meter);
  }
  const double half_beat_s = 30 / dt_tempo_map_bpm(&take->part.map, tick < 0 ? 0 : tick);
  const double away_s = nearest_s(take, at->stroke.drum, from_first_s);
  if (fabs(away_s) <= half_beat_s)
    at->asynchrony_ms = 1000 * away_s;
}

dt_status dt__take_stroke(dt_leader* leader, const dt_stroke* stroke) {
  dt__leader_take* take = &leader->take;
  dt_lead_stroke* at = &dt__lead_add(leader, DT_LEAD_STROKE)->stroke;
  *at = (dt_lead_stroke){.stroke = *stroke, .asynchrony_ms = (double)NAN, .bar = -1};
  if (leader->state != DT__PLAYING)
    return DT_OK;
  place(leader, at);
  dt_stroke kept = *stroke;
  kept.time_s -= (double)take->start / leader->config.rate_hz;
  /* What is struck while the count-in still counts is no part of the take. */
  const double half_beat_s = 30 / dt_tempo_map_bpm(&take->part.map, 0);
  const double first_s = (double)(take->first - take->start) / leader->config.rate_hz;
  if (kept.time_s < first_s - half_beat_s)
    return DT_OK;
  return dt_strokes_add(&take->take.strokes, leader->allocator, &kept);
}
