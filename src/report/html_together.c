#include <math.h>
#include <stdio.h>

#include "html_internal.h"

/* Limb against limb: strokes meant together, and one hand against the other. */

enum { PAIRS_SHOWN = 6 };

static void put_unisons(dt__html* html) {
  const dt_unison* unison = &html->study->unison;
  dt__html_table(html, "Strokes meant together", "drums|unisons|first one leads by|spread");
  for (size_t i = 0; i < unison->pair_count && i < PAIRS_SHOWN; i++) {
    const dt_unison_pair* pair = &unison->pairs[i];
    dt__put(&html->page, "<tr><th scope=\"row\">%s and %s</th><td>%zu</td>",
            dt_voice_name(pair->first), dt_voice_name(pair->second), pair->count);
    dt__html_cell(html, &pair->lead_ms, 1, false, "ms");
    dt__html_cell(html, &pair->spread_ms, 1, false, "ms");
    dt__put(&html->page, "</tr>\n");
  }
  dt__html_table_end(html);
}

static void put_hands(dt__html* html) {
  const dt_hands* hands = &html->study->hands;
  dt__html_table(html, "Limb by limb, from the sticking",
                 "limb|strokes|placement, ms|scatter, ms|level, dB");
  for (size_t i = 0; i < hands->limb_count; i++) {
    const dt_limb_timing* limb = &hands->limbs[i];
    dt__put(&html->page, "<tr><th scope=\"row\">%s</th><td>%zu</td>", dt_limb_name(limb->limb),
            limb->count);
    dt__html_cell(html, &limb->offset_ms, 1, true, "");
    dt__html_cell(html, &limb->scatter_ms, 1, false, "");
    dt__html_cell(html, &limb->level_db, 1, true, "");
    dt__put(&html->page, "</tr>\n");
  }
  dt__html_table_end(html);
  const dt_limb_contrast* c = &hands->left_right;
  if (c->count[0] == 0 || c->count[1] == 0)
    return;
  dt__html_table(html, "Left hand against right hand", "what|how much|meaning");
  dt__html_row(html, "time", &c->later_ms, 1, true, "ms", "plus: the left is later");
  dt__html_row(html, "scatter", &c->scatter_ratio, 2, false, "\u00d7", "1 is equally tight");
  dt__html_row(html, "loudness", &c->louder_db, 1, true, "dB", "plus: the left is louder");
  dt__html_table_end(html);
}

void dt__html_together(dt__html* html) {
  const bool unisons = html->study->unison.pair_count > 0;
  const bool limbs = html->study->hands.limb_count > 0;
  if (!unisons && !limbs)
    return;
  dt__html_panel(html, "together", "Limbs together", NULL);
  if (unisons)
    put_unisons(html);
  if (limbs)
    put_hands(html);
  dt__html_panel_end(html);
}
