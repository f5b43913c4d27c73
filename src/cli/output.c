#include "output.h"

#include <string.h>
#include <sys/stat.h>

#include "dt/file.h"
#include "dt/kitmap.h"

static bool is_stdout(const char* path) {
  return path && strcmp(path, "-") == 0;
}

static bool same_file(const char* a, const char* b) {
  struct stat first;
  struct stat second;
  if (strcmp(a, b) == 0)
    return true;
  return stat(a, &first) == 0 && stat(b, &second) == 0 && S_ISREG(first.st_mode) &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool dt__outputs_agree(const dt__output* outputs, size_t count, const char* input,
                       char message[DT__MESSAGE_MAX]) {
  for (size_t i = 0; i < count; i++) {
    const char* path = outputs[i].path;
    if (!path)
      continue;
    if (input && !is_stdout(path) && same_file(path, input)) {
      snprintf(message, DT__MESSAGE_MAX,
               "%s would write over the take itself, %.120s; name another file", outputs[i].option,
               input);
      return false;
    }
    for (size_t j = i + 1; j < count; j++) {
      if (!outputs[j].path || is_stdout(path) != is_stdout(outputs[j].path) ||
          !same_file(path, outputs[j].path))
        continue;
      snprintf(message, DT__MESSAGE_MAX, "two outputs to %.120s: %s and %s; name different files",
               is_stdout(path) ? "standard output" : path, outputs[i].option, outputs[j].option);
      return false;
    }
  }
  return true;
}

bool dt__outputs_silence_text(const dt__output* outputs, size_t count, const dt__globals* globals) {
  for (size_t i = 0; i < count; i++)
    if (is_stdout(outputs[i].path) || (globals->quiet && outputs[i].path))
      return true;
  return false;
}

int dt__outputs_write(const dt__output* outputs, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const dt__output* output = &outputs[i];
    if (!output->path)
      continue;
    if (dt__stop_asked())
      return dt__stopped_status();
    dt_error err = {0};
    dt_outfile file;
    dt_status status = dt_outfile_open(&file, output->path, &err);
    if (status != DT_OK)
      return dt__world_error(output->path, status, &err);
    status = output->write(output->context, dt_file_sink(file.file));
    if (status != DT_OK || dt__stop_asked()) {
      dt_outfile_abandon(&file);
      return dt__world_error(output->path, status, NULL);
    }
    status = dt_outfile_commit(&file, &err);
    if (status != DT_OK)
      return dt__world_error(output->path, status, &err);
  }
  return DT__DONE;
}

int dt__print(dt_status (*write)(void* context, dt_sink sink), void* context) {
  dt_status status = write(context, dt_file_sink(stdout));
  if (status == DT_OK && fflush(stdout) == 0)
    return DT__DONE;
  return dt__world_error("standard output", status == DT_OK ? DT_IO : status, NULL);
}

dt_status dt__write_midi(void* take, dt_sink sink) {
  dt_smf smf;
  dt_status status = dt_smf_from_take(&smf, NULL, take);
  if (status != DT_OK)
    return status;
  status = dt_smf_write(&smf, sink);
  dt_smf_clear(&smf, NULL);
  return status;
}
