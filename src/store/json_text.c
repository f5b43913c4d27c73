#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/json.h"
#include "store_internal.h"

/*
 * JSON as text: what was parsed elsewhere and found good is cut and squeezed here without touching
 * a digit. On anything that is not JSON these functions stay inside the text and give some bytes.
 */
typedef struct reader {
  const char* text;
  size_t size;
  size_t at;
} reader;

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(reader* r) {
  while (r->at < r->size && is_space(r->text[r->at]))
    ++r->at;
}

/* From a quote to behind its partner. */
static void skip_string(reader* r) {
  for (++r->at; r->at < r->size && r->text[r->at] != '"'; ++r->at)
    if (r->text[r->at] == '\\')
      ++r->at;
  r->at = r->at < r->size ? r->at + 1 : r->size;
}

/* From a value's first character to behind its last, whatever is nested in it. */
static void skip_value(reader* r) {
  size_t depth = 0;
  while (r->at < r->size) {
    const char c = r->text[r->at];
    if (c == '"') {
      skip_string(r);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']'))
      return;
    depth += c == '{' || c == '[';
    depth -= c == '}' || c == ']';
    ++r->at;
  }
}

/* The next member of an object whose brace, or last member, stands before at. */
typedef struct member {
  const char* name; /* between its quotes, as written */
  size_t name_size;
  const char* value;
  size_t value_size;
} member;

static bool next_member(reader* r, member* m) {
  skip_space(r);
  if (r->at < r->size && r->text[r->at] == ',') {
    ++r->at;
    skip_space(r);
  }
  if (r->at >= r->size || r->text[r->at] != '"')
    return false;
  const size_t name = r->at + 1;
  skip_string(r);
  *m = (member){.name = r->text + name, .name_size = r->at > name ? r->at - name - 1 : 0};
  skip_space(r);
  if (r->at < r->size && r->text[r->at] == ':')
    ++r->at;
  skip_space(r);
  m->value = r->text + r->at;
  const size_t start = r->at;
  skip_value(r);
  m->value_size = r->at - start;
  return true;
}

static bool has_name(const member* m, const char* name) {
  return m->name_size == strlen(name) && memcmp(m->name, name, m->name_size) == 0;
}

/* Everything but the white space between words. */
static dt_status put_tight(dt_sink sink, const char* text, size_t size) {
  reader r = {text, size, 0};
  dt_status status = DT_OK;
  while (r.at < size && status == DT_OK) {
    const size_t start = r.at;
    while (r.at < size && !is_space(text[r.at])) {
      if (text[r.at] == '"')
        skip_string(&r);
      else
        ++r.at;
    }
    if (r.at > start)
      status = dt_sink_write(sink, text + start, r.at - start);
    skip_space(&r);
  }
  return status;
}

static dt_status put_member(dt_sink sink, const member* m, bool first) {
  dt_status status = dt_sink_write(sink, first ? "\"" : ",\"", first ? 1 : 2);
  if (status == DT_OK)
    status = dt_sink_write(sink, m->name, m->name_size);
  if (status == DT_OK)
    status = dt_sink_write(sink, "\":", 2);
  return status == DT_OK ? put_tight(sink, m->value, m->value_size) : status;
}

dt_status dt__json_squeeze(const char* text, size_t size, const char* without, dt_sink sink) {
  reader r = {text, size, 0};
  member m;
  skip_space(&r);
  if (r.at >= size || text[r.at] != '{')
    return put_tight(sink, text, size);
  ++r.at;
  dt_status status = dt_sink_write(sink, "{", 1);
  bool first = true;
  while (status == DT_OK && next_member(&r, &m)) {
    if (without && has_name(&m, without))
      continue;
    status = put_member(sink, &m, first);
    first = false;
  }
  return status == DT_OK ? dt_sink_write(sink, "}", 1) : status;
}

bool dt__json_member(const char* text, size_t size, const char* name, const char** value,
                     size_t* value_size) {
  reader r = {text, size, 0};
  member m;
  skip_space(&r);
  if (r.at >= size || text[r.at] != '{')
    return false;
  ++r.at;
  while (next_member(&r, &m))
    if (has_name(&m, name)) {
      *value = m.value;
      *value_size = m.value_size;
      return true;
    }
  return false;
}

dt_status dt__json_exact(dt_sink sink, double value) {
  char text[40];
  if (isnan(value) || isinf(value))
    return dt_sink_write(sink, "null", 4);
  for (int digits = 15; digits <= 17; ++digits) {
    snprintf(text, sizeof text, "%.*g", digits, value + 0.0);
    if (digits == 17 || strtod(text, NULL) == value)
      break;
  }
  return dt_sink_write(sink, text, strlen(text));
}

dt_status dt__json_exact_float(dt_sink sink, float value) {
  char text[40];
  if (isnan(value) || isinf(value))
    return dt_sink_write(sink, "null", 4);
  for (int digits = 6; digits <= 9; ++digits) {
    snprintf(text, sizeof text, "%.*g", digits, (double)(value + 0.0F));
    if (digits == 9 || strtof(text, NULL) == value)
      break;
  }
  return dt_sink_write(sink, text, strlen(text));
}

dt_status dt__json_text(dt_sink sink, const char* text) {
  dt_json json = {.sink = sink};
  dt_json_string(&json, NULL, text);
  return json.failed ? DT_IO : DT_OK;
}
