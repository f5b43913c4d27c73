#ifndef DT_BAND_PATTERN_H
#define DT_BAND_PATTERN_H

#include <stdint.h>

#include "dt/band.h"
#include "place.h"

/* The clicks of one bar: which there are, and where they stand from its line. */
typedef struct dt__pattern {
  const dt_band_click* click;
  dt_meter meter;
  dt__place unit; /* what `divide` divides */
  bool grouped;
  int units_per_beat; /* where not grouped */
  int beat_count;
  int divide;    /* 0: beats only */
  int64_t swing; /* of 2^32 */
  int swing_over;
} dt__pattern;

/* One click. Zeros: the bar's first. */
typedef struct dt__spot {
  int beat; /* beat_count: the bar has no more */
  int sub;
  int first_unit; /* of the beat, from the line */
} dt__spot;

/* beats_only: without what is between them (the count-in). */
dt__pattern dt__click_pattern_of(const dt_band_click* click, dt_meter meter,
                                 bool beats_only) DT_NONBLOCKING;

dt__place dt__pattern_place(const dt__pattern* pattern, const dt__spot* spot) DT_NONBLOCKING;

void dt__pattern_next(const dt__pattern* pattern, dt__spot* spot) DT_NONBLOCKING;

#endif
