"""The page's side of the messages: types, readMessage and writeMessage, in TypeScript."""

import json


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
