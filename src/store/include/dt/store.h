#ifndef DT_STORE_H
#define DT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/error.h"
#include "dt/judge.h"
#include "dt/sink.h"
#include "dt/take.h"

/*
 * The practice log: every take, stroke by stroke, for ever, in one SQLite file that the drummer
 * owns. docs/store.md shows its tables to who wants to ask it in SQL.
 *
 * One process writes at a time (the others wait), any number read meanwhile. When a function that
 * writes has returned DT_OK the take is on the disk and survives a kill or a pulled plug; before,
 * the database is as it was. A dt_store belongs to one thread.
 *
 * All errors come with a sentence in *err. Besides those named at each function: DT_IO (read-only,
 * full disk, another program holds the database for longer than the patience), DT_BAD_DATA (not a
 * doubletime database, or damaged), DT_UNSUPPORTED (made by a newer doubletime), DT_NO_MEMORY.
 */
typedef struct dt_store dt_store;

/* What the tables look like now; kept in the file as PRAGMA user_version. */
#define DT_STORE_VERSION 3

/* "DTdb": PRAGMA application_id of every doubletime database. */
#define DT_STORE_APPLICATION_ID 0x44546462

typedef struct dt_store_options {
  bool create;     /* make the file (not its folder) when there is none */
  int patience_ms; /* how long to wait for another writer; 0: 5,000 */
} dt_store_options;

/* Opens, and brings an older database to DT_STORE_VERSION in one transaction. Errors:
 * DT_NOT_FOUND (no such file and !create; or no such folder). On failure *store is NULL. Options
 * may be NULL. */
dt_status dt_store_open(dt_store** store, const char* path, const dt_store_options* options,
                        dt_error* err) DT_NODISCARD;

/* NULL is allowed. An open batch is undone. */
void dt_store_close(dt_store* store);

/* The verdict as far as the store has columns for it. Counts are -1 where not known: those of
 * notes need a chart. */
typedef struct dt_summary {
  dt_word word;
  double tempo_bpm;  /* mean tempo; NAN where not known */
  double bpm_change; /* over the take */
  double bars;
  int64_t stroke_count; /* judged, without outliers and ornaments */
  dt_estimate placement_ms;
  dt_estimate drift_bpm_per_min;
  dt_estimate scatter_ms;
  int64_t missed_count;
  int64_t extra_count;
  int64_t wrong_drum_count;
} dt_summary;

dt_summary dt_summary_of(const dt_verdict* verdict);

/* A whole take. Texts are UTF-8; NULL is "not known". */
typedef struct dt_record {
  int64_t number;     /* of the take in its store, from 1; 0 = not stored yet */
  int64_t taken_at_s; /* seconds since 1970, UTC, as the caller says; the store asks no clock */
  const char* player;
  const char* chart;
  const char* file;       /* name of the take without its folders */
  const char* program;    /* version that judged it */
  const char* report;     /* dt_report_json's text; strokes and white space may be missing */
  dt_take take;           /* strokes in the order of dt_strokes_sort */
  dt_judge_config config; /* as judged */
  dt_summary summary;
  dt_judged* judged; /* one for each stroke; NULL: not judged stroke by stroke */
  size_t judged_count;
  char* texts; /* dt_store_load and dt_record_read: the block that holds the texts above */
  size_t texts_size;
} dt_record;

/* Gives back what dt_store_load or dt_record_read made; a record that a caller put together from
 * borrowed parts is not cleared. */
void dt_record_clear(dt_record* record, const dt_allocator* allocator);

/*
 * Stores a take. *number is its number; when a take with the same strokes, click and length is
 * there already, nothing is stored, *known is true and *number that take's. record->number is kept
 * where it is > 0 and free. The strokes and white space of the report are left out: they have a
 * table of their own. Errors: DT_BAD_ARGUMENT (a name that is empty or longer than
 * DT_STORE_NAME_MAX bytes, judged_count neither 0 nor that of the strokes).
 */
#define DT_STORE_NAME_MAX 200
dt_status dt_store_save(dt_store* store, const dt_record* record, int64_t* number, bool* known,
                        dt_error* err) DT_NODISCARD;

/* Many takes in one trip to the disk: what is saved between begin and commit is on the disk once
 * commit returns DT_OK, and gone if it never does. A take that fails in between takes only itself
 * away. No begin inside a batch. */
dt_status dt_store_begin(dt_store* store, dt_error* err) DT_NODISCARD;
dt_status dt_store_commit(dt_store* store, dt_error* err) DT_NODISCARD;

/* Reads a take. Errors: DT_NOT_FOUND. Release with dt_record_clear; on failure *record is empty. */
dt_status dt_store_load(dt_store* store, int64_t number, const dt_allocator* allocator,
                        dt_record* record, dt_error* err) DT_NODISCARD;

/* Which takes. Start from dt_filter_all. */
typedef struct dt_filter {
  const char* player; /* exact names; NULL = all */
  const char* chart;
  int word;        /* dt_word; -1 = all */
  int drum;        /* dt_drum with at least one stroke in the take; -1 = all */
  int64_t since_s; /* first and last moment, both included */
  int64_t until_s;
  int64_t before; /* only what dt_store_list shows after this take, for the next page; 0 = all. A
                     number that is not there lets nothing through */
  size_t limit;   /* the newest so many; 0 = all */
} dt_filter;

dt_filter dt_filter_all(void);

/* A line of the history. Texts live until the visit returns; NULL = not known. */
typedef struct dt_listed {
  int64_t number;
  int64_t taken_at_s;
  const char* player;
  const char* chart;
  const char* file;
  dt_level level;
  dt_summary summary;
} dt_listed;

/* Called for each take; false ends the list. */
typedef bool (*dt_listed_fn)(void* ctx, const dt_listed* listed);

/* Newest first; of the same moment, the higher number first. *matching (may be NULL) is how many
 * takes the filter lets through, the limit aside. 100,000 takes are searched in some ten ms. */
dt_status dt_store_list(dt_store* store, const dt_filter* filter, dt_listed_fn visit, void* ctx,
                        size_t* matching, dt_error* err) DT_NODISCARD;

/* Numbers of the takes that the filter lets through, in ascending order, for export: calls visit
 * with each. */
typedef dt_status (*dt_number_fn)(void* ctx, int64_t number);
dt_status dt_store_each(dt_store* store, const dt_filter* filter, dt_number_fn visit, void* ctx,
                        dt_error* err) DT_NODISCARD;

/* Is every page, index and reference in order? Reads the whole file. Errors: DT_BAD_DATA. */
dt_status dt_store_check(dt_store* store, dt_error* err) DT_NODISCARD;

/* --- JSON lines ------------------------------------------------------------------------------ */

/* A take as one line of JSON with a newline at its end, "schema": "doubletime.take/1": everything,
 * every number exactly (docs/store.md). The same record, the same bytes. Errors: the sink's. */
dt_status dt_record_write(const dt_record* record, dt_sink sink) DT_NODISCARD;

/* The longest line that is read, and the most strokes in it. */
#define DT_RECORD_LINE_MAX    ((size_t)64 << 20)
#define DT_RECORD_STROKES_MAX 1000000

/*
 * Reads such a line (the newline may be missing), in whatever form JSON allows. Errors: DT_BAD_DATA
 * (no JSON, a field missing, twice, of the wrong kind or out of range; strokes out of order),
 * DT_UNSUPPORTED (another schema), DT_TOO_LARGE. Fields that are not known are passed over. Release
 * with dt_record_clear; on failure *record is empty.
 */
dt_status dt_record_read(dt_record* record, const dt_allocator* allocator, const char* line,
                         size_t size, dt_error* err) DT_NODISCARD;

/* The words used in tables and JSON: "in_the_pocket"; dt_word_from_key gives -1 for any other. */
const char* dt_word_key(dt_word word);
int dt_word_from_key(const char* key);

#endif
