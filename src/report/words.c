#include <math.h>
#include <stdio.h>

#include "report_internal.h"

const char* dt__mode_name(dt_grid_mode mode) {
  switch (mode) {
  case DT_GRID_CLICK:
    return "click";
  case DT_GRID_TEMPO:
    return "tempo";
  case DT_GRID_FREE:
    break;
  }
  return "free";
}

const char* dt__level_name(dt_level level) {
  switch (level) {
  case DT_LEVEL_BEGINNER:
    return "beginner";
  case DT_LEVEL_PRO:
    return "pro";
  case DT_LEVEL_PLAYER:
    break;
  }
  return "player";
}

const char* dt__feel_name(dt_feel feel) {
  switch (feel) {
  case DT_FEEL_TRIPLET:
    return "triplet";
  case DT_FEEL_SWUNG_EIGHTHS:
    return "swung_eighths";
  case DT_FEEL_SWUNG_SIXTEENTHS:
    return "swung_sixteenths";
  case DT_FEEL_MIXED:
    return "mixed";
  case DT_FEEL_STRAIGHT:
    break;
  }
  return "straight";
}

const char* dt__word_name(dt_word word) {
  switch (word) {
  case DT_WORD_RUSHING:
    return "rushing";
  case DT_WORD_DRAGGING:
    return "dragging";
  case DT_WORD_SCATTERED:
    return "scattered";
  case DT_WORD_IN_THE_POCKET:
    return "in_the_pocket";
  case DT_WORD_CANT_TELL:
    break;
  }
  return "cant_tell";
}

const char* dt__known_name(dt_known known) {
  switch (known) {
  case DT_KNOWN:
    return "known";
  case DT_NOT_TESTABLE:
    return "not_testable";
  case DT_CANT_TELL:
    break;
  }
  return "cant_tell";
}

/* Note names hold where the beat is a quarter; elsewhere say how many to the beat. */
static const char* division_name(int division, bool beat_is_quarter) {
  if (!beat_is_quarter)
    return NULL;
  switch (division) {
  case 1:
    return "quarters";
  case 2:
    return "eighths";
  case 3:
    return "eighth triplets";
  case 4:
    return "sixteenths";
  case 6:
    return "sixteenth triplets";
  case 8:
    return "thirty-seconds";
  default:
    return NULL;
  }
}

void dt__subdivision_text(const dt_verdict* verdict, char* text, size_t size) {
  const dt_subdivision* sub = &verdict->subdivision;
  const char* name = division_name(sub->division, verdict->meter.denominator == 4);
  if (sub->division <= 0) {
    snprintf(text, size, "not found");
    return;
  }
  double swing_percent = sub->swing * 100;
  switch (sub->feel) {
  case DT_FEEL_SWUNG_EIGHTHS:
    snprintf(text, size, "swung eighths %.0f %%", swing_percent);
    return;
  case DT_FEEL_SWUNG_SIXTEENTHS:
    snprintf(text, size, "swung sixteenths %.0f %%", swing_percent);
    return;
  case DT_FEEL_MIXED:
    snprintf(text, size, "sixteenths and triplets mixed");
    return;
  case DT_FEEL_TRIPLET:
    if (name)
      snprintf(text, size, "%s", name);
    else
      snprintf(text, size, "triplets, %d to the beat", sub->division);
    return;
  case DT_FEEL_STRAIGHT:
    break;
  }
  if (name)
    snprintf(text, size, "straight %s", name);
  else
    snprintf(text, size, "straight, %d to the beat", sub->division);
}

/* Enough digits to see the number, no more. */
static int bpm_decimals(double bpm) {
  return fabs(bpm) < 0.095 ? 2 : 1;
}

static void headline_drift(const dt_verdict* verdict, char* text, size_t size) {
  const char* word = dt_word_text(verdict->word);
  char number[32];
  const dt_estimate* tempo = &verdict->all.tempo_bpm;
  if (verdict->ahead_of_click && tempo->known == DT_KNOWN && isfinite(verdict->click_bpm)) {
    double off = tempo->value - verdict->click_bpm;
    snprintf(text, size, "%s  %s bpm against the click", word,
             dt__fixed(number, sizeof number, off, bpm_decimals(off), true));
    return;
  }
  long bars = isfinite(verdict->bars) ? lround(verdict->bars) : 1;
  bars = bars < 1 ? 1 : bars;
  dt__fixed(number, sizeof number, verdict->bpm_change, bpm_decimals(verdict->bpm_change), true);
  snprintf(text, size, "%s  %s bpm over %ld bar%s", word, number, bars, bars == 1 ? "" : "s");
}

void dt_report_headline(const dt_verdict* verdict, char* text, size_t size) {
  const char* word = dt_word_text(verdict->word);
  double scatter = verdict->all.scatter_ms.value;
  double limit = verdict->tolerance.scatter_ms;
  switch (verdict->word) {
  case DT_WORD_RUSHING:
  case DT_WORD_DRAGGING:
    headline_drift(verdict, text, size);
    return;
  case DT_WORD_SCATTERED: {
    /* "13 ms (limit 13)" would look like a mistake. */
    int decimals = lround(scatter) == lround(limit) ? 1 : 0;
    snprintf(text, size, "%s  %.*f ms (limit %.*f)", word, decimals, scatter, decimals, limit);
    return;
  }
  case DT_WORD_IN_THE_POCKET:
    snprintf(text, size, "%s  scatter %.*f ms", word, scatter < 1 ? 1 : 0, scatter);
    return;
  case DT_WORD_CANT_TELL:
    break;
  }
  if (verdict->strokes_needed > 0)
    snprintf(text, size, "%s  needs about %zu more stroke%s", word, verdict->strokes_needed,
             verdict->strokes_needed == 1 ? "" : "s");
  else
    snprintf(text, size, "%s", word);
}
