#include <string.h>

#include "columns_internal.h"
#include "dt/sink.h"
#include "store_internal.h"

/* The filter as a condition over takes_by_time, which holds every column it asks for. */
static dt_status write_where(const dt_filter* filter, dt_sink sink) {
  /* A page begins at the moment of the take before it: the walk along the index starts there. */
  dt_status status = dt_sink_printf(
      sink, filter->before > 0 ? " WHERE taken_at_s BETWEEN ?1 AND min(?2, (SELECT taken_at_s FROM "
                                 "takes WHERE id = ?8))"
                               : " WHERE taken_at_s BETWEEN ?1 AND ?2");
  if (status == DT_OK && filter->player)
    status = dt_sink_printf(sink, " AND player_id = (SELECT id FROM players WHERE name = ?3)");
  if (status == DT_OK && filter->chart)
    status = dt_sink_printf(sink, " AND chart_id = (SELECT id FROM charts WHERE name = ?4)");
  if (status == DT_OK && filter->word >= 0)
    status = dt_sink_printf(sink, " AND word = ?5");
  if (status == DT_OK && filter->drum >= 0)
    status = dt_sink_printf(sink, " AND (drums >> ?6) & 1");
  if (status == DT_OK && filter->before > 0)
    status = dt_sink_printf(
        sink, " AND (taken_at_s, id) < (SELECT taken_at_s, id FROM takes WHERE id = ?8)");
  return status;
}

static dt_status prepare(dt_store* store, const dt_filter* filter, const char* before,
                         const char* after, sqlite3_stmt** statement, dt_error* err) {
  dt_buffer sql = {0};
  const dt_sink sink = dt_buffer_sink(&sql);
  dt_status status = dt_sink_write(sink, before, strlen(before));
  if (status == DT_OK)
    status = write_where(filter, sink);
  if (status == DT_OK)
    status = dt_sink_write(sink, after, strlen(after) + 1);
  if (status != DT_OK)
    status = dt_fail(err, status, "%s", dt_status_sentence(status));
  int code = SQLITE_OK;
  if (status == DT_OK)
    code = sqlite3_prepare_v2(store->db, (const char*)sql.bytes, -1, statement, NULL);
  dt_buffer_clear(&sql);
  if (code != SQLITE_OK)
    status = dt__sql_error(store->db, code, err);
  if (status != DT_OK)
    return status;
  sqlite3_bind_int64(*statement, 1, filter->since_s);
  sqlite3_bind_int64(*statement, 2, filter->until_s);
  if (filter->player)
    dt__bind_text(*statement, 3, filter->player);
  if (filter->chart)
    dt__bind_text(*statement, 4, filter->chart);
  if (filter->word >= 0)
    dt__bind_text(*statement, 5, dt_word_key((dt_word)filter->word));
  if (filter->drum >= 0)
    sqlite3_bind_int(*statement, 6, filter->drum);
  if (filter->before > 0)
    sqlite3_bind_int64(*statement, 8, filter->before);
  return DT_OK;
}

static dt_status count(dt_store* store, const dt_filter* filter, size_t* matching, dt_error* err) {
  sqlite3_stmt* s = NULL;
  const dt_status status =
      prepare(store, filter, "SELECT count(*) FROM takes INDEXED BY takes_by_time", "", &s, err);
  if (status != DT_OK)
    return status;
  const int code = sqlite3_step(s);
  if (code == SQLITE_ROW)
    *matching = (size_t)sqlite3_column_int64(s, 0);
  sqlite3_finalize(s);
  return code == SQLITE_ROW ? DT_OK : dt__sql_error(store->db, code, err);
}

static dt_listed listed_of(sqlite3_stmt* s) {
  const int level = dt__level_from_key(dt__column_text(s, 5));
  return (dt_listed){
      .number = sqlite3_column_int64(s, 0),
      .taken_at_s = sqlite3_column_int64(s, 1),
      .player = dt__column_text(s, 2),
      .chart = dt__column_text(s, 3),
      .file = dt__column_text(s, 4),
      .level = level < 0 ? DT_LEVEL_PLAYER : (dt_level)level,
      .summary = dt__column_summary(s, 7, dt__column_text(s, 6)),
  };
}

/* The index finds the numbers; only the lines shown are read from the tables. */
static dt_status list(dt_store* store, const dt_filter* filter, dt_listed_fn visit, void* ctx,
                      dt_error* err) {
  static const char before[] =
      "SELECT t.id, t.taken_at_s, p.name, c.name, t.file, t.level, t.word, v.strokes, v.bars, "
      "v.tempo_bpm, v.bpm_change, v.placement_known, v.placement_ms, v.placement_low_ms, "
      "v.placement_high_ms, v.drift_known, v.drift_bpm_per_min, v.drift_low_bpm_per_min, "
      "v.drift_high_bpm_per_min, v.scatter_known, v.scatter_ms, v.scatter_low_ms, "
      "v.scatter_high_ms, v.missed, v.extra, v.wrong_drum FROM (SELECT id FROM takes INDEXED BY "
      "takes_by_time";
  static const char after[] =
      " ORDER BY taken_at_s DESC, id DESC LIMIT ?7) AS f JOIN takes t ON t.id = f.id "
      "JOIN verdicts v ON v.take_id = t.id LEFT JOIN players p ON p.id = t.player_id "
      "LEFT JOIN charts c ON c.id = t.chart_id ORDER BY t.taken_at_s DESC, t.id DESC";
  sqlite3_stmt* s = NULL;
  const dt_status status = prepare(store, filter, before, after, &s, err);
  if (status != DT_OK)
    return status;
  sqlite3_bind_int64(s, 7, filter->limit > 0 ? (int64_t)filter->limit : -1);
  int code = sqlite3_step(s);
  bool more = true;
  while (code == SQLITE_ROW && more) {
    const dt_listed listed = listed_of(s);
    more = visit(ctx, &listed);
    code = more ? sqlite3_step(s) : code;
  }
  sqlite3_finalize(s);
  return code == SQLITE_DONE || !more ? DT_OK : dt__sql_error(store->db, code, err);
}

dt_status dt_store_list(dt_store* store, const dt_filter* filter, dt_listed_fn visit, void* ctx,
                        size_t* matching, dt_error* err) {
  dt_status status = dt__run(store->db, "SAVEPOINT look", err);
  if (status != DT_OK)
    return status;
  if (matching)
    status = count(store, filter, matching, err);
  if (status == DT_OK)
    status = list(store, filter, visit, ctx, err);
  sqlite3_exec(store->db, "RELEASE look", NULL, NULL, NULL);
  return status;
}

dt_status dt_store_each(dt_store* store, const dt_filter* filter, dt_number_fn visit, void* ctx,
                        dt_error* err) {
  sqlite3_stmt* s = NULL;
  dt_status status = prepare(store, filter,
                             "SELECT id FROM takes WHERE id IN (SELECT id FROM takes INDEXED BY "
                             "takes_by_time",
                             " ORDER BY taken_at_s DESC, id DESC LIMIT ?7) ORDER BY id", &s, err);
  if (status != DT_OK)
    return status;
  sqlite3_bind_int64(s, 7, filter->limit > 0 ? (int64_t)filter->limit : -1);
  int code = sqlite3_step(s);
  while (code == SQLITE_ROW && status == DT_OK) {
    status = visit(ctx, sqlite3_column_int64(s, 0));
    if (status == DT_OK)
      code = sqlite3_step(s);
  }
  sqlite3_finalize(s);
  if (status == DT_OK && code != SQLITE_DONE)
    status = dt__sql_error(store->db, code, err);
  return status;
}
