#ifndef DT_PAPER_H
#define DT_PAPER_H

#include "dt/sink.h"

/* A sink that remembers its first error, so that a page of writing has one check at its end. */
typedef struct dt__paper {
  dt_sink sink;
  dt_status status;
} dt__paper;

/* At most 2047 bytes a call. */
void dt__write(dt__paper* paper, const char* format, ...) DT_PRINTF(2, 3);

#endif
