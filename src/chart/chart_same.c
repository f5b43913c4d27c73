#include <string.h>

#include "chart_internal.h"

static bool same_notes(const dt_chart* a, const dt_chart* b) {
  if (a->note_count != b->note_count)
    return false;
  for (size_t i = 0; i < a->note_count; i++) {
    const dt_chart_note* x = &a->notes[i];
    const dt_chart_note* y = &b->notes[i];
    if (x->tick != y->tick || x->length != y->length || x->roll_step != y->roll_step ||
        x->drum != y->drum || x->loud != y->loud || x->ornament != y->ornament ||
        x->hand != y->hand)
      return false;
  }
  return true;
}

static bool same_spans(const dt_chart* a, const dt_chart* b) {
  if (a->span_count != b->span_count)
    return false;
  for (size_t i = 0; i < a->span_count; i++) {
    const dt_chart_span* x = &a->spans[i];
    const dt_chart_span* y = &b->spans[i];
    if (x->start != y->start || x->end != y->end || x->fill != y->fill ||
        strcmp(x->name, y->name) != 0)
      return false;
  }
  return true;
}

/* Walks an order bar by bar. */
typedef struct walk {
  const dt_chart* chart;
  size_t segment;
  int time;
  int bar;
} walk;

/* The next bar played, or -1 after the last. */
static int next_bar(walk* w) {
  if (w->chart->order_count == 0)
    return w->bar < w->chart->bar_count ? w->bar++ : -1;
  if (w->segment >= w->chart->order_count)
    return -1;
  const dt_chart_segment* segment = &w->chart->order[w->segment];
  const int bar = segment->first_bar + w->bar++;
  if (w->bar >= segment->bar_count) {
    w->bar = 0;
    w->time++;
  }
  if (w->time >= segment->times) {
    w->time = 0;
    w->segment++;
  }
  return bar;
}

static bool same_order(const dt_chart* a, const dt_chart* b) {
  if (dt_chart_played_bars(a) != dt_chart_played_bars(b))
    return false;
  walk at_a = {.chart = a};
  walk at_b = {.chart = b};
  for (int bar; (bar = next_bar(&at_a)) >= 0;)
    if (bar != next_bar(&at_b))
      return false;
  return true;
}

bool dt__tempo_map_same(const dt_tempo_map* a, const dt_tempo_map* b) {
  const dt_tempo_map* const maps[2] = {a, b};
  for (int m = 0; m < 2; m++) {
    for (size_t i = 0; i < maps[m]->tempo_count; i++) {
      const dt_tick tick = maps[m]->tempi[i].tick;
      if (dt_tempo_map_bpm(a, (double)tick) != dt_tempo_map_bpm(b, (double)tick))
        return false;
    }
    for (size_t i = 0; i < maps[m]->meter_count; i++) {
      const double tick = (double)maps[m]->meters[i].tick;
      const dt_meter x = dt_tempo_map_meter(a, tick);
      const dt_meter y = dt_tempo_map_meter(b, tick);
      if (x.numerator != y.numerator || x.denominator != y.denominator)
        return false;
    }
  }
  return true;
}

bool dt_chart_same(const dt_chart* a, const dt_chart* b) {
  return a->swing == b->swing && a->swing_pair == b->swing_pair && a->bar_count == b->bar_count &&
         dt__tempo_map_same(&a->map, &b->map) && same_notes(a, b) && same_spans(a, b) &&
         same_order(a, b);
}
