#include <inttypes.h>
#include <stdio.h>

#include "dt/report.h"

static void json_take(dt_json* json, const char* key, const dt_compared* take) {
  dt_json_begin_object(json, key);
  dt_json_string(json, "name", take->name);
  dt_json_int(json, "stroke_count", (int64_t)take->verdict->all.stroke_count);
  dt_json_number(json, "tempo_bpm", take->verdict->all.tempo_bpm.value, 4);
  dt_json_end_object(json);
}

static void json_change(dt_json* json, const dt_change* change) {
  static const char* const known[] = {"known", "cant_tell", "not_testable"};
  static const char* const measures[] = {"placement_ms", "placement_own_ms", "drift_bpm_per_min",
                                         "scatter_ms"};
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "voice",
                 change->voice == DT_VOICE_COUNT ? "all" : dt_voice_name(change->voice));
  dt_json_string(json, "number", measures[change->measure]);
  dt_json_string(json, "known", known[change->known]);
  dt_json_number(json, "a", change->a, 4);
  dt_json_number(json, "b", change->b, 4);
  dt_json_bool(json, "is_ratio", change->measure == DT_MEASURE_SCATTER);
  dt_json_number(json, "change", change->change, 4);
  dt_json_number(json, "low", change->low, 4);
  dt_json_number(json, "high", change->high, 4);
  dt_json_number(json, "p", change->p, 4);
  dt_json_bool(json, "real", change->real);
  dt_json_end_object(json);
}

dt_status dt_report_compare_json(const dt_comparison* c, const dt_compared* a, const dt_compared* b,
                                 const char* version, dt_sink sink) {
  char seed[24];
  dt_json json = {.sink = sink};
  snprintf(seed, sizeof seed, "%" PRIu64, c->seed);
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "schema", "doubletime.compare/1");
  dt_json_string(&json, "version", version);
  json_take(&json, "a", a);
  json_take(&json, "b", b);
  dt_json_string(&json, "result",
                 c->known_count == 0 ? "cant_tell"
                 : c->real_count > 0 ? "real_change"
                                     : "noise");
  dt_json_string(&json, "seed", seed);
  dt_json_int(&json, "draws", c->draws);
  dt_json_number(&json, "critical", c->critical, 4);
  dt_json_begin_array(&json, "changes");
  for (size_t k = 0; k < c->count; ++k)
    json_change(&json, &c->changes[k]);
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  return dt_json_finish(&json);
}
