#ifndef DT_TEST_FOLDER_H
#define DT_TEST_FOLDER_H

/* A temporary folder for a test's files. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct folder {
  char path[256];
  char name[600]; /* the last path given by in_folder */
} folder;

static inline void folder_make(folder* in) {
  const char* base = getenv("TMPDIR");
  snprintf(in->path, sizeof in->path, "%.200s/doubletime-test-XXXXXX",
           base != NULL ? base : "/tmp");
  if (mkdtemp(in->path) == NULL) {
    perror(in->path);
    exit(EXIT_FAILURE);
  }
}

static inline const char* in_folder(folder* in, const char* name) {
  snprintf(in->name, sizeof in->name, "%s/%s", in->path, name);
  return in->name;
}

static inline int folder_count(folder* in) {
  DIR* dir = opendir(in->path);
  int count = 0;
  for (struct dirent* entry; (entry = readdir(dir)) != NULL;)
    count += entry->d_name[0] != '.';
  closedir(dir);
  return count;
}

static inline void folder_remove(folder* in) {
  DIR* dir = opendir(in->path);
  for (struct dirent* entry; (entry = readdir(dir)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      remove(in_folder(in, entry->d_name));
  closedir(dir);
  rmdir(in->path);
}

static inline void file_put(const char* path, const void* bytes, size_t size) {
  FILE* file = fopen(path, "wb");
  if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
    perror(path);
    exit(EXIT_FAILURE);
  }
}

#endif
