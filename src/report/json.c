#include <math.h>
#include <stdio.h>

#include "dt/json.h"
#include "report_internal.h"
#include "study_json.h"

enum { MS_DECIMALS = 3, S_DECIMALS = 6, BPM_DECIMALS = 4 };

void dt__json_estimate(dt_json* json, const char* key, const dt_estimate* e, int decimals) {
  bool known = e->known == DT_KNOWN;
  dt_json_begin_object(json, key);
  dt_json_string(json, "known", dt__known_name(e->known));
  dt_json_number(json, "value", known ? e->value : (double)NAN, decimals);
  dt_json_number(json, "low", known ? e->low : (double)NAN, decimals);
  dt_json_number(json, "high", known ? e->high : (double)NAN, decimals);
  dt_json_end_object(json);
}

static void put_timing(dt_json* json, const dt_timing* timing) {
  dt_json_int(json, "stroke_count", (int64_t)timing->stroke_count);
  dt__json_estimate(json, "placement_ms", &timing->placement_ms, MS_DECIMALS);
  dt__json_estimate(json, "placement_own_ms", &timing->placement_own_ms, MS_DECIMALS);
  dt__json_estimate(json, "tempo_bpm", &timing->tempo_bpm, BPM_DECIMALS);
  dt__json_estimate(json, "drift_bpm_per_min", &timing->drift_bpm_per_min, BPM_DECIMALS);
  dt__json_estimate(json, "drift_percent_per_min", &timing->drift_percent_per_min, BPM_DECIMALS);
  dt_json_number(json, "drift_p", timing->drift_p, 6);
  dt__json_estimate(json, "scatter_ms", &timing->scatter_ms, MS_DECIMALS);
}

static void put_meter(dt_json* json, const char* key, dt_meter meter) {
  char text[32];
  if (meter.numerator <= 0) {
    dt_json_null(json, key);
    return;
  }
  snprintf(text, sizeof text, "%d/%d", meter.numerator, meter.denominator);
  dt_json_string(json, key, text);
}

static void put_take(dt_json* json, const dt_take* take) {
  dt_json_begin_object(json, "take");
  dt_json_string(json, "source", take->source == DT_TAKE_SOUND ? "sound" : "midi");
  dt_json_number(json, "duration_s", take->duration_s, S_DECIMALS);
  dt_json_int(json, "stroke_count", (int64_t)take->strokes.count);
  dt_json_int(json, "ignored_notes", (int64_t)take->ignored_notes);
  dt_json_bool(json, "has_click", take->has_click);
  dt_json_end_object(json);
}

/* What was asked, and what the judge made of it. */
static void put_config(dt_json* json, const dt_verdict* verdict, const dt_judge_config* asked) {
  bool phase_given = asked && asked->mode == DT_GRID_TEMPO && asked->start_s >= 0;
  dt_json_begin_object(json, "config");
  dt_json_string(json, "grid", dt__mode_name(verdict->mode));
  put_meter(json, "meter", verdict->meter);
  dt_json_string(json, "level", dt__level_name(verdict->level));
  dt_json_number(json, "click_bpm", verdict->click_bpm, BPM_DECIMALS);
  dt_json_number(json, "start_s", phase_given ? asked->start_s : (double)NAN, S_DECIMALS);
  dt_json_bool(json, "phase_known", verdict->phase_known);
  dt_json_end_object(json);
}

static void put_verdict(dt_json* json, const dt_verdict* verdict) {
  char headline[96];
  dt_report_headline(verdict, headline, sizeof headline);
  dt_json_begin_object(json, "verdict");
  dt_json_string(json, "word", dt__word_name(verdict->word));
  dt_json_string(json, "text", headline);
  dt_json_number(json, "bpm_change", verdict->bpm_change, BPM_DECIMALS);
  dt_json_bool(json, "drift_found", verdict->drift_found);
  dt_json_bool(json, "ahead_of_click", verdict->ahead_of_click);
  dt_json_int(json, "strokes_needed", (int64_t)verdict->strokes_needed);
  dt_json_number(json, "bars", verdict->bars, 3);
  dt_json_number(json, "span_s", verdict->span_s, S_DECIMALS);
  dt_json_number(json, "beat_s", verdict->beat_s, S_DECIMALS);
  dt_json_number(json, "tempo_probability", verdict->tempo_probability, 4);
  dt_json_int(json, "outlier_count", (int64_t)verdict->outlier_count);
  dt_json_int(json, "ornament_count", (int64_t)verdict->ornament_count);
  dt_json_end_object(json);
}

static void put_subdivision(dt_json* json, const dt_verdict* verdict) {
  char text[64];
  dt__subdivision_text(verdict, text, sizeof text);
  dt_json_begin_object(json, "subdivision");
  dt_json_string(json, "feel", dt__feel_name(verdict->subdivision.feel));
  dt_json_string(json, "text", text);
  dt_json_int(json, "division", verdict->subdivision.division);
  dt_json_number(json, "swing", verdict->subdivision.swing, 4);
  dt_json_number(json, "probability", verdict->subdivision.probability, 4);
  dt_json_end_object(json);
}

static void put_number_if(dt_json* json, const char* key, bool known, double value, int decimals) {
  dt_json_number(json, key, known ? value : (double)NAN, decimals);
}

static void put_stroke(dt_json* json, const dt_stroke* stroke, const dt_judged* judged) {
  dt_json_begin_object(json, NULL);
  dt_json_number(json, "time_s", stroke->time_s, S_DECIMALS);
  dt_json_string(json, "drum", dt_drum_name(stroke->drum));
  put_number_if(json, "velocity", stroke->velocity > 0, (double)stroke->velocity, 1);
  if (stroke->note >= 0)
    dt_json_int(json, "note", stroke->note);
  else
    dt_json_null(json, "note");
  put_number_if(json, "openness", stroke->openness >= 0, (double)stroke->openness, 3);
  dt_json_number(json, "confidence", (double)stroke->confidence, 3);
  put_number_if(json, "choke_s", stroke->choke_s > 0, (double)stroke->choke_s, S_DECIMALS);
  put_number_if(json, "beat", judged, judged ? judged->beat : 0, S_DECIMALS);
  put_number_if(json, "grid_time_s", judged, judged ? judged->grid_time_s : 0, S_DECIMALS);
  put_number_if(json, "asynchrony_ms", judged, judged ? judged->asynchrony_ms : 0, MS_DECIMALS);
  put_number_if(json, "residual_ms", judged, judged ? judged->residual_ms : 0, MS_DECIMALS);
  if (judged) {
    dt_json_bool(json, "outlier", judged->outlier);
    dt_json_bool(json, "ornament", judged->ornament);
  } else {
    dt_json_null(json, "outlier");
    dt_json_null(json, "ornament");
  }
  dt_json_end_object(json);
}

void dt_report_json_strokes(dt_json* json, const dt_take* take, const dt_verdict* verdict) {
  size_t cursor = 0;
  dt_json_begin_array(json, "strokes");
  for (size_t i = 0; i < take->strokes.count; i++)
    put_stroke(json, &take->strokes.items[i], dt__judged_next(verdict, &cursor, i));
  dt_json_end_array(json);
}

dt_status dt_report_json(const dt_take* take, const dt_verdict* verdict,
                         const dt_report_options* options, dt_sink sink) {
  dt_json json = {.sink = sink};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "schema", "doubletime.judge/1");
  dt_json_string(&json, "version", options->version);
  dt_json_string(&json, "file", dt__base_name(options->file));
  put_take(&json, take);
  put_config(&json, verdict, options->config);
  put_verdict(&json, verdict);
  put_subdivision(&json, verdict);
  dt_json_begin_object(&json, "tolerance");
  dt_json_number(&json, "scatter_ms", verdict->tolerance.scatter_ms, MS_DECIMALS);
  dt_json_number(&json, "drift_percent", verdict->tolerance.drift_percent, 4);
  dt_json_end_object(&json);
  dt_json_begin_object(&json, "instrument");
  dt_json_number(&json, "jitter_ms", verdict->instrument_jitter_ms, MS_DECIMALS);
  dt_json_number(&json, "bias_ms", verdict->instrument_bias_ms, MS_DECIMALS);
  dt_json_number(&json, "latency_ms", 1e3 * take->latency_s, MS_DECIMALS);
  dt_json_end_object(&json);
  dt_json_begin_object(&json, "noise");
  dt_json_string(&json, "model", verdict->noise_model[0] ? verdict->noise_model : NULL);
  dt_json_number(&json, "slow_share", verdict->slow_share, 4);
  dt_json_end_object(&json);
  dt_json_begin_object(&json, "all");
  put_timing(&json, &verdict->all);
  dt_json_end_object(&json);
  dt_json_begin_array(&json, "voices");
  for (size_t i = 0; i < verdict->voice_count; i++) {
    dt_json_begin_object(&json, NULL);
    dt_json_string(&json, "voice", dt_voice_name(verdict->voices[i].voice));
    put_timing(&json, &verdict->voices[i].timing);
    dt_json_end_object(&json);
  }
  dt_json_end_array(&json);
  dt_report_json_strokes(&json, take, verdict);
  if (options->study && options->study->alignment)
    dt__json_chart(&json, options->study);
  if (options->study)
    dt__json_study(&json, options->study);
  dt_json_end_object(&json);
  return dt_json_finish(&json);
}
