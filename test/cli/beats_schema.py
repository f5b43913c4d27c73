#!/usr/bin/env python3
"""The JSON that `beats` writes is what docs/beats.schema.json promises.

beats_schema.py PROGRAM SCHEMA. Exit status 77 (skipped) without python3-jsonschema.
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
    ("rock", "player bars=8", ".mid", ["--live"]),
    ("rock", "player bars=6", ".wav", []),
    ("shuffle", "player bars=16", ".mid", ["--live"]),
    ("jazz", "player bars=16", ".mid", []),
    ("waltz", "player bars=16", ".mid", []),
    ("seven", "player bars=12", ".mid", []),
]
LISTS = ["time_s,drum,velocity\n", "time_s,drum,velocity\n-0.5,kick,90\n1,snare,\n"]


def mistakes_in(program, validator, take, options):
    written = subprocess.run(
        [program, "beats", take, *options, "--format", "json", "-q"],
        check=True,
        stdout=subprocess.PIPE,
    )
    found = json.loads(written.stdout)
    mistakes = 0
    for error in validator.iter_errors(found):
        mistakes += 1
        where = "/".join(str(step) for step in error.absolute_path)
        print(f"{os.path.basename(take)} {options}: {where}: {error.message[:200]}")
    beats = found["beats"]
    if found["beat_count"] != len(beats) or found["has_pulse"] != bool(beats):
        mistakes += 1
        print(f"{os.path.basename(take)} {options}: {found['beat_count']} beats are promised")
    if any(a["time_s"] >= b["time_s"] for a, b in zip(beats, beats[1:])):
        mistakes += 1
        print(f"{os.path.basename(take)} {options}: beats are out of order")
    print(f"{os.path.basename(take)} {options}: {len(beats)} beats")
    return mistakes, len(beats)


def main(program, schema_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    mistakes = 0
    with tempfile.TemporaryDirectory() as yard:
        for number, text in enumerate(LISTS):
            listed = os.path.join(yard, f"list{number}.csv")
            with open(listed, "w", encoding="utf-8") as file:
                file.write(text)
            for options in ([], ["--live"]):
                more, beats = mistakes_in(program, validator, listed, options)
                mistakes += more + (beats > 0)
        for number, (chart, manner, ending, options) in enumerate(TAKES):
            take = os.path.join(yard, f"{number}{ending}")
            subprocess.run([program, "play", chart, "--as", manner, "-o", take, "-q"], check=True)
            more, beats = mistakes_in(program, validator, take, options)
            mistakes += more + (beats == 0)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
