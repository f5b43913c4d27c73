#include "local_scatter_internal.h"
#include "places_internal.h"

/* Scatter of the strokes in fills against that of the groove's. */

dt_status dt__fill_scatter(dt__places_work* work, dt_fills* fills) {
  dt__local local;
  for (size_t i = 0; i < work->spots.count; ++i) {
    dt__spot* spot = &work->spots.items[i];
    spot->kind = work->marks->items[spot->mark].fill >= 0;
  }
  const dt_status status =
      dt__local_scatter(&local, work->allocator, &work->spots, 2, (double)work->marks->bar_ticks);
  if (status == DT_OK) {
    fills->scatter_ratio = dt__local_ratio(&local, 1, 0, work->marks->jitter_ms, work->scratch);
    dt__local_clear(&local, work->allocator);
  }
  return status;
}
