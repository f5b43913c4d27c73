#include "dt/timekeeper.h"

#include <math.h>

#include "dt/arena.h"
#include "dt/stat.h"
#include "timekeeper_internal.h"

/* From a series to the three estimates: the columns, the fit, and whether the model fits at all. */

enum { LAGS = 6 };

/* Above this the interval of alpha says nothing. */
static const double ALPHA_WIDTH_MAX = 0.75;
static const double MISFIT_P = 0.005;
/* One-sided 1 % of a lag-1 correlation that should not be above 0. */
static const double LAG1_Z = 2.326;

static const dt_estimate CANT_TELL = {(double)NAN, (double)NAN, (double)NAN, DT_CANT_TELL};
static const dt_estimate NOT_TESTABLE = {(double)NAN, (double)NAN, (double)NAN, DT_NOT_TESTABLE};

static void say(dt_timekeeper* out, dt_estimate what) {
  out->correction = out->clock_ms = out->motor_ms = what;
}

static bool is_sound(const dt_beats* beats) {
  if (beats->cycle < 0 || beats->cycle > DT__KEEPER_CYCLE_MAX || !(beats->detector_ms >= 0.0) ||
      isinf(beats->detector_ms) || !(beats->unison_df >= 0.0) || !(beats->unison_ms2 >= 0.0)) {
    return false;
  }
  for (size_t i = 0; i < beats->count; ++i) {
    const bool seen = !isnan(beats->value_ms[i]);
    if (isinf(beats->value_ms[i]) || (seen && beats->strokes && !(beats->strokes[i] >= 1.0))) {
      return false;
    }
  }
  return true;
}

static size_t count_present(const dt_beats* beats) {
  size_t present = 0;
  for (size_t i = 0; i < beats->count; ++i) {
    present += !isnan(beats->value_ms[i]);
  }
  return present;
}

/* Which places of the bar get a column: all that were played but the first. */
static int list_places(const dt_beats* beats, int* place) {
  int count = 0;
  bool played[DT__KEEPER_CYCLE_MAX] = {false};
  const size_t cycle = beats->cycle > 1 ? (size_t)beats->cycle : 1;
  for (size_t i = 0; i < beats->count; ++i) {
    played[i % cycle] |= !isnan(beats->value_ms[i]);
  }
  bool first = true;
  for (size_t k = 0; k < cycle; ++k) {
    if (played[k] && !first) {
      place[count++] = (int)k;
    }
    first = first && !played[k];
  }
  return count;
}

/* Level and trend; without a click also a trend of the tempo; then the habits. */
static void fill_rows(dt__keeper* keeper, const dt_beats* beats, const int* place, int places,
                      double* row, double* share) {
  const size_t cycle = beats->cycle > 1 ? (size_t)beats->cycle : 1;
  for (size_t i = 0; i < beats->count; ++i) {
    const double x = 2.0 * (double)i / (double)beats->count - 1.0;
    *row++ = 1.0;
    *row++ = x;
    if (keeper->free) {
      *row++ = x * x;
    }
    for (int k = 0; k < places; ++k) {
      *row++ = i % cycle == (size_t)place[k] ? 1.0 : 0.0;
    }
    *row++ = beats->value_ms[i];
    share[i] = beats->strokes && !isnan(beats->value_ms[i]) ? 1.0 / beats->strokes[i] : 1.0;
  }
}

/* Ljung & Box 1978, two or three of the freedoms spent on the model. */
static double fit_p(const double* e, size_t count, int spent) {
  const double n = (double)count;
  double square = 0.0;
  for (size_t i = 0; i < count; ++i) {
    square += e[i] * e[i];
  }
  double q = 0.0;
  for (size_t lag = 1; lag <= LAGS; ++lag) {
    double sum = 0.0;
    for (size_t i = lag; i < count; ++i) {
      sum += e[i] * e[i - lag];
    }
    q += n * (n + 2.0) * (sum / square) * (sum / square) / (n - (double)lag);
  }
  return 1.0 - dt_chi2_cdf(q, LAGS - spent);
}

static dt_status fit(dt_timekeeper* out, const dt_allocator* allocator, dt__keeper* keeper,
                     double* innovation) {
  dt__keeper_node best;
  const dt_status status = dt__keeper_grid(keeper, allocator, out, &best);
  if (status == DT_BAD_DATA) {
    say(out, NOT_TESTABLE);
    return DT_OK;
  }
  if (status != DT_OK) {
    return status;
  }
  const size_t seen = dt__keeper_innovations(keeper, &best, innovation);
  out->fit_p = fit_p(innovation, seen, keeper->free ? 1 : 2);
  if (out->fit_p < MISFIT_P) {
    say(out, NOT_TESTABLE);
  } else if (keeper->free) {
    out->correction = NOT_TESTABLE;
  } else if (out->correction.high - out->correction.low > ALPHA_WIDTH_MAX) {
    out->correction = CANT_TELL;
  }
  return DT_OK;
}

static dt_status run(dt_timekeeper* out, const dt_allocator* allocator, const dt_beats* beats,
                     bool free) {
  *out =
      (dt_timekeeper){.motor_above_clock = (double)NAN, .lag1 = (double)NAN, .fit_p = (double)NAN};
  say(out, CANT_TELL);
  if (!is_sound(beats)) {
    return DT_BAD_ARGUMENT;
  }
  dt_keeper_point moments;
  dt_status status = dt_timekeeper_moments(&moments, allocator, beats);
  if (status != DT_OK) {
    return status;
  }
  out->beat_count = count_present(beats);
  out->lag1 = moments.lag1;
  if (free) {
    out->correction = NOT_TESTABLE;
  }
  if (out->beat_count < DT_TIMEKEEPER_BEATS_MIN) {
    return DT_OK;
  }
  int place[DT__KEEPER_CYCLE_MAX];
  const int places = list_places(beats, place);
  dt__keeper keeper = {.count = beats->count,
                       .present = out->beat_count,
                       .columns = (free ? 3 : 2) + places,
                       .free = free,
                       .detector_ms2 = beats->detector_ms * beats->detector_ms,
                       .unison_ms2 = beats->unison_ms2,
                       .unison_df = beats->unison_df};
  const size_t cells = beats->count * ((size_t)keeper.columns + 1);
  const size_t size = (2 * cells + beats->count) * sizeof(double);
  double* block = dt_alloc(allocator, size);
  if (!block) {
    return DT_NO_MEMORY;
  }
  keeper.row = block;
  keeper.share = block + 2 * cells;
  fill_rows(&keeper, beats, place, places, block, block + 2 * cells);
  status = fit(out, allocator, &keeper, block + cells);
  dt_release(allocator, block, size);
  if (status != DT_OK) {
    say(out, CANT_TELL);
  } else if (free && out->lag1 * sqrt((double)out->beat_count) > LAG1_Z) {
    say(out, NOT_TESTABLE);
  }
  return status;
}

dt_status dt_timekeeper_click(dt_timekeeper* out, const dt_allocator* allocator,
                              const dt_beats* beats) {
  return run(out, allocator, beats, false);
}

dt_status dt_timekeeper_free(dt_timekeeper* out, const dt_allocator* allocator,
                             const dt_beats* beats) {
  return run(out, allocator, beats, true);
}
