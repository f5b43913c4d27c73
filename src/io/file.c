#include "dt/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "io_internal.h"

static dt_status write_file(void* ctx, const void* bytes, size_t size) {
  return fwrite(bytes, 1, size, ctx) == size ? DT_OK : DT_IO;
}

dt_sink dt_file_sink(FILE* file) {
  return (dt_sink){write_file, file};
}

bool dt__is_spooled(const char* path) {
  struct stat about;
  if (strcmp(path, "-") == 0)
    return true;
  return stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

static dt_status cannot_open(dt_error* err) {
  if (errno == ENOENT || errno == ENOTDIR)
    return dt_fail(err, DT_NOT_FOUND, "There is no such file: check the name");
  if (errno == EACCES)
    return dt_fail(err, DT_IO, "You may not read this file: change its permissions");
  return dt_fail(err, DT_IO, "The file cannot be opened (%s)", strerror(errno));
}

static dt_status read_blocks(dt_buffer* buffer, FILE* file, const char* path, size_t max_bytes,
                             dt_error* err) {
  unsigned char block[16384];
  size_t count;
  while ((count = fread(block, 1, sizeof block, file)) > 0) {
    if (count > max_bytes - buffer->size)
      return dt_fail(err, DT_TOO_LARGE, "There is more than %zu MiB, the limit for this: %s",
                     max_bytes >> 20,
                     dt__is_spooled(path) ? "save it to a file and name that" : "split it");
    if (dt_sink_write(dt_buffer_sink(buffer), block, count) != DT_OK)
      return dt_fail(err, DT_NO_MEMORY, "There is not enough memory to read this");
  }
  if (ferror(file))
    return dt_fail(err, DT_IO, "Reading failed (%s)", strerror(errno));
  return DT_OK;
}

dt_status dt_file_read(dt_buffer* buffer, const char* path, size_t max_bytes, dt_error* err) {
  dt_buffer_clear(buffer);
  const bool is_input = strcmp(path, "-") == 0;
  FILE* file = is_input ? stdin : fopen(path, "rb");
  if (file == NULL)
    return cannot_open(err);
  struct stat about;
  dt_status status;
  if (fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode))
    status = dt_fail(err, DT_IO, "This is a folder, not a file: name one of the files in it");
  else
    status = read_blocks(buffer, file, path, max_bytes, err);
  if (!is_input)
    fclose(file);
  if (status != DT_OK)
    dt_buffer_clear(buffer);
  return status;
}
