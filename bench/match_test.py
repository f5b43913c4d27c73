#!/usr/bin/python3
"""The scorer against mir_eval: match_test.py BENCH_EAR

- the number of pairs of mir_eval.util.match_events on random lists: ties, duplicates, unsorted and
  empty lists, and times on coarse grids, where distances equal the window but for rounding;
- what bench_ear prints of whole sets (counts per class, sum F, mean F) against the same sums over
  mir_eval.onset.f_measure, file by file and class by class.

Exit status 77 (skipped) where mir_eval is not installed.
"""

import os
import random
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy
    from mir_eval.onset import f_measure
    from mir_eval.util import match_events
except ImportError:
    print("python3-mir-eval is not installed: skipped")
    sys.exit(77)

# Of empty lists, which are meant.
warnings.filterwarnings("ignore", module="mir_eval")

SEED = 1
LISTS = 2400
WINDOWS_S = [0.050, 0.025, 0.020, 0.010]
CLASSES = ["kick", "snare", "hihat", "toms", "cymbals"]
DRUMS = {
    "kick": ["kick"],
    "snare": ["snare", "cross_stick", "rimshot", "snare_brush"],
    "hihat": ["hihat", "hihat_closed", "hihat_open", "hihat_pedal"],
    "toms": ["tom_high", "tom_mid", "tom_low"],
    "cymbals": ["ride", "ride_bell", "crash", "splash", "china"],
    "none": ["cowbell", "tambourine", "clap", "other"],
}


def pairs(reference, estimate, window_s):
    if not reference or not estimate:
        return 0
    return len(match_events(numpy.array(reference), numpy.array(estimate), window_s))


def random_list(length_s, grid_s, count):
    times = [random.uniform(0, length_s) for _ in range(random.randrange(count))]
    if grid_s:
        times = [round(t / grid_s) * grid_s for t in times]
    times += random.choices(times, k=len(times) // 4) if times and random.random() < 0.5 else []
    if random.random() < 0.5:
        times.sort()
    else:
        random.shuffle(times)
    return times


def random_case():
    """Every fourth on the windows' own grid, every fourth at their edge of the reference."""
    length_s = random.choice([0.1, 0.3, 1, 5, 60])
    window_s = random.choice(WINDOWS_S)
    kind = random.randrange(4)
    grid_s = {0: 0.005, 1: random.choice([0.01, 0.001, 0.025])}.get(kind, 0)
    reference = random_list(length_s, grid_s, 60)
    estimate = random_list(length_s, grid_s, 60)
    if kind == 2:
        estimate += [t + random.choice([-window_s, window_s]) for t in reference]
    return window_s, reference, estimate


def check_lists(bench):
    cases = [random_case() for _ in range(LISTS)]
    text = "".join(
        f"{w!r} {len(r)} {len(e)} " + " ".join(f"{t!r}" for t in r + e) + "\n" for w, r, e in cases
    )
    told = subprocess.run(
        [bench, "--match"], input=text, capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(told) == len(cases)
    for number, ((window_s, reference, estimate), hits) in enumerate(zip(cases, told)):
        expected = pairs(reference, estimate, window_s)
        assert int(hits) == expected, f"seed {SEED}, list {number}: {hits}, mir_eval {expected}"
    print(f"seed {SEED}: {LISTS} lists, all equal")


def write_strokes(path, strokes):
    with open(path, "w", encoding="utf-8") as file:
        file.write("time_s,drum,velocity,note\n")
        for drum, time_s in strokes:
            file.write(f"{time_s:.6f},{drum},{random.randrange(1, 128)},\n")


def random_take(truth_path, heard_path):
    """Some classes are missing in the one, some in the other."""
    truth = []
    heard = []
    for drums in DRUMS.values():
        for _ in range(random.choice([0, 0, 5, 60])):
            at = round(random.uniform(0, 20), random.choice([2, 3, 6]))
            truth.append((random.choice(drums), at))
            if random.random() < 0.8:
                late = random.choice([0.01, 0.02, 0.05, random.gauss(0, 0.015)])
                heard.append((random.choice(drums), max(at + late, 0)))
        heard += [(random.choice(drums), random.uniform(0, 20)) for _ in range(random.choice([0, 4]))]
    random.shuffle(truth)
    write_strokes(truth_path, truth)
    write_strokes(heard_path, heard)


def read_classes(path):
    times = {name: [] for name in CLASSES}
    with open(path, encoding="utf-8") as file:
        next(file)
        for line in file:
            time_s, drum = line.split(",")[:2]
            for name in CLASSES:
                if drum in DRUMS[name]:
                    times[name].append(float(time_s))
    return {name: numpy.sort(times[name]) for name in CLASSES}


def table(text, title):
    """The rows of the first table after a heading, cells stripped."""
    lines = text[text.index(f"### {title}\n"):].split("\n")
    rows = [l for l in lines[1:] if l.startswith("|") or l.startswith("#")]
    end = next((i for i, l in enumerate(rows) if l.startswith("#")), len(rows))
    return [[c.strip() for c in l.strip("|").split("|")] for l in rows[2:end]]


def check_set(bench, folder, count):
    truth_dir = os.path.join(folder, "truth")
    heard_dir = os.path.join(folder, "heard")
    os.mkdir(truth_dir)
    os.mkdir(heard_dir)
    names = [f"take{i}.strokes.csv" for i in range(count)]
    for name in names:
        random_take(os.path.join(truth_dir, name), os.path.join(heard_dir, name))
    text = subprocess.run(
        [bench, "--dir", truth_dir, "--heard", heard_dir], capture_output=True, text=True, check=True
    ).stdout
    files = [[read_classes(os.path.join(d, n)) for d in (truth_dir, heard_dir)] for n in names]

    rows = {row[1]: row for row in table(text, "By class")}
    sums = {window_s: [0, 0, 0] for window_s in WINDOWS_S}
    for name in CLASSES:
        for column, window_s in enumerate(WINDOWS_S):
            counts = [
                sum(pairs(list(t[name]), list(h[name]), window_s) for t, h in files),
                sum(len(t[name]) for t, _ in files),
                sum(len(h[name]) for _, h in files),
            ]
            sums[window_s] = [a + b for a, b in zip(sums[window_s], counts)]
            f = 2 * counts[0] / (counts[1] + counts[2])
            assert rows[name][2 + column] == f"{f:.3f}", (SEED, name, window_s, rows[name], f)
            if window_s == 0.050:
                assert rows[name][8:11] == [str(c) for c in counts], (SEED, rows[name], counts)
    total = table(text, "Sum F")[0]
    for column, window_s in enumerate(WINDOWS_S):
        f = 2 * sums[window_s][0] / (sums[window_s][1] + sums[window_s][2])
        assert total[3 + column] == f"{f:.3f}", (SEED, total, f)
    means = table(text, "Mean F")[0]
    for column, window_s in ((3, 0.050), (6, 0.020)):
        f = numpy.mean([f_measure(t[n], h[n], window_s)[0] for t, h in files for n in CLASSES])
        assert means[column] == f"{f:.4f}", (SEED, means, f)
    print(f"seed {SEED}: sum F, mean F and counts of {count} takes, all equal")


random.seed(SEED)
check_lists(sys.argv[1])
with tempfile.TemporaryDirectory() as temporary:
    check_set(sys.argv[1], temporary, 12)
