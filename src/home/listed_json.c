#include "dt/home_keep.h"

static void json_estimate(dt_json* json, const char* key, dt_estimate e) {
  static const char* const known[] = {"known", "cant_tell", "not_testable"};
  dt_json_begin_object(json, key);
  dt_json_string(json, "known", known[e.known]);
  dt_json_number(json, "value", e.value, 4);
  dt_json_number(json, "low", e.low, 4);
  dt_json_number(json, "high", e.high, 4);
  dt_json_end_object(json);
}

static void json_count(dt_json* json, const char* key, int64_t count) {
  if (count < 0)
    dt_json_null(json, key);
  else
    dt_json_int(json, key, count);
}

void dt_listed_json(dt_json* json, const dt_listed* listed) {
  const dt_summary* s = &listed->summary;
  dt_json_int(json, "take", listed->number);
  dt_json_int(json, "taken_at_s", listed->taken_at_s);
  dt_json_string(json, "player", listed->player);
  dt_json_string(json, "chart", listed->chart);
  dt_json_string(json, "file", listed->file);
  dt_json_string(json, "word", dt_word_key(s->word));
  dt_json_int(json, "stroke_count", s->stroke_count);
  dt_json_number(json, "bars", s->bars, 3);
  dt_json_number(json, "tempo_bpm", s->tempo_bpm, 4);
  dt_json_number(json, "bpm_change", s->bpm_change, 4);
  json_estimate(json, "placement_ms", s->placement_ms);
  json_estimate(json, "drift_bpm_per_min", s->drift_bpm_per_min);
  json_estimate(json, "scatter_ms", s->scatter_ms);
  json_count(json, "missed_count", s->missed_count);
  json_count(json, "extra_count", s->extra_count);
  json_count(json, "wrong_drum_count", s->wrong_drum_count);
}
