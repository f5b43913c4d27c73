#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report_internal.h"

/* Bold and a colour for the verdict, dim for the small print. */
static const char* word_color(dt_word word) {
  switch (word) {
  case DT_WORD_RUSHING:
    return "\033[1;31m";
  case DT_WORD_DRAGGING:
    return "\033[1;34m";
  case DT_WORD_SCATTERED:
    return "\033[1;33m";
  case DT_WORD_IN_THE_POCKET:
    return "\033[1;32m";
  case DT_WORD_CANT_TELL:
    break;
  }
  return "\033[1m";
}

/* Colour alone would leave out who cannot see it, so each verdict has a shape of its own. */
static const char* word_shape(dt_word word, bool utf8) {
  switch (word) {
  case DT_WORD_RUSHING:
    return utf8 ? "\u25b2" : "^";
  case DT_WORD_DRAGGING:
    return utf8 ? "\u25bc" : "v";
  case DT_WORD_SCATTERED:
    return utf8 ? "\u25c6" : "x";
  case DT_WORD_IN_THE_POCKET:
    return utf8 ? "\u25cf" : "o";
  case DT_WORD_CANT_TELL:
    break;
  }
  return "?";
}

static void put_headline(dt__page* page, const dt_verdict* verdict,
                         const dt_report_options* options) {
  char headline[96];
  dt_report_headline(verdict, headline, sizeof headline);
  dt__put(page, "%s%s %s%s\n", options->color ? word_color(verdict->word) : "",
          word_shape(verdict->word, options->utf8), headline, options->color ? "\033[0m" : "");
}

/* Away from the click, for good: by drift, or at a steady tempo that is not its own. */
static bool tempo_moves(const dt_verdict* verdict) {
  return verdict->ahead_of_click || (verdict->drift_found && (verdict->word == DT_WORD_RUSHING ||
                                                              verdict->word == DT_WORD_DRAGGING));
}

static const char* early_or_late(double ms) {
  return ms < 0 ? "early" : "late";
}

static void put_placement(dt__page* page, const dt_verdict* verdict) {
  const dt_estimate* e = &verdict->all.placement_ms;
  if (e->known == DT_NOT_TESTABLE) {
    dt__put(page, verdict->mode == DT_GRID_TEMPO
                      ? "Placement: needs to know when the first beat falls; give --start.\n"
                      : "Placement: needs a click to compare with; give --tempo and --start.\n");
    return;
  }
  if (e->known == DT_CANT_TELL) {
    dt__put(page, "Placement: can't tell yet from %zu strokes.\n", verdict->all.stroke_count);
    return;
  }
  if (tempo_moves(verdict)) {
    dt__put(page, "Placement: moves with your tempo; on average you were %.0f ms %s.\n",
            fabs(e->value), early_or_late(e->value));
    return;
  }
  /* Nobody asks for a tenth of a millisecond when it is a hundred. */
  int decimals = fmax(fabs(e->low), fabs(e->high)) < 99.95 ? 1 : 0;
  if (e->low < 0 && e->high > 0) {
    dt__put(page, "Placement: on the click; you were %.*f ms %s (%.*f early to %.*f late).\n",
            decimals, fabs(e->value), early_or_late(e->value), decimals, -e->low, decimals,
            e->high);
    return;
  }
  bool early = e->value < 0;
  double nearest = early ? -e->high : e->low;
  double farthest = early ? -e->low : e->high;
  dt__put(page, "Placement: you were %s, %.*f ms %s the click (between %.*f and %.*f).\n",
          early_or_late(e->value), decimals, fabs(e->value), early ? "ahead of" : "behind",
          decimals, nearest, decimals, farthest);
}

static void put_drift(dt__page* page, const dt_verdict* verdict) {
  const dt_estimate* e = &verdict->all.drift_bpm_per_min;
  if (e->known != DT_KNOWN) {
    if (e->known == DT_NOT_TESTABLE)
      dt__put(page, "Drift: cannot be tested in this take.\n");
    else
      dt__put(page, "Drift: can't tell yet from %zu strokes.\n", verdict->all.stroke_count);
    return;
  }
  int decimals = fabs(e->high - e->low) < 0.2 ? 2 : 1;
  char value[32];
  char low[32];
  char high[32];
  dt__fixed(value, sizeof value, e->value, decimals, true);
  dt__fixed(low, sizeof low, e->low, decimals, true);
  dt__fixed(high, sizeof high, e->high, decimals, true);
  const dt_estimate* tempo = &verdict->all.tempo_bpm;
  if (verdict->drift_found) {
    dt__put(page, "Drift: your tempo %s %.1f bpm (%s bpm a minute, between %s and %s).\n",
            verdict->bpm_change < 0 ? "fell" : "rose", fabs(verdict->bpm_change), value, low, high);
  } else if (verdict->ahead_of_click && tempo->known == DT_KNOWN) {
    double off = tempo->value - verdict->click_bpm;
    dt__put(page, "Drift: your tempo held, but %.1f bpm %s the click (between %.1f and %.1f).\n",
            fabs(off), off < 0 ? "below" : "above",
            fmin(fabs(tempo->low - verdict->click_bpm), fabs(tempo->high - verdict->click_bpm)),
            fmax(fabs(tempo->low - verdict->click_bpm), fabs(tempo->high - verdict->click_bpm)));
  } else {
    dt__put(page, "Drift: none found; your tempo held (%s bpm a minute, %s to %s).\n", value, low,
            high);
  }
}

static void put_scatter(dt__page* page, const dt_verdict* verdict) {
  const dt_estimate* e = &verdict->all.scatter_ms;
  if (e->known == DT_NOT_TESTABLE)
    dt__put(page, "Scatter: cannot be tested in this take.\n");
  else if (e->known == DT_CANT_TELL)
    dt__put(page, "Scatter: can't tell yet from %zu strokes.\n", verdict->all.stroke_count);
  else
    dt__put(page, "Scatter: you spread %.1f ms around your own pulse (between %.1f and %.1f).\n",
            e->value, e->low, e->high);
}

/* "value +-half" right-aligned; the wider side of an uneven interval is shown. */
static void put_cell(dt__page* page, const dt_estimate* e, int decimals, bool plus, int width,
                     bool utf8) {
  char cell[96];
  if (e->known == DT_KNOWN) {
    char value[32];
    dt__fixed(value, sizeof value, e->value, decimals, plus);
    double half = fmax(e->high - e->value, e->value - e->low);
    snprintf(cell, sizeof cell, "%s %s%.*f", value, utf8 ? "\u00b1" : "+-", decimals, half);
  } else {
    snprintf(cell, sizeof cell, "%s", e->known == DT_CANT_TELL ? "?" : "-");
  }
  int pad = width - (int)dt__columns(cell);
  dt__put(page, "%*s%s", pad > 1 ? pad : 1, "", cell);
}

/* Against a click that the player leaves, a constant offset means nothing: then, as without one,
 * each voice is placed against the player's own pulse. */
static bool own_pulse(const dt_verdict* verdict) {
  return !verdict->phase_known || tempo_moves(verdict);
}

/* The placement that the table shows. */
static const dt_estimate* placement_of(const dt_verdict* verdict, const dt_timing* timing) {
  return own_pulse(verdict) ? &timing->placement_own_ms : &timing->placement_ms;
}

static bool row_shows(const dt_verdict* verdict, const dt_timing* timing, dt_known known) {
  return placement_of(verdict, timing)->known == known ||
         timing->drift_bpm_per_min.known == known || timing->scatter_ms.known == known;
}

/* Does the table have a number that is not known in this way? */
static bool shows(const dt_verdict* verdict, dt_known known) {
  for (size_t i = 0; i < verdict->voice_count; i++)
    if (row_shows(verdict, &verdict->voices[i].timing, known))
      return true;
  return row_shows(verdict, &verdict->all, known);
}

static void put_row(dt__page* page, const char* name, const dt_timing* timing,
                    const dt_estimate* placement, bool utf8) {
  dt__put(page, "%-13s%7zu", name, timing->stroke_count);
  put_cell(page, placement, 1, true, 19, utf8);
  put_cell(page, &timing->drift_bpm_per_min, 2, true, 19, utf8);
  put_cell(page, &timing->scatter_ms, 1, false, 16, utf8);
  dt__put(page, "\n");
}

static void put_table(dt__page* page, const dt_verdict* verdict, const dt_report_options* options) {
  bool own = own_pulse(verdict);
  dt__put(page, "%-13s%7s%19s%19s%16s\n", "", "strokes", own ? "vs own pulse, ms" : "vs click, ms",
          "drift, bpm/min", "scatter, ms");
  put_row(page, "all", &verdict->all, placement_of(verdict, &verdict->all), options->utf8);
  for (size_t i = 0; i < verdict->voice_count; i++) {
    const dt_timing* timing = &verdict->voices[i].timing;
    put_row(page, dt_voice_name(verdict->voices[i].voice), timing, placement_of(verdict, timing),
            options->utf8);
  }
}

static void tempo_text(const dt_verdict* verdict, char* text, size_t size) {
  const dt_estimate* own = &verdict->all.tempo_bpm;
  if (verdict->mode != DT_GRID_FREE && isfinite(verdict->click_bpm))
    snprintf(text, size, "%.1f bpm %s", verdict->click_bpm,
             verdict->mode == DT_GRID_CLICK ? "from the click" : "as given");
  else if (verdict->mode == DT_GRID_FREE && own->known == DT_KNOWN)
    snprintf(text, size, "%.1f bpm found in your strokes (%.0f %% sure)", own->value,
             verdict->tempo_probability * 100);
  else
    snprintf(text, size, "tempo not found");
}

static void put_small_print(dt__page* page, const dt_take* take, const dt_verdict* verdict,
                            const dt_report_options* options) {
  char grid[64];
  char tempo[64];
  char line[1024];
  char asides[160] = "";
  dt__subdivision_text(verdict, grid, sizeof grid);
  tempo_text(verdict, tempo, sizeof tempo);
  if (verdict->outlier_count > 0)
    snprintf(asides, sizeof asides, "%zu stroke%s far off any grid position left out. ",
             verdict->outlier_count, verdict->outlier_count == 1 ? "" : "s");
  if (verdict->ornament_count > 0) {
    size_t used = strlen(asides);
    snprintf(asides + used, sizeof asides - used, "%zu grace stroke%s left out. ",
             verdict->ornament_count, verdict->ornament_count == 1 ? "" : "s");
  }
  char latency[64] = "";
  if (take->latency_s != 0)
    snprintf(latency, sizeof latency, "%.2f ms of latency subtracted from every stroke. ",
             1e3 * take->latency_s);
  char unmapped[96] = "";
  if (take->ignored_notes > 0)
    snprintf(unmapped, sizeof unmapped, "%zu note%s not in the kit's map judged as \"other\". ",
             take->ignored_notes, take->ignored_notes == 1 ? "" : "s");
  snprintf(line, sizeof line,
           "Grid: %s, %s, %d/%d. %s%sLimits for level %s: scatter %.1f ms, drift %.1f %% over the "
           "take (from what listeners notice, Madison & Merker 2002). Instrument's own jitter "
           "%.2f ms subtracted. %sTiming noise: %s. %s 95 %% interval%s%s.",
           grid, tempo, verdict->meter.numerator, verdict->meter.denominator, asides, unmapped,
           dt__level_name(verdict->level), verdict->tolerance.scatter_ms,
           verdict->tolerance.drift_percent, verdict->instrument_jitter_ms, latency,
           verdict->noise_model[0] ? verdict->noise_model : "not known yet",
           options->utf8 ? "\u00b1" : "+-",
           shows(verdict, DT_CANT_TELL) ? ", ? can't tell yet" : "",
           shows(verdict, DT_NOT_TESTABLE) ? ", - not testable" : "");
  dt__put_wrapped(page, line, options->color ? "\033[2m" : "", options->color ? "\033[0m" : "");
}

static void put_chart(dt__page* page, const dt_study* study) {
  const dt_alignment* a = study->alignment;
  if (!a)
    return;
  char missed[48] = "";
  char wrong[48] = "";
  char extra[64] = "";
  char text[256];
  if (a->missed_count > 0)
    snprintf(missed, sizeof missed, ", %zu missed", a->missed_count);
  if (a->wrong_count > 0)
    snprintf(wrong, sizeof wrong, ", %zu on another drum", a->wrong_count);
  if (a->extra_count > 0)
    snprintf(extra, sizeof extra, "; %zu stroke%s not in the chart", a->extra_count,
             a->extra_count == 1 ? "" : "s");
  snprintf(text, sizeof text, "Notes: %zu of %zu right%s%s%s%s.", a->hit_count, a->event_count,
           missed, wrong, extra, study->marks.heard ? " (as heard)" : "");
  dt__put_wrapped(page, text, NULL, NULL);
}

static void put_practise(dt__page* page, const dt_practise* practise) {
  if (practise->count == 0)
    return;
  dt__put(page, "\nPractise:\n");
  for (int i = 0; i < practise->count; i++) {
    const dt_practise_line* line = &practise->lines[i];
    char text[DT_PRACTISE_TEXT_MAX + 96];
    snprintf(text, sizeof text, "%d. %s", i + 1, line->text);
    for (int b = 0; b < line->bar_count; b++) {
      const size_t used = strlen(text);
      snprintf(text + used, sizeof text - used, "%s%d%s",
               b > 0                  ? ", "
               : line->bar_count == 1 ? " (bar "
                                      : " (bars ",
               line->bars[b], b + 1 == line->bar_count ? ")" : "");
    }
    dt__put_wrapped(page, text, NULL, NULL);
  }
}

dt_status dt_report_text(const dt_take* take, const dt_verdict* verdict,
                         const dt_report_options* options, dt_sink sink) {
  dt__page page = {sink, DT_OK};
  put_headline(&page, verdict, options);
  put_placement(&page, verdict);
  put_drift(&page, verdict);
  put_scatter(&page, verdict);
  if (options->study)
    put_chart(&page, options->study);
  dt__put(&page, "\n");
  put_table(&page, verdict, options);
  if (options->study)
    put_practise(&page, &options->study->practise);
  dt__put(&page, "\n");
  put_small_print(&page, take, verdict, options);
  return page.status;
}
