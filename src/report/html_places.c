#include <math.h>

#include "html_internal.h"

/* The bar as a map: each drum at each place of the bar; and what fills and sections do. */

static bool is_new(const dt_places* places, size_t i) {
  return i == 0 || places->places[i].bar_tick != places->places[i - 1].bar_tick;
}

static const dt_place* find(const dt_places* places, size_t column, dt_voice voice) {
  const int tick = places->places[column].bar_tick;
  for (size_t i = column; i < places->place_count && places->places[i].bar_tick == tick; i++)
    if (places->places[i].voice == voice)
      return &places->places[i];
  return NULL;
}

static void put_cell(dt__html* html, const dt_place* place) {
  if (!place || place->offset_ms.known != DT_KNOWN) {
    dt__put(&html->page, "<td>%s</td>", place ? "?" : "");
    return;
  }
  const dt_estimate* e = &place->offset_ms;
  const bool sure = e->low > 0.0 || e->high < 0.0;
  char text[32];
  dt__put(&html->page, "<td%s>%s%s%s</td>",
          !sure            ? ""
          : e->value < 0.0 ? " class=\"ce\""
                           : " class=\"cl\"",
          sure && e->value < 0.0 ? "\u25c2" : "", dt__fixed(text, sizeof text, e->value, 0, true),
          sure && e->value > 0.0 ? "\u25b8" : "");
}

static bool plays(const dt_places* places, dt_voice voice) {
  for (size_t i = 0; i < places->place_count; i++)
    if (places->places[i].voice == voice)
      return true;
  return false;
}

void dt__html_places(dt__html* html) {
  const dt_places* places = &html->study->places;
  if (places->place_count == 0)
    return;
  dt__html_panel(html, "places", "The bar as a map",
                 "Mean offset in ms at each place of the bar, against your own pulse around it. "
                 "Coloured and with an arrow where it is surely early (\u25c2) or late (\u25b8).");
  dt__html_wide(html, "The bar as a map");
  dt__put(&html->page, "<table class=\"map\">\n<thead><tr><th scope=\"col\">drum</th>");
  for (size_t i = 0; i < places->place_count; i++)
    if (is_new(places, i)) {
      dt__put(&html->page, "<th scope=\"col\">");
      dt__html_text(html, places->places[i].name);
      dt__put(&html->page, "</th>");
    }
  dt__put(&html->page, "</tr></thead>\n<tbody>\n");
  for (int voice = 0; voice < DT_VOICE_COUNT; voice++) {
    if (!plays(places, (dt_voice)voice))
      continue;
    dt__put(&html->page, "<tr><th scope=\"row\">%s</th>", dt_voice_name((dt_voice)voice));
    for (size_t i = 0; i < places->place_count; i++)
      if (is_new(places, i))
        put_cell(html, find(places, i, (dt_voice)voice));
    dt__put(&html->page, "</tr>\n");
  }
  dt__put(&html->page, "</tbody></table>\n");
  dt__html_wide_end(html);
  dt__html_panel_end(html);
}

void dt__html_fills(dt__html* html) {
  const dt_places* places = &html->study->places;
  const dt_fills* fills = &places->fills;
  if (fills->count == 0 && places->change_count == 0)
    return;
  dt__html_panel(html, "fills", "Fills and sections", NULL);
  dt__html_table(html, "Fills against the groove around them, and section changes",
                 "what|how much|meaning");
  dt__html_row(html, "tempo after fills", &fills->gain_bpm, 2, true, "bpm",
               "what you gain at each fill and keep; steady drift is not in it");
  dt__html_row(html, "tempo in fills", &fills->inside_bpm, 2, true, "bpm",
               "against the bars before");
  dt__html_row(html, "placement in fills", &fills->placement_ms, 1, true, "ms",
               "against the groove beside them");
  dt__html_row(html, "scatter in fills", &fills->scatter_ratio, 2, false, "\u00d7",
               "times that of the groove");
  dt__html_row(html, "tempo at section changes", &places->change_bpm, 2, true, "bpm",
               "mean step from one section to the next");
  dt__html_table_end(html);
  dt__html_panel_end(html);
}
