"""The program's side of the messages: structs, writers and readers, in C."""

import json
import re
import sys

from messages_schema import STRING_MAX


def c_kind(field):
    if field.is_enum:
        return f"dt__msg_{field.kind}"
    return {"number": "double", "integer": "int64_t", "string": "const char*", "boolean": "bool"}[field.kind]


def c_fields(message, lines):
    for field in message.fields:
        about = f" /* {field.about} */" if field.about else ""
        if field.is_array:
            lines.append(f"  const dt__msg_{field.kind}* {field.name};")
            lines.append(f"  size_t {field.count_name};")
        else:
            null = {"number": "NAN", "integer": "DT__MSG_NULL", "string": "NULL"}.get(field.kind)
            if field.optional and not null:
                sys.exit(f'messages.json: field "{field.name}": a {field.kind} cannot be null')
            unknown = f" /* {null}: null */" if field.optional else ""
            lines.append(f"  {c_kind(field)} {field.name};{unknown or about}")


def c_enum(prefix, name, words, lines):
    lines.append(f"typedef enum dt__msg_{name} {{")
    lines += [f"  DT__{prefix}_{word.upper()}," for word in words]
    lines += [f"}} dt__msg_{name};", ""]


def header(schema):
    lines = [
        "/* Made by scripts/messages.py from src/stage/messages.json. Do not edit. */",
        "#ifndef DT_STAGE_MESSAGES_H",
        "#define DT_STAGE_MESSAGES_H",
        "",
        "#include <stdbool.h>",
        "#include <stddef.h>",
        "#include <stdint.h>",
        "",
        '#include "dt/sink.h"',
        "",
        f"#define DT__MSG_VERSION     {schema.version}",
        f'#define DT__MSG_SUBPROTOCOL "doubletime.v{schema.version}"',
        "#define DT__MSG_NULL        INT64_MIN /* an integer that is not known */",
        f"#define DT__MSG_STRING_MAX  {STRING_MAX} /* of a string from a page */",
        "#define DT__MSG_FRAME_MAX   ((size_t)4096) /* of a frame from a page */",
        "",
    ]
    for name, words in schema.enums.items():
        c_enum(name.upper(), name, words, lines)
        lines += [f"const char* dt__msg_{name}_name(dt__msg_{name} value);", ""]
    for message in schema.types + schema.to_page:
        if message.about:
            lines.append(f"/* {message.about} */")
        lines.append(f"typedef struct dt__msg_{message.name} {{")
        c_fields(message, lines)
        lines += [f"}} dt__msg_{message.name};", ""]
    lines += [
        "/* What can be null is; all else is 0. */",
        *[f"dt__msg_{m.name} dt__msg_{m.name}_empty(void);" for m in schema.to_page],
        "",
        '/* Append the fields, from "type" on and without braces, as dt__feed_put takes them. A NULL',
        " * string is an empty one where it cannot be null. Errors: DT_NO_MEMORY (out is as it was). */",
    ]
    for message in schema.to_page:
        lines.append(
            f"dt_status dt__msg_{message.name}_write(dt_buffer* out, const dt__msg_{message.name}* message) DT_NODISCARD;"
        )
    lines += ["", "/* What a page says. */"]
    c_enum("HEARD", "heard_type", [m.name for m in schema.from_page], lines)
    lines.append("typedef struct dt__msg_heard {")
    lines.append("  dt__msg_heard_type type;")
    lines.append("  union {")
    for message in schema.from_page:
        lines.append("    struct {")
        for field in message.fields:
            if field.is_array or field.optional:
                sys.exit(f'messages.json: field "{field.name}": pages say plain values only')
            if field.kind == "string":
                lines.append(f"      char {field.name}[DT__MSG_STRING_MAX];")
            else:
                lines.append(f"      {c_kind(field)} {field.name};")
        lines.append(f"    }} {message.name};")
    lines += [
        "  };",
        "} dt__msg_heard;",
        "",
        "/* Strict: one object of this version, of a known type, with just its fields, each of its kind",
        " * and once; at most DT__MSG_FRAME_MAX bytes. False for all else. */",
        "bool dt__msg_read(dt__msg_heard* heard, const char* text, size_t size);",
        "",
        "#endif",
        "",
    ]
    return "\n".join(lines)


def c_write(field, owner):
    value = f"{owner}->{field.name}"
    name = f'"{field.name}"'
    if field.is_array:
        return [
            f"  dt_json_begin_array(&json, {name});",
            f"  for (size_t i = 0; i < {owner}->{field.count_name}; i++)",
            f"    put_{field.kind}(&json, &{value}[i]);",
            "  dt_json_end_array(&json);",
        ]
    if field.is_enum:
        return [f"  dt_json_string(&json, {name}, dt__msg_{field.kind}_name({value}));"]
    if field.kind == "number":
        return [f"  dt_json_number(&json, {name}, {value}, 3);"]
    if field.kind == "boolean":
        return [f"  dt_json_bool(&json, {name}, {value});"]
    if field.kind == "string":
        return [f"  dt_json_string(&json, {name}, {value if field.optional else f'text_of({value})'});"]
    call = [f"  dt_json_int(&json, {name}, {value});"]
    if field.optional:
        return [f"  if ({value} == DT__MSG_NULL)", f"    dt_json_null(&json, {name});", "  else", "  " + call[0]]
    return call


C_HELPERS = """
static const char* text_of(const char* text) {
  return text ? text : "";
}

/* Begins an object in out; its braces are taken off by end_fields. */
static dt_json begin_fields(dt_buffer* out, const char* type) {
  dt_json json = {.sink = dt_buffer_sink(out), .is_compact = true};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "type", type);
  return json;
}

/* At `from` stands "{...}" and an end of line. */
static dt_status end_fields(dt_buffer* out, dt_json* json, size_t from) {
  dt_json_end_object(json);
  if (dt_json_finish(json) != DT_OK) {
    out->size = from;
    return DT_NO_MEMORY;
  }
  const size_t size = out->size - from - 3;
  memmove(out->bytes + from, out->bytes + from + 1, size);
  out->size = from + size;
  return DT_OK;
}
"""

C_READERS = """
static int which(const char* const* words, int count, const char* word) {
  for (int i = 0; i < count; i++)
    if (strcmp(words[i], word) == 0)
      return i;
  return -1;
}

static bool read_string(const json_t* root, const char* name, char* text) {
  const json_t* value = json_object_get(root, name);
  const size_t size = json_is_string(value) ? json_string_length(value) : DT__MSG_STRING_MAX;
  if (size >= DT__MSG_STRING_MAX || strlen(json_string_value(value)) != size)
    return false;
  memcpy(text, json_string_value(value), size + 1);
  return true;
}

static bool read_number(const json_t* root, const char* name, double* number) {
  const json_t* value = json_object_get(root, name);
  *number = json_number_value(value);
  return json_is_number(value) && isfinite(*number);
}

static bool read_integer(const json_t* root, const char* name, int64_t* number) {
  const json_t* value = json_object_get(root, name);
  *number = json_integer_value(value);
  return json_is_integer(value);
}

static bool read_boolean(const json_t* root, const char* name, bool* is_true) {
  const json_t* value = json_object_get(root, name);
  *is_true = json_is_true(value);
  return json_is_boolean(value);
}

static bool read_word(const json_t* root, const char* name, const char* const* words, int count,
                      int* index) {
  const char* word = json_string_value(json_object_get(root, name));
  *index = word ? which(words, count, word) : -1;
  return *index >= 0;
}
"""

C_READ = """
bool dt__msg_read(dt__msg_heard* heard, const char* text, size_t size) {
  memset(heard, 0, sizeof *heard);
  if (size > DT__MSG_FRAME_MAX)
    return false;
  json_t* root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
  int type = -1;
  int64_t version = 0;
  const bool is_good = json_is_object(root) && read_integer(root, "v", &version) &&
                       version == DT__MSG_VERSION &&
                       read_word(root, "type", heard_types, HEARD_TYPES, &type) &&
                       readers[type](heard, root);
  heard->type = (dt__msg_heard_type)type;
  json_decref(root);
  return is_good;
}
"""


def c_reader(schema, message, lines):
    lines.append(f"static bool read_{message.name}(dt__msg_heard* heard, const json_t* root) {{")
    for field in message.fields:
        target = f"heard->{message.name}.{field.name}"
        if field.is_enum:
            lines.append("  int index = -1;")
            lines.append(f'  if (!read_word(root, "{field.name}", {field.kind}_names, {len(schema.enums[field.kind])}, &index))')
            lines.append("    return false;")
            lines.append(f"  {target} = (dt__msg_{field.kind})index;")
        else:
            address = target if field.kind == "string" else "&" + target
            lines.append(f'  if (!read_{field.kind}(root, "{field.name}", {address}))')
            lines.append("    return false;")
    lines += [f"  return json_object_size(root) == {len(message.fields) + 2};", "}", ""]


def source(schema):
    lines = [
        "/* Made by scripts/messages.py from src/stage/messages.json. Do not edit. */",
        '#include "messages.h"',
        "",
        "#include <math.h>",
        "#include <string.h>",
        "",
        "#include <jansson.h>",
        "",
        '#include "dt/json.h"',
        "",
    ]
    for name, words in schema.enums.items():
        lines.append(f"static const char* const {name}_names[] = {{")
        lines += [f'    "{word}",' for word in words] + ["};", ""]
        lines += [
            f"const char* dt__msg_{name}_name(dt__msg_{name} value) {{",
            f"  return (unsigned)value < {len(words)} ? {name}_names[value] : \"\";",
            "}",
            "",
        ]
    lines.append(C_HELPERS)
    for message in schema.types:
        lines.append(f"static void put_{message.name}(dt_json* at, const dt__msg_{message.name}* item) {{")
        lines.append("  dt_json_begin_object(at, NULL);")
        for field in message.fields:
            lines += [line.replace("&json", "at") for line in c_write(field, "item")]
        lines += ["  dt_json_end_object(at);", "}", ""]
    for message in schema.to_page:
        name = f"dt__msg_{message.name}"
        lines.append(f"{name} {name}_empty(void) {{")
        nulls = [f for f in message.fields if f.optional and f.kind != "string"]
        values = {"number": "(double)NAN", "integer": "DT__MSG_NULL"}
        lines.append(f"  {name} message;")
        lines.append("  memset(&message, 0, sizeof message);")
        lines += [f"  message.{f.name} = {values[f.kind]};" for f in nulls]
        lines += ["  return message;", "}", ""]
        lines.append(f"dt_status {name}_write(dt_buffer* out, const {name}* message) {{")
        lines.append("  const size_t from = out->size;")
        lines.append(f'  dt_json json = begin_fields(out, "{message.name}");')
        for field in message.fields:
            lines += c_write(field, "message")
        lines += ["  return end_fields(out, &json, from);", "}", ""]
    kinds = {f.kind for m in schema.from_page for f in m.fields}
    readers = C_READERS
    for kind in ("string", "number", "boolean"):
        if kind not in kinds:
            readers = re.sub(rf"static bool read_{kind}\(.*?\n}}\n\n", "", readers, flags=re.S)
    lines.append(readers)
    for message in schema.from_page:
        c_reader(schema, message, lines)
    lines.append("static const char* const heard_types[] = {")
    lines += [f'    "{m.name}",' for m in schema.from_page] + ["};"]
    lines.append("enum { HEARD_TYPES = sizeof heard_types / sizeof *heard_types };")
    lines.append("static bool (*const readers[])(dt__msg_heard*, const json_t*) = {")
    lines += [f"    read_{m.name}," for m in schema.from_page] + ["};"]
    return "\n".join(lines) + "\n" + C_READ
