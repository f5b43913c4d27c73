#ifndef DT_EAR_PICK_H
#define DT_EAR_PICK_H

#include <stdbool.h>

#include "flux.h"

/*
 * Adaptive picking: where the summed rise peaks, something may have been struck. Picking is
 * generous; classify has the last word.
 */
#define DT__PICK_REACH 5 /* a peak is greatest among so many frames on either side */

/* A pick at frame f can be decided when frame f + DT__PICK_AHEAD is complete. */
#define DT__PICK_AHEAD (DT__FLUX_AHEAD + DT__PICK_REACH)

bool dt__pick(const dt__flux* flux, int64_t frame) DT_NONBLOCKING;

#endif
