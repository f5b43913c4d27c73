#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "listen.h"

dt__listen_job* dt__listen_add(dt__listen_list* list, const char* input, size_t below) {
  if (list->count == list->capacity) {
    const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
    dt__listen_job* jobs = realloc(list->jobs, capacity * sizeof *jobs);
    if (jobs == NULL)
      return NULL;
    list->jobs = jobs;
    list->capacity = capacity;
  }
  char* copy = strdup(input);
  if (copy == NULL)
    return NULL;
  struct stat about;
  const bool is_known = stat(input, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
  dt__listen_job* job = &list->jobs[list->count++];
  *job = (dt__listen_job){.input = copy, .below = below, .status = DT_OK};
  job->weight = is_known ? (double)about.st_size : 1;
  return job;
}

void dt__listen_clear(dt__listen_list* list) {
  for (size_t i = 0; i < list->count; ++i) {
    free(list->jobs[i].input);
    free(list->jobs[i].output);
    dt_buffer_clear(&list->jobs[i].bytes);
  }
  free(list->jobs);
  *list = (dt__listen_list){0};
}

char* dt__listen_join(const char* folder, const char* name) {
  const size_t length = strlen(folder);
  const bool has_slash = length > 0 && folder[length - 1] == '/';
  const size_t size = length + strlen(name) + 2;
  char* path = malloc(size);
  if (path != NULL)
    snprintf(path, size, "%s%s%s", folder, has_slash ? "" : "/", name);
  return path;
}
