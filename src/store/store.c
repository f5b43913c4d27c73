#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store_internal.h"

enum { PATIENCE_MS = 5000, WAIT_MS = 5 };

/* What is wrong with the path itself, in words that SQLite does not have. */
static dt_status look_at_path(const char* path, bool create, dt_error* err) {
  struct stat info;
  if (stat(path, &info) == 0) {
    if (S_ISDIR(info.st_mode))
      return dt_fail(err, DT_IO, "This is a folder; name a database file in it");
    return DT_OK;
  }
  if (!create)
    return dt_fail(err, DT_NOT_FOUND, "There is no such database");
  char* folder = strdup(path);
  if (!folder)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  char* slash = strrchr(folder, '/');
  dt_status status = DT_OK;
  if (slash && slash != folder) {
    *slash = '\0';
    if (stat(folder, &info) != 0)
      status = dt_fail(err, DT_NOT_FOUND, "There is no such folder; make it first");
  }
  free(folder);
  return status;
}

/* WAL: readers and the writer do not wait for each other. FULL: a commit is on the disk. */
static dt_status set_up(sqlite3* db, dt_error* err) {
  dt_status status = dt__migrate(db, err);
  if (status == DT_OK)
    status = dt__run(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;",
                     err);
  return status;
}

/* A new database is in WAL before it has tables, so that no other mode is ever on the disk. SQLite
 * does not wait by itself when two programs change the mode of one file at once. */
static dt_status make_wal(sqlite3* db, int patience_ms, dt_error* err) {
  static const char sql[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
  int64_t pages = 0;
  const dt_status status = dt__ask_int(db, "PRAGMA page_count", &pages, err);
  if (status != DT_OK || pages > 0)
    return status;
  int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
  for (int waited_ms = 0; code == SQLITE_BUSY && waited_ms < patience_ms; waited_ms += WAIT_MS) {
    sqlite3_sleep(WAIT_MS);
    code = sqlite3_exec(db, sql, NULL, NULL, NULL);
  }
  return code == SQLITE_OK ? DT_OK : dt__sql_error(db, code, err);
}

dt_status dt_store_open(dt_store** store, const char* path, const dt_store_options* options,
                        dt_error* err) {
  const dt_store_options plain = {false, 0};
  const dt_store_options* o = options ? options : &plain;
  *store = NULL;
  dt_status status = look_at_path(path, o->create, err);
  if (status != DT_OK)
    return status;
  dt_store* made = calloc(1, sizeof(*made));
  if (!made)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (o->create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path, &made->db, flags, NULL);
  if (code != SQLITE_OK)
    status = dt__sql_error(made->db, code, err);
  if (status == DT_OK) {
    const int patience_ms = o->patience_ms > 0 ? o->patience_ms : PATIENCE_MS;
    sqlite3_busy_timeout(made->db, patience_ms);
    status = make_wal(made->db, patience_ms, err);
  }
  if (status == DT_OK)
    status = set_up(made->db, err);
  if (status != DT_OK) {
    dt_store_close(made);
    return status;
  }
  *store = made;
  return DT_OK;
}

void dt_store_close(dt_store* store) {
  if (!store)
    return;
  for (int i = 0; i < DT__SQL_COUNT; ++i)
    sqlite3_finalize(store->statements[i]);
  sqlite3_close(store->db);
  free(store);
}

dt_status dt_store_begin(dt_store* store, dt_error* err) {
  const dt_status status = dt__run(store->db, "BEGIN IMMEDIATE", err);
  store->in_batch = status == DT_OK;
  return status;
}

dt_status dt_store_commit(dt_store* store, dt_error* err) {
  const dt_status status = dt__run(store->db, "COMMIT", err);
  if (status != DT_OK)
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
  store->in_batch = false;
  return status;
}

static dt_status all_is_ok(sqlite3* db, dt_error* err) {
  sqlite3_stmt* statement = NULL;
  int code = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &statement, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_step(statement);
  dt_status status = code == SQLITE_ROW ? DT_OK : dt__sql_error(db, code, err);
  if (status == DT_OK && strcmp(dt__column_text(statement, 0), "ok") != 0)
    status =
        dt_fail(err, DT_BAD_DATA, "The database is damaged: %.150s", dt__column_text(statement, 0));
  sqlite3_finalize(statement);
  return status;
}

dt_status dt_store_check(dt_store* store, dt_error* err) {
  int64_t orphans = 0;
  int64_t halves = 0;
  dt_status status = all_is_ok(store->db, err);
  if (status == DT_OK)
    status = dt__ask_int(store->db, "SELECT count(*) FROM pragma_foreign_key_check", &orphans, err);
  if (status == DT_OK)
    status = dt__ask_int(
        store->db, "SELECT count(*) FROM takes WHERE id NOT IN (SELECT take_id FROM verdicts)",
        &halves, err);
  if (status == DT_OK && orphans + halves > 0)
    status = dt_fail(err, DT_BAD_DATA, "The database is damaged: %lld takes are not whole",
                     (long long)(orphans + halves));
  return status;
}
