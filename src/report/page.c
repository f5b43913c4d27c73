#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report_internal.h"

void dt__put(dt__page* page, const char* format, ...) {
  if (page->status != DT_OK)
    return;
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0)
    return;
  page->status = dt_sink_write(page->sink, text, strlen(text));
}

size_t dt__columns(const char* text) {
  size_t columns = 0;
  for (; *text; text++)
    columns += ((unsigned char)*text & 0xC0) != 0x80;
  return columns;
}

void dt__put_wrapped(dt__page* page, const char* text, const char* before, const char* after) {
  char line[DT_REPORT_COLUMNS * 4 + 1];
  char word[DT_REPORT_COLUMNS * 2];
  line[0] = '\0';
  before = before ? before : "";
  after = after ? after : "";
  while (*text) {
    size_t length = strcspn(text, " ");
    size_t kept = length < sizeof word - 1 ? length : sizeof word - 1;
    memcpy(word, text, kept);
    word[kept] = '\0';
    text += length;
    text += strspn(text, " ");
    if (line[0] && dt__columns(line) + 1 + dt__columns(word) > DT_REPORT_COLUMNS) {
      dt__put(page, "%s%s%s\n", before, line, after);
      line[0] = '\0';
    }
    size_t used = strlen(line);
    snprintf(line + used, sizeof line - used, "%s%s", used ? " " : "", word);
  }
  if (line[0])
    dt__put(page, "%s%s%s\n", before, line, after);
}

char* dt__fixed(char* text, size_t size, double value, int decimals, bool plus) {
  snprintf(text, size, plus ? "%+.*f" : "%.*f", decimals, value);
  bool is_zero = strpbrk(text, "123456789") == NULL && isfinite(value);
  if (is_zero)
    snprintf(text, size, plus ? "%+.*f" : "%.*f", decimals, 0.0);
  return text;
}

const char* dt__base_name(const char* path) {
  const char* slash = path ? strrchr(path, '/') : NULL;
  return slash ? slash + 1 : path;
}

const dt_judged* dt__judged_next(const dt_verdict* verdict, size_t* cursor, size_t index) {
  if (!verdict)
    return NULL;
  while (*cursor < verdict->judged_count && verdict->judged[*cursor].stroke < index)
    ++*cursor;
  if (*cursor < verdict->judged_count && verdict->judged[*cursor].stroke == index)
    return &verdict->judged[*cursor];
  return NULL;
}
