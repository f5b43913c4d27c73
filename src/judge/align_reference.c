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
