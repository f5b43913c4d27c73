#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io_internal.h"

#define NAME_MAX_BYTES 100

/* One line, at most NAME_MAX_BYTES: of a long path its end says more than its beginning. */
static void show_name(char shown[NAME_MAX_BYTES + 4], const char* path) {
  if (strcmp(path, "-") == 0)
    path = "standard input";
  const size_t length = strlen(path);
  size_t from = length > NAME_MAX_BYTES ? length - NAME_MAX_BYTES : 0;
  while (from > 0 && ((unsigned char)path[from] & 0xC0) == 0x80)
    ++from; /* not into the middle of a character */
  char* to = shown;
  if (from > 0) {
    memcpy(to, "...", 3);
    to += 3;
  }
  for (const char* c = path + from; *c != '\0'; ++c)
    *to++ = (unsigned char)*c < ' ' || *c == 0x7F ? '?' : *c;
  *to = '\0';
}

dt_status dt__fail_at(dt_error* err, dt_status status, const char* path, const char* format, ...) {
  if (err == NULL)
    return status;
  char sentence[DT_ERROR_SENTENCE_MAX];
  va_list args;
  va_start(args, format);
  if (vsnprintf(sentence, sizeof sentence, format, args) < 0)
    sentence[0] = '\0';
  va_end(args);
  char shown[NAME_MAX_BYTES + 4];
  show_name(shown, path);
  return dt_fail(err, status, "%s: %s", shown, sentence);
}

dt_status dt__fail_in(dt_error* err, const char* path) {
  if (err == NULL)
    return DT_OK;
  char sentence[DT_ERROR_SENTENCE_MAX];
  memcpy(sentence, err->sentence, sizeof sentence);
  return dt__fail_at(err, err->status, path, "%s", sentence);
}
