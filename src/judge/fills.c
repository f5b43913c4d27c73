#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "places_internal.h"

/* What fills do to the tempo. */

enum { SIDE_MIN = 8, GROOVE_MIN = 24, FILLS_MIN = 4 };

/* A fill as a stretch of the strokes. */
typedef struct stretch {
  size_t first;
  size_t end; /* the first stroke of the groove after it */
} stretch;

static int fill_of(const dt__places_work* work, size_t i) {
  return work->marks->items[work->spots.items[i].mark].fill;
}

/* The next fill at or after stroke i; false: none. */
static bool next_fill(const dt__places_work* work, size_t i, stretch* out) {
  const size_t n = work->spots.count;
  while (i < n && fill_of(work, i) < 0) {
    ++i;
  }
  out->first = i;
  while (i < n && fill_of(work, i) == fill_of(work, out->first)) {
    ++i;
  }
  out->end = i;
  return out->first < n;
}

/* Both sides of it have groove to speak of a tempo there. */
static bool has_sides(const dt__places_work* work, const stretch* s) {
  return s->first >= SIDE_MIN && s->end + SIDE_MIN <= work->spots.count;
}

static double start_s(const dt__places_work* work, const stretch* s) {
  return work->speed.time_s[s->first];
}

static double end_s(const dt__places_work* work, const stretch* s) {
  const size_t n = work->spots.count;
  return work->speed.time_s[s->end < n ? s->end : n - 1];
}

/* Adds what a tempo change in this fill, and one after it, do to the strokes at hand. */
static void add_bends(const dt__places_work* work, const stretch* s, double* inside,
                      double* after) {
  const dt__speed* speed = &work->speed;
  const double start = start_s(work, s);
  const double end = end_s(work, s);
  for (size_t i = speed->first; i < speed->end; ++i) {
    const double t = speed->time_s[i];
    inside[i - speed->first] += fmin(fmax(t - start, 0.0), end - start);
    after[i - speed->first] += fmax(t - end, 0.0);
  }
}

/* --- all fills together ---------------------------------------------------------------------- */

/* The bends of all fills with groove on both sides; how many there were. */
static size_t bend_at_all(dt__places_work* work) {
  dt__speed* speed = &work->speed;
  double* inside = dt__speed_column(speed);
  double* after = dt__speed_column(speed);
  size_t sided = 0;
  stretch s = {0, 0};
  while (inside && after && next_fill(work, s.end, &s)) {
    if (has_sides(work, &s)) {
      add_bends(work, &s, inside, after);
      ++sided;
    }
  }
  return speed->count < GROOVE_MIN ? 0 : sided;
}

/* One model for the whole take: placement, tempo, drift, and the same bends at every fill. */
static dt_status gains_of_all(dt__places_work* work, dt_fills* fills, dt__posterior* posterior) {
  dt__speed* speed = &work->speed;
  dt__speed_begin(speed, 0, speed->count, DT__SPEED_DRIFT | DT__SPEED_STRANGE);
  const int inside_at = speed->columns;
  if (bend_at_all(work) == 0) {
    return DT_OK;
  }
  const dt_status status = dt__speed_fit(speed, NULL, posterior);
  double contrast[DT__NOISE_COLUMNS_MAX] = {0};
  contrast[inside_at] = 1.0;
  fills->inside_bpm = dt__speed_bpm(speed, posterior, contrast, 0.0);
  contrast[inside_at] = 0.0;
  contrast[inside_at + 1] = 1.0;
  fills->gain_bpm = dt__speed_bpm(speed, posterior, contrast, 0.0);
  return status;
}

/* The same with one more thing: all of a fill's strokes off the line that the tempo makes. */
static dt_status placement_of_all(dt__places_work* work, dt_fills* fills) {
  static const double INTERVAL[3] = {0.025, 0.5, 0.975};
  dt__speed* speed = &work->speed;
  dt__speed_begin(speed, 0, speed->count, DT__SPEED_DRIFT);
  const int shift_at = speed->columns;
  double* shift = dt__speed_column(speed);
  if (bend_at_all(work) == 0) {
    return DT_OK;
  }
  for (size_t i = 0; i < speed->count; ++i) {
    shift[i] = fill_of(work, i) >= 0 ? 1.0 : 0.0;
  }
  dt__posterior posterior;
  const dt_status status = dt__speed_fit(speed, NULL, &posterior);
  if (posterior.count > 0) {
    double contrast[DT__NOISE_COLUMNS_MAX] = {0};
    double at[3];
    contrast[shift_at] = 1.0;
    dt__posterior_quantiles(&posterior, contrast, INTERVAL, at, 3);
    const dt_estimate e = {1e3 * at[1], 1e3 * at[0], 1e3 * at[2], DT_KNOWN};
    fills->placement_ms = e;
  }
  dt__posterior_clear(&posterior, work->allocator);
  return status;
}

/* --- each fill ------------------------------------------------------------------------------- */

/* The groove on both sides, to the neighbouring fills or the window's length. */
static void surroundings(const dt__places_work* work, const stretch* s, stretch* out) {
  const double window = (double)work->marks->bar_ticks * DT_PLACES_WINDOW_BARS;
  const dt__spot* items = work->spots.items;
  out->first = s->first;
  while (out->first > 0 && fill_of(work, out->first - 1) < 0 &&
         items[out->first - 1].tick >= items[s->first].tick - window) {
    --out->first;
  }
  out->end = s->end;
  while (out->end < work->spots.count && fill_of(work, out->end) < 0 &&
         items[out->end].tick < items[s->end].tick + window) {
    ++out->end;
  }
}

static dt_status measure_fill(dt__places_work* work, const stretch* s,
                              const dt__posterior* together, dt_fill* fill) {
  dt__speed* speed = &work->speed;
  stretch near;
  surroundings(work, s, &near);
  const bool before = s->first - near.first >= SIDE_MIN;
  const bool after = near.end - s->end >= SIDE_MIN;
  if (!before) {
    return DT_OK;
  }
  dt__speed_begin(speed, near.first, near.end, DT__SPEED_STRANGE);
  const int inside_at = speed->columns;
  double* inside_column = dt__speed_column(speed);
  double* after_column = dt__speed_column(speed);
  add_bends(work, s, inside_column, after_column);
  speed->columns -= !after;
  dt__posterior posterior;
  const dt_status status = dt__speed_fit(speed, together, &posterior);
  const double own_bpm = dt__speed_own_bpm(speed);
  double contrast[DT__NOISE_COLUMNS_MAX] = {0};
  if (after) {
    contrast[inside_at + 1] = 1.0;
    fill->gain_bpm = dt__speed_bpm(speed, &posterior, contrast, 0.0);
    contrast[speed->slope] = 1.0;
    fill->after_bpm = dt__speed_bpm(speed, &posterior, contrast, own_bpm);
    contrast[inside_at + 1] = 0.0;
  }
  contrast[speed->slope] = 1.0;
  fill->before_bpm = dt__speed_bpm(speed, &posterior, contrast, own_bpm);
  contrast[inside_at] = 1.0;
  fill->inside_bpm = dt__speed_bpm(speed, &posterior, contrast, own_bpm);
  dt__posterior_clear(&posterior, work->allocator);
  return status;
}

static void describe(const dt__places_work* work, const stretch* s, dt_fill* fill) {
  const dt__spot* first = &work->spots.items[s->first];
  memset(fill, 0, sizeof(*fill));
  fill->fill = fill_of(work, s->first);
  fill->first_bar = first->bar;
  fill->tick = first->tick;
  fill->end_tick = work->spots.items[s->end - 1].tick;
  fill->count = s->end - s->first;
  fill->before_bpm = fill->inside_bpm = dt__unknown(DT_CANT_TELL);
  fill->after_bpm = fill->gain_bpm = dt__unknown(DT_CANT_TELL);
}

/* A few bars cannot tell a timekeeper who wanders from a steady one; how much the fills differ from
 * each other can. No fill's gain is surer than that. */
static void widen(const dt__places_work* work, dt_fills* fills) {
  size_t count = 0;
  for (size_t k = 0; k < fills->count; ++k) {
    if (fills->items[k].gain_bpm.known == DT_KNOWN) {
      work->scratch[count++] = fills->items[k].gain_bpm.value;
    }
  }
  if (count < FILLS_MIN) {
    return;
  }
  const dt__error error = {dt_sd(work->scratch, count), (double)count - 1.0};
  for (size_t k = 0; k < fills->count; ++k) {
    dt_estimate* gain = &fills->items[k].gain_bpm;
    const dt_estimate wide = dt__estimate_student(gain->value, error);
    if (gain->known == DT_KNOWN && wide.known == DT_KNOWN) {
      gain->low = fmin(gain->low, wide.low);
      gain->high = fmax(gain->high, wide.high);
    }
  }
}

dt_status dt__measure_fills(dt__places_work* work, dt_fills* fills) {
  size_t count = 0;
  for (stretch s = {0, 0}; next_fill(work, s.end, &s);) {
    ++count;
  }
  if (count == 0) {
    return DT_OK;
  }
  fills->gain_bpm = fills->inside_bpm = dt__unknown(DT_CANT_TELL);
  fills->placement_ms = fills->scatter_ratio = dt__unknown(DT_CANT_TELL);
  fills->items = dt_alloc(work->allocator, count * sizeof(*fills->items));
  if (!fills->items) {
    return DT_NO_MEMORY;
  }
  fills->count = count;
  dt__posterior together;
  memset(&together, 0, sizeof(together));
  dt_status status = gains_of_all(work, fills, &together);
  stretch s = {0, 0};
  for (size_t k = 0; k < count; ++k) {
    (void)next_fill(work, s.end, &s);
    describe(work, &s, &fills->items[k]);
    if (status == DT_OK) {
      status = measure_fill(work, &s, together.count > 0 ? &together : NULL, &fills->items[k]);
    }
  }
  dt__posterior_clear(&together, work->allocator);
  if (status == DT_OK) {
    widen(work, fills);
    status = placement_of_all(work, fills);
  }
  return status != DT_OK ? status : dt__fill_scatter(work, fills);
}
