#ifndef DT_HOME_SHELF_H
#define DT_HOME_SHELF_H

#include <stdbool.h>

#include "dt/home.h"
#include "dt/home_charts.h"

/*
 * A folder of the player's home with files that are asked for by name: charts/NAME.txt,
 * bands/NAME.mid. No path comes out of a name (dt_home_chart_name).
 */
typedef struct dt__shelf {
  const char* folder;
  const char* ending;
  const char* thing; /* "chart" */
  const char* hint;  /* behind "There is no THING called NAME" */
} dt__shelf;

/* False: it is no name, or there is no home. */
bool dt__shelf_path(const dt__shelf* shelf, const char* home, const char* name,
                    char path[DT_HOME_PATH]);

dt_status dt__shelf_read(const dt__shelf* shelf, const char* home, const char* name, size_t max,
                         dt_buffer* bytes, dt_error* err) DT_NODISCARD;

/* Whole or not at all; makes the folder. */
dt_status dt__shelf_keep(const dt__shelf* shelf, const char* home, const char* name,
                         const void* bytes, size_t size, dt_error* err) DT_NODISCARD;

dt_status dt__shelf_remove(const dt__shelf* shelf, const char* home, const char* name,
                           dt_error* err) DT_NODISCARD;

/* All names that `is_wanted` (NULL: all) holds of, sorted; at most DT_HOME_CHARTS_MAX. */
dt_status dt__shelf_names(const dt__shelf* shelf, const char* home,
                          bool (*is_wanted)(const char* name), dt_home_name** names, size_t* count,
                          dt_error* err) DT_NODISCARD;

#endif
