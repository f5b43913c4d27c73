#ifndef DT_STORE_INTERNAL_H
#define DT_STORE_INTERNAL_H

#include <sqlite3.h>

#include "dt/store.h"

/* Statements that are made once and kept. */
typedef enum dt__sql {
  DT__SQL_PLAYER_ADD,
  DT__SQL_CHART_ADD,
  DT__SQL_TAKE_KNOWN,
  DT__SQL_TAKE_FREE,
  DT__SQL_TAKE_ADD,
  DT__SQL_VERDICT_ADD,
  DT__SQL_REPORT_ADD,
  DT__SQL_STROKE_ADD,
  DT__SQL_TAKE_GET,
  DT__SQL_STROKES_GET,
  DT__SQL_COUNT
} dt__sql;

struct dt_store {
  sqlite3* db;
  sqlite3_stmt* statements[DT__SQL_COUNT];
  bool in_batch;
};

/* sql.c: the statement, reset and without values; NULL with err filled. */
sqlite3_stmt* dt__statement(dt_store* store, dt__sql which, dt_error* err);

/* Turns what SQLite said last into a status and a sentence. */
dt_status dt__sql_error(sqlite3* db, int code, dt_error* err);

/* Runs statements without results. */
dt_status dt__run(sqlite3* db, const char* sql, dt_error* err) DT_NODISCARD;

/* The first column of the first row. */
dt_status dt__ask_int(sqlite3* db, const char* sql, int64_t* value, dt_error* err) DT_NODISCARD;

/* Runs a statement to its end and resets it. */
dt_status dt__finish(dt_store* store, sqlite3_stmt* statement, dt_error* err) DT_NODISCARD;

void dt__bind_text(sqlite3_stmt* statement, int at, const char* text); /* NULL: null */
void dt__bind_number(sqlite3_stmt* statement, int at, double value);   /* NAN: null */
void dt__bind_count(sqlite3_stmt* statement, int at, int64_t value);   /* < 0: null */
double dt__column_number(sqlite3_stmt* statement, int at);             /* null: NAN */
int64_t dt__column_count(sqlite3_stmt* statement, int at);             /* null: -1 */
const char* dt__column_text(sqlite3_stmt* statement, int at);          /* null: NULL */

/* schema.c: from whatever version the file has to DT_STORE_VERSION, in one transaction. */
dt_status dt__migrate(sqlite3* db, dt_error* err) DT_NODISCARD;

/* key.c: what makes two takes the same take. */
enum { DT__KEY_SIZE = 16 };
void dt__take_key(const dt_take* take, unsigned char key[DT__KEY_SIZE]);

/* words.c: the words of tables and JSON; -1 for one that is not known. */
const char* dt__known_key(dt_known known);
int dt__known_from_key(const char* key);
const char* dt__grid_key(dt_grid_mode mode);
int dt__grid_from_key(const char* key);
const char* dt__level_key(dt_level level);
int dt__level_from_key(const char* key);
const char* dt__source_key(dt_take_source source);
int dt__source_from_key(const char* key);

/* json_text.c: white space outside strings, and the top object's member `without` (NULL: none),
 * left out. text must be JSON. */
dt_status dt__json_squeeze(const char* text, size_t size, const char* without, dt_sink sink);

/* Where the value of the top object's member `name` stands in text (JSON); false: not there. */
bool dt__json_member(const char* text, size_t size, const char* name, const char** value,
                     size_t* value_size);

/* A number so that it is read back as the same double; NAN as null. */
dt_status dt__json_exact(dt_sink sink, double value);
/* The same of a float. */
dt_status dt__json_exact_float(dt_sink sink, float value);
/* Quoted; NULL as null. */
dt_status dt__json_text(dt_sink sink, const char* text);

/* click.c: the click's tempi and metres as JSON, as a column and in a line. */
dt_status dt__click_write(const dt_tempo_map* click, dt_sink sink);
struct json_t;
dt_status dt__click_parse(dt_tempo_map* click, const dt_allocator* allocator, const char* text,
                          size_t size, dt_error* err);

#endif
