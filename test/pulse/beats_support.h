#ifndef DT_TEST_BEATS_SUPPORT_H
#define DT_TEST_BEATS_SUPPORT_H

/* A chart played by the simulated drummer, with its true beats. Include first. */

#include "pulse_support.h"

#include "dt/beats.h"
#include "dt/chart_text.h"
#include "dt/meter.h"
#include "dt/rng.h"

typedef struct played {
  dt_stroke strokes[DT__STROKES_MAX];
  size_t count;
  double beat_s[4096]; /* on the player's own pulse */
  int in_bar[4096];
  size_t beat_count;
} played;

/* A chart played; static storage. */
static inline played* play_text(const char* text, const char* how, uint64_t seed) {
  static played p;
  dt_chart chart;
  dt_error err = {.sentence = ""};
  dt_drummer drummer = dt_drummer_default();
  dt_part part;
  dt_truths truths;
  drummer.seed = seed;
  drummer.lead_in_s = 0.3;
  if (dt_chart_parse(&chart, NULL, text, strlen(text), &err) != DT_OK ||
      dt_drummer_parse(&drummer, how, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  drummer.bpm = 0;
  drummer.bars = 0;
  if (dt_drummer_parse(&drummer, how, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  assert_int_equal(dt_drummer_part(&drummer, &chart, NULL, &part), DT_OK);
  if (dt_drummer_play(&drummer, &part, NULL, &truths, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  p.count = p.beat_count = 0;
  for (size_t i = 0; i < truths.count; ++i) {
    assert_true(p.count < DT__STROKES_MAX);
    p.strokes[p.count++] = truths.items[i].stroke;
  }
  for (size_t b = 0; b < part.bar_count; ++b) {
    const dt_tick beat = dt_meter_beat_ticks(part.bars[b].meter);
    for (dt_tick tick = 0; tick < part.bars[b].length; tick += beat) {
      p.in_bar[p.beat_count] = (int)(tick / beat) + 1;
      p.beat_s[p.beat_count++] = 0.3 + dt_part_seconds(&part, part.bars[b].tick + tick);
    }
  }
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
  return &p;
}

static inline const char* groove_text(const char* name) {
  for (size_t k = 0; k < DT__GROOVES; ++k)
    if (strcmp(dt__grooves[k].name, name) == 0)
      return dt__grooves[k].text;
  fail_msg("no groove %s", name);
  return NULL;
}

#endif
