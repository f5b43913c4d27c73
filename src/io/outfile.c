#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io_internal.h"

static char* copy_with(const char* text, const char* ending) {
  const size_t size = strlen(text) + strlen(ending) + 1;
  char* copy = malloc(size);
  if (copy != NULL)
    snprintf(copy, size, "%s%s", text, ending);
  return copy;
}

static void forget(dt_outfile* out) {
  free(out->path);
  free(out->part_path);
  *out = (dt_outfile){.file = NULL};
}

static dt_status cannot_write(dt_error* err) {
  const int error = errno;
  const dt_status status = error == ENOENT || error == ENOTDIR ? DT_NOT_FOUND : DT_IO;
  const char* advice = error == ENOENT || error == ENOTDIR ? "make its folder first"
                       : error == EACCES || error == EROFS ? "choose another folder"
                       : error == ENOSPC                   ? "free some space"
                       : error == EISDIR                   ? "name a file in it"
                                                           : "try another name";
  return dt_fail(err, status, "The file cannot be written (%s): %s", strerror(error), advice);
}

dt_status dt_outfile_open(dt_outfile* out, const char* path, dt_error* err) {
  *out = (dt_outfile){.file = NULL};
  if (strcmp(path, "-") == 0) {
    out->file = stdout;
    return DT_OK;
  }
  out->path = copy_with(path, "");
  /* A pipe or a device cannot be renamed over: it is written directly. */
  const bool is_direct = dt__is_spooled(path);
  out->part_path = is_direct ? NULL : copy_with(path, ".part");
  if (out->path == NULL || (out->part_path == NULL && !is_direct)) {
    forget(out);
    return dt_fail(err, DT_NO_MEMORY, "There is not enough memory to write this");
  }
  out->file = fopen(is_direct ? path : out->part_path, "wb");
  if (out->file == NULL) {
    const dt_status status = cannot_write(err);
    forget(out);
    return status;
  }
  return DT_OK;
}

/* On the disk before the name: a plugged-out machine keeps the old file or has the new one. */
static bool close_whole(dt_outfile* out) {
  bool ok = fflush(out->file) == 0 && !ferror(out->file);
  if (out->part_path != NULL)
    ok = ok && fsync(fileno(out->file)) == 0;
  const int error = errno;
  if (fclose(out->file) != 0)
    return false;
  if (!ok)
    errno = error;
  return ok;
}

dt_status dt_outfile_commit(dt_outfile* out, dt_error* err) {
  if (out->path == NULL) {
    const bool ok = fflush(stdout) == 0 && !ferror(stdout);
    forget(out);
    return ok ? DT_OK : dt_fail(err, DT_IO, "Writing failed (%s)", strerror(errno));
  }
  bool ok = close_whole(out);
  if (ok && out->part_path != NULL)
    ok = rename(out->part_path, out->path) == 0;
  dt_status status = DT_OK;
  if (!ok) {
    status = cannot_write(err);
    if (out->part_path != NULL)
      unlink(out->part_path);
  }
  forget(out);
  return status;
}

void dt_outfile_abandon(dt_outfile* out) {
  if (out->file != NULL && out->path != NULL)
    fclose(out->file);
  if (out->part_path != NULL)
    unlink(out->part_path);
  forget(out);
}
