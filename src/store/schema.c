#include <stdio.h>

#include "dt/drum.h"
#include "store_internal.h"

/*
 * The tables, as a history of changes: step N makes version N + 1 out of version N. A step that was
 * released is never edited; a new one is added behind it and DT_STORE_VERSION raised.
 */

/* Strokes are rows without a rowid, so that a take's strokes lie side by side in order. Measured in
 * docs/store.md. */
static const char version_1[] =
    "CREATE TABLE players (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE charts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE drums (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE takes ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  taken_at_s INTEGER NOT NULL," /* since 1970, UTC */
    "  player_id INTEGER REFERENCES players (id),"
    "  chart_id INTEGER REFERENCES charts (id),"
    "  word TEXT NOT NULL,"
    "  file TEXT,"
    "  program TEXT,"
    "  source TEXT NOT NULL,"
    "  duration_s REAL NOT NULL,"
    "  clock_jitter_s REAL NOT NULL,"
    "  clock_bias_s REAL NOT NULL,"
    "  ignored_notes INTEGER NOT NULL,"
    "  click TEXT," /* JSON; NULL: the take has none */
    "  grid TEXT NOT NULL,"
    "  bpm REAL,"
    "  start_s REAL,"
    "  meter_numerator INTEGER NOT NULL,"
    "  meter_denominator INTEGER NOT NULL,"
    "  level TEXT NOT NULL,"
    "  content BLOB NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE verdicts ("
    "  take_id INTEGER PRIMARY KEY REFERENCES takes (id),"
    "  strokes INTEGER NOT NULL,"
    "  bars REAL NOT NULL,"
    "  tempo_bpm REAL,"
    "  bpm_change REAL,"
    "  placement_known TEXT NOT NULL,"
    "  placement_ms REAL, placement_low_ms REAL, placement_high_ms REAL,"
    "  drift_known TEXT NOT NULL,"
    "  drift_bpm_per_min REAL, drift_low_bpm_per_min REAL, drift_high_bpm_per_min REAL,"
    "  scatter_known TEXT NOT NULL,"
    "  scatter_ms REAL, scatter_low_ms REAL, scatter_high_ms REAL) STRICT;"
    "CREATE TABLE reports ("
    "  take_id INTEGER PRIMARY KEY REFERENCES takes (id), json TEXT NOT NULL) STRICT;"
    "CREATE TABLE strokes ("
    "  take_id INTEGER NOT NULL REFERENCES takes (id),"
    "  n INTEGER NOT NULL,"
    "  time_s REAL NOT NULL,"
    "  drum INTEGER NOT NULL REFERENCES drums (id),"
    "  velocity REAL NOT NULL,"
    "  openness REAL NOT NULL,"
    "  confidence REAL NOT NULL,"
    "  choke_s REAL NOT NULL,"
    "  note INTEGER NOT NULL,"
    "  flags INTEGER," /* 1 outlier, 2 ornament; NULL: not judged */
    "  beat REAL, grid_time_s REAL, asynchrony_ms REAL, residual_ms REAL,"
    "  PRIMARY KEY (take_id, n)) STRICT, WITHOUT ROWID;";

/*
 * Counts of notes for takes with a chart. One index that holds all that history asks for, newest
 * first: any mixture of questions is one walk along it.
 */
static const char version_2[] =
    "ALTER TABLE verdicts ADD COLUMN missed INTEGER;"
    "ALTER TABLE verdicts ADD COLUMN extra INTEGER;"
    "ALTER TABLE verdicts ADD COLUMN wrong_drum INTEGER;"
    "ALTER TABLE takes ADD COLUMN drums INTEGER NOT NULL DEFAULT 0;" /* bit N: drum N is in it */
    "UPDATE takes SET drums = coalesce((SELECT sum(DISTINCT 1 << s.drum) FROM strokes s"
    "  WHERE s.take_id = takes.id), 0);"
    "CREATE INDEX takes_by_time ON takes (taken_at_s, id, player_id, chart_id, word, drums);"
    "CREATE VIEW history AS SELECT t.id AS take, datetime(t.taken_at_s, 'unixepoch') AS taken_at,"
    "  p.name AS player, c.name AS chart, t.file, t.level, t.grid, t.word, v.strokes, v.bars,"
    "  v.tempo_bpm, v.bpm_change, v.placement_ms, v.placement_low_ms, v.placement_high_ms,"
    "  v.drift_bpm_per_min, v.drift_low_bpm_per_min, v.drift_high_bpm_per_min, v.scatter_ms,"
    "  v.scatter_low_ms, v.scatter_high_ms, v.missed, v.extra, v.wrong_drum"
    "  FROM takes t JOIN verdicts v ON v.take_id = t.id LEFT JOIN players p ON p.id = t.player_id"
    "  LEFT JOIN charts c ON c.id = t.chart_id;"
    "CREATE VIEW stroke_list AS SELECT s.take_id AS take, s.n, s.time_s, d.name AS drum,"
    "  nullif(s.velocity, 0) AS velocity, nullif(s.note, -1) AS note, s.beat, s.grid_time_s,"
    "  s.asynchrony_ms, s.residual_ms, s.flags & 1 AS outlier, (s.flags & 2) / 2 AS ornament"
    "  FROM strokes s JOIN drums d ON d.id = s.drum;";

/* What was subtracted from the strokes of a live take. */
static const char version_3[] = "ALTER TABLE takes ADD COLUMN latency_s REAL NOT NULL DEFAULT 0;";

static const char* const steps[DT_STORE_VERSION] = {version_1, version_2, version_3};

/* The drums of this program; a later one may know more. */
static dt_status name_drums(sqlite3* db, dt_error* err) {
  dt_status status = DT_OK;
  for (int i = 0; i < DT_DRUM_COUNT && status == DT_OK; ++i) {
    char sql[128];
    snprintf(sql, sizeof sql, "INSERT OR IGNORE INTO drums (id, name) VALUES (%d, '%s')", i,
             dt_drum_name((dt_drum)i));
    status = dt__run(db, sql, err);
  }
  return status;
}

static dt_status check_kind(sqlite3* db, int64_t version, dt_error* err) {
  int64_t id = 0;
  int64_t tables = 0;
  dt_status status = dt__ask_int(db, "PRAGMA application_id", &id, err);
  if (status == DT_OK)
    status = dt__ask_int(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
  if (status != DT_OK)
    return status;
  const bool fresh = version == 0 && id == 0 && tables == 0;
  if (!fresh && id != DT_STORE_APPLICATION_ID)
    return dt_fail(err, DT_BAD_DATA,
                   "This is an SQLite database of another program; name another file, or none for "
                   "your own");
  if (version > DT_STORE_VERSION)
    return dt_fail(err, DT_UNSUPPORTED,
                   "The database was made by a newer doubletime (version %lld; this program knows "
                   "up to %d); use the newer program",
                   (long long)version, DT_STORE_VERSION);
  return DT_OK;
}

static dt_status take_steps(sqlite3* db, int64_t version, dt_error* err) {
  char mark[96];
  dt_status status = DT_OK;
  for (int64_t v = version < 0 ? 0 : version; v < DT_STORE_VERSION && status == DT_OK; ++v)
    status = dt__run(db, steps[v], err);
  if (status == DT_OK)
    status = name_drums(db, err);
  snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
           DT_STORE_APPLICATION_ID, DT_STORE_VERSION);
  return status == DT_OK ? dt__run(db, mark, err) : status;
}

dt_status dt__migrate(sqlite3* db, dt_error* err) {
  int64_t version = 0;
  dt_status status = dt__ask_int(db, "PRAGMA user_version", &version, err);
  if (status == DT_OK)
    status = check_kind(db, version, err);
  if (status != DT_OK || version == DT_STORE_VERSION)
    return status;
  status = dt__run(db, "BEGIN IMMEDIATE", err);
  if (status != DT_OK)
    return status;
  /* Another program may have done it while this one waited. */
  status = dt__ask_int(db, "PRAGMA user_version", &version, err);
  if (status == DT_OK)
    status = check_kind(db, version, err);
  if (status == DT_OK)
    status = take_steps(db, version, err);
  if (status == DT_OK)
    status = dt__run(db, "COMMIT", err);
  if (status != DT_OK)
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return status;
}
