#include <math.h>

#include "html_internal.h"

/* The end of the take against its beginning; and the clock against the hands. */

void dt__html_fatigue(dt__html* html) {
  const dt_fatigue* f = &html->study->fatigue;
  if (f->scatter_pct.per_min.known == DT_NOT_TESTABLE &&
      f->level_db.per_min.known == DT_NOT_TESTABLE)
    return;
  dt__html_panel(html, "fatigue", "From beginning to end",
                 "How the take changes each minute. A slope is not yet tiredness.");
  dt__html_table(html, "Slopes", "what|a minute|meaning");
  dt__html_row(html, "scatter", &f->scatter_pct.per_min, 1, true, "%",
               "of what it was at the start");
  dt__html_row(html, "tempo", &f->drift_bpm.per_min, 2, true, "bpm", "drift");
  dt__html_row(html, "rolls", &f->roll_rate.per_min, 1, true, "strokes/min", "speed of rolls");
  dt__html_row(html, "loudness", &f->level_db.per_min, 2, true, "dB",
               "each drum about its own level");
  dt__html_row(html, "left less right, scatter", &f->left_minus_right_scatter_pct.per_min, 1, true,
               "%", "plus: the left tires first");
  dt__html_row(html, "left less right, loudness", &f->left_minus_right_level_db.per_min, 2, true,
               "dB", "minus: the left tires first");
  dt__html_table_end(html);
  dt__html_panel_end(html);
}

enum { WIDTH = 300, HEIGHT = 170, LEFT = 34, FLOOR = 142 };

static void put_longrange(dt__html* html) {
  const dt_longrange* r = &html->study->longrange;
  if (r->exponent.known != DT_KNOWN || r->point_count < 3)
    return;
  const double x0 = log(r->window_beats[0]);
  const double x1 = log(r->window_beats[r->point_count - 1]);
  double low = (double)INFINITY;
  double high = -(double)INFINITY;
  for (int i = 0; i < r->point_count; i++) {
    low = fmin(low, log(r->fluctuation_ms[i]));
    high = fmax(high, log(r->fluctuation_ms[i]));
  }
  dt__put(&html->page,
          "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" "
          "aria-label=\"Fluctuation against window length, both logarithmic\">\n",
          WIDTH, HEIGHT);
  dt__put(&html->page, "<path class=\"b\" d=\"M%d 4V%dH%d\"/>\n", LEFT, FLOOR, WIDTH);
  for (int i = 0; i < r->point_count; i++)
    dt__put(&html->page, "<circle class=\"bar\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n",
            LEFT + 8 + (log(r->window_beats[i]) - x0) / (x1 - x0) * (WIDTH - LEFT - 16),
            FLOOR - 8 - (log(r->fluctuation_ms[i]) - low) / fmax(high - low, 1e-9) * (FLOOR - 20));
  dt__put(&html->page,
          "<text x=\"%d\" y=\"158\">%.0f beats</text><text x=\"%d\" y=\"158\" "
          "text-anchor=\"end\">%.0f beats</text>\n</svg>\n<figcaption>Long-range structure, "
          "exponent ",
          LEFT, r->window_beats[0], WIDTH, r->window_beats[r->point_count - 1]);
  dt__html_estimate(html, &r->exponent, 2, false, "");
  dt__put(&html->page, ". 0.5: no memory, 1: every error echoes for long. Shown, never "
                       "graded.</figcaption>\n</figure>\n");
}

void dt__html_timekeeper(dt__html* html) {
  const dt_timekeeper* t = &html->study->timekeeper;
  if (t->clock_ms.known != DT_KNOWN && t->correction.known != DT_KNOWN)
    return;
  dt__html_panel(
      html, "clock", "Clock or hands?",
      "Your scatter taken apart: the timekeeper in the head, and the hands that carry it "
      "out.");
  dt__html_table(html, "Per beat", "what|how much|meaning");
  dt__html_row(html, "timekeeper", &t->clock_ms, 1, false, "ms", "SD of the beats meant");
  dt__html_row(html, "hands", &t->motor_ms, 1, false, "ms", "SD of the strokes about them");
  dt__html_row(html, "correction", &t->correction, 2, false, "",
               "share of an error made up for by the next beat");
  dt__html_table_end(html);
  put_longrange(html);
  dt__html_panel_end(html);
}
