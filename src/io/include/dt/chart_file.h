#ifndef DT_CHART_FILE_H
#define DT_CHART_FILE_H

#include "dt/chart.h"
#include "dt/error.h"

/* A chart that a person names: one of the library ("rock"), else a file ("-" is standard input),
 * told by its content: a Standard MIDI File ("MThd"), MusicXML (its first sign is <), or a chart in
 * text. A file whose name is also a chart's is meant by "./rock".
 *
 * Errors with a sentence that names no file: DT_NOT_FOUND (neither a chart nor a file; no such
 * folder), DT_IO, DT_TOO_LARGE (a file of more than 64 MiB, or a limit of dt/chart.h), DT_BAD_DATA,
 * DT_UNSUPPORTED, DT_NO_MEMORY. On failure *chart is empty; on success dt_chart_check holds. */
dt_status dt_chart_load(dt_chart* chart, const dt_allocator* allocator, const char* path_or_name,
                        dt_error* err) DT_NODISCARD;

/* The same of a file's bytes in memory. Errors as above but DT_NOT_FOUND and DT_IO. */
dt_status dt_chart_read(dt_chart* chart, const dt_allocator* allocator, const void* bytes,
                        size_t size, dt_error* err) DT_NODISCARD;

#endif
