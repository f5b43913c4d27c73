#include <string.h>

#include "columns_internal.h"
#include "store_internal.h"

dt_estimate dt__column_estimate(sqlite3_stmt* s, int at) {
  const int known = dt__known_from_key(dt__column_text(s, at));
  return (dt_estimate){dt__column_number(s, at + 1), dt__column_number(s, at + 2),
                       dt__column_number(s, at + 3), known < 0 ? DT_CANT_TELL : (dt_known)known};
}

/* From `strokes` on, in the order of the table. */
dt_summary dt__column_summary(sqlite3_stmt* s, int at, const char* word) {
  const int index = dt_word_from_key(word);
  return (dt_summary){
      .word = index < 0 ? DT_WORD_CANT_TELL : (dt_word)index,
      .stroke_count = sqlite3_column_int64(s, at),
      .bars = sqlite3_column_double(s, at + 1),
      .tempo_bpm = dt__column_number(s, at + 2),
      .bpm_change = dt__column_number(s, at + 3),
      .placement_ms = dt__column_estimate(s, at + 4),
      .drift_bpm_per_min = dt__column_estimate(s, at + 8),
      .scatter_ms = dt__column_estimate(s, at + 12),
      .missed_count = dt__column_count(s, at + 16),
      .extra_count = dt__column_count(s, at + 17),
      .wrong_drum_count = dt__column_count(s, at + 18),
  };
}

/* Columns 1 to 5 of DT__SQL_TAKE_GET are texts, kept in one block. */
enum { TEXTS = 5, FIRST_TEXT = 1 };

static dt_status copy_texts(dt_record* record, const dt_allocator* allocator, sqlite3_stmt* s) {
  const char** const slots[TEXTS] = {&record->player, &record->chart, &record->file,
                                     &record->program, &record->report};
  size_t size = 1;
  for (int i = 0; i < TEXTS; ++i)
    if (dt__column_text(s, FIRST_TEXT + i))
      size += (size_t)sqlite3_column_bytes(s, FIRST_TEXT + i) + 1;
  record->texts = dt_alloc(allocator, size);
  if (!record->texts)
    return DT_NO_MEMORY;
  record->texts_size = size;
  char* at = record->texts;
  for (int i = 0; i < TEXTS; ++i) {
    const char* text = dt__column_text(s, FIRST_TEXT + i);
    if (!text)
      continue;
    const size_t length = (size_t)sqlite3_column_bytes(s, FIRST_TEXT + i);
    memcpy(at, text, length);
    at[length] = '\0';
    *slots[i] = at;
    at += length + 1;
  }
  return DT_OK;
}

static void read_settings(sqlite3_stmt* s, dt_judge_config* config) {
  const int grid = dt__grid_from_key(dt__column_text(s, 13));
  const int level = dt__level_from_key(dt__column_text(s, 18));
  config->mode = grid < 0 ? DT_GRID_FREE : (dt_grid_mode)grid;
  config->bpm = config->mode == DT_GRID_TEMPO ? sqlite3_column_double(s, 14) : 0;
  config->start_s = sqlite3_column_type(s, 15) == SQLITE_NULL ? -1 : sqlite3_column_double(s, 15);
  config->meter = (dt_meter){sqlite3_column_int(s, 16), sqlite3_column_int(s, 17)};
  config->level = level < 0 ? DT_LEVEL_PLAYER : (dt_level)level;
}

static dt_status read_take(dt_record* record, const dt_allocator* allocator, sqlite3_stmt* s,
                           size_t* stroke_count, dt_error* err) {
  record->taken_at_s = sqlite3_column_int64(s, 0);
  dt_status status = copy_texts(record, allocator, s);
  if (status != DT_OK)
    return dt_fail(err, status, "%s", dt_status_sentence(status));
  dt_take* take = &record->take;
  const int source = dt__source_from_key(dt__column_text(s, 7));
  take->source = source < 0 ? DT_TAKE_MIDI : (dt_take_source)source;
  take->duration_s = sqlite3_column_double(s, 8);
  take->clock_jitter_s = sqlite3_column_double(s, 9);
  take->clock_bias_s = sqlite3_column_double(s, 10);
  take->ignored_notes = (size_t)sqlite3_column_int64(s, 11);
  const char* click = dt__column_text(s, 12);
  take->has_click = click != NULL;
  if (click)
    status = dt__click_parse(&take->click, allocator, click, strlen(click), err);
  read_settings(s, &record->config);
  record->summary = dt__column_summary(s, 19, dt__column_text(s, 6));
  *stroke_count = (size_t)sqlite3_column_int64(s, 38);
  take->latency_s = sqlite3_column_double(s, 39);
  return status;
}

static bool read_stroke(sqlite3_stmt* s, dt_stroke* stroke, dt_judged* judged, size_t index) {
  const int64_t drum = sqlite3_column_int64(s, 1);
  *stroke = (dt_stroke){
      .time_s = sqlite3_column_double(s, 0),
      .drum = drum >= 0 && drum < DT_DRUM_COUNT ? (dt_drum)drum : DT_DRUM_OTHER,
      .velocity = (float)sqlite3_column_double(s, 2),
      .openness = (float)sqlite3_column_double(s, 3),
      .confidence = (float)sqlite3_column_double(s, 4),
      .choke_s = (float)sqlite3_column_double(s, 5),
      .note = sqlite3_column_int(s, 6),
  };
  const int flags = sqlite3_column_int(s, 7);
  *judged = (dt_judged){
      .stroke = index,
      .beat = dt__column_number(s, 8),
      .grid_time_s = dt__column_number(s, 9),
      .asynchrony_ms = dt__column_number(s, 10),
      .residual_ms = dt__column_number(s, 11),
      .outlier = (flags & 1) != 0,
      .ornament = (flags & 2) != 0,
  };
  return sqlite3_column_type(s, 7) != SQLITE_NULL;
}

static dt_status read_strokes(dt_store* store, int64_t number, const dt_allocator* allocator,
                              size_t count, dt_record* record, dt_error* err) {
  if (count == 0)
    return DT_OK;
  sqlite3_stmt* s = dt__statement(store, DT__SQL_STROKES_GET, err);
  if (!s)
    return DT_BAD_DATA;
  record->take.strokes.items = dt_alloc(allocator, count * sizeof(dt_stroke));
  record->take.strokes.capacity = record->take.strokes.items ? count : 0;
  record->judged = dt_alloc(allocator, count * sizeof(dt_judged));
  record->judged_count = record->judged ? count : 0;
  if (!record->take.strokes.items || !record->judged)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  sqlite3_bind_int64(s, 1, number);
  bool judged = true;
  size_t at = 0;
  int code = sqlite3_step(s);
  for (; code == SQLITE_ROW && at < count; code = sqlite3_step(s), ++at)
    judged = read_stroke(s, &record->take.strokes.items[at], &record->judged[at], at) && judged;
  record->take.strokes.count = at;
  sqlite3_reset(s);
  if (code != SQLITE_DONE)
    return dt__sql_error(store->db, code, err);
  if (!judged) {
    dt_release(allocator, record->judged, count * sizeof(dt_judged));
    record->judged = NULL;
    record->judged_count = 0;
  }
  return DT_OK;
}

static dt_status no_such_take(dt_store* store, int64_t number, dt_error* err) {
  int64_t newest = 0;
  const dt_status status =
      dt__ask_int(store->db, "SELECT coalesce(max(id), 0) FROM takes", &newest, err);
  if (status != DT_OK)
    return status;
  if (newest == 0)
    return dt_fail(err, DT_NOT_FOUND, "There are no takes yet: doubletime judge FILE --save");
  return dt_fail(err, DT_NOT_FOUND, "There is no take %lld; the highest number is %lld",
                 (long long)number, (long long)newest);
}

static dt_status load(dt_store* store, int64_t number, const dt_allocator* allocator,
                      dt_record* record, dt_error* err) {
  size_t stroke_count = 0;
  sqlite3_stmt* s = dt__statement(store, DT__SQL_TAKE_GET, err);
  if (!s)
    return DT_BAD_DATA;
  sqlite3_bind_int64(s, 1, number);
  const int code = sqlite3_step(s);
  dt_status status = DT_OK;
  if (code == SQLITE_ROW)
    status = read_take(record, allocator, s, &stroke_count, err);
  else
    status = code == SQLITE_DONE ? no_such_take(store, number, err)
                                 : dt__sql_error(store->db, code, err);
  sqlite3_reset(s);
  record->number = number;
  if (status == DT_OK)
    status = read_strokes(store, number, allocator, stroke_count, record, err);
  return status;
}

/* One transaction, so that all parts are of one moment. */
dt_status dt_store_load(dt_store* store, int64_t number, const dt_allocator* allocator,
                        dt_record* record, dt_error* err) {
  memset(record, 0, sizeof(*record));
  dt_status status = dt__run(store->db, "SAVEPOINT look", err);
  if (status != DT_OK)
    return status;
  status = load(store, number, allocator, record, err);
  sqlite3_exec(store->db, "RELEASE look", NULL, NULL, NULL);
  if (status != DT_OK)
    dt_record_clear(record, allocator);
  return status;
}
