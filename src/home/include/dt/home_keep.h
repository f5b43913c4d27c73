#ifndef DT_HOME_KEEP_H
#define DT_HOME_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/json.h"
#include "dt/store.h"
#include "dt/study.h"

/* Opens the player's own database, or db. create makes it and, for the player's own, its folder.
 * Without create an own one that is not there yet is no mistake: the result is DT_OK and *store
 * NULL. *path (DT_HOME_PATH bytes) is what was opened; "" where there is no home. Errors as
 * dt_store_open, and DT_NOT_FOUND (no home; then path is ""). */
dt_status dt_home_store(dt_store** store, const char* db, bool create, char* path,
                        dt_error* err) DT_NODISCARD;

/* A judged take and what is said of it. Texts and parts are borrowed; NULL is "not known". */
typedef struct dt_kept {
  int64_t taken_at_s;
  const char* player;
  const char* chart;
  const char* file; /* as given; kept without its folders */
  const char* program;
  const dt_take* take;
  const dt_judge_config* config;
  const dt_verdict* verdict;
  const dt_study* study; /* NULL: none; goes into the report and its counts */
} dt_kept;

/* Stores it with its report, as dt_store_save says. */
dt_status dt_home_keep(dt_store* store, const dt_kept* kept, int64_t* number, bool* known,
                       dt_error* err) DT_NODISCARD;

/* A line of the history as members of an open object: take, taken_at_s, player, chart, file, word
 * and the verdict's numbers (docs/store.md). */
void dt_listed_json(dt_json* json, const dt_listed* listed);

#endif
