#include <math.h>

#include "html_internal.h"

/* How each number on the page was made and how sure it is. */

static void put(dt__html* html, const char* what, const char* how) {
  dt__put(&html->page, "<dt>%s</dt>\n<dd>%s</dd>\n", what, how);
}

static void put_sureness(dt__html* html) {
  const dt_verdict* v = html->verdict;
  dt__put(&html->page, "<dt>This take</dt>\n<dd>");
  if (v->mode == DT_GRID_FREE)
    dt__put(&html->page,
            "No click: tempo and beat were found in the strokes (%.0f %% sure of the "
            "octave). ",
            100.0 * v->tempo_probability);
  else
    dt__put(&html->page, "The grid is %s. ",
            v->mode == DT_GRID_CLICK ? "the click in the file" : "the tempo that was given");
  if (html->study->alignment)
    dt__put(&html->page, "The chart was recognised with %.0f %% confidence. %s",
            100.0 * html->study->alignment->confidence,
            html->study->marks.heard ? "The ear itself misses some strokes and misnames others, so "
                                       "notes missed or wrong may be its mistakes. "
                                     : "");
  dt__put(&html->page,
          "The instrument itself adds %.2f ms of jitter, which is subtracted from every "
          "spread",
          v->instrument_jitter_ms);
  if (html->take->latency_s != 0)
    dt__put(&html->page,
            "; %.2f ms of latency, as calibrated, are subtracted from the time of every stroke",
            1e3 * html->take->latency_s);
  if (v->outlier_count > 0)
    dt__put(&html->page, "; %zu strokes %s and are left out", v->outlier_count,
            html->study->alignment ? "are not in the chart" : "stand far off any grid position");
  if (v->noise_model[0])
    dt__put(&html->page, ". Your timing noise looks like: %s", v->noise_model);
  dt__put(&html->page, ".</dd>\n");
}

void dt__html_how(dt__html* html) {
  dt__html_panel(html, "how", "How each number was made, and how sure it is", NULL);
  dt__put(&html->page, "<dl class=\"how\">\n");
  put_sureness(html);
  put(html, "Intervals",
      "In brackets: the 95 % interval. It would hold the true number in 95 of 100 such takes; "
      "simulated drummers, whose truth is known, check that (docs/benchmarks.md). "
      "\u201cCan\u2019t tell yet\u201d: too few strokes. \u201cNot testable\u201d: no take of any "
      "length could tell.");
  put(html, "Asynchrony, placement, drift, scatter",
      "Stroke minus grid, in ms; minus is early. Placement is its mean, drift the straight-line "
      "change of tempo, scatter what is left about both, habits of the bar taken out. Human errors "
      "hang together from stroke to stroke; the noise model knows that (docs/method.md).");
  put(html, "Limits",
      "Scatter and drift are held against what listeners notice (Madison &amp; Merker 2002; "
      "Friberg &amp; Sundberg 1995), not against invented grades.");
  put(html, "Tempo curve",
      "A state-space smoother over all strokes; the band is 95 % for each point by itself and "
      "averages over how fast the tempo may wander (Durbin &amp; Koopman 2012).");
  put(html, "The bar as a map, fills, sections",
      "Each place against the strokes around it, bar by bar, so that slow wandering cancels. Tempi "
      "around fills come from up to four bars on either side; steady drift is taken out.");
  put(html, "Swing",
      "Mean share of the pair; the ratio is that of the mean, as the mean of ratios grows with "
      "scatter. Norm: Friberg &amp; Sundstr\u00f6m 2002.");
  put(html, "Limbs together, hands",
      "Differences within a beat: what the timekeeper does is in both and cancels.");
  put(html, "Rolls, flams",
      "Spread of the intervals with jitter and slow change of speed taken out. A breakdown is said "
      "only where fewer than 1 in 20 steady rolls would look like one.");
  put(html, "Dynamics",
      "MIDI velocity in dB (Dannenberg 2006), 40 dB from 1 to 127. Accents and ghost notes are the "
      "chart\u2019s, or clearly separate clusters.");
  put(html, "Clock or hands",
      "Exact likelihood of the phase-correction model (Vorberg &amp; Schulze 2002; without a click "
      "Wing &amp; Kristofferson 1973); the instrument\u2019s jitter taken out. Long-range "
      "structure: "
      "detrended fluctuation analysis (Peng et al. 1994).");
  put(html, "What to practise",
      "Named only when it is surely there, with many things looked at, and large enough to be "
      "noticed; ordered by how far it exceeds that.");
  dt__put(&html->page, "</dl>\n");
  dt__html_panel_end(html);
}
