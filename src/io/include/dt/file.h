#ifndef DT_FILE_H
#define DT_FILE_H

#include <stdio.h>

#include "dt/error.h"
#include "dt/sink.h"

/* Reads a whole file into buffer ("-" = standard input), at most max_bytes. Errors with a sentence:
 * DT_NOT_FOUND, DT_IO, DT_TOO_LARGE, DT_NO_MEMORY. */
dt_status dt_file_read(dt_buffer* buffer, const char* path, size_t max_bytes,
                       dt_error* err) DT_NODISCARD;

/* A sink over an open FILE. */
dt_sink dt_file_sink(FILE* file);

/*
 * Writes whole files or nothing: to "PATH.part" first, renamed over PATH by commit, removed by
 * abandon. "-" is standard output, written directly.
 */
typedef struct dt_outfile {
  FILE* file;
  char* path;
  char* part_path;
} dt_outfile;

dt_status dt_outfile_open(dt_outfile* out, const char* path, dt_error* err) DT_NODISCARD;
dt_status dt_outfile_commit(dt_outfile* out, dt_error* err) DT_NODISCARD;
void dt_outfile_abandon(dt_outfile* out);

#endif
