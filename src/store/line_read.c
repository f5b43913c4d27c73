#include <math.h>
#include <string.h>

#include "line_internal.h"

static bool read_context(const dt__fields* f, dt_record* record) {
  dt_take* take = &record->take;
  int64_t ignored = 0;
  int source = 0;
  if (!dt__field_int(f, "take", 0, INT64_MAX / 2, &record->number) ||
      !dt__field_int(f, "taken_at_s", -99999999999, 99999999999, &record->taken_at_s) ||
      !dt__field_word(f, "source", dt__source_from_key, &source) ||
      !dt__field_number(f, "duration_s", 0, 1e9, &take->duration_s) ||
      !dt__field_number(f, "clock_jitter_s", 0, 1e3, &take->clock_jitter_s) ||
      !dt__field_number(f, "clock_bias_s", -1e3, 1e3, &take->clock_bias_s) ||
      !dt__field_int(f, "ignored_notes", 0, INT64_MAX / 2, &ignored))
    return false;
  /* Lines from before it was kept do without. */
  if (json_object_get(f->object, "latency_s") &&
      !dt__field_number(f, "latency_s", -1e3, 1e3, &take->latency_s))
    return false;
  take->source = (dt_take_source)source;
  take->ignored_notes = (size_t)ignored;
  return true;
}

/* [0, 0] is "from the click, else 4/4"; what else there may be dt_judge checks. */
static bool read_meter(const dt__fields* f, dt_meter* meter) {
  const json_t* pair = json_object_get(f->object, "meter");
  const json_t* above = json_array_get(pair, 0);
  const json_t* below = json_array_get(pair, 1);
  const bool good = json_array_size(pair) == 2 && json_is_integer(above) &&
                    json_is_integer(below) && json_integer_value(above) >= 0 &&
                    json_integer_value(above) <= 64 && json_integer_value(below) >= 0 &&
                    json_integer_value(below) <= 64;
  if (!good) {
    (void)dt_fail(f->err, DT_BAD_DATA, "\"meter\" must be two numbers, as in [4,4]");
    return false;
  }
  *meter = (dt_meter){(int)json_integer_value(above), (int)json_integer_value(below)};
  return true;
}

static bool read_settings(const dt__fields* f, dt_judge_config* config) {
  dt__fields inside;
  int grid = 0;
  int level = 0;
  if (!dt__field_object(f, "settings", &inside) ||
      !dt__field_word(&inside, "grid", dt__grid_from_key, &grid) ||
      !dt__field_maybe(&inside, "bpm", &config->bpm) ||
      !dt__field_maybe(&inside, "start_s", &config->start_s) ||
      !dt__field_word(&inside, "level", dt__level_from_key, &level) ||
      !read_meter(&inside, &config->meter))
    return false;
  config->mode = (dt_grid_mode)grid;
  config->level = (dt_level)level;
  config->start_s = isnan(config->start_s) ? -1 : config->start_s;
  if (config->mode != DT_GRID_TEMPO) {
    config->bpm = 0;
    config->start_s = -1;
  } else if (isnan(config->bpm)) {
    (void)dt_fail(f->err, DT_BAD_DATA, "\"bpm\" must be a number where \"grid\" is \"tempo\"");
    return false;
  }
  return true;
}

static bool read_summary(const dt__fields* f, dt_summary* s) {
  dt__fields inside;
  int word = 0;
  if (!dt__field_object(f, "verdict", &inside) ||
      !dt__field_word(&inside, "word", dt_word_from_key, &word) ||
      !dt__field_int(&inside, "strokes", 0, INT64_MAX / 2, &s->stroke_count) ||
      !dt__field_number(&inside, "bars", 0, 1e9, &s->bars) ||
      !dt__field_maybe(&inside, "tempo_bpm", &s->tempo_bpm) ||
      !dt__field_maybe(&inside, "bpm_change", &s->bpm_change) ||
      !dt__field_estimate(&inside, "placement_ms", &s->placement_ms) ||
      !dt__field_estimate(&inside, "drift_bpm_per_min", &s->drift_bpm_per_min) ||
      !dt__field_estimate(&inside, "scatter_ms", &s->scatter_ms) ||
      !dt__field_count(&inside, "missed", &s->missed_count) ||
      !dt__field_count(&inside, "extra", &s->extra_count) ||
      !dt__field_count(&inside, "wrong_drum", &s->wrong_drum_count))
    return false;
  s->word = (dt_word)word;
  return true;
}

/* The texts of a line before they are copied together. */
typedef struct texts {
  const char* at[4]; /* player, chart, file, program */
  dt_buffer report;
} texts;

static dt_status collect_texts(const dt__fields* f, const char* line, size_t size, texts* t) {
  static const char* const names[4] = {"player", "chart", "file", "program"};
  const char* value = NULL;
  size_t value_size = 0;
  for (int i = 0; i < 4; ++i)
    if (!dt__field_text(f, names[i], &t->at[i]))
      return DT_BAD_DATA;
  for (int i = 0; i < 2; ++i) {
    const size_t length = t->at[i] ? strlen(t->at[i]) : 1;
    if (length == 0 || length > DT_STORE_NAME_MAX)
      return dt_fail(f->err, DT_BAD_DATA, "\"%s\" must have 1 to %d bytes", names[i],
                     DT_STORE_NAME_MAX);
  }
  const json_t* report = json_object_get(f->object, "report");
  if (!json_is_object(report))
    return !report || json_is_null(report)
               ? DT_OK
               : dt_fail(f->err, DT_BAD_DATA, "\"report\" must be an object or null");
  if (!dt__json_member(line, size, "report", &value, &value_size))
    return DT_OK; /* its name was written with escapes */
  return dt__json_squeeze(value, value_size, "strokes", dt_buffer_sink(&t->report));
}

static dt_status keep_texts(dt_record* record, const dt_allocator* allocator, const texts* t,
                            dt_error* err) {
  const char** const slots[4] = {&record->player, &record->chart, &record->file, &record->program};
  size_t size = t->report.size + 1;
  for (int i = 0; i < 4; ++i)
    size += t->at[i] ? strlen(t->at[i]) + 1 : 0;
  record->texts = dt_alloc(allocator, size);
  if (!record->texts)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  record->texts_size = size;
  char* to = record->texts;
  for (int i = 0; i < 4; ++i)
    if (t->at[i]) {
      *slots[i] = strcpy(to, t->at[i]);
      to += strlen(t->at[i]) + 1;
    }
  if (t->report.size > 0) {
    memcpy(to, t->report.bytes, t->report.size);
    to[t->report.size] = '\0';
    record->report = to;
  }
  return DT_OK;
}

static dt_status read_object(dt_record* record, const dt_allocator* allocator, const json_t* object,
                             const char* line, size_t size, dt_error* err) {
  const dt__fields f = {object, err};
  const char* schema = NULL;
  if (!json_is_object(object) || !dt__field_text(&f, "schema", &schema))
    return dt_fail(err, DT_BAD_DATA, "A line must be an object, as doubletime export writes it");
  if (!schema || strcmp(schema, "doubletime.take/1") != 0)
    return dt_fail(err, DT_UNSUPPORTED,
                   "\"schema\" is \"%.40s\", not \"doubletime.take/1\"; was it written by a newer "
                   "doubletime?",
                   schema ? schema : "");
  if (!read_context(&f, record) || !read_settings(&f, &record->config) ||
      !read_summary(&f, &record->summary))
    return DT_BAD_DATA;
  texts t = {.report = {.allocator = allocator}};
  dt_status status = collect_texts(&f, line, size, &t);
  if (status == DT_OK)
    status = keep_texts(record, allocator, &t, err);
  else if (status == DT_NO_MEMORY)
    status = dt_fail(err, status, "%s", dt_status_sentence(status));
  dt_buffer_clear(&t.report);
  const json_t* click = json_object_get(object, "click");
  if (status == DT_OK && click && !json_is_null(click)) {
    status = dt__click_read(&record->take.click, allocator, click, err);
    record->take.has_click = status == DT_OK;
  }
  if (status == DT_OK)
    status = dt__strokes_read(record, allocator, json_object_get(object, "strokes"), err);
  return status;
}

dt_status dt_record_read(dt_record* record, const dt_allocator* allocator, const char* line,
                         size_t size, dt_error* err) {
  json_error_t where;
  memset(record, 0, sizeof(*record));
  if (size > DT_RECORD_LINE_MAX)
    return dt_fail(err, DT_TOO_LARGE, "The line is longer than %zu MiB", DT_RECORD_LINE_MAX >> 20);
  /* jansson passes over some of them. */
  if (memchr(line, '\0', size))
    return dt_fail(err, DT_BAD_DATA, "This is not JSON: there is a zero byte in it");
  json_t* object = json_loadb(line, size, JSON_REJECT_DUPLICATES, &where);
  if (!object) {
    for (char* at = where.text; *at; ++at)
      if ((unsigned char)*at < ' ' || *at == 0x7F)
        *at = ' ';
    return dt_fail(err, DT_BAD_DATA, "This is not JSON: %.120s at byte %d", where.text,
                   where.position);
  }
  const dt_status status = read_object(record, allocator, object, line, size, err);
  json_decref(object);
  if (status != DT_OK)
    dt_record_clear(record, allocator);
  return status;
}
