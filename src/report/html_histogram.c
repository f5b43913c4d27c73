#include <math.h>
#include <string.h>

#include "html_internal.h"

/* How the strokes of each drum lie about the grid. */

enum { BINS = 31, WIDTH = 248, HEIGHT = 92, FLOOR = 74 };
static const double BIN_MS = 4.0;

typedef struct histogram {
  size_t bin[BINS];
  size_t highest;
  size_t count;
} histogram;

static histogram gather(const dt__html* html, dt_voice voice) {
  histogram h;
  memset(&h, 0, sizeof h);
  const dt_marks* marks = &html->study->marks;
  for (size_t i = 0; i < marks->count; i++) {
    const dt_mark* mark = &marks->items[i];
    const double offset = html->against_click ? mark->asynchrony_ms : mark->own_ms;
    if (mark->voice != voice || mark->order != 0 || isnan(offset))
      continue;
    const double bin = floor(offset / BIN_MS + 0.5) + BINS / 2;
    size_t* into = &h.bin[(int)fmin(fmax(bin, 0.0), BINS - 1.0)];
    ++*into;
    h.highest = *into > h.highest ? *into : h.highest;
    h.count++;
  }
  return h;
}

static void put_bars(dt__html* html, const histogram* h, const char* class, int first, int last) {
  dt__put(&html->page, "<path class=\"%s\" d=\"", class);
  for (int b = first; b <= last; b++) {
    if (h->bin[b] == 0)
      continue;
    const double height = 64.0 * (double)h->bin[b] / (double)h->highest;
    dt__put(&html->page, "M%d %dv", b * 8, FLOOR);
    dt__html_number(html, -fmax(height, 1.0));
    dt__put(&html->page, "h7V%dz", FLOOR);
  }
  dt__put(&html->page, "\"/>\n");
}

static void put_histogram(dt__html* html, dt_voice voice, const dt_timing* timing) {
  const histogram h = gather(html, voice);
  if (h.count < 4)
    return;
  const int middle = BINS / 2;
  const int on = 1; /* bins either side that count as "on": 6 ms */
  dt__put(&html->page,
          "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s: %zu strokes by "
          "milliseconds early or late\">\n",
          WIDTH, HEIGHT, dt_voice_name(voice), h.count);
  put_bars(html, &h, "e", 0, middle - on - 1);
  put_bars(html, &h, "o", middle - on, middle + on);
  put_bars(html, &h, "l", middle + on + 1, BINS - 1);
  dt__put(&html->page, "<path class=\"b\" d=\"M%.1f 4V%dM0 %dH%d\"/>\n", middle * 8 + 3.5,
          FLOOR + 3, FLOOR, WIDTH);
  dt__put(&html->page,
          "<text x=\"0\" y=\"89\">\u221260 ms early</text><text x=\"124\" y=\"89\" "
          "text-anchor=\"middle\">0</text><text x=\"%d\" y=\"89\" text-anchor=\"end\">late "
          "+60</text>\n</svg>\n<figcaption><b>%s</b> ",
          WIDTH, dt_voice_name(voice));
  dt__html_estimate(html, html->against_click ? &timing->placement_ms : &timing->placement_own_ms,
                    1, true, "ms");
  dt__put(&html->page, ", scatter ");
  dt__html_estimate(html, &timing->scatter_ms, 1, false, "ms");
  dt__put(&html->page, "</figcaption>\n</figure>\n");
}

void dt__html_histograms(dt__html* html) {
  if (html->verdict->voice_count == 0)
    return;
  dt__html_panel(html, "histograms", "How each drum lies",
                 html->against_click
                     ? "Strokes against the click, 4 ms a column. One hill, narrow: "
                       "tight. Left of the line: you were early."
                     : "Strokes against your own pulse, 4 ms a column. One hill, "
                       "narrow: tight. Left of the line: you were early.");
  dt__put(&html->page, "<div class=\"grid\">\n");
  for (size_t i = 0; i < html->verdict->voice_count; i++)
    put_histogram(html, html->verdict->voices[i].voice, &html->verdict->voices[i].timing);
  dt__put(&html->page, "</div>\n");
  dt__html_panel_end(html);
}
