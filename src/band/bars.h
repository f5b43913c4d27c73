#ifndef DT_BAND_BARS_H
#define DT_BAND_BARS_H

#include "dt/band.h"

/* Where a bus stands in its bars on and bars off. */
typedef struct dt__turn {
  dt_band_bars bars;
  bool on;
  int left;    /* bars of this stretch that are still to come */
  int off_now; /* how long the next stretch off will be */
} dt__turn;

dt__turn dt__turn_of(const dt_band_bars* bars) DT_NONBLOCKING;

/* The next bar begins: on, or off? */
bool dt__turn_next(dt__turn* turn) DT_NONBLOCKING;

#endif
