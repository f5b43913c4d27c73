#ifndef DT_STAGE_UPLOADS_H
#define DT_STAGE_UPLOADS_H

#include "api.h"

/*
 * Recordings that are dropped on the page (POST /uploads?name=FILE&grid=&chart=&bpm=): streamed to
 * a file beside the database as they come, then heard, judged and kept in a thread of their own,
 * one after the other, with progress through the feed. Whatever goes wrong, nothing is left behind
 * but a sentence.
 *
 * The functions are for the server's thread.
 */
#define DT__UPLOAD_MAX   ((uint64_t)8 << 30) /* bytes */
#define DT__UPLOAD_HOURS 12                  /* longer ones are refused once that is known */
#define DT__UPLOADS_MAX  16                  /* that are received, waiting or worked on at once */

typedef struct dt__upload dt__upload; /* one that is being received */

/* The head of the request has come; size: of its body. NULL: *reply says why it is refused. */
dt__upload* dt__upload_begin(dt__api* api, const dt__request* request, uint64_t size,
                             dt__reply* reply);

/* The next bytes. False: it is of no use to read on; dt__upload_end says why. */
bool dt__upload_data(dt__upload* upload, const void* bytes, size_t size);

/* All of it came, 202 with its id; or it was refused or cut off, and then nothing of it is left.
 * Done with in every case. */
void dt__upload_end(dt__upload* upload, dt__reply* reply);

/* ---- for api.c ---- */

typedef struct dt__uploads dt__uploads;

/* NULL: no memory, or no thread. Left-overs of a start that was killed are removed. */
dt__uploads* dt__uploads_new(dt__api* api);

/* Cancels what is going on and waits for it. NULL is allowed. */
void dt__uploads_free(dt__uploads* uploads);

/* How many are received, waiting or worked on. */
int dt__uploads_busy(dt__uploads* uploads);

#endif
