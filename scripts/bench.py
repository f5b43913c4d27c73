#!/usr/bin/env python3
"""Measures and writes docs/benchmarks.md: the programs in PAGE_PROGRAMS (each prints Markdown), then the
whole program on long takes beside aubioonset. The long studies have pages of their own, which name
the command that made them: `./dev bench NAME [ARGUMENT...]` runs one.

    bench.py BUILD_DIR OUT_DIR PAGE

DT_DATA, when set, adds the recordings in DT_DATA/takes and the trials in DT_DATA/social-drumming.tar.xz,
writes the tables of ear-scoreboard.md beside PAGE, and groove-midi.md and (where numpy is)
groove-drummers.md from DT_DATA/groove-midi.tar.xz.
"""

import glob
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time

REPEATS = 3
PAGE_PROGRAMS = ["judge_coverage", "judge_speed"]
REPORTING_SEED = "900001"  # of the renders that the ear is scored on
MINUTES_FOR_SPEED = 5
MINUTES_FOR_MEMORY = 60


def machine():
    """The processor as it calls itself, and how many cores there are."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores (each program uses one)"


def seconds(*command):
    """Best of a few runs, with nothing written to a terminal."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def peak_mib(log, *command):
    """The largest resident size of a run, as GNU time reports it."""
    subprocess.run(
        ["time", "-f", "%M", "-o", log, *command],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    with open(log, encoding="utf-8") as file:
        return int(file.read().split()[-1]) / 1024


def render(program, path, minutes):
    """A take of that length: rock at 120 bpm has thirty bars a minute."""
    subprocess.run(
        [program, "play", "rock", "--as", f"bpm=120 bars={30 * minutes} scatter=9ms clock=3ms seed=1",
         "--quiet", "-o", path],
        check=True,
    )
    return duration_s(program, path)


def speed_row(name, program, files, length_s):
    ours = sum(seconds(program, "judge", f, "--free", "--quiet", "--json", "-") for f in files)
    row = f"| {name} | {length_s:.0f} s | {ours:.2f} s | {length_s / ours:.0f} x |"
    if shutil.which("aubioonset"):
        theirs = sum(seconds("aubioonset", "-i", f) for f in files)
        row += f" {theirs:.2f} s | {length_s / theirs:.0f} x | {ours / theirs:.2f} |"
    else:
        row += " not installed | | |"
    return row


def duration_s(program, path):
    """Seconds of a recording, as the program reads it."""
    done = subprocess.run(
        [program, "judge", path, "--free", "--quiet", "--json", "-"], check=True, capture_output=True
    )
    return json.loads(done.stdout)["take"]["duration_s"]


def whole_program(program, out):
    lines = [
        "## The whole program, from a sound file to a verdict",
        "",
        "`doubletime judge FILE --free` finds the strokes, names the drums, refines the times and",
        "judges; `aubioonset` finds onsets. Both read the same file in the same run; wall time, best",
        f"of {REPEATS}. A ratio below 1 means that doubletime was faster.",
        "",
        "| take | length | doubletime | x real time | aubioonset | x real time | ratio |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    path = os.path.join(out, "bench.wav")
    length_s = render(program, path, MINUTES_FOR_SPEED)
    lines.append(speed_row("rock, rendered", program, [path], length_s))
    data = os.environ.get("DT_DATA")
    for folder in sorted(glob.glob(os.path.join(data, "takes", "*", ""))) if data else []:
        files = sorted(glob.glob(folder + "*.flac") + glob.glob(folder + "*.wav"))
        if files:
            name = f"{os.path.basename(folder[:-1])}, {len(files)} recordings"
            lines.append(speed_row(name, program, files, sum(duration_s(program, f) for f in files)))
    short = peak_mib(os.path.join(out, "bench.log"), program, "judge", path, "--free", "--quiet",
                     "--json", "-")
    length_s = render(program, path, MINUTES_FOR_MEMORY)
    long = peak_mib(os.path.join(out, "bench.log"), program, "judge", path, "--free", "--quiet",
                    "--json", "-")
    os.remove(path)
    lines += [
        "",
        f"Peak memory: {short:.0f} MiB for {MINUTES_FOR_SPEED} minutes of sound, {long:.0f} MiB for an",
        f"hour ({length_s:.0f} s): the sound is read in a stream; what grows is the list of strokes.",
        "",
    ]
    return "\n".join(lines)


GROOVE_HEAD = """# The Groove MIDI Dataset, judged

Written by `./dev bench --data DIR`; do not edit by hand. Human drummers on an electronic kit, to a click (Gillick
et al., ICML 2019; Google Magenta, CC BY 4.0). Each performance is judged against its own click at its own tempo.
Median, and quartiles in brackets; placement: negative is early. Scatter is spread around a player's own placement,
drift and habits, fills included. *Drift found*: p < 0.01, of any size.

"""


def groove_page(build, out, page):
    """Unpacks the data set into out (once) and writes the tables per drummer and per style."""
    archive = os.path.join(os.environ.get("DT_DATA", ""), "groove-midi.tar.xz")
    if not os.path.isfile(archive):
        print(f"{page}: skipped, there is no groove-midi.tar.xz in DT_DATA", file=sys.stderr)
        return
    print("groove_table", file=sys.stderr, flush=True)
    folder = os.path.join(out, "groove-midi")
    if not os.path.isfile(os.path.join(folder, "info.csv")):
        with tarfile.open(archive) as tar:
            tar.extractall(folder)
    table = os.path.join(build, "bench", "groove_table")
    done = subprocess.run([table, folder], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    write_page(page, GROOVE_HEAD + done.stdout)
    drummers_page(build, out, folder, os.path.join(os.path.dirname(page), "groove-drummers.md"))


def drummers_page(build, out, folder, page):
    """Whose timing is it? Needs numpy."""
    if importlib.util.find_spec("numpy") is None:
        print(f"{page}: skipped, python3 has no numpy", file=sys.stderr)
        return
    print("groove_drummers", file=sys.stderr, flush=True)
    takes = os.path.join(out, "groove-drummers.csv")
    with open(takes, "w", encoding="utf-8") as file:
        program = os.path.join(build, "bench", "groove_drummers")
        subprocess.run([program, folder], check=True, stdout=file)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "groove_drummers.py")
    subprocess.run([sys.executable, script, takes, page], check=True)


SOCIAL_HEAD = """## People drumming in pairs

The timing models on the TrainorLab social-drumming trials (GPL-2 data): a metronome of one second
for half a minute, then a minute without. *Published*: computed from the same trials by other code.

"""


def social_section(build, out):
    """Unpacks the trials into out (once) and sets the figures beside the known ones."""
    archive = os.path.join(os.environ.get("DT_DATA", ""), "social-drumming.tar.xz")
    if not os.path.isfile(archive):
        return ""
    print("social_drumming", file=sys.stderr, flush=True)
    folder = os.path.join(out, "social-drumming")
    if not os.path.isdir(os.path.join(folder, "Data")):
        with tarfile.open(archive) as tar:
            tar.extractall(folder)
    program = os.path.join(build, "bench", "social_drumming")
    done = subprocess.run([program, folder], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return SOCIAL_HEAD + done.stdout


TABLES_BEGIN = "<!-- tables: written by ./dev bench --data DIR; do not edit -->\n"
TABLES_END = "<!-- end of the tables -->\n"


def scoreboard_page(build, page):
    """Runs the ear's scoreboard and sets its tables into the page, whose text is written by hand."""
    if not os.path.isdir(os.path.join(os.environ.get("DT_DATA", ""), "takes")):
        print(f"{page}: skipped, there are no takes in DT_DATA", file=sys.stderr)
        return
    print("ear", file=sys.stderr, flush=True)
    program = os.path.join(build, "bench", "bench_ear")
    done = subprocess.run([program, "--seed", REPORTING_SEED], check=True, stdout=subprocess.PIPE,
                          encoding="utf-8")
    with open(page, encoding="utf-8") as file:
        head, rest = file.read().split(TABLES_BEGIN)
    tail = rest.split(TABLES_END)[1]
    tables = f"\nMachine: {machine()}.\n\n{done.stdout.strip()}\n\n"
    write_page(page, head + TABLES_BEGIN + tables + TABLES_END + tail)


STAGE_HEAD = """## The page

`bench_api FOLDER`: how long answers take with 100,000 takes. `bench/stage.py PROGRAM`: the live feed under
requests, pages, deaf pages, and answers that are slow to make.

"""


def stage_section(build, out, program):
    """The stage's rows; a program without the stage has none."""
    bench = os.path.join(build, "bench", "bench_api")
    if not os.path.exists(bench):
        return ""
    print("stage", file=sys.stderr, flush=True)
    folder = os.path.join(out, "bench-api")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    answers = subprocess.run([bench, folder], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    shutil.rmtree(folder)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "stage.py")
    done = subprocess.run([sys.executable, script, program], check=False, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode != 0:
        print("stage: a page missed something, or a request was not answered", file=sys.stderr)
    return STAGE_HEAD + answers.strip() + "\n\n" + done.stdout


def write_page(page, text):
    with open(page + ".part", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(page + ".part", page)
    print(f"{page} is written", file=sys.stderr)


def main():
    build, out, page = sys.argv[1:]
    groove_page(build, out, os.path.join(os.path.dirname(page), "groove-midi.md"))
    scoreboard_page(build, os.path.join(os.path.dirname(page), "ear-scoreboard.md"))
    program = os.path.abspath(os.path.join(build, "doubletime"))
    parts = [
        "# Benchmarks\n\n"
        "Written by `./dev bench`"
        + (" `--data DIR`" if os.environ.get("DT_DATA") else "")
        + "; do not edit by hand.\n\n"
        f"Machine: {machine()}. The ear's scores are in [ear-scoreboard.md](ear-scoreboard.md).\n"
    ]
    for name in PAGE_PROGRAMS:
        print(name, file=sys.stderr, flush=True)
        bench = os.path.join(build, "bench", "bench_" + name)
        done = subprocess.run([bench], check=True, stdout=subprocess.PIPE, encoding="utf-8")
        parts.append(done.stdout.strip() + "\n")
    parts.append(social_section(build, out))
    parts.append(stage_section(build, out, program))
    print("the whole program", file=sys.stderr, flush=True)
    parts.append(whole_program(program, out))
    write_page(page, "\n".join(parts))


main()
