#!/usr/bin/env python3
"""Damaged files: one clear sentence each, no crash, no hang.

    mutate.py PROGRAM [--count N] [--seed S]

Renders short takes and charts in every format the program writes, damages copies (bits, bytes, cuts,
repeats, numbers in the wrong place) and gives each to the command that reads it: takes are judged
and listened to, charts drawn, written again or judged against, exported takes imported. A run must end by itself
within the time limit, with exit status 0, or with another below 126 and one line on standard error.
Prints the seed to repeat it, and keeps a file that was not handled well in out/mutate/.
"""

import argparse
import concurrent.futures
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

LIMIT_S = 30
BORDER_NUMBERS = (b"0", b"1", b"-1", b"0.5", b"7", b"127", b"65536", b"2147483648", b"1e999", b"nan")
TEXTS = (".csv", ".txt", ".musicxml", ".jsonl")
FILE = "the damaged file"
STORE = "a database for it"
JUDGE = ("judge", FILE, "--json", "-")
LISTEN = ("listen", FILE, "--format", "json")
DRAW = ("charts", FILE)
WRITE = ("charts", FILE, "--export", "-")
BORDER_VALUES = (b"\x00", b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x80\x00\x00\x00")


def seeds(program, folder):
    """Small files of every kind that is read: ending, bytes, and what reads it."""
    found = []

    def run(*words):
        subprocess.run([program, *words, "--quiet"], stdout=subprocess.DEVNULL, check=True)

    def path_of(name):
        return os.path.join(folder, name)

    def keep(name, *commands):
        with open(path_of(name), "rb") as file:
            data = file.read()
        found.extend((os.path.splitext(name)[1], data, command) for command in commands)

    for name, bars in (("rock.mid", 4), ("flams.mid", 4), ("rock.wav", 1), ("rock.flac", 1)):
        groove = name.split(".", maxsplit=1)[0]
        run("play", groove, "--as", f"bars={bars} bpm=240 scatter=5ms", "-o", path_of(name))
        keep(name, JUDGE, LISTEN)
    run("judge", path_of("rock.flac"), "--csv", path_of("strokes.csv"))
    keep("strokes.csv", JUDGE, LISTEN)
    take = path_of("rock.mid")
    for name in ("rock-song.txt", "five-stroke-roll.txt", "funk.musicxml", "flams.mid"):
        run("charts", name.split(".", maxsplit=1)[0], "--export", path_of(name))
        keep(name, DRAW, WRITE, ("judge", take, "--json", "-", "--chart", FILE))
    run("judge", take, "--save", "--player", "Ana", "--db", path_of("takes.db"))
    run("export", "--output", path_of("takes.jsonl"), "--db", path_of("takes.db"))
    keep("takes.jsonl", ("import", FILE, "--db", STORE))
    return found


def damage(data, rng):
    """A few random faults; small files and heads get more than their share."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        reach = len(data) if rng.random() < 0.5 else min(len(data), 128)
        at = rng.randrange(reach)
        # Mostly faults that keep the length: a wrong length is noticed at once.
        kind = rng.choices(range(7), weights=(4, 4, 4, 1, 1, 1, 1))[0]
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.randrange(256)
        elif kind == 2:
            value = rng.choice(BORDER_VALUES)
            data[at : at + len(value)] = value
        elif kind == 3:
            del data[at:]
        elif kind == 4:
            del data[at : at + rng.randrange(1, 64)]
        elif kind == 5:
            piece = data[at : at + rng.randrange(1, 64)]
            data[at:at] = piece * rng.choice((1, 2, 8))
        else:
            data[at:at] = rng.randbytes(rng.randrange(1, 16))
    return bytes(data)


def damage_text(data, rng):
    """Faults that leave it a text: lines, numbers and characters in the wrong place."""
    lines = data.splitlines(keepends=True)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(lines))
        kind = rng.randrange(5)
        if kind == 0:
            lines[at] = lines[rng.randrange(len(lines))]
        elif kind == 1:
            lines.insert(at, lines[rng.randrange(len(lines))] * rng.choice((1, 2, 8)))
        elif kind == 2 and len(lines) > 1:
            del lines[at]
        elif kind == 3 and (numbers := list(re.finditer(rb"-?[0-9]+(\.[0-9]+)?", lines[at]))):
            start, end = rng.choice(numbers).span()
            lines[at] = lines[at][:start] + rng.choice(BORDER_NUMBERS) + lines[at][end:]
        else:
            start = rng.randrange(len(lines[at]))
            other = rng.choice(data)
            lines[at] = lines[at][:start] + bytes((other,)) + lines[at][start + 1 :]
    return b"".join(lines)


def handle(program, command, path):
    """None when the file was handled well, else what was wrong; and a word for it."""
    store = path + ".db"
    words = [{FILE: path, STORE: store}.get(word, word) for word in command]
    try:
        done = subprocess.run(
            [program, *words, "--quiet"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"took more than {LIMIT_S} s", "hung"
    finally:
        if STORE in command and os.path.exists(store):
            os.remove(store)
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        return None, "read"
    if done.returncode < 0 or done.returncode >= 126 or "Sanitizer" in said:
        return f"crashed ({done.returncode}): {said[:2000]}", "crashed"
    if len(said.strip().splitlines()) != 1:
        return f"said not one line (status {done.returncode}): {said[:2000]!r}", "unclear"
    return None, "refused"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    program = os.path.abspath(options.program)
    tally = {}
    with tempfile.TemporaryDirectory() as folder:
        originals = seeds(program, folder)

        def one(number):
            rng = random.Random(f"{options.seed} {number}")
            ending, data, command = originals[number % len(originals)]
            path = os.path.join(folder, f"{number}{ending}")
            with open(path, "wb") as file:
                is_text = ending in TEXTS and rng.random() < 0.7
                file.write((damage_text if is_text else damage)(data, rng))
            wrong, word = handle(program, command, path)
            if wrong:
                os.makedirs("out/mutate", exist_ok=True)
                shutil.copy(path, "out/mutate")
                print(f"out/mutate/{number}{ending} ({command[0]}): {wrong}", file=sys.stderr, flush=True)
            os.remove(path)
            return word

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for word in pool.map(one, range(options.count)):
                tally[word] = tally.get(word, 0) + 1
    print(", ".join(f"{count} {word}" for word, count in sorted(tally.items())))
    return 0 if set(tally) <= {"read", "refused"} else 1


sys.exit(main())
