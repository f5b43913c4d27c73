#ifndef DT_REPORT_PROGRESS_H
#define DT_REPORT_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "dt/report.h"

/*
 * The clean tempo of what is practised, over the days, as a page or as a panel of a take's report
 * (dt_report_options.progress). Pure formatting, as dt/report.h.
 */

/* One day of an exercise. */
typedef struct dt_report_day {
  int64_t day; /* since 1970-01-01 */
  double bpm;  /* clean tempo and its interval; 0: not known that day */
  double low_bpm;
  double high_bpm;
  double cold_bpm; /* tempo of the cold test; 0: there was none */
  bool cold_kept;
} dt_report_day;

typedef struct dt_report_exercise {
  const char* name;          /* "paradiddle, right" */
  const dt_report_day* days; /* oldest first */
  size_t day_count;
} dt_report_exercise;

typedef struct dt_report_progress {
  const char* const* today; /* what to do today, the most urgent first */
  size_t today_count;
  double played_min; /* today */
  const dt_report_exercise* exercises;
  size_t exercise_count;
} dt_report_progress;

/* One HTML page, as dt_report_html makes them: what to do today, and for each exercise a picture of
 * the clean tempo over the days with its interval, and the same as a table. version may be NULL. */
dt_status dt_report_progress_html(const dt_report_progress* progress, const char* version,
                                  dt_sink sink) DT_NODISCARD;

#endif
