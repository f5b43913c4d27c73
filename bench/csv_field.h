#ifndef DT_BENCH_CSV_FIELD_H
#define DT_BENCH_CSV_FIELD_H

#include <stdio.h>
#include <string.h>

/* Field `at` of a CSV line without quotes. */
static inline void csv_field(const char* line, int at, char* out, size_t size) {
  for (; at > 0 && *line; ++line) {
    at -= *line == ',';
  }
  const size_t length = strcspn(line, ",\r\n");
  snprintf(out, size, "%.*s", (int)length, line);
}

#endif
