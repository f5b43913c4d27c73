#ifndef DT_TEST_ALIGN_CHARTS_H
#define DT_TEST_ALIGN_CHARTS_H

/* Charts for the tests of the alignment: some grooves, and a few with what they lack. */

#include "../support/groove_charts.h"
#include "dt/chart.h"

static inline void chart_must(dt_status status) {
  if (status != DT_OK) {
    abort();
  }
}

static inline dt_chart chart_empty(dt_meter meter, int bars, double bpm) {
  dt_chart chart;
  chart_must(dt_chart_init(&chart, NULL));
  chart_must(dt_tempo_map_set_tempo(&chart.map, NULL, 0, 60e6 / bpm));
  chart_must(dt_tempo_map_set_meter(&chart.map, NULL, 0, meter));
  chart.bar_count = bars;
  return chart;
}

static inline void chart_note(dt_chart* chart, dt_tick tick, dt_drum drum, dt_loud loud,
                              dt_ornament ornament, dt_tick length, dt_tick step) {
  const dt_chart_note note = {tick, length, step, drum, loud, ornament, ' '};
  chart_must(dt_chart_add_note(chart, NULL, &note));
}

static inline dt_chart chart_of_groove(const char* name) {
  return dt__chart_of(dt__groove_text(name));
}

/* One snare line over one bar, a character a step: x X g f d; r a measured roll of two strokes a
 * step until the next character that is no '~'; b likewise a buzz. */
static inline dt_chart chart_of_line(const char* line, dt_meter meter, double bpm, dt_tick step) {
  const size_t length = strlen(line);
  const int bars = (int)((dt_tick)length * step / dt_meter_bar_ticks(meter));
  dt_chart chart = chart_empty(meter, bars, bpm);
  for (size_t i = 0; i < length; ++i) {
    const char c = line[i];
    size_t held = 1;
    while (line[i + held] == '~') {
      ++held;
    }
    const dt_loud loud = c == 'X' || c == 'F' ? DT_LOUD_ACCENT
                         : c == 'g'           ? DT_LOUD_GHOST
                                              : DT_LOUD_NORMAL;
    const bool roll = c == 'r' || c == 'b';
    const dt_ornament ornament = c == 'f' || c == 'F' ? DT_FLAM
                                 : c == 'd'           ? DT_DRAG
                                 : roll               ? DT_ROLL
                                                      : DT_PLAIN;
    if (c != '-' && c != '~') {
      chart_note(&chart, (dt_tick)i * step, DT_SNARE, loud, ornament,
                 roll ? (dt_tick)held * step : 0, c == 'r' ? step / 2 : 0);
    }
  }
  return chart;
}

/* Four bars of rock and a fill round the toms, a verse, a chorus on the ride. */
static inline dt_chart chart_song(void) {
  static const dt_meter FOUR = {4, 4};
  dt_chart chart = chart_empty(FOUR, 8, 110);
  for (int bar = 0; bar < 8; ++bar) {
    const dt_tick start = bar * 3840;
    const bool fill = bar == 3 || bar == 7;
    const dt_drum time = bar < 4 ? DT_HIHAT_CLOSED : DT_RIDE;
    for (int e = 0; e < (fill ? 4 : 8); ++e) {
      chart_note(&chart, start + e * 480, time, DT_LOUD_NORMAL, DT_PLAIN, 0, 0);
    }
    if (bar == 4 || bar == 0) {
      chart_note(&chart, start, DT_CRASH, DT_LOUD_ACCENT, DT_PLAIN, 0, 0);
    }
    chart_note(&chart, start, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN, 0, 0);
    chart_note(&chart, start + 960, DT_SNARE, DT_LOUD_ACCENT, DT_PLAIN, 0, 0);
    if (fill) {
      static const dt_drum DOWN[] = {DT_SNARE, DT_TOM_HIGH, DT_TOM_MID, DT_TOM_LOW};
      for (int s = 0; s < 8; ++s) {
        chart_note(&chart, start + 1920 + s * 240, DOWN[s / 2], DT_LOUD_NORMAL,
                   s == 0 ? DT_FLAM : DT_PLAIN, 0, 0);
      }
    } else {
      chart_note(&chart, start + 2880, DT_SNARE, DT_LOUD_ACCENT, DT_PLAIN, 0, 0);
      chart_note(&chart, start + (bar % 2 ? 1440 : 1920), DT_KICK, DT_LOUD_NORMAL, DT_PLAIN, 0, 0);
      chart_note(&chart, start + 2400, DT_KICK, DT_LOUD_NORMAL, DT_PLAIN, 0, 0);
    }
  }
  const dt_chart_span spans[] = {{0, 15360, false, "Verse"},
                                 {13440, 15360, true, ""},
                                 {15360, 30720, false, "Chorus"},
                                 {28800, 30720, true, ""}};
  for (int k = 0; k < 4; ++k) {
    chart_must(dt_chart_add_span(&chart, NULL, &spans[k]));
  }
  dt_chart_sort(&chart);
  return chart;
}

typedef struct test_chart {
  const char* name;
  dt_chart chart;
} test_chart;

enum { TEST_CHARTS_MAX = 200 };

static inline size_t charts_made(test_chart* charts) {
  static const dt_meter FOUR = {4, 4};
  static const dt_meter TWELVE = {12, 8};
  size_t n = 0;
  for (size_t k = 0; k < DT__GROOVES; ++k) {
    charts[n].name = dt__grooves[k].name;
    charts[n++].chart = chart_of_groove(dt__grooves[k].name);
  }
  const struct {
    const char* name;
    const char* line;
    dt_meter meter;
    dt_tick step;
  } LINES[] = {
      {"flam-tap", "fxfxfxfxfxfxfxfx", FOUR, 240},
      {"flam-accent", "FxxFxxFxxFxx", TWELVE, 480},
      {"drag-tap", "d-X-d-X-d-X-d-X-", FOUR, 240},
      {"five-stroke-roll", "r~X-r~X-r~X-r~X-", FOUR, 240},
      {"nine-stroke-roll", "r~~~X---r~~~X---", FOUR, 240},
      {"buzz-roll", "b~~~X---b~~~X-x-", FOUR, 240},
      {"accented-sixteenths", "XxxxXxxXxxXxXxXx", FOUR, 240},
      {"sixteenths-rests", "Xx-xx-xxx-xx-xx-", FOUR, 240},
  };
  for (size_t k = 0; k < sizeof(LINES) / sizeof(LINES[0]); ++k) {
    charts[n].name = LINES[k].name;
    charts[n++].chart = chart_of_line(LINES[k].line, LINES[k].meter, 90, LINES[k].step);
  }
  charts[n].name = "song";
  charts[n++].chart = chart_song();
  return n;
}

static inline void charts_clear(test_chart* charts, size_t count) {
  for (size_t k = 0; k < count; ++k) {
    dt_chart_clear(&charts[k].chart, NULL);
  }
}

#endif
