#include "dt/error.h"

#include <stdarg.h>
#include <stdio.h>

dt_status dt_fail(dt_error* err, dt_status status, const char* format, ...) {
  if (err == NULL)
    return status;
  err->status = status;
  va_list args;
  va_start(args, format);
  if (vsnprintf(err->sentence, sizeof err->sentence, format, args) < 0)
    err->sentence[0] = '\0';
  va_end(args);
  return status;
}
