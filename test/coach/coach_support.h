#ifndef DT_TEST_COACH_SUPPORT_H
#define DT_TEST_COACH_SUPPORT_H

/* Sessions for the coach's tests: a plan of one exercise, and takes made up by hand. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../support/near.h"
#include "dt/coach.h"

static const dt_estimate DT__UNKNOWN = {(double)NAN, (double)NAN, (double)NAN, DT_CANT_TELL};

/* A take in which nothing is wrong. */
static inline dt_shown dt__clean_take(const dt_instruction* now, double seconds) {
  dt_shown s = {.played_s = seconds, .bpm = now->bpm, .bars = now->bars, .bars_asked = now->bars};
  s.notes = 16 * now->bars;
  s.placement_ms = s.drift_percent = s.scatter_ms = s.accent_db = s.ghost_db = DT__UNKNOWN;
  s.scatter_growth.per_min = s.level_slope.per_min = DT__UNKNOWN;
  s.level_db = (double)NAN;
  return s;
}

static inline void dt__start(dt_coach* coach, dt_practice_mode mode, int bars, const dt_past* past,
                             size_t count) {
  dt_plan plan = dt_plan_default();
  plan.count = 1;
  plan.exercises[0] = dt_exercise_default();
  plan.exercises[0].mode = mode;
  plan.exercises[0].minutes = 60.0;
  strcpy(plan.exercises[0].chart, "groove");
  const dt_chart_facts facts = {bars, 120.0, 4.0, 1.0, 4, true};
  const dt_coach_options options = {7, 100};
  dt_coach_start(coach, &plan, &facts, past, count, &options);
}

/* The next take; rests are rested. */
static inline dt_instruction dt__next_take(dt_coach* coach) {
  dt_instruction now;
  dt_coach_next(coach, &now);
  while (now.act == DT_ACT_REST) {
    dt_coach_rested(coach, now.rest_s);
    dt_coach_next(coach, &now);
  }
  return now;
}

#endif
