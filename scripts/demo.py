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
import re
import signal
import subprocess
import sys
import time

from page_picture import find_browser, take_picture

GROOVE = "rock"
BPM = 120
BARS = 16
DRIFT_BPM_PER_MIN = 3.0
SCATTER_MS = 8.0
ABLE_BPM = 130
PLAYING = "document.querySelectorAll('.staff .mark').length > 4"  # notes are lit on the live page
OPEN_S = 60  # how long the page stays open on a machine with a screen


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


def has_screen():
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and sys.stdout.isatty()


def live_page(program, out):
    """The page while the drummer plays: a picture of it, and the page itself where there is a screen. The
    server is ended in any case."""
    arguments = ["serve", "money-beat", "--from", "96", "--drummer", "player", "--no-rest"]
    shown = " ".join([os.path.relpath(program), *arguments])
    print(f"\n$ {shown}", flush=True)
    server = subprocess.Popen([program, *arguments, *([] if has_screen() else ["--no-open"])], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        said = server.stdout.readline()
        found = re.search(r"http://\S+", said)
        if not found:
            print(said, end="")
            return False
        print(f"The live page is at {found.group()}", flush=True)
        began = time.monotonic()
        picture(found.group(), os.path.join(out, "demo-page.png"))
        if has_screen():
            print(f"It stays open for {OPEN_S} s; Ctrl-C ends it sooner.", flush=True)
            time.sleep(max(0, OPEN_S - (time.monotonic() - began)))
    except KeyboardInterrupt:
        print()
    finally:
        end(server)
    print(f"The server has ended; start it again with: {shown}")
    return True


def picture(address, path):
    browser = find_browser()
    if not browser:
        print("Chromium is not installed: no picture of the page.")
        return
    wrong = take_picture(browser, address, PLAYING, path)
    print(wrong or f"A picture of it: {os.path.relpath(path)}", flush=True)


def end(server):
    """Asked first, as Ctrl-C does: what is played is judged. Then not asked."""
    server.send_signal(signal.SIGINT)
    try:
        server.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.communicate()


def main():
    program, out, *recordings = sys.argv[1:]
    good = virtual_drummer(os.path.abspath(program), out)
    good = practice(os.path.abspath(program), out) and good
    for recording in recordings:
        # The click's grid where the file has one, else the tempo is found in the strokes.
        good = run(os.path.abspath(program), "judge", recording) == 0 and good
    good = live_page(os.path.abspath(program), out) and good
    if not recordings:
        print("\nYour own take: ./dev demo TAKE.wav (or .mid, .flac, .mp3 ...)")
    return 0 if good else 1


sys.exit(main())
