#include <math.h>
#include <string.h>
#include <time.h>

#include "api_internal.h"
#include "dt/home.h"
#include "dt/home_keep.h"
#include "dt/kitmap.h"
#include "dt/report.h"
#include "kept_sound.h"

#define LIMIT_MAX 1000

/* ---- the list ---- */

typedef struct listing {
  dt_json json;
  int64_t limit;
  int64_t count;
  int64_t last;
  bool has_more;
} listing;

static const char* level_name(dt_level level) {
  static const char* const names[] = {"beginner", "player", "pro"};
  return names[level];
}

static bool put_listed(void* context, const dt_listed* listed) {
  listing* list = context;
  if (list->count == list->limit) { /* one more than asked for was looked at */
    list->has_more = true;
    return false;
  }
  list->count++;
  list->last = listed->number;
  dt_json_begin_object(&list->json, NULL);
  dt_listed_json(&list->json, listed);
  dt_json_string(&list->json, "level", level_name(listed->level));
  dt_json_end_object(&list->json);
  return !list->json.failed;
}

/* A moment in seconds since 1970, or a day as a person writes it. */
static bool read_moment(const dt__request* request, const char* name, bool last, int64_t* moment_s,
                        dt__reply* reply) {
  char text[40];
  if (!dt__query_text(request, name, text, sizeof text, reply))
    return false;
  if (!text[0] || dt_home_read_moment(text, last, moment_s))
    return true;
  if (strlen(text) <= 12 && strspn(text, "0123456789") == strlen(text))
    return dt__query_int(request, name, 0, INT64_C(253402300799), 0, moment_s, reply);
  dt__refuse(reply, 422, "%s is a day, as in 2026-03-01, or seconds since 1970", name);
  return false;
}

typedef struct wanted {
  char player[DT_STORE_NAME_MAX + 1];
  char chart[DT_STORE_NAME_MAX + 1];
  char word[40];
  char drum[40];
} wanted;

static bool read_words(const dt__request* request, wanted* words, dt_filter* filter,
                       dt__reply* reply) {
  if (!dt__query_text(request, "player", words->player, sizeof words->player, reply) ||
      !dt__query_text(request, "chart", words->chart, sizeof words->chart, reply) ||
      !dt__query_text(request, "word", words->word, sizeof words->word, reply) ||
      !dt__query_text(request, "drum", words->drum, sizeof words->drum, reply))
    return false;
  filter->player = words->player[0] ? words->player : NULL;
  filter->chart = words->chart[0] ? words->chart : NULL;
  filter->word = words->word[0] ? dt_word_from_key(words->word) : -1;
  if (words->word[0] && filter->word < 0) {
    dt__refuse(reply, 422, "word is one of rushing, dragging, scattered, in_the_pocket, cant_tell");
    return false;
  }
  const dt_drum drum = words->drum[0] ? dt_drum_from_name(words->drum) : DT_DRUM_COUNT;
  filter->drum = drum == DT_DRUM_COUNT ? -1 : (int)drum;
  if (words->drum[0] && filter->drum < 0) {
    dt__refuse(reply, 422, "There is no drum of that name; snare, kick or ride_bell are some");
    return false;
  }
  return true;
}

void dt__answer_takes(dt__api* api, const dt__request* request, const dt__parts* parts,
                      dt__reply* reply) {
  listing list = {.json = dt__reply_json(reply)};
  dt_filter filter = dt_filter_all();
  wanted words;
  dt_store* store = NULL;
  dt_error err = {0};
  (void)parts;
  if (!dt__query_int(request, "limit", 1, LIMIT_MAX, 50, &list.limit, reply) ||
      !dt__query_int(request, "before", 1, INT64_C(999999999999999999), 0, &filter.before, reply) ||
      !read_moment(request, "since", false, &filter.since_s, reply) ||
      !read_moment(request, "until", true, &filter.until_s, reply) ||
      !read_words(request, &words, &filter, reply))
    return;
  filter.limit = (size_t)list.limit + 1;
  dt_status status = dt__api_store(api, &store, &err);
  dt_json_begin_object(&list.json, NULL);
  dt_json_begin_array(&list.json, "takes");
  if (status == DT_OK && store)
    status = dt_store_list(store, &filter, put_listed, &list, NULL, &err);
  dt_json_end_array(&list.json);
  if (list.has_more)
    dt_json_int(&list.json, "next", list.last);
  else
    dt_json_null(&list.json, "next");
  dt_json_end_object(&list.json);
  dt__reply_end(reply, &list.json);
  if (status != DT_OK)
    dt__refuse(reply, 503, "%s", err.sentence);
}

/* ---- one ---- */

static void put_settings(dt_json* json, const dt_record* record) {
  static const char* const grids[] = {"click", "tempo", "free"};
  const dt_judge_config* config = &record->config;
  const bool has_bpm = config->mode == DT_GRID_TEMPO;
  dt_json_begin_object(json, "settings");
  dt_json_string(json, "grid", grids[config->mode]);
  dt__json_or_null(json, "bpm", has_bpm, config->bpm, 4);
  dt__json_or_null(json, "start_s", has_bpm && config->start_s >= 0, config->start_s, 6);
  if (config->meter.numerator > 0) {
    dt_json_begin_object(json, "meter");
    dt_json_int(json, "numerator", config->meter.numerator);
    dt_json_int(json, "denominator", config->meter.denominator);
    dt_json_end_object(json);
  } else {
    dt_json_null(json, "meter");
  }
  dt_json_string(json, "level", level_name(config->level));
  dt_json_end_object(json);
}

void dt__answer_take(dt__api* api, const dt__request* request, const dt__parts* parts,
                     dt__reply* reply) {
  dt_record record;
  char path[DT_HOME_PATH];
  const char* type = NULL;
  (void)request;
  if (!dt__api_load(api, parts->at[0], &record, reply))
    return;
  const dt_listed listed = {
      .number = record.number,
      .taken_at_s = record.taken_at_s,
      .player = record.player,
      .chart = record.chart,
      .file = record.file,
      .level = record.config.level,
      .summary = record.summary,
  };
  dt_json json = dt__reply_json(reply);
  dt_json_begin_object(&json, NULL);
  dt_listed_json(&json, &listed);
  dt_json_string(&json, "level", level_name(record.config.level));
  dt_json_string(&json, "program", record.program);
  dt_json_string(&json, "source", record.take.source == DT_TAKE_SOUND ? "sound" : "midi");
  dt_json_number(&json, "duration_s", record.take.duration_s, 6);
  dt_json_bool(&json, "has_click", record.take.has_click);
  dt_json_bool(&json, "has_sound",
               dt__kept_sound(api->db, record.number, path, sizeof path, &type));
  put_settings(&json, &record);
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
  dt_record_clear(&record, NULL);
}

void dt__answer_take_keep(dt__api* api, const dt__request* request, const dt__parts* parts,
                          dt__reply* reply) {
  (void)api;
  (void)request;
  (void)parts;
  dt__refuse(reply, 405, "A take cannot be deleted: the practice log forgets nothing");
}

/* ---- its verdict ---- */

/* What was judged of the strokes, as the store has it. */
static dt_verdict judged_of(const dt_record* record) {
  return (dt_verdict){.judged = record->judged, .judged_count = record->judged_count};
}

/* The report is kept without its strokes, which have a table of their own: they are put back before
 * its last brace. */
static dt_status put_together(const dt_record* record, dt_sink sink) {
  const dt_verdict judged = judged_of(record);
  const size_t size = strlen(record->report);
  const char* end = strrchr(record->report, '}');
  if (!end || (size_t)(end - record->report) + 1 < size)
    return DT_BAD_DATA;
  dt_buffer strokes = {0};
  dt_json json = {.sink = dt_buffer_sink(&strokes)};
  dt_json_begin_object(&json, NULL);
  dt_report_json_strokes(&json, &record->take, record->judged ? &judged : NULL);
  dt_json_end_object(&json);
  dt_status status = dt_json_finish(&json);
  if (status == DT_OK)
    status = dt_sink_write(sink, record->report, (size_t)(end - record->report));
  if (status == DT_OK)
    status = dt_sink_write(sink, ",", 1);
  if (status == DT_OK)
    status = dt_sink_write(sink, strokes.bytes + 1, strokes.size - 1);
  dt_buffer_clear(&strokes);
  return status;
}

/* A take that came without a report is judged now. */
static dt_status judge_now(const dt_record* record, dt_sink sink, dt_error* err) {
  dt_verdict verdict;
  dt_status status = dt_judge(&verdict, NULL, &record->take, &record->config, err);
  if (status != DT_OK)
    return status;
  const dt_report_options options = {
      .file = record->file, .version = DT__VERSION, .config = &record->config};
  status = dt_report_json(&record->take, &verdict, &options, sink);
  dt_verdict_clear(&verdict, NULL);
  return status;
}

void dt__answer_verdict(dt__api* api, const dt__request* request, const dt__parts* parts,
                        dt__reply* reply) {
  dt_record record;
  dt_error err = {0};
  (void)request;
  if (!dt__api_load(api, parts->at[0], &record, reply))
    return;
  const dt_sink sink = dt_buffer_sink(&reply->body);
  const dt_status status =
      record.report ? put_together(&record, sink) : judge_now(&record, sink, &err);
  dt_record_clear(&record, NULL);
  reply->status = 200;
  if (status == DT_NO_MEMORY)
    dt__reply_full(reply);
  else if (status != DT_OK)
    dt__refuse(reply, 503,
               "The report of this take is damaged; 'doubletime history' may know more");
}

/* ---- its strokes ---- */

static dt_status write_midi(const dt_take* take, dt_sink sink) {
  dt_smf smf;
  dt_status status = dt_smf_from_take(&smf, NULL, take);
  if (status != DT_OK)
    return status;
  status = dt_smf_write(&smf, sink);
  dt_smf_clear(&smf, NULL);
  return status;
}

static dt_status write_strokes(const dt_record* record, dt_sink sink) {
  const dt_verdict judged = judged_of(record);
  dt_json json = {.sink = sink};
  dt_json_begin_object(&json, NULL);
  dt_json_int(&json, "take", record->number);
  dt_report_json_strokes(&json, &record->take, record->judged ? &judged : NULL);
  dt_json_end_object(&json);
  return dt_json_finish(&json);
}

void dt__answer_strokes(dt__api* api, const dt__request* request, const dt__parts* parts,
                        dt__reply* reply) {
  dt_record record;
  char format[16];
  if (!dt__query_text(request, "format", format, sizeof format, reply))
    return;
  const bool is_csv = strcmp(format, "csv") == 0;
  const bool is_midi = strcmp(format, "midi") == 0;
  if (format[0] && !is_csv && !is_midi && strcmp(format, "json") != 0) {
    dt__refuse(reply, 422, "format is json, csv or midi");
    return;
  }
  if (!dt__api_load(api, parts->at[0], &record, reply))
    return;
  const dt_sink sink = dt_buffer_sink(&reply->body);
  const dt_verdict judged = judged_of(&record);
  dt_status status = DT_OK;
  if (is_csv)
    status = dt_report_csv(&record.take, record.judged ? &judged : NULL, sink);
  else if (is_midi)
    status = write_midi(&record.take, sink);
  else
    status = write_strokes(&record, sink);
  reply->status = 200;
  if (status == DT_OK && (is_csv || is_midi)) {
    reply->type = is_csv ? "text/csv; charset=utf-8" : "audio/midi";
    dt__reply_download(reply, "doubletime-take-%lld.%s", (long long)record.number,
                       is_csv ? "csv" : "mid");
  }
  dt_record_clear(&record, NULL);
  if (status != DT_OK)
    dt__reply_full(reply);
}
