#ifndef DT_STUDY_JSON_H
#define DT_STUDY_JSON_H

#include "dt/json.h"
#include "dt/study.h"

/* {"known": "known", "value": 1.0, "low": 0.5, "high": 1.5}; nulls where it is not known. */
void dt__json_estimate(dt_json* json, const char* key, const dt_estimate* e, int decimals);

/* One voice's swing, or that of all. */
void dt__json_swing_voice(dt_json* json, const char* key, const dt_swing_voice* voice);

/* "study": {...}, and the part of it that is about touch. */
void dt__json_study(dt_json* json, const dt_study* study);
void dt__json_touch(dt_json* json, const dt_study* study);

/* "chart": {...}: what was to be played, and which notes were. */
void dt__json_chart(dt_json* json, const dt_study* study);

#endif
