#include "progress_report.h"

#include <stdio.h>
#include <string.h>

bool dt__curve_of(dt__curve* curve, const dt_past* past, size_t count, const char* chart,
                  dt_limbs limbs) {
  dt_progress_point points[DT__DAYS_MAX];
  const size_t found = dt_progress_curve(points, DT__DAYS_MAX, past, count, chart, limbs);
  snprintf(curve->name, sizeof curve->name, "%s%s%s", chart, limbs == DT_LIMBS_ALL ? "" : ", ",
           limbs == DT_LIMBS_ALL ? "" : dt_limbs_name(limbs));
  for (size_t i = 0; i < found; i++)
    curve->days[i] = (dt_report_day){.day = points[i].day,
                                     .bpm = points[i].bpm,
                                     .low_bpm = points[i].low_bpm,
                                     .high_bpm = points[i].high_bpm,
                                     .cold_bpm = points[i].cold_bpm,
                                     .cold_kept = points[i].cold_kept};
  curve->exercise = (dt_report_exercise){curve->name, curve->days, found};
  return found > 0;
}

bool dt__is_first_of(const dt_past* past, size_t at) {
  for (size_t i = 0; i < at; i++)
    if (strcmp(past[i].chart, past[at].chart) == 0 && past[i].limbs == past[at].limbs)
      return false;
  return true;
}
