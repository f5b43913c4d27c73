#!/usr/bin/env python3
"""The JSON that `listen` writes is what docs/listen.schema.json promises.

listen_schema.py PROGRAM SCHEMA. Exit status 77 (skipped) without python3-jsonschema.
"""

import json
import os
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed: the schema was not tried")
    sys.exit(77)

TAKES = [
    ("rock", "player bars=8", ".mid", []),
    ("rock", "player bars=2", ".wav", []),
    ("jazz", "player bars=2", ".flac", ["--min-confidence", "0.9"]),
]


def main(program, schema_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    mistakes = 0
    with tempfile.TemporaryDirectory() as yard:
        listed = os.path.join(yard, "list.csv")
        with open(listed, "w", encoding="utf-8") as file:
            file.write("time_s,drum,velocity,note,openness,confidence,choke_s\n")
            file.write("-0.5,hihat_open,,46,0.25,0.5,\n1,crash,127,49,,,0.125\n")
        takes = [(listed, [])]
        for number, (chart, manner, ending, options) in enumerate(TAKES):
            take = os.path.join(yard, f"{number}{ending}")
            subprocess.run([program, "play", chart, "--as", manner, "-o", take, "-q"], check=True)
            takes.append((take, options))
        for take, options in takes:
            written = subprocess.run(
                [program, "listen", take, *options, "--format", "json"],
                check=True,
                stdout=subprocess.PIPE,
            )
            heard = json.loads(written.stdout)
            for error in validator.iter_errors(heard):
                mistakes += 1
                where = "/".join(str(step) for step in error.absolute_path)
                print(f"{os.path.basename(take)}: {where}: {error.message[:200]}")
            if heard["stroke_count"] != len(heard["strokes"]) or not heard["strokes"]:
                mistakes += 1
                print(f"{os.path.basename(take)}: {heard['stroke_count']} strokes are promised")
            print(f"{os.path.basename(take)}: {heard['stroke_count']} strokes")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
