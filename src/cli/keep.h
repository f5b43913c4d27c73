#ifndef DT_KEEP_H
#define DT_KEEP_H

#include "dt/store.h"
#include "dt/study.h"
#include "terminal.h"

/* What every command that keeps or shows takes has in common. */

#define DT__DB_HELP "The database (default: doubletime/doubletime.db in your data folder)"

/* How `judge` and `import` keep a take. */
typedef struct dt__keep {
  bool save;
  const char* player;
  const char* chart;
  const char* at; /* when it was played; NULL: now */
  const char* db; /* NULL: the default */
} dt__keep;

/* Opens the database; complains itself and returns an exit status. create makes it and, for the
 * default one, its folder. Without create a default one that is not there yet is no mistake: the
 * result is DT__DONE and *store NULL. */
int dt__store_open(dt_store** store, const char* db, bool create);

/* "the database PATH: sentence"; DT__FAILED. */
int dt__store_error(const char* db, dt_status status, const dt_error* err);

/* Checks keep's words before any work is done; complains itself. DT__DONE when all is well. */
int dt__keep_check(const char* command, const dt__keep* keep);

/* Stores a judged take and says its number; study (NULL: none) goes into its report; file is its
 * name as given. Exit status. */
int dt__keep_take(const dt__keep* keep, const dt_take* take, const dt_judge_config* config,
                  const dt_verdict* verdict, const dt_study* study, const char* file,
                  const dt__globals* globals);

/* The options of history and export that say which takes. */
typedef struct dt__which {
  const char* player;
  const char* chart;
  const char* since;
  const char* until;
  int word; /* -1: all */
  int drum;
  int limit; /* 0: all */
} dt__which;

extern const char* const dt__word_choices[];
extern const char* const dt__drum_choices[];

#define DT__WHICH_OPTIONS(offset_of)                                                               \
  {'p', "player", "NAME", "Only takes of this player", DT__TEXT, offset_of(which.player),          \
   0,   0,        NULL},                                                                           \
      {'c', "chart", "NAME", "Only takes of this chart", DT__TEXT, offset_of(which.chart),         \
       0,   0,       NULL},                                                                        \
      {0,        "since",                                                                          \
       "DAY",    "Only takes from this day on, as in 2026-03-01",                                  \
       DT__TEXT, offset_of(which.since),                                                           \
       0,        0,                                                                                \
       NULL},                                                                                      \
      {0, "until", "DAY", "Only takes up to this day", DT__TEXT, offset_of(which.until),           \
       0, 0,       NULL},                                                                          \
      {'w',                                                                                        \
       "word",                                                                                     \
       "WORD",                                                                                     \
       "Only takes with this verdict: rushing, dragging, scattered, in_the_pocket, cant_tell",     \
       DT__CHOICE,                                                                                 \
       offset_of(which.word),                                                                      \
       0,                                                                                          \
       0,                                                                                          \
       dt__word_choices},                                                                          \
      {0,                                                                                          \
       "drum",                                                                                     \
       "DRUM",                                                                                     \
       "Only takes in which this drum was played, as in ride_bell",                                \
       DT__CHOICE,                                                                                 \
       offset_of(which.drum),                                                                      \
       0,                                                                                          \
       0,                                                                                          \
       dt__drum_choices},                                                                          \
  {                                                                                                \
    'n', "limit", "COUNT", "The newest so many; 0 is all", DT__INTEGER, offset_of(which.limit), 0, \
        1e9, NULL                                                                                  \
  }

/* The filter of these options; complains itself. DT__DONE when all is well. */
int dt__which_filter(const char* command, const dt__which* which, dt_filter* filter);

#endif
