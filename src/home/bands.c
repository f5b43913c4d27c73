#include "dt/home_bands.h"

#include <string.h>

#include "shelf.h"

static const dt__shelf bands = {.folder = "bands", .ending = ".mid", .thing = "band", .hint = ""};

bool dt_home_band_name(const char* name) {
  return dt_home_chart_name(name) && strcmp(name, "none") != 0;
}

dt_status dt_home_band_read(dt_buffer* bytes, const char* home, const char* name, dt_error* err) {
  return dt__shelf_read(&bands, home, name, DT_HOME_BAND_MAX, bytes, err);
}

dt_status dt_home_band_keep(const char* home, const char* name, const void* bytes, size_t size,
                            dt_error* err) {
  if (strcmp(name, "none") == 0)
    return dt_fail(err, DT_BAD_ARGUMENT, "A band cannot be called none");
  return dt__shelf_keep(&bands, home, name, bytes, size, err);
}

dt_status dt_home_band_remove(const char* home, const char* name, dt_error* err) {
  return dt__shelf_remove(&bands, home, name, err);
}

dt_status dt_home_band_names(dt_home_name** names, size_t* count, const char* home, dt_error* err) {
  return dt__shelf_names(&bands, home, dt_home_band_name, names, count, err);
}
