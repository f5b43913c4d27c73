#ifndef DT_FUZZ_CHART_H
#define DT_FUZZ_CHART_H

#include "dt/part.h"
#include "fuzz.h"

/* Long ones cost the fuzzer its time and show nothing more. */
static inline bool is_short(const dt_chart* chart) {
  return dt_chart_played_bars(chart) <= 500 && dt_chart_bar_tick(chart, chart->bar_count) < 1 << 22;
}

/* A jump can cut a roll inside one of its strokes, which no chart without that jump can say. */
static inline bool is_roll_broken(const dt_part* part) {
  for (size_t i = 0; i < part->note_count; i++) {
    const dt_chart_note* note = &part->notes[i].note;
    if (note->roll_step > 0 && note->length % note->roll_step != 0)
      return true;
  }
  return false;
}

static inline bool is_same_playing(const dt_chart* chart, const dt_chart* back) {
  dt_part a;
  dt_part b;
  REQUIRE(dt_part_from_chart(&a, NULL, chart, 0, 0) == DT_OK);
  REQUIRE(dt_part_from_chart(&b, NULL, back, 0, 0) == DT_OK);
  const bool is_same = is_roll_broken(&a) || dt_part_same(&a, &b);
  dt_part_clear(&a, NULL);
  dt_part_clear(&b, NULL);
  return is_same;
}

#endif
