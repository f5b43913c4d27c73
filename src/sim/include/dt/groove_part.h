#ifndef DT_GROOVE_PART_H
#define DT_GROOVE_PART_H

#include "dt/drummer.h"
#include "dt/groove.h"

/* For callers that still have grooves and not charts: these go when dt/groove.h goes. */

/* A groove as a part, that many bars at that tempo; errors as dt_part_from_chart. */
dt_status dt_part_from_groove(dt_part* part, const dt_allocator* allocator, const dt_groove* groove,
                              int bars, double bpm) DT_NODISCARD;

/* dt_drummer_play, dt_take_from_truths and dt_drummer_lead_in_s for the drummer's bars of a groove
 * at his tempo. */
dt_status dt_drummer_play_groove(const dt_drummer* drummer, const dt_groove* groove,
                                 const dt_allocator* allocator, dt_truths* truths,
                                 dt_error* err) DT_NODISCARD;
dt_status dt_take_from_groove(dt_take* take, const dt_allocator* allocator, const dt_truths* truths,
                              const dt_drummer* drummer, const dt_groove* groove) DT_NODISCARD;
double dt_drummer_groove_lead_in_s(const dt_drummer* drummer, const dt_groove* groove);

#endif
