#!/usr/bin/env python3
"""./dev demo: a virtual drummer speeds up, is heard and judged; practises; then the recordings given.

    demo.py PROGRAM OUT_DIR [FILE...]

The truth is what the drummer was told to do; the verdict is read from the program's JSON. Exits 1
when the truth lies outside the interval, or when a recording could not be judged.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys

GROOVE = "rock"
BPM = 120
BARS = 16
DRIFT_BPM_PER_MIN = 3.0
SCATTER_MS = 8.0
ABLE_BPM = 130


def run(program, *arguments):
    """Shows the command as a person would type it, and runs it."""
    shown = " ".join(shlex.quote(a) for a in (os.path.relpath(program), *arguments))
    print(f"\n$ {shown}", flush=True)
    return subprocess.run([program, *arguments], check=False).returncode


def compare(name, unit, estimate, truth, sign):
    """One line: the truth, the interval, and whether the one lies in the other."""
    played = f"  {name:8} {truth:{sign}7.2f}"
    if estimate["known"] != "known":
        print(f"{played}   {'?':>7}   {unit:8} not heard ({estimate['known']})")
        return False
    inside = estimate["low"] <= truth <= estimate["high"]
    interval = f"{estimate['low']:{sign}.2f} to {estimate['high']:{sign}.2f}"
    print(
        f"{played}   {estimate['value']:{sign}7.2f}   {unit:8} {interval:16}"
        f"   {'the truth is inside' if inside else 'THE TRUTH IS OUTSIDE'}"
    )
    return inside


def virtual_drummer(program, out):
    take, truth, verdict, page = (
        os.path.join(out, "demo" + end) for end in (".wav", "-truth.csv", ".json", ".html")
    )
    print(
        f"A virtual drummer plays {BARS} bars of {GROOVE} at {BPM} bpm and speeds up by "
        f"{DRIFT_BPM_PER_MIN:g} bpm a minute."
    )
    manner = (
        f"bpm={BPM} bars={BARS} drift={DRIFT_BPM_PER_MIN:+g}bpm/min scatter={SCATTER_MS:g}ms seed=1"
    )
    if run(program, "play", GROOVE, "--as", manner, "-o", take, "--truth", truth, "--quiet"):
        return False
    print("\nThe program hears the sound and judges it. It is told the tempo and the chart, nothing else.")
    if run(program, "judge", take, "--tempo", str(BPM), "--chart", GROOVE, "--json", verdict,
           "--report", page):
        return False
    with open(verdict, encoding="utf-8") as file:
        heard = json.load(file)["all"]
    print("\n            played     heard            95 % interval")
    drift = compare("drift", "bpm/min", heard["drift_bpm_per_min"], DRIFT_BPM_PER_MIN, "+")
    scatter = compare("scatter", "ms", heard["scatter_ms"], SCATTER_MS, "-")
    print(f"\nThe whole report, for a browser: {os.path.relpath(page)}")
    return drift and scatter


def practice(program, out):
    """The live part: the whole engine on a device made of nothing, faster than real time."""
    print(
        f"\nThe coach at work: the drummer practises a ladder; above {ABLE_BPM} bpm he gets loose. "
        "The ladder is to find that out."
    )
    folder, log = os.path.join(out, "demo-session"), os.path.join(out, "demo-practice.log")
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.exists(log):
        os.remove(log)
    if run(program, "practice", "paradiddle", "--from", "110", "--bars", "4", "--minutes", "4",
           "--drummer", "scatter=7ms", "--able", str(ABLE_BPM), "--fast", "--no-rest", "--record", folder,
           "--log", log):
        return False
    print("\nEvery decision can be made again from what was recorded.")
    return run(program, "replay", folder, "--quiet") == 0


def main():
    program, out, *recordings = sys.argv[1:]
    good = virtual_drummer(os.path.abspath(program), out)
    good = practice(os.path.abspath(program), out) and good
    for recording in recordings:
        # The click's grid where the file has one, else the tempo is found in the strokes.
        good = run(os.path.abspath(program), "judge", recording) == 0 and good
    print(f"\nThe live page, in your browser: {os.path.relpath(program)} serve money-beat --drummer player")
    if not recordings:
        print("\nYour own take: ./dev demo TAKE.wav (or .mid, .flac, .mp3 ...)")
    return 0 if good else 1


sys.exit(main())
