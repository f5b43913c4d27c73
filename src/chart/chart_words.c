#include <string.h>

#include "chart_internal.h"

size_t dt__chart_utf8(const char* at, size_t left) {
  const unsigned char* b = (const unsigned char*)at;
  if (left == 0)
    return 0;
  if (b[0] < 0x80)
    return 1;
  const size_t length = b[0] >= 0xF0 ? 4 : b[0] >= 0xE0 ? 3 : 2;
  if (b[0] < 0xC2 || b[0] > 0xF4 || length > left)
    return 0;
  for (size_t i = 1; i < length; i++)
    if ((b[i] & 0xC0) != 0x80)
      return 0;
  const bool is_overlong = (b[0] == 0xE0 && b[1] < 0xA0) || (b[0] == 0xF0 && b[1] < 0x90);
  const bool is_surrogate = b[0] == 0xED && b[1] > 0x9F;
  const bool is_past_end = b[0] == 0xF4 && b[1] > 0x8F;
  return is_overlong || is_surrogate || is_past_end ? 0 : length;
}

/* U+0080..U+009F are control characters too: a terminal may obey them. */
static bool is_control(const char* at, size_t length) {
  const unsigned char* b = (const unsigned char*)at;
  return (length == 1 && (b[0] < 0x20 || b[0] == 0x7F)) ||
         (length == 2 && b[0] == 0xC2 && b[1] < 0xA0);
}

void dt_chart_copy_text(char* to, size_t room, const char* from, size_t size) {
  size_t used = 0;
  bool is_space_due = false;
  for (size_t i = 0; i < size;) {
    const size_t length = dt__chart_utf8(from + i, size - i);
    if (length == 0 || from[i] == ' ' || is_control(from + i, length)) {
      is_space_due = used > 0;
      i += length == 0 ? 1 : length;
      continue;
    }
    if (used + is_space_due + length >= room)
      break;
    if (is_space_due)
      to[used++] = ' ';
    is_space_due = false;
    memcpy(to + used, from + i, length);
    if (from[i] == '[')
      to[used] = '(';
    if (from[i] == ']')
      to[used] = ')';
    used += length;
    i += length;
  }
  to[used] = '\0';
}

bool dt__chart_text_is_clean(const char* text, size_t room) {
  const char* end = memchr(text, '\0', room);
  if (end == NULL)
    return false;
  const size_t size = (size_t)(end - text);
  for (size_t i = 0; i < size;) {
    const size_t length = dt__chart_utf8(text + i, size - i);
    if (length == 0 || is_control(text + i, length) || text[i] == '[' || text[i] == ']')
      return false;
    if (text[i] == ' ' && (i == 0 || i + 1 == size || text[i + 1] == ' '))
      return false;
    i += length;
  }
  return true;
}
