#include "dt/home.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char* dt_home_file_name(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 : path;
}

bool dt_home_database(char* path, size_t size) {
  const char* data = getenv("XDG_DATA_HOME");
  const char* home = getenv("HOME");
  int length = -1;
  if (data && data[0] == '/') /* the XDG rules: others count as not set */
    length = snprintf(path, size, "%s/doubletime/doubletime.db", data);
  else if (home && home[0])
    length = snprintf(path, size, "%s/.local/share/doubletime/doubletime.db", home);
  return length > 0 && (size_t)length < size;
}

bool dt_home_beside(char* path, size_t size, const char* db, const char* name) {
  int length = db ? snprintf(path, size, "%s", db) : 0;
  if (db ? length < 0 || (size_t)length >= size : !dt_home_database(path, size))
    return false;
  char* slash = strrchr(path, '/');
  char* start = slash ? slash + 1 : path;
  const size_t room = size - (size_t)(start - path);
  length = snprintf(start, room, "%s", name);
  return length >= 0 && (size_t)length < room;
}

bool dt_home_file(char* path, size_t size, const char* home, const char* name) {
  if (!home)
    return dt_home_beside(path, size, NULL, name);
  const int length = snprintf(path, size, "%s/%s", home, name);
  return length > 0 && (size_t)length < size;
}

bool dt_home_make_folders(const char* path) {
  char part[DT_HOME_PATH];
  if ((size_t)snprintf(part, sizeof part, "%s", path) >= sizeof part) {
    errno = ENAMETOOLONG;
    return false;
  }
  for (char* at = strchr(part + 1, '/'); at; at = strchr(at + 1, '/')) {
    *at = '\0';
    if (mkdir(part, 0700) != 0 && errno != EEXIST)
      return false;
    *at = '/';
  }
  return true;
}
