#include <math.h>

#include "html_internal.h"

/* Swing: the share of the pair that the first note takes, voice by voice, against the norm. */

enum { WIDTH = 280, HEIGHT = 96, FLOOR = 74, VOICES_SHOWN = 4 };

static double x_of_share(double share) {
  return (share - DT_SWING_BIN_FIRST) / (DT_SWING_BIN_WIDTH * DT_SWING_BINS) * WIDTH;
}

static void put_histogram(dt__html* html, const dt_swing_voice* voice) {
  const dt_swing* swing = &html->study->swing;
  size_t highest = 1;
  for (int b = 0; b < DT_SWING_BINS; b++)
    highest = voice->bins[b] > highest ? voice->bins[b] : highest;
  dt__put(&html->page,
          "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s: %zu pairs by how "
          "they divide\">\n<path class=\"bar\" d=\"",
          WIDTH, HEIGHT, dt_voice_name(voice->voice), voice->pair_count);
  for (int b = 0; b < DT_SWING_BINS; b++) {
    if (voice->bins[b] == 0)
      continue;
    dt__put(&html->page, "M%d %dv", b * 7, FLOOR);
    dt__html_number(html, -fmax(1.0, 66.0 * (double)voice->bins[b] / (double)highest));
    dt__put(&html->page, "h6V%dz", FLOOR);
  }
  dt__put(&html->page, "\"/>\n<path class=\"b\" d=\"M0 %dH%d\"/>", FLOOR, WIDTH);
  if (isfinite(swing->norm_ratio))
    dt__put(&html->page, "<path class=\"norm\" d=\"M%.1f 2V%d\"/>",
            x_of_share(swing->norm_ratio / (1.0 + swing->norm_ratio)), FLOOR + 4);
  dt__put(&html->page,
          "<text x=\"%.1f\" y=\"89\" text-anchor=\"middle\">straight</text><text x=\"%.1f\" "
          "y=\"89\" text-anchor=\"middle\">2:1</text><text x=\"%.1f\" y=\"89\" "
          "text-anchor=\"middle\">3:1</text>\n</svg>\n<figcaption><b>%s</b> ",
          x_of_share(0.5), x_of_share(2.0 / 3.0), x_of_share(0.75), dt_voice_name(voice->voice));
  dt__html_estimate(html, &voice->ratio, 2, false, ": 1");
  dt__put(&html->page, ", short note ");
  dt__html_estimate(html, &voice->short_ms, 0, false, "ms");
  dt__put(&html->page, "</figcaption>\n</figure>\n");
}

static void put_sixteenths(dt__html* html) {
  const dt_sixteenths* s = &html->study->swing.sixteenths_all;
  static const char* const NAME[4] = {"1", "e", "&amp;", "a"};
  if (s->uneven_ms.known != DT_KNOWN)
    return;
  dt__html_table(html, "Sixteenths: how far each of the four is off four even ones",
                 "sixteenth|ms|meaning");
  for (int k = 0; k < 4; k++)
    dt__html_row(html, NAME[k], &s->deviation_ms[k], 1, true, "ms", "");
  dt__html_row(html, "uneven in all", &s->uneven_ms, 1, false, "ms", "0 is even");
  dt__html_table_end(html);
}

void dt__html_swing(dt__html* html) {
  const dt_swing* swing = &html->study->swing;
  if (swing->pair == 0 || swing->all.share.known == DT_NOT_TESTABLE)
    return;
  dt__html_panel(html, "swing",
                 swing->pair == 960 ? "Swing of the eighths" : "Swing of the sixteenths",
                 "How your off-beats divide their pair. Green line: what jazz drummers\u2019 ride "
                 "cymbals do at this tempo; a norm for swing, not for straight music.");
  dt__put(&html->page, "<div class=\"grid\">\n");
  for (size_t i = 0; i < swing->voice_count && i < VOICES_SHOWN; i++)
    if (swing->voices[i].pair_count >= 4)
      put_histogram(html, &swing->voices[i]);
  dt__put(&html->page, "</div>\n");
  dt__html_table(html, "All drums together", "what|how much|meaning");
  dt__html_row(html, "ratio long : short", &swing->all.ratio, 2, false, ": 1",
               "1 is straight, 2 triplets");
  dt__html_row(html, "share of the pair", &swing->all.share, 3, false, "", "0.5 is straight");
  dt__html_row(html, "spread of the share", &swing->all.spread, 3, false, "", "from pair to pair");
  dt__html_table_end(html);
  put_sixteenths(html);
  dt__html_panel_end(html);
}
