#ifndef DT_PAST_TEXT_H
#define DT_PAST_TEXT_H

#include <stdio.h>

#include "dt/coach_progress.h"

/* The coach's history as text: a line for each dt_past, its fields set apart by tabs, its numbers
 * exact. Any thread. */
bool dt_past_write(FILE* file, const dt_past* past);

/* Reads a line, which ends with a line feed or NUL; false, and *past empty, when it is none. */
bool dt_past_read(const char* line, dt_past* past);

#endif
