#!/usr/bin/env python3
"""Fit how much each band tells of how hard a family was struck (src/ear/strength.c).

  fit_strength.py --out src/ear/strength_weights.c DIR...

Each DIR holds takes that train/render.py rendered. The gains of the bands with each stroke, and its
velocity, both against the mean of the same drum in the same take; least squares with weights that
are not negative, scaled to a sum of 1. Needs numpy, scipy and soundfile.
"""

import argparse
import csv
import glob
import os

import numpy as np
import soundfile
from scipy.optimize import nnls

from fit_flag import BANDS, energies
from material import DRUMS, FAMILIES, FAMILY_OF

AFTER, BEFORE, GAP = 17, 9, 1
DB_PER_DECADE, SURPRISE_DB, DECAY, LEAST_STROKES = 25, 15, 20000, 4


def gains_db(energy, hop):
    after = energy[hop:hop + AFTER].mean(0)
    before = energy[hop - GAP - BEFORE:hop - GAP].mean(0)
    return 10 * np.log10(np.maximum(after - before, 0.02 * after) + 1e-5 * after.sum() + 1e-11)


def strokes_of(path):
    """{drum: (gains, 25 log10 velocity)} of one take."""
    base = path[: -len(".strokes.csv")]
    sound, rate = soundfile.read(base + ".flac", always_2d=True)
    energy, hop_s = energies(sound.mean(axis=1), rate)
    found = {}
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            hop = int(float(row["time_s"]) / hop_s)
            if row["drum"] in DRUMS and 32 <= hop < len(energy) - 20:
                found.setdefault(DRUMS.index(row["drum"]), []).append(
                    (gains_db(energy, hop), DB_PER_DECADE * np.log10(float(row["velocity"]))))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    xs, ys = [[] for _ in FAMILIES], [[] for _ in FAMILIES]
    for folder in args.folders:
        for path in sorted(glob.glob(os.path.join(folder, "*.strokes.csv"))):
            for drum, strokes in strokes_of(path).items():
                if len(strokes) < LEAST_STROKES:
                    continue
                x, y = np.array([s[0] for s in strokes]), np.array([s[1] for s in strokes])
                xs[FAMILY_OF[drum]].append(x - x.mean(0))
                ys[FAMILY_OF[drum]].append(np.clip(y - y.mean(), -SURPRISE_DB, SURPRISE_DB))
    rows = []
    for x, y in zip(xs, ys):
        x, y = np.vstack(x), np.concatenate(y)
        w = nnls(np.vstack([x, np.sqrt(DECAY) * np.eye(BANDS)]), np.append(y, np.zeros(BANDS)))[0]
        w /= w.sum()
        rows.append("{" + ", ".join(f"{v:.4f}f" for v in w) + "}")
        print(len(y), "strokes:", rows[-1])
    with open(args.out, "w", encoding="utf-8") as file:
        file.write('/* Written by train/fit_strength.py. */\n#include "strength.h"\n\n')
        file.write("const float dt__strength_weights[DT__NET_FAMILIES][DT_BANK_BANDS] = {\n")
        file.write("".join(f"    {row},\n" for row in rows) + "};\n")


if __name__ == "__main__":
    main()
