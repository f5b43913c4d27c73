#ifndef DT_PROGRESS_REPORT_H
#define DT_PROGRESS_REPORT_H

#include "dt/coach_progress.h"
#include "dt/report_progress.h"

#define DT__DAYS_MAX 400

/* The curve of one exercise, for a report. */
typedef struct dt__curve {
  char name[DT_PLAN_CHART_MAX + 16];
  dt_report_day days[DT__DAYS_MAX];
  dt_report_exercise exercise; /* points to both */
} dt__curve;

/* False when nothing is known of it. */
bool dt__curve_of(dt__curve* curve, const dt_past* past, size_t count, const char* chart,
                  dt_limbs limbs);

/* The first line of the history of an exercise? */
bool dt__is_first_of(const dt_past* past, size_t at);

#endif
