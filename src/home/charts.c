#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dt/chart_file.h"
#include "dt/chart_text.h"
#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_charts.h"

#define TEXT_MAX ((size_t)4 << 20)
#define ENDING   ".txt"

bool dt_home_chart_name(const char* name) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  const size_t length = strlen(name);
  return length > 0 && length < DT_CHART_NAME_MAX && strspn(name, letters) == length &&
         name[0] != '-' && name[0] != '_';
}

/* The file of a name that dt_home_chart_name holds of. */
static bool path_of(char path[DT_HOME_PATH], const char* home, const char* name) {
  char file[DT_CHART_NAME_MAX + 16];
  snprintf(file, sizeof file, "charts/%s" ENDING, name);
  return dt_home_file(path, DT_HOME_PATH, home, file);
}

static dt_status not_there(const char* name, dt_error* err) {
  char shown[DT_CHART_NAME_MAX]; /* one clean line, whatever was asked for */
  dt_chart_copy_text(shown, sizeof shown, name, strlen(name));
  return dt_fail(err, DT_NOT_FOUND, "There is no chart called '%s'; 'charts' lists them all",
                 shown);
}

dt_status dt_home_chart_text(dt_buffer* text, const char* home, const char* name, dt_error* err) {
  char path[DT_HOME_PATH];
  if (!dt_home_chart_name(name) || !path_of(path, home, name) || access(path, F_OK) != 0)
    return not_there(name, err);
  return dt_file_read(text, path, TEXT_MAX, err);
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
  char path[DT_HOME_PATH];
  dt_outfile out = {0};
  if (!dt_home_chart_name(name))
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "A chart's name has 1 to 47 of a-z, 0-9, - and _, and begins with a letter or "
                   "digit");
  if (dt_chart_library_named(name))
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "The library has a chart called %.47s; name yours "
                   "otherwise",
                   name);
  if (!path_of(path, home, name))
    return dt_fail(err, DT_NOT_FOUND, "There is no home folder for charts (HOME is not set)");
  (void)dt_home_make_folders(path); /* what failed is said below */
  dt_status status = dt_outfile_open(&out, path, err);
  if (status != DT_OK)
    return status;
  if (size > 0)
    (void)fwrite(text, 1, size, out.file); /* commit looks whether it failed */
  return dt_outfile_commit(&out, err);
}

dt_status dt_home_chart_remove(const char* home, const char* name, dt_error* err) {
  char path[DT_HOME_PATH];
  if (!dt_home_chart_name(name) || !path_of(path, home, name))
    return not_there(name, err);
  if (unlink(path) == 0)
    return DT_OK;
  return errno == ENOENT ? not_there(name, err)
                         : dt_fail(err, DT_IO, "The chart cannot be removed: %s", strerror(errno));
}

static int by_name(const void* a, const void* b) {
  return strcmp(a, b);
}

/* "NAME.txt" into name; false for any other file. */
static bool name_of(const char* file, char name[DT_CHART_NAME_MAX]) {
  const size_t length = strlen(file);
  const size_t ending = sizeof ENDING - 1;
  if (length <= ending || length - ending >= DT_CHART_NAME_MAX ||
      strcmp(file + length - ending, ENDING) != 0)
    return false;
  memcpy(name, file, length - ending);
  name[length - ending] = '\0';
  return dt_home_chart_name(name) && !dt_chart_library_named(name);
}

static bool add(dt_home_name** names, size_t* count, size_t* room, const char* name) {
  if (*count == *room) {
    const size_t more = *room > 0 ? 2 * *room : 16;
    dt_home_name* grown = dt_resize(NULL, *names, *room * sizeof **names, more * sizeof **names);
    if (!grown)
      return false;
    *names = grown;
    *room = more;
  }
  memcpy((*names)[(*count)++], name, strlen(name) + 1);
  return true;
}

dt_status dt_home_chart_names(dt_home_name** names, size_t* count, const char* home,
                              dt_error* err) {
  char path[DT_HOME_PATH];
  char name[DT_CHART_NAME_MAX];
  size_t room = 0;
  *names = NULL;
  *count = 0;
  if (!dt_home_file(path, sizeof path, home, "charts"))
    return DT_OK;
  DIR* folder = opendir(path);
  if (!folder)
    return errno == ENOENT
               ? DT_OK
               : dt_fail(err, DT_IO, "The folder of charts cannot be read: %s", strerror(errno));
  bool fits = true;
  for (const struct dirent* one = readdir(folder); one && fits && *count < DT_HOME_CHARTS_MAX;
       one = readdir(folder))
    if (name_of(one->d_name, name))
      fits = add(names, count, &room, name);
  closedir(folder);
  if (!fits) {
    dt_release(NULL, *names, room * sizeof **names);
    *names = NULL;
    *count = 0;
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  }
  if (*count > 1)
    qsort(*names, *count, sizeof **names, by_name);
  return DT_OK;
}
