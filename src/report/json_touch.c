#include "study_json.h"

/* Rolls, flams, dynamics, the hi-hat and what changes over the take, in JSON. */

static void put_roll(dt_json* json, const dt_roll* roll) {
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "kind", dt_roll_kind_name(roll->kind));
  dt_json_string(json, "voice", dt_voice_name(roll->voice));
  dt_json_number(json, "start_s", roll->start_s, 6);
  dt_json_number(json, "end_s", roll->end_s, 6);
  dt_json_int(json, "stroke_count", (int64_t)roll->stroke_count);
  dt__json_estimate(json, "cv_pct", &roll->cv_pct, 3);
  dt__json_estimate(json, "strokes_per_min", &roll->strokes_per_min, 2);
  dt_json_string(json, "breakdown",
                 roll->breakdown_known == DT_KNOWN ? dt_breakdown_name(roll->breakdown) : NULL);
  dt_json_number(json, "breakdown_s", roll->breakdown_s, 3);
  dt_json_end_object(json);
}

static void put_rolls(dt_json* json, const dt_rolls* rolls) {
  dt_json_begin_object(json, "rolls");
  dt__json_estimate(json, "cv_pct", &rolls->cv_pct, 3);
  dt__json_estimate(json, "strokes_per_min", &rolls->strokes_per_min, 2);
  dt_json_bool(json, "sticking", rolls->hands.sticking);
  dt__json_estimate(json, "later_ms", &rolls->hands.later_ms, 3);
  dt__json_estimate(json, "louder_db", &rolls->hands.louder_db, 3);
  dt__json_estimate(json, "double_ms", &rolls->hands.double_ms, 3);
  dt__json_estimate(json, "double_db", &rolls->hands.double_db, 3);
  dt_json_begin_array(json, "items");
  for (size_t i = 0; i < rolls->count; i++)
    put_roll(json, &rolls->items[i]);
  dt_json_end_array(json);
  dt_json_end_object(json);
}

static void put_flams(dt_json* json, const dt_flams* flams) {
  dt_json_begin_object(json, "flams");
  dt_json_int(json, "flam_count", (int64_t)flams->flam_count);
  dt_json_int(json, "flat_count", (int64_t)flams->flat_count);
  dt__json_estimate(json, "flam_ms", &flams->flam.mean_ms, 3);
  dt__json_estimate(json, "flam_sd_ms", &flams->flam.sd_ms, 3);
  dt__json_estimate(json, "flam_grace_db", &flams->flam_grace_db, 3);
  dt__json_estimate(json, "left_minus_right_ms", &flams->left_minus_right_ms, 3);
  dt_json_int(json, "drag_count", (int64_t)flams->drag_count);
  dt__json_estimate(json, "drag_ms", &flams->drag_whole.mean_ms, 3);
  dt__json_estimate(json, "drag_sd_ms", &flams->drag_whole.sd_ms, 3);
  dt_json_end_object(json);
}

static void put_voice(dt_json* json, const dt_voice_dynamics* voice) {
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "voice", dt_voice_name(voice->voice));
  dt_json_string(json, "levels", dt_levels_name(voice->levels));
  dt_json_int(json, "count", (int64_t)voice->count);
  dt__json_estimate(json, "accent_db", &voice->accent_db, 3);
  dt__json_estimate(json, "ghost_db", &voice->ghost_db, 3);
  dt__json_estimate(json, "evenness_db", &voice->evenness_db, 3);
  dt__json_estimate(json, "crescendo_db_per_min", &voice->crescendo_db_per_min, 4);
  dt_json_end_object(json);
}

static void put_dynamics(dt_json* json, const dt_dynamics* dynamics) {
  dt_json_begin_object(json, "dynamics");
  dt__json_estimate(json, "accent_db", &dynamics->accent_db, 3);
  dt__json_estimate(json, "ghost_db", &dynamics->ghost_db, 3);
  dt__json_estimate(json, "evenness_db", &dynamics->evenness_db, 3);
  dt__json_estimate(json, "crescendo_db_per_min", &dynamics->crescendo_db_per_min, 4);
  dt__json_estimate(json, "backbeat_db", &dynamics->backbeat_db, 3);
  dt_json_begin_array(json, "voices");
  for (size_t i = 0; i < dynamics->voice_count; i++)
    put_voice(json, &dynamics->voices[i]);
  dt_json_end_array(json);
  dt_json_end_object(json);
}

static void put_openness(dt_json* json, const dt_openness* openness) {
  dt_json_begin_object(json, "openness");
  dt__json_estimate(json, "contrast", &openness->contrast, 4);
  dt__json_estimate(json, "sloppy_share", &openness->sloppy_share, 4);
  dt__json_estimate(json, "choked_share", &openness->choked_share, 4);
  dt_json_end_object(json);
}

static void put_fatigue(dt_json* json, const dt_fatigue* fatigue) {
  dt_json_begin_object(json, "fatigue");
  dt_json_number(json, "minutes", fatigue->minutes, 4);
  dt__json_estimate(json, "scatter_pct_per_min", &fatigue->scatter_pct.per_min, 3);
  dt__json_estimate(json, "drift_bpm_per_min", &fatigue->drift_bpm.per_min, 4);
  dt__json_estimate(json, "roll_rate_per_min", &fatigue->roll_rate.per_min, 3);
  dt__json_estimate(json, "level_db_per_min", &fatigue->level_db.per_min, 4);
  dt_json_end_object(json);
}

void dt__json_touch(dt_json* json, const dt_study* study) {
  put_rolls(json, &study->rolls);
  put_flams(json, &study->flams);
  put_dynamics(json, &study->dynamics);
  put_openness(json, &study->openness);
  put_fatigue(json, &study->fatigue);
}
