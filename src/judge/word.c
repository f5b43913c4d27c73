#include <math.h>

#include "judge_internal.h"

/*
 * One word for half a second between bars. A fault is named only when the data carry it: drift
 * beyond chance (p < 0.01) and beyond what the level lets pass; praise only when drift and scatter
 * are known finely enough to have shown.
 */

static const double ALARM_P = 0.01;
enum { STROKES_MIN = 16, NEEDED_MAX = 2000 };
static const double SCATTER_SETTLED = 0.15; /* half interval / estimate: finer is not heard */

const char* dt_word_text(dt_word word) {
  switch (word) {
  case DT_WORD_RUSHING:
    return "RUSHING";
  case DT_WORD_DRAGGING:
    return "DRAGGING";
  case DT_WORD_SCATTERED:
    return "SCATTERED";
  case DT_WORD_IN_THE_POCKET:
    return "IN THE POCKET";
  case DT_WORD_CANT_TELL:
  default:
    return "CAN'T TELL YET";
  }
}

static void cant_tell(dt_verdict* verdict, double needed) {
  verdict->word = DT_WORD_CANT_TELL;
  verdict->strokes_needed = (size_t)fmin(fmax(ceil(needed), 1.0), NEEDED_MAX);
}

static double half_width(dt_estimate e) {
  return 0.5 * (e.high - e.low);
}

/* Drift in percent over the whole take. */
static double total_percent(const dt_verdict* verdict, double percent_per_min) {
  return percent_per_min * verdict->span_s / 60.0;
}

static bool name_drift(dt_verdict* verdict) {
  const dt_timing* all = &verdict->all;
  verdict->drift_found = all->drift_p < ALARM_P;
  verdict->bpm_change = all->drift_bpm_per_min.value * verdict->span_s / 60.0;
  const double total = total_percent(verdict, all->drift_percent_per_min.value);
  if (verdict->drift_found && fabs(total) > verdict->tolerance.drift_percent) {
    verdict->word = total > 0.0 ? DT_WORD_RUSHING : DT_WORD_DRAGGING;
    return true;
  }
  return false;
}

/* A steady tempo that is not the click's leaves it all the same. */
static bool name_wrong_tempo(dt_verdict* verdict) {
  const dt_estimate tempo = verdict->all.tempo_bpm;
  if (!verdict->phase_known ||
      (tempo.low <= verdict->click_bpm && verdict->click_bpm <= tempo.high)) {
    return false;
  }
  const double away = tempo.value - verdict->click_bpm;
  if (100.0 * fabs(away) / verdict->click_bpm <= verdict->tolerance.drift_percent) {
    return false;
  }
  verdict->ahead_of_click = true;
  verdict->bpm_change = away;
  verdict->word = away > 0.0 ? DT_WORD_RUSHING : DT_WORD_DRAGGING;
  return true;
}

/* The standard error of a tempo change falls with the 3/2 power of the length (straight line
 * through phases), that of a spread with the square root. */
static bool too_vague(dt_verdict* verdict) {
  const dt_timing* all = &verdict->all;
  const double n = (double)all->stroke_count;
  const double drift = total_percent(verdict, half_width(all->drift_percent_per_min));
  const double drift_ratio = drift / verdict->tolerance.drift_percent;
  if (drift_ratio > 1.0) {
    cant_tell(verdict, n * (pow(drift_ratio, 2.0 / 3.0) - 1.0));
    return true;
  }
  const dt_estimate scatter = all->scatter_ms;
  const double limit = verdict->tolerance.scatter_ms;
  const bool straddles = scatter.low < limit && limit < scatter.high;
  const double ratio = half_width(scatter) / (SCATTER_SETTLED * scatter.value);
  if (straddles && ratio > 1.0) {
    cant_tell(verdict, n * (ratio * ratio - 1.0));
    return true;
  }
  return false;
}

void dt__decide_word(dt_verdict* verdict) {
  const dt_timing* all = &verdict->all;
  verdict->bpm_change = (double)NAN;
  if (all->drift_bpm_per_min.known != DT_KNOWN || all->scatter_ms.known != DT_KNOWN) {
    const double have = (double)all->stroke_count;
    cant_tell(verdict, fmax(STROKES_MIN - have, 8.0));
    return;
  }
  if (name_drift(verdict) || name_wrong_tempo(verdict) || too_vague(verdict)) {
    return;
  }
  verdict->word = all->scatter_ms.value > verdict->tolerance.scatter_ms ? DT_WORD_SCATTERED
                                                                        : DT_WORD_IN_THE_POCKET;
}
