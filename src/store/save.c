#include <string.h>

#include "store_internal.h"

/* The row of a name in players or charts, made where it is new; 0 for no name. */
static dt_status name_row(dt_store* store, dt__sql which, const char* what, const char* name,
                          int64_t* row, dt_error* err) {
  *row = 0;
  if (!name)
    return DT_OK;
  const size_t length = strlen(name);
  if (length == 0 || length > DT_STORE_NAME_MAX)
    return dt_fail(err, DT_BAD_ARGUMENT, "The name of a %s has 1 to %d bytes, not %zu", what,
                   DT_STORE_NAME_MAX, length);
  sqlite3_stmt* statement = dt__statement(store, which, err);
  if (!statement)
    return DT_BAD_DATA;
  dt__bind_text(statement, 1, name);
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    *row = sqlite3_column_int64(statement, 0);
  const dt_status status = code == SQLITE_ROW ? DT_OK : dt__sql_error(store->db, code, err);
  sqlite3_reset(statement);
  return status;
}

/* The number of the take with this content; 0 when there is none. */
static dt_status find_known(dt_store* store, const unsigned char* key, int64_t* number,
                            dt_error* err) {
  sqlite3_stmt* statement = dt__statement(store, DT__SQL_TAKE_KNOWN, err);
  if (!statement)
    return DT_BAD_DATA;
  sqlite3_bind_blob(statement, 1, key, DT__KEY_SIZE, SQLITE_STATIC);
  const int code = sqlite3_step(statement);
  *number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
  const bool good = code == SQLITE_ROW || code == SQLITE_DONE;
  const dt_status status = good ? DT_OK : dt__sql_error(store->db, code, err);
  sqlite3_reset(statement);
  return status;
}

/* The number asked for where it is free, else 0: the next one. */
static dt_status free_number(dt_store* store, int64_t asked, int64_t* number, dt_error* err) {
  *number = 0;
  if (asked <= 0)
    return DT_OK;
  sqlite3_stmt* statement = dt__statement(store, DT__SQL_TAKE_FREE, err);
  if (!statement)
    return DT_BAD_DATA;
  sqlite3_bind_int64(statement, 1, asked);
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW && sqlite3_column_int64(statement, 0) == 0)
    *number = asked;
  const dt_status status = code == SQLITE_ROW ? DT_OK : dt__sql_error(store->db, code, err);
  sqlite3_reset(statement);
  return status;
}

static int64_t drums_in(const dt_take* take) {
  int64_t drums = 0;
  for (size_t i = 0; i < take->strokes.count; ++i)
    drums |= (int64_t)1 << take->strokes.items[i].drum;
  return drums;
}

static void bind_settings(sqlite3_stmt* s, const dt_judge_config* config) {
  dt__bind_text(s, 15, dt__grid_key(config->mode));
  if (config->mode == DT_GRID_TEMPO) {
    dt__bind_number(s, 16, config->bpm);
    if (config->start_s >= 0)
      dt__bind_number(s, 17, config->start_s);
  }
  sqlite3_bind_int(s, 18, config->meter.numerator);
  sqlite3_bind_int(s, 19, config->meter.denominator);
  dt__bind_text(s, 20, dt__level_key(config->level));
}

static void bind_row(sqlite3_stmt* s, int at, int64_t row) {
  if (row > 0)
    sqlite3_bind_int64(s, at, row);
}

static dt_status add_take(dt_store* store, const dt_record* record, const unsigned char* key,
                          int64_t* number, dt_error* err) {
  int64_t player = 0;
  int64_t chart = 0;
  dt_buffer click = {0};
  dt_status status = name_row(store, DT__SQL_PLAYER_ADD, "player", record->player, &player, err);
  if (status == DT_OK)
    status = name_row(store, DT__SQL_CHART_ADD, "chart", record->chart, &chart, err);
  if (status == DT_OK)
    status = free_number(store, record->number, number, err);
  if (status == DT_OK && record->take.has_click)
    status = dt__click_write(&record->take.click, dt_buffer_sink(&click));
  sqlite3_stmt* s = status == DT_OK ? dt__statement(store, DT__SQL_TAKE_ADD, err) : NULL;
  if (!s) {
    dt_buffer_clear(&click);
    return status == DT_OK ? DT_BAD_DATA : status;
  }
  const dt_take* take = &record->take;
  bind_row(s, 1, *number);
  sqlite3_bind_int64(s, 2, record->taken_at_s);
  bind_row(s, 3, player);
  bind_row(s, 4, chart);
  dt__bind_text(s, 5, dt_word_key(record->summary.word));
  sqlite3_bind_int64(s, 6, drums_in(take));
  dt__bind_text(s, 7, record->file);
  dt__bind_text(s, 8, record->program);
  dt__bind_text(s, 9, dt__source_key(take->source));
  dt__bind_number(s, 10, take->duration_s);
  dt__bind_number(s, 11, take->clock_jitter_s);
  dt__bind_number(s, 12, take->clock_bias_s);
  sqlite3_bind_int64(s, 13, (int64_t)take->ignored_notes);
  if (take->has_click)
    sqlite3_bind_text(s, 14, (const char*)click.bytes, (int)click.size, SQLITE_STATIC);
  bind_settings(s, &record->config);
  sqlite3_bind_blob(s, 21, key, DT__KEY_SIZE, SQLITE_STATIC);
  sqlite3_bind_double(s, 22, take->latency_s);
  status = dt__finish(store, s, err);
  dt_buffer_clear(&click);
  if (*number == 0)
    *number = sqlite3_last_insert_rowid(store->db);
  return status;
}

/* Four columns: known, value, low, high. */
static void bind_estimate(sqlite3_stmt* s, int at, const dt_estimate* e) {
  dt__bind_text(s, at, dt__known_key(e->known));
  dt__bind_number(s, at + 1, e->value);
  dt__bind_number(s, at + 2, e->low);
  dt__bind_number(s, at + 3, e->high);
}

static dt_status add_verdict(dt_store* store, int64_t number, const dt_summary* summary,
                             dt_error* err) {
  sqlite3_stmt* s = dt__statement(store, DT__SQL_VERDICT_ADD, err);
  if (!s)
    return DT_BAD_DATA;
  sqlite3_bind_int64(s, 1, number);
  sqlite3_bind_int64(s, 2, summary->stroke_count);
  dt__bind_number(s, 3, summary->bars);
  dt__bind_number(s, 4, summary->tempo_bpm);
  dt__bind_number(s, 5, summary->bpm_change);
  bind_estimate(s, 6, &summary->placement_ms);
  bind_estimate(s, 10, &summary->drift_bpm_per_min);
  bind_estimate(s, 14, &summary->scatter_ms);
  dt__bind_count(s, 18, summary->missed_count);
  dt__bind_count(s, 19, summary->extra_count);
  dt__bind_count(s, 20, summary->wrong_drum_count);
  return dt__finish(store, s, err);
}

static dt_status add_report(dt_store* store, int64_t number, const char* report, dt_error* err) {
  if (!report)
    return DT_OK;
  dt_buffer text = {0};
  dt_status status = dt__json_squeeze(report, strlen(report), "strokes", dt_buffer_sink(&text));
  sqlite3_stmt* s = status == DT_OK ? dt__statement(store, DT__SQL_REPORT_ADD, err) : NULL;
  if (s) {
    sqlite3_bind_int64(s, 1, number);
    sqlite3_bind_text(s, 2, (const char*)text.bytes, (int)text.size, SQLITE_STATIC);
    status = dt__finish(store, s, err);
  } else if (status == DT_OK) {
    status = DT_BAD_DATA;
  }
  dt_buffer_clear(&text);
  return status;
}

static dt_status add_stroke(dt_store* store, sqlite3_stmt* s, int64_t n, const dt_stroke* stroke,
                            const dt_judged* judged, dt_error* err) {
  sqlite3_bind_int64(s, 2, n);
  sqlite3_bind_double(s, 3, stroke->time_s);
  sqlite3_bind_int(s, 4, (int)stroke->drum);
  sqlite3_bind_double(s, 5, (double)stroke->velocity);
  sqlite3_bind_double(s, 6, (double)stroke->openness);
  sqlite3_bind_double(s, 7, (double)stroke->confidence);
  sqlite3_bind_double(s, 8, (double)stroke->choke_s);
  sqlite3_bind_int(s, 9, stroke->note);
  if (judged) {
    sqlite3_bind_int(s, 10, (judged->outlier ? 1 : 0) + (judged->ornament ? 2 : 0));
    sqlite3_bind_double(s, 11, judged->beat); /* NAN becomes null */
    sqlite3_bind_double(s, 12, judged->grid_time_s);
    sqlite3_bind_double(s, 13, judged->asynchrony_ms);
    sqlite3_bind_double(s, 14, judged->residual_ms);
  }
  return dt__finish(store, s, err);
}

static dt_status add_strokes(dt_store* store, int64_t number, const dt_record* record,
                             dt_error* err) {
  sqlite3_stmt* s = dt__statement(store, DT__SQL_STROKE_ADD, err);
  if (!s)
    return DT_BAD_DATA;
  sqlite3_bind_int64(s, 1, number);
  dt_status status = DT_OK;
  for (size_t i = 0; i < record->take.strokes.count && status == DT_OK; ++i)
    status = add_stroke(store, s, (int64_t)i, &record->take.strokes.items[i],
                        record->judged ? &record->judged[i] : NULL, err);
  return status;
}

static dt_status save_all(dt_store* store, const dt_record* record, int64_t* number, bool* known,
                          dt_error* err) {
  unsigned char key[DT__KEY_SIZE];
  dt__take_key(&record->take, key);
  dt_status status = find_known(store, key, number, err);
  *known = status == DT_OK && *number > 0;
  if (status != DT_OK || *known)
    return status;
  status = add_take(store, record, key, number, err);
  if (status == DT_OK)
    status = add_verdict(store, *number, &record->summary, err);
  if (status == DT_OK)
    status = add_report(store, *number, record->report, err);
  if (status == DT_OK)
    status = add_strokes(store, *number, record, err);
  return status;
}

/* In a batch a take is a savepoint; by itself it is a transaction. */
dt_status dt_store_save(dt_store* store, const dt_record* record, int64_t* number, bool* known,
                        dt_error* err) {
  *number = 0;
  *known = false;
  if (record->judged_count != 0 && record->judged_count != record->take.strokes.count)
    return dt_fail(err, DT_BAD_ARGUMENT, "%zu strokes were judged, but the take has %zu",
                   record->judged_count, record->take.strokes.count);
  const bool batch = store->in_batch;
  dt_status status = dt__run(store->db, batch ? "SAVEPOINT one" : "BEGIN IMMEDIATE", err);
  if (status != DT_OK)
    return status;
  status = save_all(store, record, number, known, err);
  if (status == DT_OK)
    status = dt__run(store->db, batch ? "RELEASE one" : "COMMIT", err);
  if (status != DT_OK) {
    sqlite3_exec(store->db, batch ? "ROLLBACK TO one; RELEASE one" : "ROLLBACK", NULL, NULL, NULL);
    *number = 0;
  }
  return status;
}
