#ifndef DT_STORE_COLUMNS_INTERNAL_H
#define DT_STORE_COLUMNS_INTERNAL_H

#include "store_internal.h"

/* load.c: four columns from `at` on, and a verdict's nineteen. */
dt_estimate dt__column_estimate(sqlite3_stmt* s, int at);
dt_summary dt__column_summary(sqlite3_stmt* s, int at, const char* word);

#endif
