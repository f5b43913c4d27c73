#ifndef DT_ERROR_H
#define DT_ERROR_H

#include "dt/status.h"

/*
 * What a person needs when a status is not enough: what is wrong, where, and what to do, in one
 * sentence. Owned by the caller, on the stack, passed as the last argument; NULL is always allowed
 * and means "the status is enough".
 *
 * The sentence holds no file name: who opened the file adds it ("take.mid: byte 14: ...").
 */
#define DT_ERROR_SENTENCE_MAX 256

typedef struct dt_error {
  dt_status status;
  char sentence[DT_ERROR_SENTENCE_MAX]; /* Always NUL-terminated; cut where too long. */
} dt_error;

/* Fills *err (when not NULL) and returns status, so that a failing function can end with
 * `return dt_fail(err, DT_BAD_DATA, "Byte %zu: the track ends early", at);`. Any thread. */
dt_status dt_fail(dt_error* err, dt_status status, const char* format, ...) DT_PRINTF(3, 4);

#endif
