#include <math.h>

#include "html_internal.h"

/* The tempo curve with its band, bar by bar, over the click's line. */

enum { LEFT = 46, WIDTH = 960, HEIGHT = 210, TOP = 12, BOTTOM = 26, POINTS_MAX = 480 };

typedef struct axes {
  double first_beat;
  double last_beat;
  double low;
  double high;
} axes;

static double x_of(const axes* a, double beat) {
  return LEFT + (beat - a->first_beat) / (a->last_beat - a->first_beat) * (WIDTH - LEFT - 8);
}

static double y_of(const axes* a, double bpm) {
  return TOP + (a->high - bpm) / (a->high - a->low) * (HEIGHT - TOP - BOTTOM);
}

/* Wide enough for the band, and never so narrow that a steady take looks wild. */
static axes axes_of(const dt__html* html) {
  const dt_tempo_curve* curve = &html->study->curve;
  axes a = {curve->items[0].beat, curve->items[curve->count - 1].beat, (double)INFINITY, 0.0};
  double sum = 0.0;
  /* The ends know the least and would decide. */
  const size_t ends = curve->count > 16 ? 3 : 0;
  for (size_t i = 0; i < curve->count; i++) {
    sum += curve->items[i].bpm;
    if (i < ends || i + ends >= curve->count)
      continue;
    a.low =
        fmin(a.low, curve->items[i].bpm - 1.4 * (curve->items[i].bpm - curve->items[i].low_bpm));
    a.high =
        fmax(a.high, curve->items[i].bpm + 1.4 * (curve->items[i].high_bpm - curve->items[i].bpm));
  }
  const double mean = sum / (double)curve->count;
  if (isfinite(html->verdict->click_bpm) && html->verdict->mode != DT_GRID_FREE) {
    a.low = fmin(a.low, html->verdict->click_bpm);
    a.high = fmax(a.high, html->verdict->click_bpm);
  }
  a.low = fmin(a.low, 0.985 * mean);
  a.high = fmax(a.high, 1.015 * mean);
  a.low = fmax(a.low, 0.4 * mean);
  a.high = fmin(a.high, 2.0 * mean);
  return a;
}

static double step_of(double range) {
  static const double STEPS[] = {0.5, 1, 2, 5, 10, 20, 50, 100};
  for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
    if (range / STEPS[i] <= 7.0)
      return STEPS[i];
  return 200.0;
}

static void put_axes(dt__html* html, const axes* a) {
  const double step = step_of(a->high - a->low);
  for (double bpm = ceil(a->low / step) * step; bpm <= a->high; bpm += step) {
    dt__put(&html->page, "<path class=\"g\" d=\"M%d %.1fH%d\"/><text x=\"0\" y=\"%.1f\">", LEFT,
            y_of(a, bpm), WIDTH - 8, y_of(a, bpm) + 4.0);
    dt__html_number(html, bpm);
    dt__put(&html->page, "</text>\n");
  }
  const double bar = (double)html->study->marks.bar_ticks / DT_TICKS_PER_QUARTER;
  const double bars = (a->last_beat - a->first_beat) / bar;
  const double every = fmax(1.0, step_of(bars * 0.45));
  for (double n = ceil(a->first_beat / bar / every) * every; n * bar <= a->last_beat; n += every)
    dt__put(
        &html->page, "<path class=\"g\" d=\"M%.1f %dv%d\"/><text x=\"%.1f\" y=\"%d\">%.0f</text>\n",
        x_of(a, n * bar), TOP, HEIGHT - TOP - BOTTOM, x_of(a, n * bar) + 2.0, HEIGHT - 12, n + 1.0);
  dt__put(&html->page, "<text x=\"0\" y=\"%d\">bpm</text><text x=\"%d\" y=\"%d\">bar</text>\n",
          HEIGHT - 12, WIDTH - 24, HEIGHT - 1);
}

static void put_edge(dt__html* html, const axes* a, bool low, bool backwards) {
  const dt_tempo_curve* curve = &html->study->curve;
  const size_t step = curve->count / POINTS_MAX + 1;
  const size_t count = (curve->count - 1) / step + 1;
  for (size_t k = 0; k < count; k++) {
    const dt_tempo_point* p = &curve->items[(backwards ? count - 1 - k : k) * step];
    const double bpm = fmin(fmax(low ? p->low_bpm : p->high_bpm, a->low), a->high);
    dt__put(&html->page, "%s%.1f %.1f", k == 0 && !backwards ? "M" : "L", x_of(a, p->beat),
            y_of(a, bpm));
  }
}

static void put_curve(dt__html* html, const axes* a) {
  const dt_tempo_curve* curve = &html->study->curve;
  const size_t step = curve->count / POINTS_MAX + 1;
  dt__put(&html->page, "<path class=\"band\" d=\"");
  put_edge(html, a, true, false);
  put_edge(html, a, false, true);
  dt__put(&html->page, "z\"/>\n<path class=\"line\" d=\"");
  for (size_t i = 0; i < curve->count; i += step)
    dt__put(&html->page, "%s%.1f %.1f", i ? "L" : "M", x_of(a, curve->items[i].beat),
            y_of(a, fmin(fmax(curve->items[i].bpm, a->low), a->high)));
  dt__put(&html->page, "\"/>\n");
}

static void put_fills(dt__html* html, const axes* a) {
  const dt_fills* fills = &html->study->places.fills;
  for (size_t i = 0; i < fills->count; i++) {
    const double start = x_of(a, fills->items[i].tick / DT_TICKS_PER_QUARTER);
    const double end = x_of(a, fills->items[i].end_tick / DT_TICKS_PER_QUARTER + 0.25);
    dt__put(&html->page, "<rect class=\"f\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
            start, TOP, fmax(end - start, 1.0), HEIGHT - TOP - BOTTOM);
  }
}

void dt__html_tempo(dt__html* html) {
  const dt_tempo_curve* curve = &html->study->curve;
  if (curve->count < 2)
    return;
  const axes a = axes_of(html);
  dt__html_panel(
      html, "tempo", "Tempo",
      "The line is your tempo, the band where it may really have been (95 %). Dashed: the "
      "click. Grey: fills.");
  dt__put(&html->page,
          "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Tempo from %.1f to "
          "%.1f bpm, first to last bar\">\n",
          WIDTH, HEIGHT, curve->items[0].bpm, curve->items[curve->count - 1].bpm);
  put_fills(html, &a);
  put_axes(html, &a);
  put_curve(html, &a);
  if (html->verdict->mode != DT_GRID_FREE && isfinite(html->verdict->click_bpm))
    dt__put(&html->page, "<path class=\"dash\" d=\"M%d %.1fH%d\"/>\n", LEFT,
            y_of(&a, html->verdict->click_bpm), WIDTH - 8);
  dt__put(&html->page, "</svg>\n");
  dt__html_panel_end(html);
}
