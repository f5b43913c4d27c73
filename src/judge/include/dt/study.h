#ifndef DT_STUDY_H
#define DT_STUDY_H

#include "dt/dynamics.h"
#include "dt/fatigue.h"
#include "dt/flam.h"
#include "dt/hands.h"
#include "dt/openness.h"
#include "dt/places.h"
#include "dt/practise.h"
#include "dt/roll.h"
#include "dt/swing.h"
#include "dt/tempo_curve.h"
#include "dt/timekeeper.h"
#include "dt/unison.h"

/*
 * The full judgement of a take: everything the judge can say beyond the verdict, each number with
 * its interval, or "can't tell", or "not testable". What each one means stands in its own header.
 */
typedef struct dt_study {
  dt_marks marks;
  dt_tempo_curve curve;
  dt_swing swing;
  dt_unison unison;
  dt_places places;
  dt_hands hands;
  dt_rolls rolls;
  dt_flams flams;
  dt_dynamics dynamics;
  dt_openness openness;
  dt_fatigue fatigue;
  dt_timekeeper timekeeper; /* with a click: correction, clock, motor; without: clock, motor */
  dt_longrange longrange;
  dt_practise practise; /* what to practise, the weakest thing first */

  const dt_alignment* alignment; /* borrowed; NULL without a chart */
  const dt_chart* chart;         /* likewise */
} dt_study;

/* verdict: of this take, made with the same alignment. alignment and chart: both or neither; they
 * and the verdict must outlive the study. Errors: DT_NO_MEMORY; *study is then empty. Release with
 * dt_study_clear. Deterministic. Any thread; not real-time. */
dt_status dt_study_make(dt_study* study, const dt_allocator* allocator, const dt_take* take,
                        const dt_verdict* verdict, const dt_alignment* alignment,
                        const dt_chart* chart) DT_NODISCARD;
void dt_study_clear(dt_study* study, const dt_allocator* allocator);

#endif
