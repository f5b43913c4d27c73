#ifndef DT_FLAM_H
#define DT_FLAM_H

#include "dt/marks.h"

/*
 * Flams and drags: how far the grace strokes stand before the main stroke, how steadily, and how
 * much softer they are. Spacings are positive: main minus grace, in ms; the instrument's jitter is
 * taken out of every spread (both strokes have it).
 *
 * The norm, 30 to 60 ms, is a rule of thumb among teachers and makers of detectors, not a measured
 * one; closer than 20 ms is heard as one stroke (a "flat flam").
 */
#define DT_FLAM_NORM_LOW_MS  30.0
#define DT_FLAM_NORM_HIGH_MS 60.0
#define DT_FLAM_FLAT_MS      20.0

/* One spacing of one kind of ornament. */
typedef struct dt_spacing {
  size_t count;
  dt_estimate mean_ms;
  dt_estimate sd_ms; /* from one to the next */
} dt_spacing;

typedef struct dt_flams {
  size_t flam_count; /* flams of which both strokes were heard */
  size_t flat_count; /* of them, closer than DT_FLAM_FLAT_MS */
  dt_spacing flam;
  dt_estimate flam_grace_db; /* level of the grace stroke minus that of the main stroke */

  /* By the hand of the main stroke, where the sticking is known. */
  dt_spacing right;
  dt_spacing left;
  dt_estimate left_minus_right_ms; /* of the mean spacings; not testable without sticking */

  size_t drag_count;         /* drags of which all three strokes were heard */
  dt_spacing drag_first;     /* from the first grace stroke to the second */
  dt_spacing drag_second;    /* from the second to the main stroke */
  dt_spacing drag_whole;     /* from the first grace stroke to the main stroke */
  dt_estimate drag_grace_db; /* mean level of both grace strokes minus that of the main stroke */
} dt_flams;

/* Measures. Without flams or drags their numbers are DT_NOT_TESTABLE, with few DT_CANT_TELL; levels
 * are DT_NOT_TESTABLE without velocities. Errors: DT_NO_MEMORY (*flams then says nothing). Owns
 * nothing. Deterministic. Any thread; not real-time. */
dt_status dt_flams_measure(dt_flams* flams, const dt_allocator* allocator,
                           const dt_marks* marks) DT_NODISCARD;

#endif
