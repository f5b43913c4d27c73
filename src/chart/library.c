#include "library.h"

#include <string.h>

static const dt_chart_entry* const tables[] = {
    dt__library_rock, dt__library_funk,  dt__library_jazz,      dt__library_latin,
    dt__library_odd,  dt__library_songs, dt__library_rudiments,
};

#define TABLE_COUNT (sizeof tables / sizeof tables[0])

const dt_chart_entry* dt_chart_library_at(size_t index) {
  for (size_t t = 0; t < TABLE_COUNT; t++)
    for (const dt_chart_entry* e = tables[t]; e->name != NULL; e++)
      if (index-- == 0)
        return e;
  return NULL;
}

const dt_chart_entry* dt_chart_library_named(const char* name) {
  for (size_t t = 0; name != NULL && t < TABLE_COUNT; t++)
    for (const dt_chart_entry* e = tables[t]; e->name != NULL; e++)
      if (strcmp(e->name, name) == 0)
        return e;
  return NULL;
}

dt_status dt_chart_library_load(dt_chart* chart, const dt_allocator* allocator,
                                const dt_chart_entry* entry) {
  const dt_status status = dt_chart_parse(chart, allocator, entry->text, strlen(entry->text), NULL);
  if (status == DT_OK)
    dt_chart_copy_text(chart->name, sizeof chart->name, entry->name, strlen(entry->name));
  return status;
}
