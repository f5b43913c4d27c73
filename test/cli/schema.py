#!/usr/bin/env python3
"""The JSON that the program writes is what docs/judge.schema.json promises.

schema.py PROGRAM SCHEMA. Exit status 77 (skipped) without python3-jsonschema.
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
    ("rock", "drift=+3bpm/min scatter=9ms", "32", ".mid", []),
    ("rock", "beginner", "16", ".mid", ["--level", "beginner"]),
    ("jazz", "player", "16", ".wav", ["--tempo", "140", "--start", "1.5", "--level", "pro"]),
    ("shuffle", "pro", "16", ".flac", ["--free"]),
    ("flams", "player", "8", ".mid", []),
    ("quarters", "machine", "1", ".mid", []),
    ("seven", "machine", "4", ".wav", ["--meter", "7/8"]),
    ("funk-song", "pro miss=3% wrong=2% extra=2% skip=1", "32", ".mid", ["--chart", "funk-song"]),
    ("flams", "player", "16", ".mid", ["--chart", "flams"]),
    ("paradiddle", "player bpm=160", "32", ".mid", ["--chart", "paradiddle"]),
]


def main(program, schema_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    mistakes = 0
    with tempfile.TemporaryDirectory() as yard:
        empty = os.path.join(yard, "empty.csv")
        with open(empty, "w", encoding="utf-8") as file:
            file.write("time_s,drum,velocity\n")
        takes = [(empty, [])]
        for number, (groove, manner, bars, ending, options) in enumerate(TAKES):
            take = os.path.join(yard, f"{number}{ending}")
            subprocess.run(
                [program, "play", groove, "--as", manner, "--bars", bars, "-o", take, "-q"],
                check=True,
            )
            takes.append((take, options))
        for take, options in takes:
            judged = subprocess.run(
                [program, "judge", take, *options, "--json", "-", "-q"],
                check=True,
                stdout=subprocess.PIPE,
            )
            verdict = json.loads(judged.stdout)
            for error in validator.iter_errors(verdict):
                mistakes += 1
                where = "/".join(str(step) for step in error.absolute_path)
                print(f"{os.path.basename(take)}: {where}: {error.message[:200]}")
            print(f"{os.path.basename(take)}: {verdict['verdict']['text']}")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
