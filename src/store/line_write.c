#include <math.h>
#include <string.h>

#include "line_internal.h"

/* Remembers the first error, so that a line of writing has one check at its end. */
typedef struct pen {
  dt_sink sink;
  dt_status status;
} pen;

static void put(pen* p, const char* text) {
  if (p->status == DT_OK)
    p->status = dt_sink_printf(p->sink, "%s", text);
}

static void put_int(pen* p, const char* before, int64_t value) {
  if (p->status == DT_OK)
    p->status = dt_sink_printf(p->sink, "%s%lld", before, (long long)value);
}

static void put_count(pen* p, const char* before, int64_t value) {
  put(p, before);
  if (value < 0)
    put(p, "null");
  else
    put_int(p, "", value);
}

static void put_text(pen* p, const char* before, const char* text) {
  put(p, before);
  if (p->status == DT_OK)
    p->status = dt__json_text(p->sink, text);
}

static void put_number(pen* p, const char* before, double value) {
  put(p, before);
  if (p->status == DT_OK)
    p->status = dt__json_exact(p->sink, value);
}

static void put_estimate(pen* p, const char* before, const dt_estimate* e) {
  put(p, before);
  put_text(p, "{\"known\":", dt__known_key(e->known));
  put_number(p, ",\"value\":", e->value);
  put_number(p, ",\"low\":", e->low);
  put_number(p, ",\"high\":", e->high);
  put(p, "}");
}

static void put_context(pen* p, const dt_record* r) {
  put(p, "{\"schema\":\"doubletime.take/1\"");
  put_int(p, ",\"take\":", r->number);
  put_int(p, ",\"taken_at_s\":", r->taken_at_s);
  put_text(p, ",\"player\":", r->player);
  put_text(p, ",\"chart\":", r->chart);
  put_text(p, ",\"file\":", r->file);
  put_text(p, ",\"program\":", r->program);
  put_text(p, ",\"source\":", dt__source_key(r->take.source));
  put_number(p, ",\"duration_s\":", r->take.duration_s);
  put_number(p, ",\"clock_jitter_s\":", r->take.clock_jitter_s);
  put_number(p, ",\"clock_bias_s\":", r->take.clock_bias_s);
  put_number(p, ",\"latency_s\":", r->take.latency_s);
  put_int(p, ",\"ignored_notes\":", (int64_t)r->take.ignored_notes);
  put(p, ",\"click\":");
  if (!r->take.has_click)
    put(p, "null");
  else if (p->status == DT_OK)
    p->status = dt__click_write(&r->take.click, p->sink);
}

static void put_settings(pen* p, const dt_judge_config* config) {
  const bool tempo = config->mode == DT_GRID_TEMPO;
  put_text(p, ",\"settings\":{\"grid\":", dt__grid_key(config->mode));
  put_number(p, ",\"bpm\":", tempo ? config->bpm : (double)NAN);
  put_number(p, ",\"start_s\":", tempo && config->start_s >= 0 ? config->start_s : (double)NAN);
  put_int(p, ",\"meter\":[", config->meter.numerator);
  put_int(p, ",", config->meter.denominator);
  put_text(p, "],\"level\":", dt__level_key(config->level));
  put(p, "}");
}

static void put_summary(pen* p, const dt_summary* s) {
  put_text(p, ",\"verdict\":{\"word\":", dt_word_key(s->word));
  put_int(p, ",\"strokes\":", s->stroke_count);
  put_number(p, ",\"bars\":", s->bars);
  put_number(p, ",\"tempo_bpm\":", s->tempo_bpm);
  put_number(p, ",\"bpm_change\":", s->bpm_change);
  put_estimate(p, ",\"placement_ms\":", &s->placement_ms);
  put_estimate(p, ",\"drift_bpm_per_min\":", &s->drift_bpm_per_min);
  put_estimate(p, ",\"scatter_ms\":", &s->scatter_ms);
  put_count(p, ",\"missed\":", s->missed_count);
  put_count(p, ",\"extra\":", s->extra_count);
  put_count(p, ",\"wrong_drum\":", s->wrong_drum_count);
  put(p, "}");
}

dt_status dt_record_write(const dt_record* record, dt_sink sink) {
  pen p = {sink, DT_OK};
  put_context(&p, record);
  put_settings(&p, &record->config);
  put_summary(&p, &record->summary);
  put(&p, ",\"strokes\":");
  if (p.status == DT_OK)
    p.status = dt__strokes_write(record, sink);
  put(&p, ",\"report\":");
  if (!record->report)
    put(&p, "null");
  else if (p.status == DT_OK)
    p.status = dt__json_squeeze(record->report, strlen(record->report), "strokes", sink);
  put(&p, "}\n");
  return p.status;
}
