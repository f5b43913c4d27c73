#include <math.h>

#include "html_internal.h"

/* Rolls, flams and drags. */

enum { ROLLS_SHOWN = 10 };

static void put_breakdown(dt__html* html, const dt_roll* roll) {
  if (roll->breakdown_known != DT_KNOWN)
    dt__put(&html->page, "<td><small>too short to tell</small></td>");
  else if (roll->breakdown == DT_HOLDS)
    dt__put(&html->page, "<td>holds</td>");
  else
    dt__put(&html->page, "<td>%s after %.1f s</td>",
            roll->breakdown == DT_BREAKS_SLOW ? "slows down" : "gets uneven",
            roll->breakdown_after_s);
}

static void put_list(dt__html* html) {
  const dt_rolls* rolls = &html->study->rolls;
  dt__html_table(html, rolls->count > ROLLS_SHOWN ? "The first ten rolls" : "Each roll",
                 "bar|drum|strokes|unevenness, %|strokes a minute|to its end");
  for (size_t i = 0; i < rolls->count && i < ROLLS_SHOWN; i++) {
    const dt_roll* roll = &rolls->items[i];
    if (roll->first_bar >= 0)
      dt__put(&html->page, "<tr><th scope=\"row\">%d</th>", roll->first_bar + 1);
    else
      dt__put(&html->page, "<tr><th scope=\"row\">at %.1f s</th>", roll->start_s);
    dt__put(&html->page, "<td>%s</td><td>%zu</td>", dt_voice_name(roll->voice), roll->stroke_count);
    dt__html_cell(html, &roll->cv_pct, 1, false, "");
    dt__html_cell(html, &roll->strokes_per_min, 0, false, "");
    put_breakdown(html, roll);
    dt__put(&html->page, "</tr>\n");
  }
  dt__html_table_end(html);
}

static void put_together(dt__html* html) {
  const dt_rolls* rolls = &html->study->rolls;
  const char* who =
      rolls->hands.sticking ? "left against right hand" : "every second stroke against the others";
  dt__html_table(html, "All rolls together", "what|how much|meaning");
  dt__html_row(html, "unevenness", &rolls->cv_pct, 1, false, "%",
               "spread of the intervals, in percent of their mean");
  dt__html_row(html, "speed", &rolls->strokes_per_min, 0, false, "a minute", "strokes");
  dt__html_row(html, "hands in time", &rolls->hands.later_ms, 1, true, "ms", who);
  dt__html_row(html, "hands in loudness", &rolls->hands.louder_db, 1, true, "dB", who);
  dt__html_row(html, "second of a double, time", &rolls->hands.double_ms, 1, true, "ms",
               "plus: it comes late");
  dt__html_row(html, "second of a double, loudness", &rolls->hands.double_db, 1, true, "dB",
               "minus: it is weaker than the first");
  dt__html_table_end(html);
}

static void put_drags(dt__html* html) {
  const dt_flams* flams = &html->study->flams;
  dt__html_row(html, "drag, whole", &flams->drag_whole.mean_ms, 1, false, "ms",
               "first grace stroke to main stroke");
  dt__html_row(html, "drag, spread", &flams->drag_whole.sd_ms, 1, false, "ms", "from drag to drag");
}

static void put_flams(dt__html* html) {
  const dt_flams* flams = &html->study->flams;
  dt__html_table(html, "Flams and drags: how far the grace strokes stand before",
                 "what|how much|meaning");
  dt__html_row(html, "flam", &flams->flam.mean_ms, 1, false, "ms",
               "30 to 60 is usual; under 20 sounds like one stroke");
  dt__html_row(html, "flam, spread", &flams->flam.sd_ms, 1, false, "ms", "from flam to flam");
  dt__html_row(html, "grace stroke\u2019s level", &flams->flam_grace_db, 1, true, "dB",
               "against the main stroke");
  dt__html_row(html, "left less right", &flams->left_minus_right_ms, 1, true, "ms",
               "by the hand of the main stroke");
  if (flams->drag_count > 0)
    put_drags(html);
  dt__html_table_end(html);
}

void dt__html_rolls(dt__html* html) {
  const bool rolls = html->study->rolls.count > 0;
  const bool flams = html->study->flams.flam_count + html->study->flams.drag_count > 0;
  if (!rolls && !flams)
    return;
  dt__html_panel(html, "rolls", "Rolls and flams", NULL);
  if (rolls) {
    put_together(html);
    put_list(html);
  }
  if (flams)
    put_flams(html);
  dt__html_panel_end(html);
}
