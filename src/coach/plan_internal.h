#ifndef DT_PLAN_INTERNAL_H
#define DT_PLAN_INTERNAL_H

#include <stdbool.h>

#include "dt/coach_plan.h"

#define DT__BPM_MIN     20.0
#define DT__BPM_MAX     400.0
#define DT__MINUTES_MIN 0.5
#define DT__MINUTES_MAX 120.0

const char* dt__plan_level_name(dt_level level);

/* UTF-8 without control characters, brackets, or spaces at its ends. */
bool dt__is_clean_text(const char* text, size_t size);

/* NULL, or what is wrong. */
const char* dt__exercise_check(const dt_exercise* e);

#endif
