#ifndef DT_JUDGE_FATIGUE_INTERNAL_H
#define DT_JUDGE_FATIGUE_INTERNAL_H

#include "dt/fatigue.h"
#include "dynamics_internal.h"

/* Residuals of a take, in order of time. */
typedef struct dt__growth {
  size_t count;
  double* minutes; /* from the first to the last */
  double* square;  /* squared residual, ms^2 */
  int* group;      /* voices (and hands) that have their own scatter: 0 .. DT__GROUPS - 1 */
  bool* in;
  double* time;  /* about the group's weighted mean */
  double* score; /* psi of the last fit, all strokes */
  double* scratch;
  double jitter2; /* the instrument's, ms^2 */
} dt__growth;

enum { DT__GROUPS = 2 * DT_VOICE_COUNT };

/* Growth of the variance of what is `in`: log per minute of the player's own part, with its error;
 * fills score (whose mean's error it is). */
dt__number dt__growth_fit(dt__growth* growth);

/* dt__slope_error of scores that are first summed by four: what a timekeeper leaves between strokes
 * makes neighbours alike over about a beat. Overwrites scores. */
dt__error dt__clumped_error(double* scores, size_t count);

/* fatigue_rolls.c: strokes a minute, a minute. Errors: DT_NO_MEMORY. */
dt_status dt__fatigue_rolls(const dt_marks* marks, const dt_allocator* allocator,
                            dt_slope* out) DT_NODISCARD;

#endif
