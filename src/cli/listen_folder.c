#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "listen.h"

/* Deeper than any archive, and shallow enough for the longest path. */
#define DEPTH_MAX 64

static const char* const sound_endings[] = {
    ".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif",  ".aiff", ".aifc",
    ".caf", ".au",   ".snd", ".flac", ".ogg", ".opus", ".oga",  ".mp3",
};

bool dt__listen_is_sound_name(const char* name) {
  const char* point = strrchr(name, '.');
  for (size_t i = 0; point != NULL && i < sizeof sound_endings / sizeof *sound_endings; ++i)
    if (strcasecmp(point, sound_endings[i]) == 0)
      return true;
  return false;
}

typedef struct names {
  char** items;
  size_t count;
  size_t capacity;
} names;

static bool add_name(names* all, const char* name) {
  if (all->count == all->capacity) {
    const size_t capacity = all->capacity > 0 ? 2 * all->capacity : 64;
    char** items = realloc(all->items, capacity * sizeof *items);
    if (items == NULL)
      return false;
    all->items = items;
    all->capacity = capacity;
  }
  all->items[all->count] = strdup(name);
  return all->items[all->count] != NULL && ++all->count > 0;
}

static void clear_names(names* all) {
  for (size_t i = 0; i < all->count; ++i)
    free(all->items[i]);
  free(all->items);
}

static int by_name(const void* a, const void* b) {
  return strcmp(*(char* const*)a, *(char* const*)b);
}

/* The names in a folder, sorted: the order in which a disk keeps them says nothing. */
static dt_status read_names(const char* folder, names* all, int* error) {
  DIR* open_folder = opendir(folder);
  dt_status status = DT_OK;
  *error = errno;
  if (open_folder == NULL)
    return DT_IO;
  errno = 0;
  for (struct dirent* entry; status == DT_OK && (entry = readdir(open_folder)) != NULL; errno = 0)
    if (entry->d_name[0] != '.' && !add_name(all, entry->d_name))
      status = DT_NO_MEMORY;
  *error = errno;
  if (status == DT_OK && *error != 0)
    status = DT_IO;
  closedir(open_folder);
  if (all->count > 0)
    qsort(all->items, all->count, sizeof *all->items, by_name);
  return status;
}

/* A job that has failed before it began; the sentence is in err. */
static dt_status add_failure(dt__listen_list* list, const char* folder, const dt_error* err) {
  dt__listen_job* job = dt__listen_add(list, folder, 0);
  if (job == NULL)
    return DT_NO_MEMORY;
  job->is_done = true;
  job->status = err->status;
  job->err = *err;
  return DT_OK;
}

static dt_status cannot_read(dt__listen_list* list, const char* folder, const char* why) {
  dt_error err;
  dt_fail(&err, DT_IO, "The folder cannot be read (%s)", why);
  return add_failure(list, folder, &err);
}

static dt_status walk(dt__listen_list* list, const char* folder, size_t below, int depth);

static dt_status walk_entry(dt__listen_list* list, const char* path, size_t below, int depth) {
  struct stat about;
  if (lstat(path, &about) != 0)
    return DT_OK; /* gone meanwhile */
  if (S_ISDIR(about.st_mode))
    return depth < DEPTH_MAX ? walk(list, path, below, depth + 1)
                             : cannot_read(list, path, "too deep");
  const bool is_file =
      S_ISREG(about.st_mode) ||
      (S_ISLNK(about.st_mode) && stat(path, &about) == 0 && S_ISREG(about.st_mode));
  if (!is_file || !dt__listen_is_sound_name(path))
    return DT_OK;
  return dt__listen_add(list, path, below) != NULL ? DT_OK : DT_NO_MEMORY;
}

static dt_status walk(dt__listen_list* list, const char* folder, size_t below, int depth) {
  names all = {0};
  int error = 0;
  dt_status status = read_names(folder, &all, &error);
  if (status == DT_IO)
    status = cannot_read(list, folder, strerror(error));
  for (size_t i = 0; i < all.count && status == DT_OK; ++i) {
    char* path = dt__listen_join(folder, all.items[i]);
    status = path != NULL ? walk_entry(list, path, below, depth) : DT_NO_MEMORY;
    free(path);
  }
  clear_names(&all);
  return status;
}

dt_status dt__listen_add_folder(dt__listen_list* list, const char* folder) {
  const size_t length = strlen(folder);
  const bool has_slash = length > 0 && folder[length - 1] == '/';
  const size_t before = list->count;
  const dt_status status = walk(list, folder, length + !has_slash, 0);
  if (status != DT_OK || list->count > before)
    return status;
  dt_error err;
  dt_fail(&err, DT_NOT_FOUND, "There is no sound file in this folder");
  return add_failure(list, folder, &err);
}
