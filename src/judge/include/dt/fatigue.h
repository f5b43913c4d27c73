#ifndef DT_FATIGUE_H
#define DT_FATIGUE_H

#include "dt/marks.h"

/*
 * What changes from the beginning of a take to its end: scatter, speed and level. Slopes only, no
 * diagnosis: there are no published norms for drummers, and a slope is not yet tiredness.
 */
#define DT_FATIGUE_SPAN_MIN_S  60.0 /* of a shorter take nothing is said */
#define DT_FATIGUE_STROKES_MIN 96

typedef struct dt_slope {
  dt_estimate per_min;
  double p; /* two-sided, of "no change"; NAN where not known */
} dt_slope;

typedef struct dt_fatigue {
  double minutes;       /* length of the take that the slopes are over */
  dt_slope scatter_pct; /* growth of scatter from stroke to stroke (about the 16 strokes around it,
                           so that a slow wander of the tempo is none), percent of what it was at
                           the start, a minute: 10 means that after two minutes it is 1.2 times as
                           large. The instrument's jitter is taken out of both */
  dt_slope drift_bpm;   /* the tempo's own, as in the verdict: bpm a minute */
  dt_slope roll_rate;   /* strokes a minute, a minute: speed of rolls; not testable without rolls */
  dt_slope level_db;    /* dB a minute; every voice, loudness and place in the bar about its own
                           level. Not testable without velocities */
  /* By hand, where the sticking is known. */
  dt_slope right_scatter_pct;
  dt_slope left_scatter_pct;
  dt_slope left_minus_right_scatter_pct;
  dt_slope right_level_db;
  dt_slope left_level_db;
  dt_slope left_minus_right_level_db;
} dt_fatigue;

/* Measures. verdict: that the marks were made from, or NULL (then drift is not testable). Errors:
 * DT_NO_MEMORY (*fatigue then says nothing). Owns nothing. Deterministic. Any thread; not
 * real-time. */
dt_status dt_fatigue_measure(dt_fatigue* fatigue, const dt_allocator* allocator,
                             const dt_marks* marks, const dt_verdict* verdict) DT_NODISCARD;

#endif
