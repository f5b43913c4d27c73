#ifndef DT_CLOCK_FILTER_H
#define DT_CLOCK_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/attr.h"

/* Wake-up times, smoothed: a delay-locked loop of second order (F. Adriaensen, "Using a DLL to
 * filter time", Linux Audio Conference 2005). Zero-initialise; zero again after every restart. */
typedef struct dt__clock_filter {
  bool has_begun;
  double next_us;
  double step_us; /* from block to block, as it has come to know it */
} dt__clock_filter;

/* When the block of frame_count frames that woke us at raw_us really began. */
int64_t dt__clock_filter_us(dt__clock_filter* filter, int64_t raw_us, int frame_count,
                            int rate_hz) DT_NONBLOCKING;

#endif
