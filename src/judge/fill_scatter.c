#include <math.h>

#include "dt/stat.h"
#include "local_scatter_internal.h"
#include "places_internal.h"

/* Strokes in fills against those of the groove beside them. */

enum { FILLS_MIN = 4 };

static const dt_mark* mark_of(const dt__places_work* work, size_t i) {
  return &work->marks->items[work->spots.items[i].mark];
}

/* Mean off the pulse of the fill's strokes less that of the groove in the bar before and the bar
 * after it; NAN without both. */
static double shift_ms(const dt__places_work* work, const dt_fill* fill) {
  const double bar = (double)work->marks->bar_ticks;
  double sum[2] = {0};
  double n[2] = {0};
  for (size_t i = 0; i < work->spots.count; ++i) {
    const double tick = work->spots.items[i].tick;
    const int in_fill = mark_of(work, i)->fill;
    if (tick < fill->tick - bar || tick > fill->end_tick + bar ||
        (in_fill >= 0 && in_fill != fill->fill)) {
      continue;
    }
    const int side = in_fill >= 0;
    sum[side] += 1e3 * work->speed.y_s[i];
    n[side] += 1.0;
  }
  return sum[1] / n[1] - sum[0] / n[0];
}

dt_status dt__fill_against_groove(dt__places_work* work, dt_fills* fills) {
  size_t count = 0;
  for (size_t k = 0; k < fills->count; ++k) {
    const double shift = shift_ms(work, &fills->items[k]);
    if (isfinite(shift)) {
      work->scratch[count++] = shift;
    }
  }
  if (count >= FILLS_MIN) {
    const double se = dt_sd(work->scratch, count) / sqrt((double)count);
    const dt__error error = {se, (double)count - 1.0};
    fills->placement_ms = dt__estimate_student(dt_mean(work->scratch, count), error);
  }
  dt__local local;
  for (size_t i = 0; i < work->spots.count; ++i) {
    work->spots.items[i].class = mark_of(work, i)->fill >= 0;
  }
  const dt_status status =
      dt__local_scatter(&local, work->allocator, &work->spots, 2, (double)work->marks->bar_ticks);
  if (status == DT_OK) {
    fills->scatter_ratio = dt__local_ratio(&local, 1, 0, work->marks->jitter_ms, work->scratch);
    dt__local_clear(&local, work->allocator);
  }
  return status;
}
