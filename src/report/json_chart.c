#include <stdint.h>

#include "study_json.h"

static const char* fate_name(dt_fate fate) {
  return fate == DT_FATE_HIT ? "hit" : fate == DT_FATE_MISSED ? "missed" : "wrong_drum";
}

static void put_event(dt_json* json, const dt_event* event) {
  dt_json_begin_object(json, NULL);
  dt_json_number(json, "beat", (double)event->note.tick / DT_TICKS_PER_QUARTER, 6);
  dt_json_int(json, "bar", (int64_t)event->bar + 1);
  dt_json_string(json, "drum", dt_drum_name(event->note.drum));
  dt_json_string(json, "fate", fate_name(event->fate));
  if (event->stroke == SIZE_MAX)
    dt_json_null(json, "stroke");
  else
    dt_json_int(json, "stroke", (int64_t)event->stroke);
  dt_json_end_object(json);
}

void dt__json_chart(dt_json* json, const dt_study* study) {
  const dt_alignment* a = study->alignment;
  dt_json_begin_object(json, "chart");
  dt_json_string(json, "name", study->chart->name);
  dt_json_string(json, "title", study->chart->title);
  dt_json_number(json, "confidence", a->confidence, 4);
  dt_json_int(json, "hit_count", (int64_t)a->hit_count);
  dt_json_int(json, "missed_count", (int64_t)a->missed_count);
  dt_json_int(json, "wrong_count", (int64_t)a->wrong_count);
  dt_json_int(json, "extra_count", (int64_t)a->extra_count);
  dt_json_begin_array(json, "bars");
  for (size_t i = 0; i < a->bar_count; i++) {
    dt_json_begin_object(json, NULL);
    dt_json_int(json, "written", a->bars[i].written + 1);
    dt_json_bool(json, "jumped", a->bars[i].jumped);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
  dt_json_begin_array(json, "notes");
  for (size_t i = 0; i < a->event_count; i++)
    put_event(json, &a->events[i]);
  dt_json_end_array(json);
  dt_json_end_object(json);
}
