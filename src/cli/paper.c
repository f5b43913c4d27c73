#include "paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void dt__write(dt__paper* paper, const char* format, ...) {
  if (paper->status != DT_OK)
    return;
  char text[2048];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length > 0)
    paper->status = dt_sink_write(paper->sink, text, strlen(text));
}
