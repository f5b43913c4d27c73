#include "head.h"

#include <string.h>
#include <strings.h>

#include "guard.h"

static const char* const names[] = {
#define NAME(name, text) text,
    DT__HEADERS(NAME)
#undef NAME
};

/* RFC 9110 5.6.2 */
static bool is_token_sign(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static size_t token_length(const char* text) {
  size_t length = 0;
  while (is_token_sign(text[length]))
    length++;
  return length;
}

/* Where the head ends: behind the first CR LF CR LF; 0: not yet there. */
static size_t head_end(const char* bytes, size_t size) {
  for (size_t i = 3; i < size; i++)
    if (bytes[i] == '\n' && memcmp(bytes + i - 3, "\r\n\r\n", 4) == 0)
      return i + 1;
  return 0;
}

/* Only CR LF ends a line, and nothing but a tab is below the space. */
static bool is_clean(const char* bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    const unsigned char c = (unsigned char)bytes[i];
    const bool is_cr = c == '\r' && i + 1 < size && bytes[i + 1] == '\n';
    const bool is_lf = c == '\n' && i > 0 && bytes[i - 1] == '\r';
    if ((c < 0x20 && c != '\t' && !is_cr && !is_lf) || c == 0x7F)
      return false;
  }
  return true;
}

static bool has_escape(const char* text, char high, char low) {
  for (const char* at = strchr(text, '%'); at; at = strchr(at + 1, '%'))
    if (at[1] == high && (at[2] == low || at[2] == low - 'a' + 'A'))
      return true;
  return false;
}

/* "/path?query": signs that an address may have and nothing else; a slash or a backslash is never
 * written as an escape. */
static int read_target(dt__head* head, char* target) {
  for (const char* at = target; *at; at++)
    if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7F || strchr("\"<>\\^`{|}#", *at))
      return 400;
  char* mark = strchr(target, '?');
  head->query = mark ? mark + 1 : "";
  if (mark)
    *mark = '\0';
  if (strlen(target) >= DT__PATH_MAX || strlen(head->query) >= DT__QUERY_MAX)
    return 414;
  if (has_escape(target, '2', 'f') || has_escape(target, '5', 'c') ||
      !dt__guard_decode(target, strlen(target), false, head->path, sizeof head->path) ||
      !dt__guard_path(head->path))
    return 400;
  return 0;
}

static int read_first_line(dt__head* head, char* line) {
  const size_t method = token_length(line);
  if (method == 0 || method > 16 || line[method] != ' ')
    return 400;
  line[method] = '\0';
  head->method = line;
  char* target = line + method + 1;
  char* space = strchr(target, ' ');
  if (!space)
    return 400;
  *space = '\0';
  head->is_old = strcmp(space + 1, "HTTP/1.0") == 0;
  if (!head->is_old && strcmp(space + 1, "HTTP/1.1") != 0)
    return strncmp(space + 1, "HTTP/", 5) == 0 ? 505 : 400;
  return read_target(head, target);
}

static int read_line(dt__head* head, char* line) {
  const size_t length = token_length(line);
  if (length == 0 || line[length] != ':')
    return 400;
  line[length] = '\0';
  char* value = line + length + 1;
  value += strspn(value, " \t");
  size_t size = strlen(value);
  while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
    value[--size] = '\0';
  for (int i = 0; i < DT__HEADER_COUNT; i++)
    if (strcasecmp(line, names[i]) == 0) {
      if (head->headers[i])
        return 400; /* twice */
      head->headers[i] = value;
    }
  return 0;
}

bool dt__head_has(const char* value, const char* word) {
  const size_t length = strlen(word);
  for (const char* at = value; *at;) {
    at += strspn(at, ", \t");
    const size_t part = strcspn(at, ", \t");
    if (part == length && strncasecmp(at, word, length) == 0)
      return true;
    at += part;
  }
  return false;
}

/* What follows from the headers. An empty Content-Length is none that is understood. */
static int settle(dt__head* head) {
  const bool has_length = head->headers[DT__HEADER_LENGTH] != NULL;
  if (head->headers[DT__HEADER_ENCODING])
    return 501;
  if (!head->headers[DT__HEADER_HOST] ||
      (has_length && !dt__guard_length(head->headers[DT__HEADER_LENGTH], &head->length)))
    return 400;
  for (int i = 0; i < DT__HEADER_COUNT; i++)
    if (!head->headers[i])
      head->headers[i] = "";
  head->closes = head->is_old || dt__head_has(head->headers[DT__HEADER_CONNECTION], "close");
  return 0;
}

static int read_all(dt__head* head, size_t size) {
  char* line = head->text;
  int lines = 0;
  int status = 0;
  while (status == 0 && line < head->text + size - 2) {
    char* end = strstr(line, "\r\n");
    *end = '\0';
    status = lines == 0 ? read_first_line(head, line) : read_line(head, line);
    if (++lines > DT__HEAD_LINES)
      return 431;
    line = end + 2;
  }
  return status ? status : settle(head);
}

long dt__head_read(dt__head* head, const char* bytes, size_t size, int* status) {
  const size_t seen = size < DT__HEAD_MAX ? size : DT__HEAD_MAX;
  const size_t end = head_end(bytes, seen);
  *status = 0;
  if (!is_clean(bytes, end ? end : seen - (seen > 0 && bytes[seen - 1] == '\r')))
    *status = 400;
  else if (end == 0 && size >= DT__HEAD_MAX)
    *status = 431;
  if (*status)
    return -1;
  if (end == 0)
    return 0;
  memset(head, 0, sizeof *head);
  memcpy(head->text, bytes, end);
  head->text[end] = '\0';
  *status = read_all(head, end);
  return *status ? -1 : (long)end;
}
