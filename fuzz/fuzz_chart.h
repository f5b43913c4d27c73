#ifndef DT_FUZZ_CHART_H
#define DT_FUZZ_CHART_H

#include "dt/part.h"
#include "fuzz.h"

/* Long ones cost the fuzzer its time and show nothing more. */
static inline bool is_short(const dt_chart* chart) {
  return dt_chart_played_bars(chart) <= 500 && dt_chart_bar_tick(chart, chart->bar_count) < 1 << 22;
}

static inline bool is_same_playing(const dt_chart* chart, const dt_chart* back) {
  dt_part a;
  dt_part b;
  REQUIRE(dt_part_from_chart(&a, NULL, chart, 0, 0) == DT_OK);
  REQUIRE(dt_part_from_chart(&b, NULL, back, 0, 0) == DT_OK);
  const bool is_same = dt_part_same(&a, &b);
  dt_part_clear(&a, NULL);
  dt_part_clear(&b, NULL);
  return is_same;
}

#endif
