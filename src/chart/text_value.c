#include <stdlib.h>
#include <string.h>

#include "text_internal.h"

int dt__text_line_number(const dt__text_parser* p, const char* at) {
  int line = 1;
  for (const char* c = p->text; c < at; c++)
    line += *c == '\n' || (*c == '\r' && c + 1 < p->end && c[1] != '\n');
  return line;
}

/* Characters, not bytes; the byte order mark is none. */
int dt__text_column(const dt__text_parser* p, const char* at) {
  const char* start = at;
  while (start > p->text && start[-1] != '\n' && start[-1] != '\r')
    start--;
  int column = 1;
  for (const char* c = start; c < at; c++)
    column += ((unsigned char)*c & 0xC0) != 0x80;
  return column;
}

dt__quote dt__text_quote(dt__slice slice) {
  dt__quote quote;
  dt_chart_copy_text(quote.text, sizeof quote.text, slice.at, (size_t)(slice.end - slice.at));
  return quote;
}

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

void dt__skip_space(dt__slice* s) {
  while (s->at < s->end && is_space(*s->at))
    s->at++;
}

dt__slice dt__trimmed(dt__slice s) {
  dt__skip_space(&s);
  while (s.end > s.at && is_space(s.end[-1]))
    s.end--;
  return s;
}

dt__slice dt__take_word(dt__slice* s) {
  dt__skip_space(s);
  dt__slice word = {s->at, s->at};
  while (word.end < s->end && !is_space(*word.end))
    word.end++;
  s->at = word.end;
  return word;
}

bool dt__take_char(dt__slice* s, char c) {
  dt__skip_space(s);
  if (s->at >= s->end || *s->at != c)
    return false;
  s->at++;
  return true;
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool dt__slice_is(dt__slice s, const char* word) {
  const size_t size = strlen(word);
  if ((size_t)(s.end - s.at) != size)
    return false;
  for (size_t i = 0; i < size; i++)
    if (lower(s.at[i]) != word[i])
      return false;
  return true;
}

bool dt__is_end(dt__slice s) {
  dt__skip_space(&s);
  return s.at >= s.end || *s.at == '#';
}

static bool is_digit(const dt__slice* s) {
  return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

bool dt__take_count(dt__slice* s, int* count) {
  dt__skip_space(s);
  if (!is_digit(s))
    return false;
  int value = 0;
  for (int digits = 0; is_digit(s); s->at++) {
    if (++digits > 9)
      return false;
    value = 10 * value + (*s->at - '0');
  }
  *count = value;
  return true;
}

bool dt__take_number(dt__slice* s, double* number) {
  char text[40];
  size_t size = 0;
  int points = 0;
  dt__skip_space(s);
  for (; (is_digit(s) || (s->at < s->end && *s->at == '.')) && size + 1 < sizeof text; s->at++) {
    points += *s->at == '.';
    text[size++] = *s->at;
  }
  text[size] = '\0';
  if (size == 0 || points > 1 || (size == 1 && points == 1) || is_digit(s))
    return false;
  *number = strtod(text, NULL);
  return true;
}

dt_tick dt__take_duration(dt__slice* s) {
  int over = 0;
  int under = 0;
  if (!dt__take_count(s, &over) || s->at >= s->end)
    return 0;
  if (*s->at == 't') {
    s->at++;
    return over <= DT_CHART_STEP_MAX ? over : 0;
  }
  if (*s->at != '/')
    return 0;
  s->at++;
  if (!dt__take_count(s, &under) || under == 0)
    return 0;
  dt_tick ticks = over * WHOLE_TICKS;
  dt__slice rest = *s;
  const dt__slice word = dt__take_word(&rest);
  if (dt__slice_is(word, "triplets") || dt__slice_is(word, "triplet")) {
    *s = rest;
    ticks *= 2;
    under = under <= 300000000 ? 3 * under : under;
  }
  return ticks % under == 0 && ticks / under <= DT_CHART_STEP_MAX ? ticks / under : 0;
}

void dt__duration_text(dt_tick ticks, char text[DURATION_TEXT_MAX]) {
  dt_tick a = ticks;
  dt_tick b = WHOLE_TICKS;
  while (b != 0) {
    const dt_tick rest = a % b;
    a = b;
    b = rest;
  }
  /* A fraction of a whole note where it is one that a drummer knows, or else ticks. */
  const dt_tick parts[2] = {ticks / a, WHOLE_TICKS / a};
  const bool is_fraction = parts[1] <= 192;
  char digits[24];
  size_t used = 0;
  for (int i = 0; i < (is_fraction ? 2 : 1); i++) {
    dt_tick left = is_fraction ? parts[i] : ticks;
    size_t count = 0;
    do {
      digits[count++] = (char)('0' + left % 10);
      left /= 10;
    } while (left > 0);
    if (i > 0)
      text[used++] = '/';
    while (count > 0 && used + 2 < DURATION_TEXT_MAX)
      text[used++] = digits[--count];
  }
  if (!is_fraction)
    text[used++] = 't';
  text[used] = '\0';
}
