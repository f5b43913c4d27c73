#include <math.h>

#include "align_internal.h"

/* A reference whose phase is known: the take's click, or a tempo and when it begins. */

static void by_click(dt__score* score) {
  const dt_tempo_map* map = &score->take->click;
  for (size_t i = 0; i < score->count; ++i) {
    const double tick = dt_tempo_map_ticks(map, score->take->strokes.items[i].time_s);
    score->ref[i] = tick / map->ticks_per_quarter;
    score->beat_s[i] = 60.0 / dt_tempo_map_bpm(map, tick);
  }
}

static void by_tempo(dt__score* score) {
  const dt_judge_config* config = score->config;
  for (size_t i = 0; i < score->count; ++i) {
    const double time_s = score->take->strokes.items[i].time_s - fmax(config->start_s, 0.0);
    score->ref[i] = time_s * config->bpm / 60.0;
    score->beat_s[i] = 60.0 / config->bpm;
  }
}

void dt__reference_known(dt__score* score) {
  if (score->config->mode == DT_GRID_CLICK) {
    by_click(score);
  } else {
    by_tempo(score);
  }
}

int32_t dt__click_bar(const dt__score* score, const dt__sheet* sheet) {
  const dt_tempo_map* click = &score->take->click;
  if (score->config->mode != DT_GRID_CLICK || click->meter_count == 0) {
    return 0;
  }
  const dt_tick ticks = dt_meter_bar_ticks(click->meters[0].meter);
  for (size_t m = 1; m < click->meter_count; ++m) {
    if (dt_meter_bar_ticks(click->meters[m].meter) != ticks) {
      return 0;
    }
  }
  for (size_t b = 0; b < sheet->bar_count; ++b) {
    if (sheet->bars[b].length != ticks) {
      return 0;
    }
  }
  return ticks % DT__UNIT_TICKS == 0 ? (int32_t)(ticks / DT__UNIT_TICKS) : 0;
}
