#!/usr/bin/env python3
"""Damaged files: one clear sentence each, no crash, no hang.

    mutate.py PROGRAM [--count N] [--seed S]

Renders short takes in every format the program writes, damages copies (bits, bytes, cuts, repeats,
numbers in the wrong place) and judges each. A run must end by itself within the time limit, with
exit status 0, or with another below 126 and one line on standard error. Prints the seed to repeat
it, and keeps a file that was not handled well in out/mutate/.
"""

import argparse
import concurrent.futures
import os
import random
import shutil
import subprocess
import sys
import tempfile

LIMIT_S = 30
BORDER_VALUES = (b"\x00", b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x80\x00\x00\x00")


def seeds(program, folder):
    """Small takes of every kind, as bytes."""
    found = []
    for groove, ending in (("rock", ".mid"), ("flams", ".mid"), ("rock", ".wav"), ("rock", ".flac")):
        path = os.path.join(folder, groove + ending)
        bars = "4" if ending == ".mid" else "1"
        subprocess.run(
            [program, "play", groove, "--as", f"bars={bars} bpm=240 scatter=5ms", "--quiet", "-o", path],
            check=True,
        )
        with open(path, "rb") as file:
            found.append((ending, file.read()))
    strokes = os.path.join(folder, "strokes.csv")
    subprocess.run([program, "judge", path, "--quiet", "--csv", strokes], check=True)
    with open(strokes, "rb") as file:
        found.append((".csv", file.read()))
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


def judge(program, path):
    """None when the file was handled well, else what was wrong."""
    try:
        done = subprocess.run(
            [program, "judge", path, "--quiet", "--json", "-"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"took more than {LIMIT_S} s", "hung"
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:
        return None, "judged"
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
            ending, data = originals[number % len(originals)]
            path = os.path.join(folder, f"{number}{ending}")
            with open(path, "wb") as file:
                file.write(damage(data, rng))
            wrong, word = judge(program, path)
            if wrong:
                os.makedirs("out/mutate", exist_ok=True)
                shutil.copy(path, "out/mutate")
                print(f"out/mutate/{number}{ending}: {wrong}", file=sys.stderr, flush=True)
            os.remove(path)
            return word

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for word in pool.map(one, range(options.count)):
                tally[word] = tally.get(word, 0) + 1
    print(", ".join(f"{count} {word}" for word, count in sorted(tally.items())))
    return 0 if set(tally) <= {"judged", "refused"} else 1


sys.exit(main())
