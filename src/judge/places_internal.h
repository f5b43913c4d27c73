#ifndef DT_JUDGE_PLACES_INTERNAL_H
#define DT_JUDGE_PLACES_INTERNAL_H

#include "dt/places.h"
#include "speed_internal.h"

/* One measurement of places in the making. */
typedef struct dt__places_work {
  const dt_marks* marks;
  const dt_allocator* allocator;
  dt__spots spots;
  dt__speed speed;
  double* scratch; /* 2 * spots */
} dt__places_work;

/* place.c, fills.c, fill_scatter.c, sections.c. Each fills its part of places. DT_NO_MEMORY. */
dt_status dt__measure_place(dt__places_work* work, dt_places* places) DT_NODISCARD;
dt_status dt__measure_fills(dt__places_work* work, dt_fills* fills) DT_NODISCARD;
dt_status dt__fill_scatter(dt__places_work* work, dt_fills* fills) DT_NODISCARD;
dt_status dt__measure_sections(dt__places_work* work, dt_places* places) DT_NODISCARD;

#endif
