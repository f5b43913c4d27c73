#ifndef DT_TEST_PLAY_CHART_H
#define DT_TEST_PLAY_CHART_H

/* The simulated drummer on a chart that is given as text. */

#include "dt/drummer.h"
#include "groove_charts.h"

/* His bars at his tempo; take, truths: either may be NULL. Errors as dt_drummer_play; both are then
 * empty. */
static inline dt_status dt__play_text(const dt_drummer* drummer, const char* text, dt_take* take,
                                      dt_truths* truths, dt_error* err) {
  dt_part part = dt__part_of(text, drummer->bars, drummer->bpm);
  dt_truths played;
  dt_status status = dt_drummer_play(drummer, &part, NULL, &played, err);
  if (take)
    *take = (dt_take){0};
  if (status == DT_OK && take)
    status = dt_take_from_truths(take, NULL, &played, drummer, &part);
  if (status != DT_OK || !truths)
    dt_truths_clear(&played, NULL);
  if (truths)
    *truths = played;
  dt_part_clear(&part, NULL);
  return status;
}

#endif
