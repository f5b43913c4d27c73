#include <math.h>
#include <string.h>

#include "store_internal.h"

static const char* const texts[DT__SQL_COUNT] = {
    [DT__SQL_PLAYER_ADD] =
        "INSERT INTO players (name) VALUES (?1) ON CONFLICT (name) DO UPDATE SET name = name "
        "RETURNING id",
    [DT__SQL_CHART_ADD] =
        "INSERT INTO charts (name) VALUES (?1) ON CONFLICT (name) DO UPDATE SET name = name "
        "RETURNING id",
    [DT__SQL_TAKE_KNOWN] = "SELECT id FROM takes WHERE content = ?1",
    [DT__SQL_TAKE_FREE] = "SELECT count(*) FROM takes WHERE id = ?1",
    [DT__SQL_TAKE_ADD] =
        "INSERT INTO takes (id, taken_at_s, player_id, chart_id, word, drums, file, program, "
        "source, duration_s, clock_jitter_s, clock_bias_s, ignored_notes, click, grid, bpm, "
        "start_s, meter_numerator, meter_denominator, level, content, latency_s) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
        "?19, ?20, ?21, ?22)",
    [DT__SQL_VERDICT_ADD] =
        "INSERT INTO verdicts (take_id, strokes, bars, tempo_bpm, bpm_change, placement_known, "
        "placement_ms, placement_low_ms, placement_high_ms, drift_known, drift_bpm_per_min, "
        "drift_low_bpm_per_min, drift_high_bpm_per_min, scatter_known, scatter_ms, "
        "scatter_low_ms, scatter_high_ms, missed, extra, wrong_drum) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
        "?19, ?20)",
    [DT__SQL_REPORT_ADD] = "INSERT INTO reports (take_id, json) VALUES (?1, ?2)",
    [DT__SQL_STROKE_ADD] =
        "INSERT INTO strokes (take_id, n, time_s, drum, velocity, openness, confidence, choke_s, "
        "note, flags, beat, grid_time_s, asynchrony_ms, residual_ms) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    [DT__SQL_TAKE_GET] =
        "SELECT t.taken_at_s, p.name, c.name, t.file, t.program, r.json, t.word, t.source, "
        "t.duration_s, t.clock_jitter_s, t.clock_bias_s, t.ignored_notes, t.click, t.grid, t.bpm, "
        "t.start_s, t.meter_numerator, t.meter_denominator, t.level, v.strokes, v.bars, "
        "v.tempo_bpm, v.bpm_change, v.placement_known, v.placement_ms, v.placement_low_ms, "
        "v.placement_high_ms, v.drift_known, v.drift_bpm_per_min, v.drift_low_bpm_per_min, "
        "v.drift_high_bpm_per_min, v.scatter_known, v.scatter_ms, v.scatter_low_ms, "
        "v.scatter_high_ms, v.missed, v.extra, v.wrong_drum, "
        "(SELECT count(*) FROM strokes s WHERE s.take_id = t.id), t.latency_s "
        "FROM takes t LEFT JOIN players p ON p.id = t.player_id LEFT JOIN charts c ON c.id = "
        "t.chart_id JOIN verdicts v ON v.take_id = t.id LEFT JOIN reports r ON r.take_id = t.id "
        "WHERE t.id = ?1",
    [DT__SQL_STROKES_GET] =
        "SELECT time_s, drum, velocity, openness, confidence, choke_s, note, flags, beat, "
        "grid_time_s, asynchrony_ms, residual_ms FROM strokes WHERE take_id = ?1 ORDER BY n",
};

sqlite3_stmt* dt__statement(dt_store* store, dt__sql which, dt_error* err) {
  if (!store->statements[which]) {
    const int code = sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                                        &store->statements[which], NULL);
    if (code != SQLITE_OK) {
      (void)dt__sql_error(store->db, code, err);
      return NULL;
    }
  }
  sqlite3_reset(store->statements[which]);
  sqlite3_clear_bindings(store->statements[which]);
  return store->statements[which];
}

dt_status dt__sql_error(sqlite3* db, int code, dt_error* err) {
  switch (code & 0xFF) {
  case SQLITE_NOMEM:
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return dt_fail(err, DT_IO,
                   "Another program is writing to this database and does not let go; try again "
                   "when it is done");
  case SQLITE_FULL:
    return dt_fail(err, DT_IO,
                   "The disk is full and this take is not stored; make room and save it again");
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_CANTOPEN:
  case SQLITE_AUTH:
    return dt_fail(err, DT_IO,
                   "The database cannot be opened for writing; it and its folder must be writable "
                   "(is it read-only, or a folder itself?)");
  case SQLITE_NOTADB:
    return dt_fail(err, DT_BAD_DATA,
                   "This is no doubletime database; name another file, or none for your own");
  case SQLITE_CORRUPT:
    return dt_fail(err, DT_BAD_DATA,
                   "The database is damaged (%.80s); put back a copy, or export what can be read",
                   db ? sqlite3_errmsg(db) : "");
  case SQLITE_IOERR:
    return dt_fail(err, DT_IO,
                   "Reading or writing the database failed (disk full, limit reached or disk "
                   "broken?); what was stored before is safe");
  default:
    return dt_fail(err, DT_BAD_DATA,
                   "The database does not have doubletime's tables (%.120s); name another file",
                   db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
  }
}

dt_status dt__run(sqlite3* db, const char* sql, dt_error* err) {
  const int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
  return code == SQLITE_OK ? DT_OK : dt__sql_error(db, code, err);
}

dt_status dt__ask_int(sqlite3* db, const char* sql, int64_t* value, dt_error* err) {
  sqlite3_stmt* statement = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    *value = sqlite3_column_int64(statement, 0);
  const dt_status status = code == SQLITE_ROW ? DT_OK : dt__sql_error(db, code, err);
  sqlite3_finalize(statement);
  return status;
}

dt_status dt__finish(dt_store* store, sqlite3_stmt* statement, dt_error* err) {
  int code = sqlite3_step(statement);
  while (code == SQLITE_ROW)
    code = sqlite3_step(statement);
  const dt_status status = code == SQLITE_DONE ? DT_OK : dt__sql_error(store->db, code, err);
  sqlite3_reset(statement);
  return status;
}

/* Values out of memory or range show when the statement runs. The texts outlive it. */
void dt__bind_text(sqlite3_stmt* statement, int at, const char* text) {
  if (text)
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

void dt__bind_number(sqlite3_stmt* statement, int at, double value) {
  if (!isnan(value))
    sqlite3_bind_double(statement, at, value);
}

void dt__bind_count(sqlite3_stmt* statement, int at, int64_t value) {
  if (value >= 0)
    sqlite3_bind_int64(statement, at, value);
}

double dt__column_number(sqlite3_stmt* statement, int at) {
  if (sqlite3_column_type(statement, at) == SQLITE_NULL)
    return (double)NAN;
  return sqlite3_column_double(statement, at);
}

int64_t dt__column_count(sqlite3_stmt* statement, int at) {
  if (sqlite3_column_type(statement, at) == SQLITE_NULL)
    return -1;
  return sqlite3_column_int64(statement, at);
}

const char* dt__column_text(sqlite3_stmt* statement, int at) {
  return (const char*)sqlite3_column_text(statement, at);
}
