#include <math.h>

#include "dt/heard.h"
#include "dt/json.h"
#include "report_internal.h"

enum { S_DECIMALS = 6, MS_DECIMALS = 3, VELOCITY_DECIMALS = 1, PART_DECIMALS = 3 };

static void put_sound(dt_json* json, const dt_heard* heard) {
  if (heard->format == NULL) {
    dt_json_null(json, "sound");
    return;
  }
  dt_json_begin_object(json, "sound");
  dt_json_string(json, "format", heard->format);
  dt_json_int(json, "rate_hz", heard->rate_hz);
  dt_json_int(json, "channels", heard->channels);
  dt_json_end_object(json);
}

static double or_null(double value, bool is_known) {
  return is_known ? value : (double)NAN;
}

/* The ear gives drums that it cannot tell apart in time exactly the same one. */
static bool shares_its_time(const dt_strokes* strokes, size_t i) {
  const dt_stroke* s = strokes->items;
  return (i > 0 && s[i - 1].time_s == s[i].time_s) ||
         (i + 1 < strokes->count && s[i + 1].time_s == s[i].time_s);
}

static void put_stroke(dt_json* json, const dt_take* take, size_t i) {
  const dt_stroke* stroke = &take->strokes.items[i];
  dt_json_begin_object(json, NULL);
  dt_json_number(json, "time_s", stroke->time_s, S_DECIMALS);
  dt_json_string(json, "drum", dt_drum_name(stroke->drum));
  dt_json_number(json, "velocity", or_null((double)stroke->velocity, stroke->velocity > 0.0F),
                 VELOCITY_DECIMALS);
  dt_json_number(json, "confidence", (double)stroke->confidence, PART_DECIMALS);
  dt_json_number(json, "openness", or_null((double)stroke->openness, stroke->openness >= 0.0F),
                 PART_DECIMALS);
  dt_json_number(json, "choke_s", or_null((double)stroke->choke_s, stroke->choke_s > 0.0F),
                 PART_DECIMALS);
  if (stroke->note >= 0)
    dt_json_int(json, "note", stroke->note);
  else
    dt_json_null(json, "note");
  if (take->source == DT_TAKE_SOUND)
    dt_json_bool(json, "shared_time", shares_its_time(&take->strokes, i));
  else
    dt_json_null(json, "shared_time");
  dt_json_end_object(json);
}

dt_status dt_heard_json(const dt_take* take, const dt_heard* heard, dt_sink sink) {
  dt_json json = {.sink = sink};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "schema", "doubletime.strokes/1");
  dt_json_string(&json, "version", heard->version);
  dt_json_string(&json, "file", dt__base_name(heard->file));
  dt_json_string(&json, "source", take->source == DT_TAKE_SOUND ? "sound" : "midi");
  dt_json_number(&json, "duration_s", take->duration_s, S_DECIMALS);
  put_sound(&json, heard);
  dt_json_number(&json, "jitter_ms", or_null(1000 * take->clock_jitter_s, take->clock_jitter_s > 0),
                 MS_DECIMALS);
  dt_json_number(&json, "min_confidence", heard->min_confidence, PART_DECIMALS);
  dt_json_int(&json, "stroke_count", (int64_t)take->strokes.count);
  dt_json_begin_array(&json, "strokes");
  for (size_t i = 0; i < take->strokes.count && !json.failed; ++i)
    put_stroke(&json, take, i);
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  return dt_json_finish(&json);
}
