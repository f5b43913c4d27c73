#include <math.h>
#include <stdio.h>
#include <string.h>

#include "html_internal.h"

/* What a drummer sees first: the word, the number, three figures, and what to practise. */

static const char* shape_of(dt_word word) {
  switch (word) {
  case DT_WORD_RUSHING:
    return "\u25b2";
  case DT_WORD_DRAGGING:
    return "\u25bc";
  case DT_WORD_SCATTERED:
    return "\u25c6";
  case DT_WORD_IN_THE_POCKET:
    return "\u25cf";
  case DT_WORD_CANT_TELL:
    break;
  }
  return "?";
}

static void put_key(dt__html* html, const char* name, const dt_estimate* e, int decimals, bool plus,
                    const char* unit, const char* meaning) {
  dt__put(&html->page, "<div><dt>%s</dt><dd>", name);
  dt__html_estimate(html, e, decimals, plus, unit);
  dt__put(&html->page, "</dd><dd class=\"say\">%s</dd></div>\n", meaning);
}

static const char* placement_meaning(const dt_verdict* verdict) {
  const dt_estimate* e = &verdict->all.placement_ms;
  if (e->known != DT_KNOWN)
    return "needs a click to compare with";
  if (e->low <= 0.0 && e->high >= 0.0)
    return "on the click";
  return e->value < 0.0 ? "you were early" : "you were late";
}

/* Against a click that the player leaves a constant offset means nothing. */
static void put_placement(dt__html* html) {
  const dt_verdict* v = html->verdict;
  if (html->against_click || v->all.placement_ms.known != DT_KNOWN)
    put_key(html, "Placement", &v->all.placement_ms, 1, true, "ms", placement_meaning(v));
  else
    dt__put(&html->page, "<div><dt>Placement</dt><dd>moves</dd><dd class=\"say\">with your tempo, "
                         "away from the click</dd></div>\n");
}

static const char* drift_meaning(const dt_verdict* verdict) {
  if (!verdict->drift_found)
    return "no drift found";
  return verdict->bpm_change < 0.0 ? "dragging: your tempo fell" : "rushing: your tempo rose";
}

static void put_facts(dt__html* html) {
  const dt_verdict* v = html->verdict;
  char grid[64];
  dt__subdivision_text(v, grid, sizeof grid);
  dt__put(&html->page, "<p class=\"soft\">%zu strokes over %.0f bars of %d/%d",
          html->take->strokes.count, ceil(fmax(v->bars, 0.0)), v->meter.numerator,
          v->meter.denominator);
  if (isfinite(html->study->marks.bpm))
    dt__put(&html->page, ", %.1f bpm, %s", html->study->marks.bpm, grid);
  const dt_alignment* a = html->study->alignment;
  if (a) {
    dt__put(&html->page, ". Against the chart ");
    dt__html_text(html, html->study->chart->title[0] ? html->study->chart->title
                                                     : html->study->chart->name);
    dt__put(&html->page, ": %zu notes right, %zu missed, %zu on another drum, %zu strokes extra",
            a->hit_count, a->missed_count, a->wrong_count, a->extra_count);
  }
  dt__put(&html->page, ".</p>\n");
}

void dt__html_verdict(dt__html* html) {
  const dt_verdict* v = html->verdict;
  char headline[96];
  dt_report_headline(v, headline, sizeof headline);
  const char* word = dt_word_text(v->word);
  const char* rest = headline + strlen(word);
  dt__put(&html->page, "<header>\n<h1>");
  const char* file = dt__base_name(html->options->file);
  dt__html_text(html, file ? file : "A take");
  dt__put(&html->page, "</h1>\n<p class=\"word %s\"><span aria-hidden=\"true\">%s</span> %s <b>",
          dt__word_name(v->word), shape_of(v->word), word);
  dt__html_text(html, rest + strspn(rest, " "));
  dt__put(&html->page, "</b></p>\n");
  put_facts(html);
  dt__put(&html->page, "<dl class=\"key\">\n");
  put_placement(html);
  put_key(html, "Drift", &v->all.drift_bpm_per_min, 2, true, "bpm/min", drift_meaning(v));
  char limit[64];
  snprintf(limit, sizeof limit, "limit for level %s: %.0f ms", dt__level_name(v->level),
           v->tolerance.scatter_ms);
  put_key(html, "Scatter", &v->all.scatter_ms, 1, false, "ms", limit);
  dt__put(&html->page, "</dl>\n</header>\n");
}

static void put_bars(dt__html* html, const dt_practise_line* line) {
  if (line->bar_count == 0)
    return;
  dt__put(&html->page, "<small>bar%s", line->bar_count == 1 ? "" : "s");
  for (int i = 0; i < line->bar_count; i++)
    dt__put(&html->page, "%s %d", i ? "," : "", line->bars[i]);
  dt__put(&html->page, "</small>");
}

void dt__html_practise(dt__html* html) {
  const dt_practise* practise = &html->study->practise;
  dt__html_panel(html, "practise", "What to practise", NULL);
  if (practise->count == 0)
    dt__put(&html->page, "<p>%s</p>\n",
            html->verdict->word == DT_WORD_CANT_TELL
                ? "Too little to say yet. Play more of the same."
                : "Nothing stands out. Raise the tempo, or the level.");
  else
    dt__put(&html->page, "<ol class=\"todo\">\n");
  for (int i = 0; i < practise->count; i++) {
    dt__put(&html->page, "<li>");
    dt__html_text(html, practise->lines[i].text);
    put_bars(html, &practise->lines[i]);
    dt__put(&html->page, "</li>\n");
  }
  if (practise->count > 0)
    dt__put(&html->page, "</ol>\n");
  dt__html_panel_end(html);
}

static void put_timing_row(dt__html* html, const char* name, const dt_timing* timing, bool own) {
  dt__put(&html->page, "<tr><th scope=\"row\">%s</th><td>%zu</td>", name, timing->stroke_count);
  dt__html_cell(html, own ? &timing->placement_own_ms : &timing->placement_ms, 1, true, "");
  dt__html_cell(html, &timing->drift_bpm_per_min, 2, true, "");
  dt__html_cell(html, &timing->scatter_ms, 1, false, "");
  dt__put(&html->page, "</tr>\n");
}

void dt__html_numbers(dt__html* html) {
  const dt_verdict* v = html->verdict;
  dt__html_panel(html, "numbers", "Drum by drum",
                 "In brackets where the true number lies with 95 % certainty. Minus is early.");
  const bool own = !html->against_click;
  dt__html_table(html, own ? "Placement against your own pulse" : "Placement against the click",
                 "drum|strokes|placement, ms|drift, bpm/min|scatter, ms");
  put_timing_row(html, "all", &v->all, own);
  for (size_t i = 0; i < v->voice_count; i++)
    put_timing_row(html, dt_voice_name(v->voices[i].voice), &v->voices[i].timing, own);
  dt__html_table_end(html);
  dt__html_panel_end(html);
}
