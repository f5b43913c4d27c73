#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "local_scatter_internal.h"
#include "places_internal.h"

/* The table of places: habits by voice and position in the bar. */

/* What is left of a spread once its neighbours' is taken off can be next to nothing; its logarithm
 * is then no better known than this. */
static const double UNSURE = 0.4;

/* The rests of a cell, in order. */
static size_t rests_of(const dt__spots* spots, int cell, double* out) {
  size_t count = 0;
  for (size_t i = 0; i < spots->count; ++i) {
    if (spots->items[i].cell == cell) {
      out[count++] = spots->items[i].x_ms;
    }
  }
  return count;
}

static dt_estimate offset_of(dt__places_work* work, int cell) {
  const size_t count = rests_of(&work->spots, cell, work->scratch);
  if (count < DT__SERIES_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  return dt__estimate_student(work->spots.cells[cell].offset_ms,
                              dt__series_error(work->scratch, count));
}

static dt_estimate scatter_of(dt__places_work* work, const dt__local* local, int cell) {
  const dt__spots* spots = &work->spots;
  size_t count = 0;
  for (size_t i = 0; i < spots->count; ++i) {
    if (spots->items[i].cell == cell && isfinite(local->own_ms2[i])) {
      work->scratch[count++] = local->own_ms2[i];
    }
  }
  const double jitter_ms = work->marks->jitter_ms;
  const double variance = dt_mean(work->scratch, count) - jitter_ms * jitter_ms;
  if (count < DT__SERIES_MIN || !(variance > 0.0)) {
    return dt__unknown(DT_CANT_TELL);
  }
  dt__error error = dt__series_error(work->scratch, count);
  error.se *= 0.5 / variance;
  if (error.se > UNSURE) {
    return dt__unknown(DT_CANT_TELL);
  }
  return dt__estimate_log(sqrt(variance), error);
}

/* The mean asynchrony of all strokes, habits taken out: with the slow noise of the take in its
 * interval, which a place against its bar does not see. */
static dt_status placement_of_all(dt__places_work* work, dt_estimate* all) {
  static const double INTERVAL[3] = {0.025, 0.5, 0.975};
  dt__speed* speed = &work->speed;
  const dt__spots* spots = &work->spots;
  *all = dt__unknown(DT_NOT_TESTABLE);
  if (!work->marks->has_click || spots->count < 2 * (size_t)DT__SERIES_MIN) {
    return DT_OK;
  }
  double* own = speed->y_s;
  speed->y_s = work->scratch;
  for (size_t i = 0; i < spots->count; ++i) {
    const dt__spot* spot = &spots->items[i];
    speed->y_s[i] =
        1e-3 * (work->marks->items[spot->mark].asynchrony_ms - spots->cells[spot->cell].offset_ms);
  }
  dt__posterior posterior;
  dt__speed_begin(speed, 0, spots->count, DT__SPEED_DRIFT);
  const dt_status status = dt__speed_fit(speed, NULL, &posterior);
  if (posterior.count > 0) {
    double contrast[DT__NOISE_COLUMNS_MAX] = {1.0};
    double at[3];
    dt__posterior_quantiles(&posterior, contrast, INTERVAL, at, 3);
    const dt_estimate e = {1e3 * at[1], 1e3 * at[0], 1e3 * at[2], DT_KNOWN};
    *all = e;
  } else {
    *all = dt__unknown(DT_CANT_TELL);
  }
  dt__posterior_clear(&posterior, work->allocator);
  speed->y_s = own;
  return status;
}

/* Two estimates whose errors have nothing to do with each other. */
static dt_estimate sum_of(dt_estimate a, dt_estimate b) {
  if (a.known != DT_KNOWN || b.known != DT_KNOWN) {
    return dt__unknown(a.known != DT_KNOWN ? a.known : b.known);
  }
  const double value = a.value + b.value;
  const dt_estimate e = {value, value - hypot(a.value - a.low, b.value - b.low),
                         value + hypot(a.high - a.value, b.high - b.value), DT_KNOWN};
  return e;
}

static void add_place(dt__places_work* work, const dt__local* local, int index, dt_estimate all,
                      dt_places* places) {
  const dt__cell* cell = &work->spots.cells[index];
  dt_place* place = &places->places[places->place_count++];
  memset(place, 0, sizeof(*place));
  place->voice = cell->voice;
  place->bar_tick = cell->bar_tick;
  dt_place_name(place->name, cell->bar_tick, work->marks->meter);
  place->count = cell->count;
  place->offset_ms = offset_of(work, index);
  place->offset_click_ms = sum_of(all, place->offset_ms);
  place->scatter_ms = scatter_of(work, local, index);
}

static bool is_place(const dt__cell* cell, dt_tick bar_ticks) {
  return !cell->in_fill && cell->bar_tick != DT__RARE && cell->bar_tick < bar_ticks;
}

dt_status dt__measure_place(dt__places_work* work, dt_places* places) {
  const dt__spots* spots = &work->spots;
  size_t count = 0;
  for (size_t c = 0; c < spots->cell_count; ++c) {
    count += is_place(&spots->cells[c], work->marks->bar_ticks);
  }
  if (count == 0) {
    return DT_OK;
  }
  dt_estimate all;
  dt_status status = placement_of_all(work, &all);
  if (status != DT_OK) {
    return status;
  }
  dt__local local;
  for (size_t i = 0; i < spots->count; ++i) {
    spots->items[i].kind = (int)spots->items[i].voice;
  }
  status = dt__local_scatter(&local, work->allocator, spots, DT_VOICE_COUNT,
                             (double)work->marks->bar_ticks);
  if (status != DT_OK) {
    return status;
  }
  places->places = dt_alloc(work->allocator, count * sizeof(*places->places));
  for (size_t c = 0; c < spots->cell_count && places->places; ++c) {
    if (is_place(&spots->cells[c], work->marks->bar_ticks)) {
      add_place(work, &local, (int)c, all, places);
    }
  }
  dt__local_clear(&local, work->allocator);
  return places->places ? DT_OK : DT_NO_MEMORY;
}
