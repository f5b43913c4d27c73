#include <stdlib.h>
#include <sys/stat.h>

#include "listen.h"
#include "terminal.h"

typedef struct file_id {
  dev_t device;
  ino_t inode;
} file_id;

static int by_id(const void* left, const void* right) {
  const file_id* a = left;
  const file_id* b = right;
  if (a->device != b->device)
    return a->device < b->device ? -1 : 1;
  return a->inode < b->inode ? -1 : a->inode > b->inode;
}

static int protect_one(dt__listen_job* job, const char* command, const file_id* inputs,
                       size_t input_count, bool force) {
  struct stat about;
  if (job->output == NULL || stat(job->output, &about) != 0 || !S_ISREG(about.st_mode))
    return DT__DONE;
  const file_id id = {about.st_dev, about.st_ino};
  if (input_count > 0 && bsearch(&id, inputs, input_count, sizeof id, by_id) != NULL)
    return dt__usage_error(command,
                           "%.160s is one of the files to be heard and will not be "
                           "written over; choose another place with --output",
                           job->output);
  job->is_left = !force;
  job->is_done = job->is_done || job->is_left;
  return DT__DONE;
}

int dt__listen_protect(dt__listen_list* list, const char* command, bool force) {
  file_id* inputs = malloc((list->count + 1) * sizeof *inputs);
  size_t count = 0;
  int result = DT__DONE;
  if (inputs == NULL)
    return dt__world_error(NULL, DT_NO_MEMORY, NULL);
  for (size_t i = 0; i < list->count; ++i) {
    struct stat about;
    if (stat(list->jobs[i].input, &about) == 0 && S_ISREG(about.st_mode))
      inputs[count++] = (file_id){about.st_dev, about.st_ino};
  }
  if (count > 0)
    qsort(inputs, count, sizeof *inputs, by_id);
  for (size_t i = 0; i < list->count && result == DT__DONE; ++i)
    result = protect_one(&list->jobs[i], command, inputs, count, force);
  free(inputs);
  return result;
}
