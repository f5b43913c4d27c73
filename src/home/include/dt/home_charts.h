#ifndef DT_HOME_CHARTS_H
#define DT_HOME_CHARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/chart.h"
#include "dt/error.h"
#include "dt/sink.h"

/*
 * The player's own charts: a text file NAME.txt each, in the folder `charts` of his home folder
 * (`home`; NULL: the folder that holds his database). A name is all that is ever asked for, and no
 * path comes out of one.
 */

/* 1 to 47 of a-z, 0-9, - and _, beginning with a letter or digit. */
bool dt_home_chart_name(const char* name);

/* A chart by its name: one of the library, else an own one. *is_own may be NULL. chart->name is the
 * name. Errors with a sentence: DT_NOT_FOUND (neither, or no name), and as dt_chart_load. On
 * failure *chart is empty. */
dt_status dt_home_chart_load(dt_chart* chart, const char* home, const char* name, bool* is_own,
                             dt_error* err) DT_NODISCARD;

/* An own chart's text as it was kept. */
dt_status dt_home_chart_text(dt_buffer* text, const char* home, const char* name,
                             dt_error* err) DT_NODISCARD;

/* Keeps an own chart's text, whole or not at all, unchecked; makes the folder. Errors with a
 * sentence: DT_BAD_ARGUMENT (not a name, or one of the library's), DT_NOT_FOUND (no home), DT_IO,
 * DT_NO_MEMORY. */
dt_status dt_home_chart_keep(const char* home, const char* name, const void* text, size_t size,
                             dt_error* err) DT_NODISCARD;

/* Errors with a sentence: DT_NOT_FOUND (there is no such own chart), DT_IO. */
dt_status dt_home_chart_remove(const char* home, const char* name, dt_error* err) DT_NODISCARD;

/* The names of all own charts, sorted; at most DT_HOME_CHARTS_MAX. No folder is no chart. Release
 * with dt_release(NULL, names, count * sizeof *names). Errors: DT_NO_MEMORY, DT_IO. */
#define DT_HOME_CHARTS_MAX 10000
typedef char dt_home_name[DT_CHART_NAME_MAX];
dt_status dt_home_chart_names(dt_home_name** names, size_t* count, const char* home,
                              dt_error* err) DT_NODISCARD;

#endif
