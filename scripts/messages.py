#!/usr/bin/env python3
"""Makes both sides of the stage's messages from src/stage/messages.json.

  messages.py --ts FILE   types, readMessage and writeMessage for the page
  messages.py --h FILE    a struct and a writer for each message to the page, and the reader's
  messages.py --c FILE    declarations; their bodies

A field is "KIND" or "KIND?" (null: not known) with words about it after a colon. KIND is number,
integer, string, boolean, the name of an enum or a type, or a type with [] after it.
"""

import argparse
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "..", "src", "stage", "messages.json")
PLAIN = {"number", "integer", "string", "boolean"}
STRING_MAX = 64  # bytes of a string from a page


class Field:
    def __init__(self, schema, name, text):
        kind, _, self.about = (part.strip() for part in text.partition(":"))
        self.name = name
        self.optional = kind.endswith("?")
        kind = kind.rstrip("?")
        self.is_array = kind.endswith("[]")
        self.kind = kind[:-2] if self.is_array else kind
        self.is_enum = self.kind in schema["enums"]
        self.is_type = self.kind in schema["types"]
        if not (self.kind in PLAIN or self.is_enum or self.is_type) or (
            self.is_type != self.is_array
        ):
            sys.exit(f'messages.json: field "{name}": there is no kind "{text}"')
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name in ("v", "seq", "type"):
            sys.exit(f'messages.json: "{name}" is no name for a field')

    @property
    def count_name(self):
        return self.name.rstrip("s") + "_count"


class Message:
    def __init__(self, schema, name, fields):
        self.name = name
        self.about = fields.get("about", "")
        self.fields = [Field(schema, n, t) for n, t in fields.items() if n != "about"]


class Schema:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            raw = json.load(file)
        self.version = raw["version"]
        self.enums = raw["enums"]
        for part in ("types", "to_page", "from_page"):
            setattr(self, part, [Message(raw, n, f) for n, f in raw[part].items()])


# ---------------------------------------------------------------- TypeScript


def camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


def ts_kind(field):
    if field.is_enum or field.is_type:
        kind = camel(field.kind)
    else:
        kind = "number" if field.kind == "integer" else field.kind
    return kind + ("[]" if field.is_array else "") + (" | null" if field.optional else "")


def ts_interface(message, name, is_message, lines):
    if message.about:
        lines.append(f"/** {message.about} */")
    lines.append(f"export interface {name} {{")
    if is_message:
        lines.append(f'  type: "{message.name}";')
    if is_message == "to_page":
        lines.append("  /** Counts up by one; not there in hello, pong and the state as it is now. */")
        lines.append("  seq?: number;")
    for field in message.fields:
        if field.about:
            lines.append(f"  /** {field.about} */")
        lines.append(f"  {field.name}: {ts_kind(field)};")
    lines += ["}", ""]


def ts_spec(message):
    fields = []
    for field in message.fields:
        kind = field.kind + ("[]" if field.is_array else "") + ("?" if field.optional else "")
        fields.append(f'{field.name}: "{kind}"')
    return "{ " + ", ".join(fields) + " }"


TS_READER = """
type Fields = Readonly<Record<string, string>>;
type Raw = Record<string, unknown>;

function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case "number":
      return typeof value === "number";
    case "integer":
      return Number.isSafeInteger(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
  }
  const words = ENUMS[kind];
  if (words) return typeof value === "string" && words.includes(value);
  const fields = TYPES[kind];
  return fields !== undefined && isRaw(value) && hasFields(value, fields);
}

function hasFields(raw: Raw, fields: Fields): boolean {
  for (const name in fields) {
    let kind = fields[name] as string;
    if (kind.endsWith("?")) {
      if (raw[name] === undefined) raw[name] = null;
      if (raw[name] === null) continue;
      kind = kind.slice(0, -1);
    }
    const value = raw[name];
    if (kind.endsWith("[]")) {
      const item = kind.slice(0, -2);
      if (!Array.isArray(value) || !value.every((one) => isOfKind(one, item))) return false;
    } else if (!isOfKind(value, kind)) return false;
  }
  return true;
}

function parse(text: string): Raw | null {
  try {
    const raw: unknown = JSON.parse(text);
    return isRaw(raw) && raw["v"] === SCHEMA_VERSION ? raw : null;
  } catch {
    return null;
  }
}

/** A frame of the server; null when it is damaged, of another version, or of an unknown type. */
export function readMessage(text: string): Message | null {
  const raw = parse(text);
  if (!raw || typeof raw["type"] !== "string") return null;
  const fields = Object.hasOwn(TO_PAGE, raw["type"]) ? TO_PAGE[raw["type"]] : undefined;
  if (!fields || !hasFields(raw, fields)) return null;
  if (raw["seq"] !== undefined && !Number.isSafeInteger(raw["seq"])) return null;
  return raw as unknown as Message;
}

/** The seq of any frame, also one of a type that this page does not know; null where it has none. */
export function seqOf(text: string): number | null {
  const seq = parse(text)?.["seq"];
  return Number.isSafeInteger(seq) ? (seq as number) : null;
}

/** A frame for the server. */
export function writeMessage(message: PageMessage): string {
  return JSON.stringify({ v: SCHEMA_VERSION, ...message });
}
"""


def typescript(schema):
    lines = [
        "// Made by scripts/messages.py from src/stage/messages.json. Do not edit.",
        "",
        f"export const SCHEMA_VERSION = {schema.version};",
        f'export const SUBPROTOCOL = "doubletime.v{schema.version}";',
        "",
    ]
    for name, words in schema.enums.items():
        union = " | ".join(f'"{word}"' for word in words)
        lines += [f"export type {camel(name)} = {union};", ""]
    for message in schema.types:
        ts_interface(message, camel(message.name), "", lines)
    for message in schema.to_page:
        ts_interface(message, camel(message.name) + "Message", "to_page", lines)
    for message in schema.from_page:
        ts_interface(message, camel(message.name) + "Message", "from_page", lines)
    for name, messages in (("Message", schema.to_page), ("PageMessage", schema.from_page)):
        union = " | ".join(camel(m.name) + "Message" for m in messages)
        lines += [f"export type {name} = {union};", ""]
    lines.append("const ENUMS: Readonly<Record<string, readonly string[]>> = {")
    lines += [f"  {name}: {json.dumps(words)}," for name, words in schema.enums.items()]
    lines.append("};")
    for name, messages in (("TYPES", schema.types), ("TO_PAGE", schema.to_page)):
        lines.append(f"const {name}: Readonly<Record<string, Readonly<Record<string, string>>>> = {{")
        lines += [f"  {m.name}: {ts_spec(m)}," for m in messages]
        lines.append("};")
    return "\n".join(lines) + "\n" + TS_READER


# ---------------------------------------------------------------- C


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schema", default=SCHEMA)
    made = {"ts": typescript, "h": header, "c": source}
    for name in made:
        parser.add_argument(f"--{name}", metavar="FILE")
    arguments = parser.parse_args()
    schema = Schema(arguments.schema)
    for name, make in made.items():
        path = getattr(arguments, name)
        if path:
            with open(path, "w", encoding="utf-8") as file:
                file.write(make(schema))


if __name__ == "__main__":
    main()
