#ifndef DT_HOME_LOG_H
#define DT_HOME_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/coach_progress.h"
#include "dt/error.h"

/* The coach's history: practice.log beside the database, a line for each dt_past. */

/* The player's own; size DT_HOME_PATH. False when there is no home. */
bool dt_practice_log_default(char* path, size_t size);

/* Reads all of it; path NULL: the player's own. A file that is not there is an empty history; a
 * line that a cut left unfinished at the end is passed over, another that is none is an error.
 * Release with dt_release(NULL, past, count * sizeof *past), after a failure too. Errors with a
 * sentence: DT_BAD_DATA (which line), DT_IO, DT_TOO_LARGE, DT_NO_MEMORY. */
dt_status dt_practice_log_read(const char* path, dt_past** past, size_t* count,
                               dt_error* err) DT_NODISCARD;

/* Adds a line, which is on the disk when this returns. Errors with a sentence: DT_NOT_FOUND (no
 * home), DT_IO. */
dt_status dt_practice_log_add(const char* path, const dt_past* past, dt_error* err) DT_NODISCARD;

#endif
