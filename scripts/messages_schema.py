"""What src/stage/messages.json says, checked as it is read; scripts/messages.py tells of its form."""

import json
import re
import sys

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
