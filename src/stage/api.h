#ifndef DT_STAGE_API_H
#define DT_STAGE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/error.h"
#include "dt/sink.h"

/*
 * What lies between the server (server.c: sockets, guards) and the answers (api_*.c: takes, charts,
 * progress ...). docs/api.md is the contract with the world.
 *
 * Answers are made in the server's thread and must be quick (some ms); those that are not are made
 * by jobs.h, and what takes seconds is work in a thread of its own that speaks through the feed.
 */

/* The largest body that is read whole; recordings are streamed past this (uploads.h). */
#define DT__BODY_MAX ((size_t)4 << 20)

/* A request that has passed the guards. Borrowed. */
typedef struct dt__request {
  const char* method; /* "GET", "PUT", ... */
  const char* path;   /* below /api/v1, decoded once, clean UTF-8, without "." and "..":
                         "/takes/12/strokes" */
  const char* query;  /* still encoded: "limit=50&chart=a%20b"; "" none */
  const unsigned char* body;
  size_t body_size;
} dt__request;

/* Starts zeroed. The server sends it and releases body (allocator NULL). */
typedef struct dt__reply {
  int status;       /* HTTP */
  const char* type; /* static; NULL: application/json */
  dt_buffer body;
  char* file;        /* malloc'ed; not NULL: the body is this file, ranges are served */
  char download[96]; /* not "": to be saved under this name */
} dt__reply;

/* The value of a query's field, decoded, into text[size]; false: not there, too long, or no UTF-8.
 */
bool dt__query(const dt__request* request, const char* name, char* text, size_t size);

/* {"error": ...} with one sentence. */
void dt__refuse(dt__reply* reply, int status, const char* sentence, ...)
    __attribute__((format(printf, 3, 4)));

/* What is answered from; one thread. */
typedef struct dt__api dt__api;
typedef struct dt__feed dt__feed; /* feed.h: messages to the pages, from any thread */

typedef struct dt__api_config {
  const char* db;     /* the database; NULL: the player's own */
  const char* home;   /* folder with charts, plan, setup and practice log; NULL: the database's */
  const char* player; /* whose takes are kept; NULL: not said */
  const char* setup;  /* the setup's file; NULL: in the home folder */
  const char* log;    /* the practice log; NULL: in the home folder */
  const char* band;   /* the band's file of the command line; NULL: none */
  const char* soundfont; /* NULL: the system's */
  dt__feed* feed;        /* lent */
  bool no_uploads;       /* their paths are not asked for (jobs.h) */
} dt__api_config;

dt_status dt__api_new(dt__api** api, const dt__api_config* config, dt_error* err) DT_NODISCARD;
void dt__api_free(dt__api* api);

/* Always fills *reply. */
void dt__api_answer(dt__api* api, const dt__request* request, dt__reply* reply);

#endif
