#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char* begin(const char* at) {
  return at + strspn(at, " \t");
}

static bool is_over(char c) {
  return c == '\0' || c == ' ' || c == '\t' || c == '\n';
}

/* A number is begun by a digit or a sign: strtol and strtod would pass over a line's end, and take
 * words such as "nan". */
static bool begins_number(const char* from) {
  from += *from == '-' || *from == '+';
  return *from >= '0' && *from <= '9';
}

bool dt__scan_word(const char** at, const char* word) {
  const char* from = begin(*at);
  const size_t length = strlen(word);
  if (strncmp(from, word, length) != 0 || !is_over(from[length]))
    return false;
  *at = from + length;
  return true;
}

bool dt__scan_whole(const char** at, int64_t low, int64_t high, int64_t* value) {
  const char* from = begin(*at);
  char* end = NULL;
  if (!begins_number(from))
    return false;
  errno = 0;
  const long long number = strtoll(from, &end, 10);
  if (errno != 0 || !is_over(*end) || number < low || number > high)
    return false;
  *value = number;
  *at = end;
  return true;
}

bool dt__scan_seed(const char** at, uint64_t* value) {
  const char* from = begin(*at);
  char* end = NULL;
  if (*from < '0' || *from > '9')
    return false;
  errno = 0;
  const unsigned long long number = strtoull(from, &end, 10);
  if (errno != 0 || !is_over(*end))
    return false;
  *value = number;
  *at = end;
  return true;
}

bool dt__scan_real(const char** at, double low, double high, double* value) {
  const char* from = begin(*at);
  char* end = NULL;
  if (!begins_number(from))
    return false;
  const double number = strtod(from, &end);
  if (!is_over(*end) || !(number >= low && number <= high))
    return false;
  *value = number;
  *at = end;
  return true;
}

bool dt__scan_name(const char** at, char* name, int size) {
  const char* from = begin(*at);
  const int length = (int)strcspn(from, " \t\n");
  if (length == 0 || length >= size)
    return false;
  memcpy(name, from, (size_t)length);
  name[length] = '\0';
  *at = from + length;
  return true;
}

bool dt__scan_line(const char** at) {
  const char* from = begin(*at);
  if (*from != '\n')
    return false;
  *at = from + 1;
  return true;
}

bool dt__scan_end(const char** at) {
  return *begin(*at) == '\0';
}
