/* How strokes are best kept: the same takes in three forms, in files of their own. */
#include "store_bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct layout {
  const char* name;
  const char* make;
  const char* add; /* a stroke, or a take where packed */
  const char* get;
  const char* ask; /* SQL over all takes; NULL: SQL cannot */
  bool packed;
} layout;

#define COLUMNS                                                                                    \
  "take_id INTEGER NOT NULL, n INTEGER NOT NULL, time_s REAL NOT NULL, drum INTEGER NOT NULL, "    \
  "velocity REAL NOT NULL, openness REAL NOT NULL, confidence REAL NOT NULL, choke_s REAL NOT "    \
  "NULL, note INTEGER NOT NULL, flags INTEGER, beat REAL, grid_time_s REAL, asynchrony_ms REAL, "  \
  "residual_ms REAL"
#define ADD_ROW  "INSERT INTO strokes VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"
#define GET_ROWS "SELECT * FROM strokes WHERE take_id = ?1 ORDER BY n"
#define ASK      "SELECT drum, avg(asynchrony_ms) FROM strokes GROUP BY drum"

static const layout LAYOUTS[] = {
    {"rows WITHOUT ROWID",
     "CREATE TABLE strokes (" COLUMNS ", PRIMARY KEY (take_id, n)) STRICT, WITHOUT ROWID", ADD_ROW,
     GET_ROWS, ASK, false},
    {"rows with rowid and an index",
     "CREATE TABLE strokes (" COLUMNS ") STRICT; CREATE INDEX by_take ON strokes (take_id, n)",
     ADD_ROW, GET_ROWS, ASK, false},
    {"one blob a take, 59 bytes a stroke",
     "CREATE TABLE strokes (take_id INTEGER PRIMARY KEY, bytes BLOB) STRICT",
     "INSERT INTO strokes VALUES (?1, ?2)", "SELECT bytes FROM strokes WHERE take_id = ?1", NULL,
     true},
};

enum { PACKED = 59 };

static void check(sqlite3* db, int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
    bench_die(sqlite3_errmsg(db));
  }
}

static void pack(unsigned char* to, const dt_stroke* s, const dt_judged* j) {
  const double wide[5] = {s->time_s, j->beat, j->grid_time_s, j->asynchrony_ms, j->residual_ms};
  const float narrow[4] = {s->velocity, s->openness, s->confidence, s->choke_s};
  memcpy(to, wide, sizeof wide);
  memcpy(to + sizeof wide, narrow, sizeof narrow);
  to[56] = (unsigned char)s->drum;
  to[57] = (unsigned char)s->note;
  to[58] = (unsigned char)(j->outlier + 2 * j->ornament);
}

static void add_packed(sqlite3* db, sqlite3_stmt* add, int64_t id, const dt_record* r) {
  const size_t count = r->take.strokes.count;
  unsigned char* bytes = malloc(count * PACKED);
  for (size_t i = 0; bytes && i < count; ++i) {
    pack(bytes + i * PACKED, &r->take.strokes.items[i], &r->judged[i]);
  }
  sqlite3_bind_int64(add, 1, id);
  sqlite3_bind_blob(add, 2, bytes, (int)(count * PACKED), free);
  check(db, sqlite3_step(add));
  sqlite3_reset(add);
}

static void add_rows(sqlite3* db, sqlite3_stmt* add, int64_t id, const dt_record* r) {
  sqlite3_bind_int64(add, 1, id);
  for (size_t i = 0; i < r->take.strokes.count; ++i) {
    const dt_stroke* s = &r->take.strokes.items[i];
    const dt_judged* j = &r->judged[i];
    sqlite3_bind_int64(add, 2, (int64_t)i);
    sqlite3_bind_double(add, 3, s->time_s);
    sqlite3_bind_int(add, 4, (int)s->drum);
    sqlite3_bind_double(add, 5, (double)s->velocity);
    sqlite3_bind_double(add, 6, (double)s->openness);
    sqlite3_bind_double(add, 7, (double)s->confidence);
    sqlite3_bind_double(add, 8, (double)s->choke_s);
    sqlite3_bind_int(add, 9, s->note);
    sqlite3_bind_int(add, 10, j->outlier + 2 * j->ornament);
    sqlite3_bind_double(add, 11, j->beat);
    sqlite3_bind_double(add, 12, j->grid_time_s);
    sqlite3_bind_double(add, 13, j->asynchrony_ms);
    sqlite3_bind_double(add, 14, j->residual_ms);
    check(db, sqlite3_step(add));
    sqlite3_reset(add);
  }
}

/* Everything of a take; the sum keeps the work from being left out. */
static double read_take(sqlite3* db, sqlite3_stmt* get, int64_t id, bool packed) {
  double sum = 0.0;
  sqlite3_bind_int64(get, 1, id);
  int code = sqlite3_step(get);
  for (; code == SQLITE_ROW; code = sqlite3_step(get)) {
    const unsigned char* bytes = packed ? sqlite3_column_blob(get, 0) : NULL;
    const int size = packed ? sqlite3_column_bytes(get, 0) : 0;
    for (int at = 0; at < size; at += PACKED) {
      double time_s;
      memcpy(&time_s, bytes + at, sizeof time_s);
      sum += time_s;
    }
    for (int c = 0; !packed && c < 14; ++c) {
      sum += sqlite3_column_double(get, c);
    }
  }
  check(db, code);
  sqlite3_reset(get);
  return sum;
}

static double ask_ms(sqlite3* db, const char* sql) {
  sqlite3_stmt* ask = NULL;
  check(db, sqlite3_prepare_v2(db, sql, -1, &ask, NULL));
  const double start_s = bench_now_s();
  int code = sqlite3_step(ask);
  while (code == SQLITE_ROW) {
    code = sqlite3_step(ask);
  }
  check(db, code);
  sqlite3_finalize(ask);
  return 1e3 * (bench_now_s() - start_s);
}

static void measure(const layout* l, const dt_record* pool, size_t pool_count, int64_t takes,
                    const char* path) {
  sqlite3* db = NULL;
  sqlite3_stmt* add = NULL;
  sqlite3_stmt* get = NULL;
  struct stat info;
  double strokes = 0.0;
  double sum = 0.0;
  remove(path);
  check(db, sqlite3_open(path, &db));
  check(db,
        sqlite3_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL, NULL, NULL));
  check(db, sqlite3_exec(db, l->make, NULL, NULL, NULL));
  check(db, sqlite3_prepare_v2(db, l->add, -1, &add, NULL));
  check(db, sqlite3_prepare_v2(db, l->get, -1, &get, NULL));
  double start_s = bench_now_s();
  check(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
  for (int64_t id = 1; id <= takes; ++id) {
    const dt_record* r = &pool[(size_t)id % pool_count];
    strokes += (double)r->take.strokes.count;
    (l->packed ? add_packed : add_rows)(db, add, id, r);
  }
  check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
  const double insert_us = 1e6 * (bench_now_s() - start_s) / (double)takes;
  start_s = bench_now_s();
  for (int64_t k = 0; k < 1000; ++k) {
    sum += read_take(db, get, 1 + (k * 7919) % takes, l->packed);
  }
  const double read_us = 1e3 * (bench_now_s() - start_s) + 0.0 * sum;
  const double question_ms = l->ask ? ask_ms(db, l->ask) : 0.0;
  sqlite3_finalize(add);
  sqlite3_finalize(get);
  sqlite3_close(db);
  if (stat(path, &info) != 0) {
    bench_die(path);
  }
  printf("| %s | %.1f | %.0f | %.0f |", l->name, (double)info.st_size / strokes, insert_us,
         read_us);
  if (l->ask) {
    printf(" %.0f |\n", question_ms);
  } else {
    printf(" not without a program |\n");
  }
  remove(path);
}

void bench_layouts(const dt_record* pool, size_t pool_count, const char* path) {
  enum { TAKES = 3000 };
  printf("### Rows or blobs\n\n%d takes of %zu strokes, without waiting for the disk. *Question*: "
         "mean asynchrony by drum over all of them.\n\n"
         "| strokes as | bytes a stroke | insert a take, us | read a take, us | question, ms "
         "|\n|---|---|---|---|---|\n",
         TAKES, pool[0].take.strokes.count);
  for (size_t k = 0; k < sizeof(LAYOUTS) / sizeof(LAYOUTS[0]); ++k) {
    measure(&LAYOUTS[k], pool, pool_count, TAKES, path);
  }
  printf("\n");
}
