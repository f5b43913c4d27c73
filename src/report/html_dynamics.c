#include <math.h>

#include "html_internal.h"

/* Loudness: levels of each drum, accents and ghost notes; and the hi-hat's foot. */

enum { LEFT = 92, WIDTH = 960, ROW = 26, TOP = 6 };
static const double LOWEST_DB = -40.0;

static double x_of(double db) {
  return LEFT + (fmax(db, LOWEST_DB) - LOWEST_DB) / -LOWEST_DB * (WIDTH - LEFT - 12);
}

static void put_point(dt__html* html, const dt_voice_dynamics* voice, dt_loud loud, double y) {
  static const char* const NAME[] = {"ghost", "normal", "accent"};
  static const double HALF[] = {3.0, 5.0, 7.0};
  const dt_estimate* e = &voice->level_db[loud];
  if (voice->loud_count[loud] == 0 || e->known != DT_KNOWN)
    return;
  dt__put(&html->page,
          "<path class=\"b\" d=\"M%.1f %.1fH%.1f\"/><circle class=\"bar\" cx=\"%.1f\" cy=\"%.1f\" "
          "r=\"%.0f\"><title>%s %.1f dB</title></circle>\n",
          x_of(e->low), y, x_of(e->high), x_of(e->value), y, HALF[loud], NAME[loud], e->value);
}

static bool has_level(const dt_voice_dynamics* voice) {
  for (int loud = DT_LOUD_GHOST; loud <= DT_LOUD_ACCENT; loud++)
    if (voice->loud_count[loud] > 0 && voice->level_db[loud].known == DT_KNOWN)
      return true;
  return false;
}

static void put_levels(dt__html* html) {
  const dt_dynamics* d = &html->study->dynamics;
  int rows = 0;
  for (size_t i = 0; i < d->voice_count; i++)
    rows += has_level(&d->voices[i]);
  if (rows == 0)
    return;
  const int height = TOP + ROW * rows + 16;
  int row = 0;
  dt__put(&html->page,
          "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Mean level of ghost "
          "notes, normal strokes and accents of each drum, in dB\">\n",
          WIDTH, height);
  for (int db = -40; db <= 0; db += 10)
    dt__put(&html->page,
            "<path class=\"g\" d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\" "
            "text-anchor=\"middle\">%d</text>\n",
            x_of(db), TOP, height - 14, x_of(db), height - 2, db);
  for (size_t i = 0; i < d->voice_count; i++) {
    if (!has_level(&d->voices[i]))
      continue;
    const double y = TOP + ROW * (row++ + 0.5);
    dt__put(&html->page, "<text x=\"0\" y=\"%.0f\">%s</text>\n", y + 4.0,
            dt_voice_name(d->voices[i].voice));
    for (int loud = DT_LOUD_GHOST; loud <= DT_LOUD_ACCENT; loud++)
      put_point(html, &d->voices[i], (dt_loud)loud, y);
  }
  dt__put(&html->page, "</svg>\n");
}

static void put_table(dt__html* html) {
  const dt_dynamics* d = &html->study->dynamics;
  dt__html_table(html, "All drums together", "what|how much|meaning");
  dt__html_row(html, "accents", &d->accent_db, 1, true, "dB", "above normal strokes");
  dt__html_row(html, "ghost notes", &d->ghost_db, 1, true, "dB", "against normal strokes");
  dt__html_row(html, "unevenness", &d->evenness_db, 1, false, "dB",
               "spread of strokes meant equally loud");
  dt__html_row(html, "crescendo", &d->crescendo_db_per_min, 1, true, "dB a minute",
               "plus: you grow louder");
  dt__html_row(html, "backbeat", &d->backbeat_db, 1, true, "dB", "snare on 4 less snare on 2");
  dt__html_table_end(html);
}

static void put_openness(dt__html* html) {
  const dt_openness* o = &html->study->openness;
  if (o->contrast.known == DT_NOT_TESTABLE && o->sloppy_share.known == DT_NOT_TESTABLE)
    return;
  dt__html_table(html, "Hi-hat, 0 closed to 1 open", "what|how much|meaning");
  for (int hat = 0; hat < DT_HAT_COUNT; hat++)
    if (o->hats[hat].known_count > 0)
      dt__html_row(html, dt_hat_name((dt_hat)hat), &o->hats[hat].mean, 2, false, "",
                   "mean openness");
  dt__html_row(html, "not quite closed", &o->sloppy_share, 2, false, "",
               "share of closed notes played open");
  dt__html_table_end(html);
}

void dt__html_dynamics(dt__html* html) {
  const dt_dynamics* d = &html->study->dynamics;
  bool shown = false;
  for (size_t i = 0; i < d->voice_count; i++)
    shown = shown || d->voices[i].levels == DT_LEVELS_GOOD;
  if (!shown)
    return;
  dt__html_panel(
      html, "dynamics", "Dynamics",
      "Mean level of each drum below its loudest, in dB: small dot ghost notes, large dot "
      "accents; the line through it is the 95 % interval.");
  put_levels(html);
  put_table(html);
  put_openness(html);
  dt__html_panel_end(html);
}
