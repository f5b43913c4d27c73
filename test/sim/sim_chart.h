#ifndef DT_TEST_SIM_CHART_H
#define DT_TEST_SIM_CHART_H

/* Charts written in the test, and what the drummer makes of them. Include first, from a cmocka
 * test. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/near.h"
#include "dt/drummer.h"

/* Straight 4/4 at 120 bpm, sixteenths; release with dt_chart_clear. */
static inline dt_chart dt__blank(int bars) {
  dt_chart chart;
  assert_int_equal(dt_chart_init(&chart, NULL), DT_OK);
  chart.bar_count = bars;
  chart.step = 240;
  chart.swing_pair = 960;
  return chart;
}

static inline dt_ornament dt__ornament_of(char symbol) {
  return symbol == 'f' ? DT_FLAM : symbol == 'd' ? DT_DRAG : symbol == 'r' ? DT_ROLL : DT_PLAIN;
}

/* One drum's line: x X g f d r (a roll of thirty-seconds for its step, z one without spacing);
 * the sticking below it, or NULL. */
static inline void dt__line(dt_chart* chart, dt_drum drum, dt_tick step, const char* pattern,
                            const char* hands) {
  for (size_t i = 0; pattern[i]; ++i) {
    const char symbol = pattern[i];
    if (symbol == '-')
      continue;
    dt_chart_note note = {.tick = (dt_tick)i * step, .drum = drum, .hand = hands ? hands[i] : ' '};
    note.loud = symbol == 'X' ? DT_LOUD_ACCENT : symbol == 'g' ? DT_LOUD_GHOST : DT_LOUD_NORMAL;
    note.ornament = symbol == 'z' ? DT_ROLL : dt__ornament_of(symbol);
    note.length = note.ornament == DT_ROLL ? step : 0;
    note.roll_step = symbol == 'r' ? 120 : 0;
    assert_int_equal(dt_chart_add_note(chart, NULL, &note), DT_OK);
  }
  dt_chart_sort(chart);
}

static inline void dt__span(dt_chart* chart, bool fill, dt_tick start, dt_tick end) {
  const dt_chart_span span = {.start = start, .end = end, .fill = fill, .name = "X"};
  assert_int_equal(dt_chart_add_span(chart, NULL, &span), DT_OK);
  dt_chart_sort(chart);
}

/* Hi-hat in eighths, snare on 2 and 4, kick on 1 and 3; in one bar. */
static inline dt_chart dt__rock(void) {
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_HIHAT_CLOSED, 480, "xxxxxxxx", NULL);
  dt__line(&chart, DT_SNARE, 480, "--x---x-", NULL);
  dt__line(&chart, DT_KICK, 480, "x---x---", NULL);
  return chart;
}

/* A machine told how to play. */
static inline dt_drummer dt__told(const char* how) {
  dt_drummer drummer = dt_drummer_default();
  dt_error err = {.sentence = ""};
  if (dt_drummer_parse(&drummer, "machine", &err) != DT_OK ||
      dt_drummer_parse(&drummer, how, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return drummer;
}

typedef struct dt__playing {
  dt_drummer drummer;
  dt_part part;
  dt_truths truths;
} dt__playing;

static inline dt__playing dt__play_chart(const dt_chart* chart, const char* how, uint64_t seed) {
  dt__playing p = {.drummer = dt__told(how)};
  dt_error err = {.sentence = ""};
  p.drummer.seed = seed;
  const char* wrong = dt_chart_check(chart);
  if (wrong)
    fail_msg("%s", wrong);
  assert_int_equal(dt_drummer_part(&p.drummer, chart, NULL, &p.part), DT_OK);
  if (dt_drummer_play(&p.drummer, &p.part, NULL, &p.truths, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return p;
}

static inline void dt__done(dt__playing* p) {
  dt_truths_clear(&p->truths, NULL);
  dt_part_clear(&p->part, NULL);
}

/* Stroke minus own pulse, ms: what was steady is left in. */
static inline double dt__off_ms(const dt_truth* t) {
  return 1000 * (t->stroke.time_s - t->own_time_s);
}

#endif
