#include <stdio.h>
#include <string.h>

#include "dt/chart_file.h"
#include "dt/chart_text.h"
#include "dt/home_charts.h"
#include "shelf.h"

#define TEXT_MAX ((size_t)4 << 20)

static const dt__shelf charts = {
    .folder = "charts", .ending = ".txt", .thing = "chart", .hint = "; 'charts' lists them all"};

bool dt_home_chart_name(const char* name) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  const size_t length = strlen(name);
  return length > 0 && length < DT_CHART_NAME_MAX && strspn(name, letters) == length &&
         name[0] != '-' && name[0] != '_';
}

dt_status dt_home_chart_text(dt_buffer* text, const char* home, const char* name, dt_error* err) {
  return dt__shelf_read(&charts, home, name, TEXT_MAX, text, err);
}

dt_status dt_home_chart_load(dt_chart* chart, const char* home, const char* name, bool* is_own,
                             dt_error* err) {
  const dt_chart_entry* entry = dt_chart_library_named(name);
  *chart = (dt_chart){.name = ""};
  if (is_own)
    *is_own = entry == NULL;
  if (entry) {
    const dt_status status = dt_chart_library_load(chart, NULL, entry);
    return status == DT_OK ? DT_OK : dt_fail(err, status, "%s", dt_status_sentence(status));
  }
  dt_buffer text = {0};
  dt_status status = dt_home_chart_text(&text, home, name, err);
  if (status == DT_OK)
    status = dt_chart_read(chart, NULL, text.bytes, text.size, err);
  dt_buffer_clear(&text);
  if (status == DT_OK)
    snprintf(chart->name, sizeof chart->name, "%.47s", name);
  return status;
}

dt_status dt_home_chart_keep(const char* home, const char* name, const void* text, size_t size,
                             dt_error* err) {
  if (dt_chart_library_named(name))
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "The library has a chart called %.47s; name yours "
                   "otherwise",
                   name);
  return dt__shelf_keep(&charts, home, name, text, size, err);
}

dt_status dt_home_chart_remove(const char* home, const char* name, dt_error* err) {
  return dt__shelf_remove(&charts, home, name, err);
}

static bool is_own(const char* name) {
  return !dt_chart_library_named(name);
}

dt_status dt_home_chart_names(dt_home_name** names, size_t* count, const char* home,
                              dt_error* err) {
  return dt__shelf_names(&charts, home, is_own, names, count, err);
}
