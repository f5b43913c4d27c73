#ifndef DT_LINE_INTERNAL_H
#define DT_LINE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/drum.h"

/* Part of a text; not NUL-terminated. */
typedef struct dt__line {
  const char* text;
  size_t size;
} dt__line;

/* A text being cut into lines at LF or CR LF; a byte order mark before it is skipped. */
typedef struct dt__lines {
  dt__line rest;
  size_t number; /* of the last line given, from 1 */
} dt__lines;

dt__lines dt__lines_of(const char* text, size_t size);
bool dt__next_line(dt__lines* lines, dt__line* line);

/* The drum of that name, or DT_DRUM_COUNT. */
dt_drum dt__drum_in(dt__line word);

/* The part as text that can stand in a sentence: printable ASCII, cut where long. */
#define DT__SHOWN_MAX 25
const char* dt__shown(char shown[DT__SHOWN_MAX], dt__line part);

#endif
