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
  double* time_s;  /* of the pulse, not of the stroke */
  double* y_s;     /* off the pulse, habits taken out */
  double* y_fit_s; /* y_s of the strokes at hand, as the model takes it: from 0 for `first` */
  double* white;   /* relative motor variance, mean 1 */
  bool* strange;   /* of a voice that the groove does not have: its place is not known */
  double* column[DT__NOISE_COLUMNS_MAX];
  int columns;  /* filled */
  int slope;    /* which column is the time, in seconds */
  size_t first; /* the strokes of the fit at hand */
  size_t end;
  double own_bpm; /* of the strokes at hand */
  void* memory;
  size_t memory_size;
} dt__speed;

/* spots fitted. Errors: DT_NO_MEMORY. */
dt_status dt__speed_make(dt__speed* speed, const dt_allocator* allocator, const dt_marks* marks,
                         const dt__spots* spots) DT_NODISCARD;
void dt__speed_clear(dt__speed* speed);

/* What a model has besides placement and tempo. */
enum {
  DT__SPEED_DRIFT = 1,  /* a steady change of tempo */
  DT__SPEED_STRANGE = 2 /* a place of its own for each strange voice */
};

/* Begins a model of the strokes first .. end - 1. Without drift the line in time is that of a
 * steady tempo, so that what the own pulse does there counts as a change of tempo. */
void dt__speed_begin(dt__speed* speed, size_t first, size_t end, int what);

/* One more column, 0 .. columns - 1, cleared, to be filled from 0 for stroke `first`; NULL when
 * there is no room. */
double* dt__speed_column(dt__speed* speed);

/* Fits. DT_OK with an empty posterior: cannot tell. */
dt_status dt__speed_fit(const dt__speed* speed, const dt__posterior* together,
                        dt__posterior* posterior) DT_NODISCARD;

/* Change of tempo in bpm for a contrast of slopes (seconds a second), plus base_bpm. */
dt_estimate dt__speed_bpm(const dt__speed* speed, const dt__posterior* posterior,
                          const double* contrast, double base_bpm);

/* The tempo of the steady line through the own pulse of the strokes at hand. */
double dt__speed_own_bpm(const dt__speed* speed);

#endif
