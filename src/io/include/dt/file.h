#ifndef DT_FILE_H
#define DT_FILE_H

#include <stdio.h>

#include "dt/error.h"
#include "dt/sink.h"

/* Reads a whole file into buffer ("-" = standard input), at most max_bytes; what was in it is given
 * back first. Errors with a sentence: DT_NOT_FOUND, DT_IO (also a
 * folder), DT_TOO_LARGE, DT_NO_MEMORY; the buffer is then empty. */
dt_status dt_file_read(dt_buffer* buffer, const char* path, size_t max_bytes,
                       dt_error* err) DT_NODISCARD;

/* A sink over an open FILE; DT_IO where it takes less than it was given. */
dt_sink dt_file_sink(FILE* file);

/*
 * Writes whole files or nothing: to "PATH.part" first, renamed over PATH by commit, removed by
 * abandon. "-" is standard output, written directly, and so are pipes and devices.
 */
typedef struct dt_outfile {
  FILE* file;
  char* path;
  char* part_path;
} dt_outfile;

/* Errors with a sentence: DT_NOT_FOUND (no such folder), DT_IO, DT_NO_MEMORY. After a failure there
 * is nothing to abandon. */
dt_status dt_outfile_open(dt_outfile* out, const char* path, dt_error* err) DT_NODISCARD;
/* To the disk, then to its name. Either way *out is done with. Errors with a sentence: DT_IO (also
 * of earlier writes to the FILE), DT_NOT_FOUND; the part is then removed. */
dt_status dt_outfile_commit(dt_outfile* out, dt_error* err) DT_NODISCARD;
/* Allowed after commit and after a failed open: nothing happens. */
void dt_outfile_abandon(dt_outfile* out);

#endif
