#include "shelf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dt/file.h"

bool dt__shelf_path(const dt__shelf* shelf, const char* home, const char* name,
                    char path[DT_HOME_PATH]) {
  char file[DT_CHART_NAME_MAX + 32];
  if (!dt_home_chart_name(name))
    return false;
  snprintf(file, sizeof file, "%s/%s%s", shelf->folder, name, shelf->ending);
  return dt_home_file(path, DT_HOME_PATH, home, file);
}

static dt_status not_there(const dt__shelf* shelf, const char* name, dt_error* err) {
  char shown[DT_CHART_NAME_MAX]; /* one clean line, whatever was asked for */
  dt_chart_copy_text(shown, sizeof shown, name, strlen(name));
  return dt_fail(err, DT_NOT_FOUND, "There is no %s called '%s'%s", shelf->thing, shown,
                 shelf->hint);
}

dt_status dt__shelf_read(const dt__shelf* shelf, const char* home, const char* name, size_t max,
                         dt_buffer* bytes, dt_error* err) {
  char path[DT_HOME_PATH];
  if (!dt__shelf_path(shelf, home, name, path) || access(path, F_OK) != 0)
    return not_there(shelf, name, err);
  return dt_file_read(bytes, path, max, err);
}

dt_status dt__shelf_keep(const dt__shelf* shelf, const char* home, const char* name,
                         const void* bytes, size_t size, dt_error* err) {
  char path[DT_HOME_PATH];
  dt_outfile out = {0};
  if (!dt_home_chart_name(name))
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "A %s's name has 1 to 47 of a-z, 0-9, - and _, and begins with a letter or "
                   "digit",
                   shelf->thing);
  if (!dt__shelf_path(shelf, home, name, path))
    return dt_fail(err, DT_NOT_FOUND, "There is no home folder for %s (HOME is not set)",
                   shelf->folder);
  (void)dt_home_make_folders(path); /* what failed is said below */
  const dt_status status = dt_outfile_open(&out, path, err);
  if (status != DT_OK)
    return status;
  if (size > 0)
    (void)fwrite(bytes, 1, size, out.file); /* commit looks whether it failed */
  return dt_outfile_commit(&out, err);
}

dt_status dt__shelf_remove(const dt__shelf* shelf, const char* home, const char* name,
                           dt_error* err) {
  char path[DT_HOME_PATH];
  if (!dt__shelf_path(shelf, home, name, path))
    return not_there(shelf, name, err);
  if (unlink(path) == 0)
    return DT_OK;
  return errno == ENOENT
             ? not_there(shelf, name, err)
             : dt_fail(err, DT_IO, "The %s cannot be removed: %s", shelf->thing, strerror(errno));
}

static int by_name(const void* a, const void* b) {
  return strcmp(a, b);
}

/* "NAME.txt" into name; false for any other file. */
static bool name_of(const dt__shelf* shelf, const char* file, char name[DT_CHART_NAME_MAX]) {
  const size_t length = strlen(file);
  const size_t ending = strlen(shelf->ending);
  if (length <= ending || length - ending >= DT_CHART_NAME_MAX ||
      strcmp(file + length - ending, shelf->ending) != 0)
    return false;
  memcpy(name, file, length - ending);
  name[length - ending] = '\0';
  return dt_home_chart_name(name);
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

dt_status dt__shelf_names(const dt__shelf* shelf, const char* home,
                          bool (*is_wanted)(const char* name), dt_home_name** names, size_t* count,
                          dt_error* err) {
  char path[DT_HOME_PATH];
  char name[DT_CHART_NAME_MAX];
  size_t room = 0;
  *names = NULL;
  *count = 0;
  if (!dt_home_file(path, sizeof path, home, shelf->folder))
    return DT_OK;
  DIR* folder = opendir(path);
  if (!folder)
    return errno == ENOENT ? DT_OK
                           : dt_fail(err, DT_IO, "The folder of %s cannot be read: %s",
                                     shelf->folder, strerror(errno));
  bool fits = true;
  for (const struct dirent* one = readdir(folder); one && fits && *count < DT_HOME_CHARTS_MAX;
       one = readdir(folder))
    if (name_of(shelf, one->d_name, name) && (!is_wanted || is_wanted(name)))
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
