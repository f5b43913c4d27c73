/* Old databases go on living, and what cannot be read is refused in one sentence. */
#include "store_support.h"

#include <sqlite3.h>

/* A database of version 1, as its program left it: one player, two takes, a rushing one with three
 * strokes. */
static const char version_1[] =
    "PRAGMA application_id = 1146381410; PRAGMA user_version = 1;"
    "CREATE TABLE players (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE charts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE drums (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE takes (id INTEGER PRIMARY KEY AUTOINCREMENT, taken_at_s INTEGER NOT NULL,"
    " player_id INTEGER REFERENCES players (id), chart_id INTEGER REFERENCES charts (id),"
    " word TEXT NOT NULL, file TEXT, program TEXT, source TEXT NOT NULL, duration_s REAL NOT NULL,"
    " clock_jitter_s REAL NOT NULL, clock_bias_s REAL NOT NULL, ignored_notes INTEGER NOT NULL,"
    " click TEXT, grid TEXT NOT NULL, bpm REAL, start_s REAL, meter_numerator INTEGER NOT NULL,"
    " meter_denominator INTEGER NOT NULL, level TEXT NOT NULL, content BLOB NOT NULL UNIQUE) "
    "STRICT;"
    "CREATE TABLE verdicts (take_id INTEGER PRIMARY KEY REFERENCES takes (id), strokes INTEGER NOT "
    "NULL, bars REAL NOT NULL, tempo_bpm REAL, bpm_change REAL, placement_known TEXT NOT NULL,"
    " placement_ms REAL, placement_low_ms REAL, placement_high_ms REAL, drift_known TEXT NOT NULL,"
    " drift_bpm_per_min REAL, drift_low_bpm_per_min REAL, drift_high_bpm_per_min REAL,"
    " scatter_known TEXT NOT NULL, scatter_ms REAL, scatter_low_ms REAL, scatter_high_ms REAL) "
    "STRICT;"
    "CREATE TABLE reports (take_id INTEGER PRIMARY KEY REFERENCES takes (id), json TEXT NOT NULL) "
    "STRICT;"
    "CREATE TABLE strokes (take_id INTEGER NOT NULL REFERENCES takes (id), n INTEGER NOT NULL,"
    " time_s REAL NOT NULL, drum INTEGER NOT NULL REFERENCES drums (id), velocity REAL NOT NULL,"
    " openness REAL NOT NULL, confidence REAL NOT NULL, choke_s REAL NOT NULL, note INTEGER NOT "
    "NULL, flags INTEGER, beat REAL, grid_time_s REAL, asynchrony_ms REAL, residual_ms REAL,"
    " PRIMARY KEY (take_id, n)) STRICT, WITHOUT ROWID;"
    "INSERT INTO players VALUES (1, 'Ana');"
    "INSERT INTO drums VALUES (0, 'kick'), (1, 'snare'), (16, 'china');"
    "INSERT INTO takes VALUES (1, 1600000000, 1, NULL, 'rushing', 'old.mid', '0.0', 'midi', 3.5, "
    "0.0001, 0, 0, NULL, 'free', NULL, NULL, 4, 4, 'player', x'01');"
    "INSERT INTO takes VALUES (2, 1600000001, NULL, NULL, 'cant_tell', NULL, NULL, 'sound', 1, 0, "
    "0, 0, NULL, 'free', NULL, NULL, 4, 4, 'pro', x'02');"
    "INSERT INTO verdicts VALUES (1, 3, 0.5, 120.5, 1.5, 'not_testable', NULL, NULL, NULL, 'known',"
    " 2, 1, 3, 'cant_tell', NULL, NULL, NULL);"
    "INSERT INTO verdicts VALUES (2, 0, 0, NULL, NULL, 'cant_tell', NULL, NULL, NULL, 'cant_tell',"
    " NULL, NULL, NULL, 'cant_tell', NULL, NULL, NULL);"
    "INSERT INTO strokes VALUES (1, 0, 0.5, 0, 90, -1, 1, 0, 36, 0, 0, 0.5, 1.25, 0.5),"
    " (1, 1, 1.0, 1, 80, -1, 1, 0, 38, 1, 1, NULL, NULL, NULL),"
    " (1, 2, 1.5, 16, 80, -1, 1, 0, 52, 0, 2, 1.5, 0, 0);";

static void make(const char* path, const char* sql) {
  sqlite3* db = NULL;
  char* message = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
    fail_msg("%s", message);
  sqlite3_close(db);
}

static int64_t ask(const char* path, const char* sql) {
  sqlite3* db = NULL;
  sqlite3_stmt* statement = NULL;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
  const int64_t value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return value;
}

static bool count(void* ctx, const dt_listed* listed) {
  *(int64_t*)ctx += listed->number;
  return true;
}

static void an_old_database_is_brought_up_to_date(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  make(yard.path, version_1);
  dt_store* store = dt__opened(yard.path);
  dt_record record;
  assert_int_equal(dt_store_load(store, 1, NULL, &record, NULL), DT_OK);
  assert_string_equal(record.player, "Ana");
  assert_int_equal(record.take.strokes.count, 3);
  assert_true(record.judged[0].asynchrony_ms == 1.25 && record.judged[1].outlier);
  assert_int_equal(record.summary.word, DT_WORD_RUSHING);
  assert_int_equal(record.summary.missed_count, -1);
  assert_true(record.take.latency_s == 0); /* nobody kept it then */
  dt_record_clear(&record, NULL);
  /* What version 2 knows and version 1 did not: which drums are in a take. */
  dt_filter filter = dt_filter_all();
  int64_t found = 0;
  filter.drum = DT_CHINA;
  assert_int_equal(dt_store_list(store, &filter, count, &found, NULL, NULL), DT_OK);
  assert_int_equal(found, 1);
  assert_int_equal(dt_store_check(store, NULL), DT_OK);
  dt_store_close(store);
  assert_int_equal(ask(yard.path, "PRAGMA user_version"), DT_STORE_VERSION);
  assert_int_equal(ask(yard.path, "SELECT count(*) FROM history"), 2);
  assert_int_equal(ask(yard.path, "SELECT count(*) FROM stroke_list WHERE drum = 'snare'"), 1);
  dt__yard_clear(&yard);
}

/* The old file is as it was when the way up fails half way. */
static void a_failed_migration_changes_nothing(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt_store* store = NULL;
  dt_error err = {.sentence = ""};
  make(yard.path, version_1);
  make(yard.path, "CREATE VIEW history AS SELECT 1"); /* in the way of the last step */
  assert_int_equal(dt_store_open(&store, yard.path, NULL, &err), DT_BAD_DATA);
  assert_null(store);
  assert_int_equal(ask(yard.path, "PRAGMA user_version"), 1);
  assert_int_equal(
      ask(yard.path, "SELECT count(*) FROM pragma_table_info('takes') WHERE name = 'drums'"), 0);
  dt__yard_clear(&yard);
}

static void refuse(const char* sql, dt_status wanted, const char* words) {
  const dt__yard yard = dt__yard_new();
  dt_store* store = NULL;
  dt_error err = {.sentence = ""};
  make(yard.path, sql);
  assert_int_equal(dt_store_open(&store, yard.path, NULL, &err), wanted);
  assert_null(store);
  if (!strstr(err.sentence, words))
    fail_msg("'%s' does not say '%s'", err.sentence, words);
  dt__yard_clear(&yard);
}

static void a_newer_database_is_refused(void** state) {
  (void)state;
  refuse("PRAGMA application_id = 1146381410; PRAGMA user_version = 999; CREATE TABLE x (y);",
         DT_UNSUPPORTED, "made by a newer doubletime (version 999; this program knows up to 3)");
}

static void another_programs_database_is_refused(void** state) {
  (void)state;
  refuse("CREATE TABLE bookmarks (url);", DT_BAD_DATA, "another program");
}

static void a_file_that_is_no_database_is_refused(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt_store* store = NULL;
  dt_error err = {.sentence = ""};
  FILE* file = fopen(yard.path, "w");
  assert_non_null(file);
  for (int i = 0; i < 500; ++i)
    fprintf(file, "a shopping list\n");
  fclose(file);
  assert_int_equal(dt_store_open(&store, yard.path, NULL, &err), DT_BAD_DATA);
  assert_non_null(strstr(err.sentence, "no doubletime database"));
  assert_int_equal(dt_store_open(&store, yard.folder, NULL, &err), DT_IO);
  assert_non_null(strstr(err.sentence, "folder"));
  dt__yard_clear(&yard);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_old_database_is_brought_up_to_date),
      cmocka_unit_test(a_failed_migration_changes_nothing),
      cmocka_unit_test(a_newer_database_is_refused),
      cmocka_unit_test(another_programs_database_is_refused),
      cmocka_unit_test(a_file_that_is_no_database_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
