#include <string.h>

#include "line_internal.h"

dt__lines dt__lines_of(const char* text, size_t size) {
  const bool has_mark = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
  return (dt__lines){.rest = {has_mark ? text + 3 : text, has_mark ? size - 3 : size}};
}

bool dt__next_line(dt__lines* lines, dt__line* line) {
  if (lines->rest.size == 0)
    return false;
  *line = lines->rest;
  const char* feed = memchr(line->text, '\n', line->size);
  if (feed != NULL)
    line->size = (size_t)(feed - line->text);
  const size_t used = line->size + (feed != NULL ? 1 : 0);
  lines->rest.text += used;
  lines->rest.size -= used;
  if (line->size > 0 && line->text[line->size - 1] == '\r')
    --line->size;
  ++lines->number;
  return true;
}

dt_drum dt__drum_in(dt__line word) {
  char name[32];
  if (word.size >= sizeof name || (word.size > 0 && memchr(word.text, '\0', word.size) != NULL))
    return DT_DRUM_COUNT;
  memcpy(name, word.text, word.size);
  name[word.size] = '\0';
  return dt_drum_from_name(name);
}

const char* dt__shown(char shown[DT__SHOWN_MAX], dt__line part) {
  size_t length = 0;
  while (length < part.size && length < DT__SHOWN_MAX - 1) {
    const char c = part.text[length];
    shown[length++] = c >= ' ' && c <= '~' ? c : '?';
  }
  if (part.size > length)
    memcpy(shown + length - 3, "...", 3);
  shown[length] = '\0';
  return shown;
}
