#ifndef DT_JSON_H
#define DT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/sink.h"

/*
 * Streaming JSON writer without an object model (RFC 8259, UTF-8, two-space indent, keys in the
 * order written). Zero-initialise, set sink, call begin/end in pairs; dt_json_finish writes the
 * last newline. Same calls, same bytes, on every machine: numbers are written with a fixed number
 * of decimals, -0 as 0, and NAN or infinity as null ("not known").
 *
 * With is_compact nothing stands between the signs: one line, as a socket's frame or a line of a
 * log wants it (dt_json_finish still ends the line).
 *
 * Misuse (a value without its key, unbalanced ends, deeper than DT_JSON_DEPTH) is a bug: assert.
 * A failing sink is remembered and reported by dt_json_finish. Strings that are not valid UTF-8
 * get U+FFFD in place of each bad byte.
 */
#define DT_JSON_DEPTH 32

typedef struct dt_json {
  dt_sink sink;
  int depth;
  bool has_items[DT_JSON_DEPTH + 1]; /* [0] is the top, outside everything */
  bool is_object[DT_JSON_DEPTH + 1];
  bool failed;
  bool is_compact;
} dt_json;

/* key is NULL inside an array and at the top, and required inside an object. */
void dt_json_begin_object(dt_json* json, const char* key);
void dt_json_end_object(dt_json* json);
void dt_json_begin_array(dt_json* json, const char* key);
void dt_json_end_array(dt_json* json);
void dt_json_string(dt_json* json, const char* key, const char* value); /* NULL value: null */
void dt_json_int(dt_json* json, const char* key, int64_t value);
void dt_json_bool(dt_json* json, const char* key, bool value);
void dt_json_null(dt_json* json, const char* key);

/* decimals 0..9 digits after the point. */
void dt_json_number(dt_json* json, const char* key, double value, int decimals);

/* Everything closed and written? Errors: DT_IO when the sink refused a byte. */
dt_status dt_json_finish(dt_json* json) DT_NODISCARD;

#endif
