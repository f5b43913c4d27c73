#ifndef DT_STAGE_UPLOADS_INTERNAL_H
#define DT_STAGE_UPLOADS_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "api_internal.h"
#include "dt/chart.h"
#include "dt/home.h"
#include "dt/judge.h"
#include "uploads.h"

/*
 *   uploads.c      the list, receiving, and what the paths answer
 *   upload_work.c  the worker: hearing, judging, keeping
 */
typedef enum dt__upload_state {
  DT__RECEIVING,
  DT__HEARING, /* or waiting for it */
  DT__JUDGING,
  DT__DONE,
  DT__FAILED,
  DT__CANCELLED
} dt__upload_state;

const char* dt__upload_state_name(dt__upload_state state);

struct dt__upload {
  dt__uploads* uploads;
  struct dt__upload* next; /* newest first */
  char id[24];
  /* Told by the page. */
  char name[256];
  char chart[DT_CHART_NAME_MAX];
  int grid; /* dt_grid_mode; -1: as the file says */
  double bpm;
  int level; /* dt_level */
  /* The server's thread, while it is received. */
  FILE* file;
  uint64_t size;
  uint64_t got;
  int refused; /* HTTP status; 0: all is well */
  /* The files; the worker's once it was received. */
  char path[DT_HOME_PATH];
  char wave[DT_HOME_PATH];
  char flac[DT_HOME_PATH];
  atomic_bool is_cancelled;
  int64_t told_us; /* when the pages were last told */
  /* Under the lock. */
  dt__upload_state state;
  double share;
  int64_t take; /* 0: none yet */
  char text[DT_ERROR_SENTENCE_MAX + 64];
};

struct dt__uploads {
  const dt__api* api; /* its db, home, player and feed never change */
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t more;
  dt__upload* list;
  int number;
  int count;
  bool is_over;
};

/* Sets the state, and tells the pages at once. take 0, text NULL: as they were. */
void dt__upload_move(dt__upload* upload, dt__upload_state state, int64_t take, const char* text);

/* Sets the share, and tells the pages now and then. */
void dt__upload_share(dt__upload* upload, double share);

/* Removes the files. */
void dt__upload_sweep(const dt__upload* upload);

/* upload_work.c: from a received file to a state that is over. */
void dt__upload_work(dt__upload* upload);

#endif
