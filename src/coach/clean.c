#include <math.h>
#include <string.h>

#include "dt/coach_clean.h"

static const char* const NAMES[DT_CRITERION_COUNT] = {"clean",     "missed notes", "drift",
                                                      "placement", "scatter",      "dynamics"};

const char* dt_criterion_name(dt_criterion criterion) {
  return (unsigned)criterion < DT_CRITERION_COUNT ? NAMES[criterion] : "";
}

static const dt_estimate NOT_KNOWN = {(double)NAN, (double)NAN, (double)NAN, DT_CANT_TELL};
/* Timing errors hang together from stroke to stroke: a mean is this much vaguer than they look. */
static const double TOGETHER = 1.6;
static const double SURE = 2.6; /* standard errors: three steps are looked at */

/* Mean of the bars from first on, and its standard error. */
static double mean_of(const dt_bar_heard* bars, int first, int end, double* error) {
  double sum = 0.0;
  double squares = 0.0;
  int strokes = 0;
  for (int b = first; b < end; ++b) {
    sum += bars[b].mean_ms * bars[b].strokes;
    squares += bars[b].squares_ms2;
    strokes += bars[b].strokes;
  }
  if (strokes < 3) {
    *error = (double)INFINITY;
    return 0.0;
  }
  *error = TOGETHER * sqrt(squares / (strokes - 1) / strokes);
  return sum / strokes;
}

/* The largest step of the placement between quarters of the take that is surely there. */
static double wander(const dt_bar_heard* bars, int count) {
  double most = 0.0;
  double before_error;
  if (count < 4)
    return (double)NAN;
  double before = mean_of(bars, 0, count / 4, &before_error);
  for (int q = 1; q < 4; ++q) {
    double error;
    const double mean = mean_of(bars, q * count / 4, (q + 1) * count / 4, &error);
    const double move = mean - before;
    if (fabs(move) > SURE * hypot(error, before_error) && fabs(move) > fabs(most))
      most = move;
    before = mean;
    before_error = error;
  }
  return most;
}

static double mean_level(const dt_bar_heard* bars, int count) {
  double sum = 0.0;
  int known = 0;
  for (int b = 0; b < count; ++b)
    if (isfinite(bars[b].level_db)) {
      sum += bars[b].level_db;
      ++known;
    }
  return known > 0 ? sum / known : (double)NAN;
}

/* How bad a bar was: missed notes first, then how far it is from the others. */
static double badness(const dt_bar_heard* b, double usual_ms) {
  const double off = b->strokes > 0 ? fabs(b->mean_ms - usual_ms) / 10.0 : 0.0;
  const double loose = b->strokes > 2 ? sqrt(b->squares_ms2 / (b->strokes - 1)) / 10.0 : 0.0;
  return 3.0 * b->missed + off + 0.5 * loose;
}

static const double WEAK_FROM = 2.5;

static void find_weak_bars(dt_shown* shown, const dt_bar_heard* bars, int count) {
  double error;
  const double usual = mean_of(bars, 0, count, &error);
  for (int k = 0; k < DT_WEAK_BARS_MAX; ++k) {
    int worst = -1;
    double most = WEAK_FROM;
    for (int b = 0; b < count; ++b) {
      bool known = false;
      for (int j = 0; j < shown->weak_count; ++j)
        known = known || shown->weak_bars[j] == bars[b].written;
      if (!known && badness(&bars[b], usual) > most) {
        most = badness(&bars[b], usual);
        worst = b;
      }
    }
    if (worst < 0)
      return;
    shown->weak_bars[shown->weak_count++] = bars[worst].written;
  }
}

static dt_estimate scaled(dt_estimate e, double factor) {
  if (e.known != DT_KNOWN)
    return e;
  return (dt_estimate){e.value * factor, e.low * factor, e.high * factor, DT_KNOWN};
}

dt_shown dt_shown_of(const dt_verdict* verdict, const dt_study* study, const dt_bar_heard* bars,
                     int bar_count, double bpm, int bars_asked) {
  dt_shown s;
  memset(&s, 0, sizeof s);
  s.bpm = bpm;
  s.bars = bar_count;
  s.bars_asked = bars_asked;
  for (int b = 0; b < bar_count; ++b) {
    s.played_s += bars[b].length_s;
    s.notes += bars[b].notes;
    s.missed += bars[b].missed;
    s.extra += bars[b].extra;
  }
  s.wander_ms = wander(bars, bar_count);
  s.placement_ms = verdict->all.placement_ms;
  s.drift_percent = scaled(verdict->all.drift_percent_per_min, verdict->span_s / 60.0);
  s.drift_sure = verdict->all.drift_p < 0.01;
  s.scatter_ms = verdict->all.scatter_ms;
  s.level_db = mean_level(bars, bar_count);
  s.accent_db = s.ghost_db = NOT_KNOWN;
  s.scatter_growth.per_min = s.level_slope.per_min = NOT_KNOWN;
  s.scatter_growth.p = s.level_slope.p = (double)NAN;
  if (study) {
    s.heard = study->marks.heard;
    s.accent_db = study->dynamics.accent_db;
    s.ghost_db = study->dynamics.ghost_db;
    s.scatter_growth = study->fatigue.scatter_pct;
    s.level_slope = study->fatigue.level_db;
  }
  find_weak_bars(&s, bars, bar_count);
  return s;
}

static double missed_ratio(const dt_shown* shown) {
  const int misheard = shown->heard ? shown->notes / 50 : 0;
  return shown->notes > 0 ? shown->missed / (misheard + 0.5) : 0.0;
}

/* The part of a drift that is surely there. */
static double drift_ratio(const dt_shown* shown, double limit) {
  if (shown->drift_percent.known != DT_KNOWN)
    return (double)NAN;
  return shown->drift_sure ? fabs(shown->drift_percent.value) / limit : 0.0;
}

/* Dynamics fail only where even the kind end of the interval is too flat. */
static double dynamics_ratio(const dt_shown* shown) {
  double ratio = (double)NAN;
  if (shown->accent_db.known == DT_KNOWN)
    ratio = DT_CLEAN_ACCENT_DB / fmax(shown->accent_db.high, 0.3);
  if (shown->ghost_db.known == DT_KNOWN) {
    const double ghost = -DT_CLEAN_GHOST_DB / fmax(-shown->ghost_db.low, 0.4);
    ratio = ratio > ghost ? ratio : ghost;
  }
  return ratio;
}

/* Stopped takes are too short for their numbers to reach the limit; the test that stopped them has
 * seen enough. */
static const double STOPPED_RATIO = 1.3;

dt_clean dt_clean_check(const dt_shown* shown, dt_level level, double beat_s) {
  const dt_tolerance t = dt_level_tolerance(level, beat_s);
  dt_clean c = {.failed = DT_CLEAN, .margin = (double)NAN};
  c.ratio[DT_CLEAN] = 0.0;
  c.ratio[DT_FAIL_MISSED] = missed_ratio(shown);
  c.ratio[DT_FAIL_DRIFT] = drift_ratio(shown, t.drift_percent);
  c.ratio[DT_FAIL_PLACEMENT] = fabs(shown->wander_ms) / t.scatter_ms;
  c.ratio[DT_FAIL_SCATTER] =
      shown->scatter_ms.known == DT_KNOWN ? shown->scatter_ms.value / t.scatter_ms : (double)NAN;
  c.ratio[DT_FAIL_DYNAMICS] = dynamics_ratio(shown);
  if (shown->stopped) {
    double* ratio = &c.ratio[shown->stopped_for];
    *ratio = *ratio > STOPPED_RATIO ? *ratio : STOPPED_RATIO;
  }
  double worst = 1.0;
  for (int k = DT_FAIL_MISSED; k < DT_CRITERION_COUNT; ++k) {
    if (c.ratio[k] > worst) {
      worst = c.ratio[k];
      c.failed = (dt_criterion)k;
    }
    if (k != DT_FAIL_MISSED && !(c.ratio[k] <= c.margin) && !isnan(c.ratio[k]))
      c.margin = c.ratio[k];
  }
  if (shown->stopped)
    c.failed = shown->stopped_for;
  if (c.failed == DT_FAIL_DRIFT && shown->drift_percent.known == DT_KNOWN)
    c.direction = shown->drift_percent.value > 0.0 ? 1 : -1;
  if (c.failed == DT_FAIL_PLACEMENT)
    c.direction = shown->wander_ms < 0.0 ? 1 : -1;
  return c;
}
