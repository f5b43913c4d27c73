#ifndef DT_TEST_CHART_RANDOM_H
#define DT_TEST_CHART_RANDOM_H

/* Random valid charts: everything that a chart can hold, dense with what is rare. Include after
 * failing_allocator.h. */

#include "dt/chart.h"
#include "dt/rng.h"

static inline int dt__pick(dt_rng* rng, int low, int high) {
  return low + (int)dt_rng_below(rng, (uint32_t)(high - low + 1));
}

static inline dt_chart_note dt__random_note(dt_rng* rng, dt_tick end, dt_tick grid) {
  static const char hands[] = "RLKH    ";
  dt_chart_note note = {
      .tick = (dt_tick)(dt_rng_uniform(rng) * (double)end) / grid * grid,
      .drum = (dt_drum)dt__pick(rng, 0, DT_DRUM_COUNT - 1),
      .loud = (dt_loud)dt__pick(rng, 0, 2),
      .ornament = (dt_ornament)(dt__pick(rng, 0, 1) ? dt__pick(rng, 0, 3) : 0),
      .hand = hands[dt__pick(rng, 0, 7)],
  };
  if (note.ornament == DT_ROLL) {
    note.roll_step = dt__pick(rng, 0, 2) * (dt__pick(rng, 0, 1) ? 120 : dt__pick(rng, 1, 200));
    note.length = note.roll_step > 0
                      ? note.roll_step * dt__pick(rng, 1, 12)
                      : (dt_tick)dt__pick(rng, 1, 16) * (dt__pick(rng, 0, 1) ? 240 : 37);
  }
  return note;
}

/* Leaves out the notes that would make the chart invalid. */
static inline void dt__drop_clashes(dt_chart* chart, dt_tick end) {
  dt_tick busy_until[DT_DRUM_COUNT] = {0};
  bool is_struck[DT_DRUM_COUNT] = {false};
  dt_tick struck_at[DT_DRUM_COUNT] = {0};
  size_t kept = 0;
  for (size_t i = 0; i < chart->note_count; i++) {
    const dt_chart_note n = chart->notes[i];
    if (n.tick < busy_until[n.drum] || (is_struck[n.drum] && struck_at[n.drum] == n.tick) ||
        n.tick + n.length > end)
      continue;
    is_struck[n.drum] = true;
    struck_at[n.drum] = n.tick;
    busy_until[n.drum] = n.tick + n.length;
    chart->notes[kept++] = n;
  }
  chart->note_count = kept;
}

static inline void dt__random_text(dt_rng* rng, char* to, size_t room) {
  static const char* const words[] = {"Verse", "fill", "x3",     "a,b", "Größe",   "#1", "\"q\"",
                                      "-",     "|",    "1-4 x2", ":",   "section", "\\", "outside"};
  char raw[200] = "";
  for (int n = dt__pick(rng, 0, 4); n > 0; n--) {
    strcat(raw, words[dt__pick(rng, 0, (int)(sizeof words / sizeof *words) - 1)]);
    strcat(raw, " ");
  }
  dt_chart_copy_text(to, room, raw, strlen(raw));
}

static inline void dt__random_spans(dt_rng* rng, dt_chart* chart, const dt_allocator* allocator) {
  for (int bar = 0; bar < chart->bar_count;) {
    const int until = dt__pick(rng, bar + 1, chart->bar_count);
    dt_chart_span span = {dt_chart_bar_tick(chart, bar), dt_chart_bar_tick(chart, until), false,
                          ""};
    dt__random_text(rng, span.name, sizeof span.name);
    if (dt__pick(rng, 0, 1) && span.name[0] != '\0')
      assert_int_equal(dt_chart_add_span(chart, allocator, &span), DT_OK);
    bar = until;
  }
  const dt_tick end = dt_chart_bar_tick(chart, chart->bar_count);
  for (dt_tick at = 0; at < end && dt__pick(rng, 0, 2) > 0;) {
    const int kind = dt__pick(rng, 0, 2);
    const dt_tick grid = kind == 0 ? 1 : kind == 1 ? 240 : 3840;
    dt_chart_span fill = {.start = at + grid * dt__pick(rng, 0, 9), .fill = true};
    fill.end = fill.start + grid * dt__pick(rng, 1, 9);
    if (fill.end > end)
      break;
    if (dt__pick(rng, 0, 1))
      dt__random_text(rng, fill.name, sizeof fill.name);
    assert_int_equal(dt_chart_add_span(chart, allocator, &fill), DT_OK);
    at = fill.end;
  }
}

static inline void dt__random_order(dt_rng* rng, dt_chart* chart, const dt_allocator* allocator) {
  const int kind = dt__pick(rng, 0, 2);
  int bar = 0;
  for (int n = dt__pick(rng, 1, 9); n > 0 && kind > 0; n--) {
    dt_chart_segment s = {.times = dt__pick(rng, 0, 1) ? 1 : dt__pick(rng, 1, 12)};
    s.first_bar = kind == 1 ? bar : dt__pick(rng, 0, chart->bar_count - 1);
    s.bar_count = n == 1 && kind == 1 ? chart->bar_count - bar
                                      : dt__pick(rng, 1, chart->bar_count - s.first_bar);
    bar = s.first_bar + s.bar_count;
    assert_int_equal(dt_chart_add_segment(chart, allocator, &s), DT_OK);
    if (bar == chart->bar_count && kind == 1)
      break;
  }
}

/* The chart of a seed; dt_chart_check holds of it. */
static inline void dt_chart_random(dt_chart* chart, const dt_allocator* allocator, uint64_t seed) {
  static const dt_tick grids[] = {240, 240, 480, 960, 160, 120, 80, 60, 1};
  static const dt_meter meters[] = {{4, 4}, {3, 4}, {7, 8}, {6, 8}, {5, 4}, {5, 64}, {1, 1}};
  static const double swings[] = {0.5, 0.5, 2.0 / 3, 0.6, 0.58, 0.75, 0.5123456789};
  dt_rng rng = dt_rng_seeded(seed, 0);
  assert_int_equal(dt_chart_init(chart, allocator), DT_OK);
  dt__random_text(&rng, chart->name, sizeof chart->name);
  dt__random_text(&rng, chart->title, sizeof chart->title);
  dt__random_text(&rng, chart->tags, sizeof chart->tags);
  chart->swing = swings[dt__pick(&rng, 0, 6)];
  chart->swing_pair = chart->swing > 0.5 ? dt__pick(&rng, 1, 2) * 480 : dt__pick(&rng, 0, 9) * 2;
  chart->step = grids[dt__pick(&rng, 0, 8)];
  chart->bar_count = dt__pick(&rng, 1, dt__pick(&rng, 0, 3) ? 6 : 40);
  dt_tick tick = 0;
  for (int bar = 0; bar < chart->bar_count; bar++) {
    if (bar == 0 || dt__pick(&rng, 0, 5) == 0)
      assert_int_equal(
          dt_tempo_map_set_meter(&chart->map, allocator, tick, meters[dt__pick(&rng, 0, 6)]),
          DT_OK);
    tick += dt_meter_bar_ticks(dt_tempo_map_meter(&chart->map, (double)tick));
  }
  for (int n = dt__pick(&rng, 0, 3); n > 0; n--) {
    const double us =
        dt__pick(&rng, 0, 1) ? 6e7 / dt__pick(&rng, 30, 300) : 2e5 + 8e5 * dt_rng_uniform(&rng);
    const dt_tick at = n == 1 ? 0 : (dt_tick)(dt_rng_uniform(&rng) * (double)tick);
    assert_int_equal(dt_tempo_map_set_tempo(&chart->map, allocator, at, us), DT_OK);
  }
  for (int n = dt__pick(&rng, 0, 12 * chart->bar_count); n > 0; n--) {
    const dt_tick grid = dt__pick(&rng, 0, 7) ? chart->step : grids[dt__pick(&rng, 0, 8)];
    const dt_chart_note note = dt__random_note(&rng, tick, grid);
    assert_int_equal(dt_chart_add_note(chart, allocator, &note), DT_OK);
  }
  dt__random_spans(&rng, chart, allocator);
  dt__random_order(&rng, chart, allocator);
  dt_chart_sort(chart);
  dt__drop_clashes(chart, tick);
  const char* wrong = dt_chart_check(chart);
  if (wrong != NULL)
    fail_msg("seed %llu: %s", (unsigned long long)seed, wrong);
}

#endif
