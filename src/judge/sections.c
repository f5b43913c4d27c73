#include <math.h>
#include <string.h>

#include "places_internal.h"

/* What section changes do to the tempo. */

enum { SIDE_MIN = 8, APART_MAX = 6 };

static int section_of(const dt__places_work* work, size_t i) {
  return work->marks->items[work->spots.items[i].mark].section;
}

/* The first stroke after i that is in another section; count when there is none. */
static size_t next_change(const dt__places_work* work, size_t i) {
  const int section = i < work->spots.count ? section_of(work, i) : -1;
  while (i < work->spots.count && section_of(work, i) == section) {
    ++i;
  }
  return i;
}

static void add_bend(const dt__speed* speed, size_t at, double* column) {
  for (size_t i = speed->first; i < speed->end; ++i) {
    column[i - speed->first] += fmax(speed->time_s[i] - speed->time_s[at], 0.0);
  }
}

/* Up to twice the fills' window on each side, and not past the neighbouring changes. */
static dt_status measure_change(dt__places_work* work, size_t from, size_t at, size_t to,
                                const dt__posterior* together, dt_section_change* change) {
  const double window = 2.0 * DT_PLACES_WINDOW_BARS * (double)work->marks->bar_ticks;
  const dt__spot* items = work->spots.items;
  while (items[from].tick < items[at].tick - window) {
    ++from;
  }
  while (items[to - 1].tick >= items[at].tick + window) {
    --to;
  }
  if (change->step_bpm.known == DT_KNOWN || at - from < SIDE_MIN || to - at < SIDE_MIN) {
    return DT_OK;
  }
  dt__speed* speed = &work->speed;
  dt__posterior posterior;
  dt__speed_begin(speed, from, to, DT__SPEED_STRANGE);
  double contrast[DT__NOISE_COLUMNS_MAX] = {0};
  contrast[speed->columns] = 1.0;
  add_bend(speed, at, dt__speed_column(speed));
  const dt_status status = dt__speed_fit(speed, together, &posterior);
  change->step_bpm = dt__speed_bpm(speed, &posterior, contrast, 0.0);
  dt__posterior_clear(&posterior, work->allocator);
  return status;
}

/* One model for the whole take, a bend for each change while there is room, else one for all. */
static dt_status mean_change(dt__places_work* work, dt_places* places, dt__posterior* posterior) {
  dt__speed* speed = &work->speed;
  const bool apart = places->change_count <= APART_MAX;
  dt__speed_begin(speed, 0, speed->count, DT__SPEED_DRIFT | DT__SPEED_STRANGE);
  const int first = speed->columns;
  double* column = NULL;
  size_t sided = 0;
  for (size_t at = next_change(work, 0); at < work->spots.count; at = next_change(work, at)) {
    if (at < SIDE_MIN || at + SIDE_MIN > work->spots.count) {
      continue;
    }
    double* next = apart || !column ? dt__speed_column(speed) : column;
    if (!next) {
      break;
    }
    column = next;
    add_bend(speed, at, column);
    ++sided;
  }
  if (sided == 0) {
    return DT_OK;
  }
  double contrast[DT__NOISE_COLUMNS_MAX] = {0};
  for (int k = first; k < speed->columns; ++k) {
    contrast[k] = 1.0 / (speed->columns - first);
  }
  const dt_status status = dt__speed_fit(speed, NULL, posterior);
  if (apart) {
    for (size_t k = 0; k < places->change_count && sided == places->change_count; ++k) {
      double one[DT__NOISE_COLUMNS_MAX] = {0};
      one[first + (int)k] = 1.0;
      places->changes[k].step_bpm = dt__speed_bpm(speed, posterior, one, 0.0);
    }
  }
  places->change_bpm = dt__speed_bpm(speed, posterior, contrast, 0.0);
  return status;
}

static void describe(const dt__places_work* work, size_t at, dt_section_change* change) {
  memset(change, 0, sizeof(*change));
  change->from = section_of(work, at - 1);
  change->to = section_of(work, at);
  change->bar = work->spots.items[at].bar;
  change->step_bpm = dt__unknown(DT_CANT_TELL);
}

static void describe_all(const dt__places_work* work, dt_places* places) {
  size_t k = 0;
  for (size_t at = next_change(work, 0); at < work->spots.count; at = next_change(work, at)) {
    describe(work, at, &places->changes[k++]);
  }
}

dt_status dt__measure_sections(dt__places_work* work, dt_places* places) {
  const size_t n = work->spots.count;
  size_t count = 0;
  for (size_t at = next_change(work, 0); at < n; at = next_change(work, at)) {
    ++count;
  }
  if (count == 0) {
    return DT_OK;
  }
  places->change_bpm = dt__unknown(DT_CANT_TELL);
  places->changes = dt_alloc(work->allocator, count * sizeof(*places->changes));
  if (!places->changes) {
    return DT_NO_MEMORY;
  }
  places->change_count = count;
  describe_all(work, places);
  dt__posterior together;
  memset(&together, 0, sizeof(together));
  dt_status status = mean_change(work, places, &together);
  size_t from = 0;
  size_t at = next_change(work, 0);
  for (size_t k = 0; k < count; ++k) {
    const size_t to = next_change(work, at);
    if (status == DT_OK) {
      status = measure_change(work, from, at, to, together.count > 0 ? &together : NULL,
                              &places->changes[k]);
    }
    from = at;
    at = to;
  }
  dt__posterior_clear(&together, work->allocator);
  return status;
}
