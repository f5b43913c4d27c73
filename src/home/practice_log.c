#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_log.h"
#include "dt/past_text.h"

#define LOG_BYTES_MAX ((size_t)64 << 20)

bool dt_practice_log_default(char* path, size_t size) {
  return dt_home_beside(path, size, NULL, "practice.log");
}

static dt_status add(dt_past** past, size_t* count, const dt_past* one, dt_error* err) {
  dt_past* more = dt_resize(NULL, *past, *count * sizeof *more, (*count + 1) * sizeof *more);
  if (!more)
    return dt_fail(err, DT_NO_MEMORY, "No memory for the history");
  *past = more;
  more[(*count)++] = *one;
  return DT_OK;
}

dt_status dt_practice_log_read(const char* path, dt_past** past, size_t* count, dt_error* err) {
  char own[DT_HOME_PATH];
  *past = NULL;
  *count = 0;
  if (!path && dt_practice_log_default(own, sizeof own))
    path = own;
  if (!path || access(path, F_OK) != 0)
    return DT_OK;
  dt_buffer text = {0};
  dt_status status = dt_file_read(&text, path, LOG_BYTES_MAX, err);
  const char* at = (const char*)text.bytes;
  const char* end = at ? at + text.size : at;
  for (size_t line = 1; status == DT_OK && at < end; line++) {
    const char* stop = memchr(at, '\n', (size_t)(end - at));
    dt_past one;
    if (!stop)
      break;
    if (!dt_past_read(at, &one))
      status = dt_fail(err, DT_BAD_DATA, "Line %zu is no practice; move the file away", line);
    else
      status = add(past, count, &one, err);
    at = stop + 1;
  }
  dt_buffer_clear(&text);
  return status;
}

dt_status dt_practice_log_add(const char* path, const dt_past* past, dt_error* err) {
  char own[DT_HOME_PATH];
  if (!path && dt_practice_log_default(own, sizeof own))
    path = own;
  if (!path)
    return dt_fail(err, DT_NOT_FOUND, "There is no home folder (HOME is not set)");
  FILE* file = fopen(path, "a");
  bool wrote = file && dt_past_write(file, past);
  wrote = wrote && fflush(file) == 0 && fsync(fileno(file)) == 0;
  if (file && fclose(file) != 0)
    wrote = false;
  return wrote ? DT_OK : dt_fail(err, DT_IO, "%s", strerror(errno));
}
