#ifndef DT_JUDGE_SPEED_INTERNAL_H
#define DT_JUDGE_SPEED_INTERNAL_H

#include "noise_internal.h"
#include "series_internal.h"
#include "spots_internal.h"

/*
 * Changes of tempo under human noise. What each stroke is off the player's own pulse, its habit
 * taken out, is a line in time where the tempo is steady; a bend in it is a step of the tempo. The
 * intervals are those of noise_internal.h: a timekeeper wanders, and a wandering that looks like a
 * bend must not count as one.
 */
typedef struct dt__speed {
  const dt__spots* spots;
  const dt_marks* marks;
  const dt_allocator* allocator;
  size_t count; /* as spots */
  double* beat;
  double* time_s; /* of the pulse, not of the stroke */
  double* y_s;    /* off the pulse, habits taken out */
  double* white;  /* relative motor variance, mean 1 */
  bool* strange;  /* of a voice that the groove does not have: its place is not known */
  double* column[DT__NOISE_COLUMNS_MAX];
  int columns;  /* filled */
  int slope;    /* which column is the time, in seconds */
  size_t first; /* the strokes of the fit at hand */
  size_t end;
  void* memory;
  size_t memory_size;
} dt__speed;

/* spots fitted. Errors: DT_NO_MEMORY. */
dt_status dt__speed_make(dt__speed* speed, const dt_allocator* allocator, const dt_marks* marks,
                         const dt__spots* spots) DT_NODISCARD;
void dt__speed_clear(dt__speed* speed);

/* Begins a model of the strokes first .. end - 1: placement (of strange voices apart), tempo, and
 * with `drift` its steady change. */
void dt__speed_begin(dt__speed* speed, size_t first, size_t end, bool drift);

/* One more column, 0 .. columns - 1, cleared, to be filled from 0 for stroke `first`; NULL when
 * there is no room. */
double* dt__speed_column(dt__speed* speed);

/* Fits. DT_OK with an empty posterior: cannot tell. */
dt_status dt__speed_fit(const dt__speed* speed, const dt__posterior* together,
                        dt__posterior* posterior) DT_NODISCARD;

/* Change of tempo in bpm for a contrast of slopes (seconds a second), plus base_bpm. */
dt_estimate dt__speed_bpm(const dt__speed* speed, const dt__posterior* posterior,
                          const double* contrast, double base_bpm);

/* The own pulse's tempo over the strokes at hand. */
double dt__speed_own_bpm(const dt__speed* speed);

#endif
