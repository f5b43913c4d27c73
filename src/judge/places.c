#include "dt/places.h"

#include <math.h>
#include <string.h>

#include "places_internal.h"

static void start(dt_places* places) {
  memset(places, 0, sizeof(*places));
  places->fills.gain_bpm = places->fills.inside_bpm = dt__unknown(DT_NOT_TESTABLE);
  places->fills.placement_ms = places->fills.scatter_ratio = dt__unknown(DT_NOT_TESTABLE);
  places->change_bpm = dt__unknown(DT_NOT_TESTABLE);
}

static dt_status measure(dt__places_work* work, dt_places* places) {
  dt__spots_fit(&work->spots);
  dt_status status = dt__speed_make(&work->speed, work->allocator, work->marks, &work->spots);
  if (status == DT_OK) {
    status = dt__measure_place(work, places);
  }
  if (status == DT_OK && (work->marks->has_chart || work->marks->has_sections)) {
    status = dt__measure_fills(work, &places->fills);
  }
  if (status == DT_OK && (work->marks->has_chart || work->marks->has_sections)) {
    status = dt__measure_sections(work, places);
  }
  dt__speed_clear(&work->speed);
  return status;
}

dt_status dt_places_measure(dt_places* places, const dt_allocator* allocator,
                            const dt_marks* marks) {
  start(places);
  dt__places_work work;
  memset(&work, 0, sizeof(work));
  work.marks = marks;
  work.allocator = allocator;
  dt_status status = dt__spots_make(&work.spots, allocator, marks);
  if (status == DT_OK && work.spots.count > 0) {
    const size_t bytes = 2 * work.spots.count * sizeof(double);
    work.scratch = dt_alloc(allocator, bytes);
    status = work.scratch ? measure(&work, places) : DT_NO_MEMORY;
    dt_release(allocator, work.scratch, bytes);
  }
  dt__spots_clear(&work.spots, allocator);
  if (status != DT_OK) {
    dt_places_clear(places, allocator);
  }
  return status;
}

void dt_places_clear(dt_places* places, const dt_allocator* allocator) {
  dt_release(allocator, places->places, places->place_count * sizeof(*places->places));
  dt_release(allocator, places->fills.items, places->fills.count * sizeof(*places->fills.items));
  dt_release(allocator, places->changes, places->change_count * sizeof(*places->changes));
  start(places);
}
