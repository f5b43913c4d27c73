#include "dt/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "json_internal.h"
#include "utf8_internal.h"

static void put(dt_json* json, const char* bytes, size_t size) {
  if (!json->failed && dt_sink_write(json->sink, bytes, size) != DT_OK)
    json->failed = true;
}

static void put_text(dt_json* json, const char* text) {
  put(json, text, strlen(text));
}

static void put_escape(dt_json* json, unsigned char byte) {
  static const char hex[] = "0123456789abcdef";
  const char* const named = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";
  const char* found = strchr(named, byte);
  if (found != NULL) {
    const char escape[2] = {'\\', letters[found - named]};
    put(json, escape, sizeof escape);
    return;
  }
  const char escape[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
  put(json, escape, sizeof escape);
}

static void put_quoted(dt_json* json, const char* text) {
  const unsigned char* at = (const unsigned char*)text;
  const unsigned char* clean = at; /* Bytes from here to `at` go out as they are. */
  put_text(json, "\"");
  while (*at != '\0') {
    const size_t length = dt__utf8_length(at);
    const bool plain = length > 0 && *at >= 0x20 && *at != '"' && *at != '\\';
    if (plain) {
      at += length;
      continue;
    }
    put(json, (const char*)clean, (size_t)(at - clean));
    if (length == 0)
      put_text(json, "\xEF\xBF\xBD");
    else
      put_escape(json, *at);
    clean = ++at;
  }
  put(json, (const char*)clean, (size_t)(at - clean));
  put_text(json, "\"");
}

static void put_new_line(dt_json* json) {
  if (json->is_compact)
    return;
  put_text(json, "\n");
  for (int i = 0; i < json->depth; ++i)
    put_text(json, "  ");
}

/* What stands before a value: comma, line, key. */
static void start_value(dt_json* json, const char* key) {
  const int level = json->depth;
  assert(level > 0 || !json->has_items[0]); /* one value at the top */
  assert((key != NULL) == json->is_object[level]);
  if (level > 0) {
    if (json->has_items[level])
      put_text(json, ",");
    put_new_line(json);
  }
  json->has_items[level] = true;
  if (key != NULL) {
    put_quoted(json, key);
    put_text(json, json->is_compact ? ":" : ": ");
  }
}

static void begin(dt_json* json, const char* key, bool is_object) {
  assert(json->depth < DT_JSON_DEPTH);
  start_value(json, key);
  put_text(json, is_object ? "{" : "[");
  ++json->depth;
  json->has_items[json->depth] = false;
  json->is_object[json->depth] = is_object;
}

static void end(dt_json* json, bool is_object) {
  assert(json->depth > 0 && json->is_object[json->depth] == is_object);
  const bool had_items = json->has_items[json->depth];
  --json->depth;
  if (had_items)
    put_new_line(json);
  put_text(json, is_object ? "}" : "]");
}

void dt_json_begin_object(dt_json* json, const char* key) {
  begin(json, key, true);
}

void dt_json_end_object(dt_json* json) {
  end(json, true);
}

void dt_json_begin_array(dt_json* json, const char* key) {
  begin(json, key, false);
}

void dt_json_end_array(dt_json* json) {
  end(json, false);
}

void dt_json_string(dt_json* json, const char* key, const char* value) {
  start_value(json, key);
  if (value != NULL)
    put_quoted(json, value);
  else
    put_text(json, "null");
}

void dt_json_int(dt_json* json, const char* key, int64_t value) {
  char text[32];
  (void)snprintf(text, sizeof text, "%" PRId64, value);
  start_value(json, key);
  put_text(json, text);
}

void dt_json_bool(dt_json* json, const char* key, bool value) {
  start_value(json, key);
  put_text(json, value ? "true" : "false");
}

void dt_json_null(dt_json* json, const char* key) {
  start_value(json, key);
  put_text(json, "null");
}

size_t dt__json_tidy_number(char* text) {
  size_t size = 0;
  bool is_zero = true;
  for (const char* at = text; *at != '\0'; ++at) {
    const bool is_digit = *at >= '0' && *at <= '9';
    if (is_digit || *at == '-')
      text[size++] = *at;
    else if (text[size - 1] != '.')
      text[size++] = '.';
    is_zero = is_zero && !(is_digit && *at != '0');
  }
  if (is_zero && text[0] == '-')
    memmove(text, text + 1, --size);
  text[size] = '\0';
  return size;
}

void dt_json_number(dt_json* json, const char* key, double value, int decimals) {
  assert(decimals >= 0 && decimals <= 9);
  start_value(json, key);
  if (!isfinite(value)) {
    put_text(json, "null");
    return;
  }
  char text[352]; /* sign, 309 digits, point of any locale, 9 decimals */
  (void)snprintf(text, sizeof text, "%.*f", decimals, value);
  put(json, text, dt__json_tidy_number(text));
}

dt_status dt_json_finish(dt_json* json) {
  assert(json->depth == 0 && json->has_items[0]);
  put_text(json, "\n");
  return json->failed ? DT_IO : DT_OK;
}
