#!/usr/bin/env python3
"""Makes both sides of the stage's messages from src/stage/messages.json.

  messages.py --ts FILE   types, readMessage and writeMessage for the page
  messages.py --h FILE    a struct and a writer for each message to the page, and the reader's
  messages.py --c FILE    declarations; their bodies

A field is "KIND" or "KIND?" (null: not known) with words about it after a colon. KIND is number,
integer, string, boolean, the name of an enum or a type, or a type with [] after it.
"""

import argparse
import os
import sys

sys.dont_write_bytecode = True  # nothing is left in the source tree

from messages_c import header, source  # noqa: E402
from messages_schema import Schema  # noqa: E402
from messages_ts import typescript  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "..", "src", "stage", "messages.json")


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
