#!/usr/bin/env python3
"""Fit the weights of src/ear/classify_weights.c.

  render_dev.py ... --out DEV --part dev
  bench_ear --dir DEV --features DEV.features --no-peer
  fit_ear.py --dev DEV --features DEV.features --out src/ear/classify_weights.c

The first four fifths of the takes are fitted, the rest choose the thresholds (greatest F: any
stroke at 25 ms, drums at 50 ms). Same input, same file. Needs numpy and scikit-learn.
"""

import argparse
import csv
import glob
import os

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPClassifier

FEATURES = 191
HIDDEN = 32

# Outputs: five classes, nine drums within them, anything at all.
CLASSES = 5
STRUCK = 14
OUTPUTS = {"kick": [0], "snare": [1], "rimshot": [1], "snare_brush": [1], "cross_stick": [1, 5],
           "hihat_closed": [2], "hihat_open": [2, 6], "hihat_pedal": [2, 7], "tom_high": [3, 8],
           "tom_mid": [3, 9], "tom_low": [3, 10], "ride": [4, 11], "ride_bell": [4, 12],
           "crash": [4, 13], "splash": [4, 13], "china": [4, 13]}
NEAR_S = 0.015
LEVELS = slice(32, 80)  # the stick, the drum, its ring: what velocity is read from


def load(folder, path):
    picks = np.fromfile(path, dtype=np.dtype([("file", "f8"), ("time", "f8"),
                                              ("x", "f4", FEATURES)]))
    truth, velocity = np.zeros((len(picks), STRUCK + 1), bool), np.zeros((len(picks), CLASSES))
    takes = []
    for number, sound in enumerate(sorted(glob.glob(os.path.join(folder, "*.flac")))):
        rows = np.where(picks["file"] == number)[0]
        rows = rows[np.argsort(picks["time"][rows], kind="stable")]
        with open(sound.replace(".flac", ".strokes.csv"), encoding="utf-8") as file:
            strokes = [(float(r["time_s"]), r["drum"], float(r["velocity"]))
                       for r in csv.DictReader(file) if r["drum"] in OUTPUTS]
        takes.append((rows, strokes))
        for time_s, drum, loud in strokes:
            if not len(rows):
                continue
            distance = np.abs(picks["time"][rows] - time_s)
            at = rows[np.argmin(distance)]
            if distance.min() < NEAR_S:
                truth[at, OUTPUTS[drum] + [STRUCK]] = True
                velocity[at, OUTPUTS[drum][0]] = max(loud, velocity[at, OUTPUTS[drum][0]])
    return picks, truth, velocity, takes


def pool(times, window_s):
    groups = []
    for t in times:
        if groups and t - groups[-1][0] <= window_s:
            groups[-1].append(t)
        else:
            groups.append([t])
    return [float(np.mean(g)) for g in groups]


def hits(reference, estimate, window_s):
    i = j = n = 0
    while i < len(reference) and j < len(estimate):
        if abs(reference[i] - estimate[j]) <= window_s:
            i, j, n = i + 1, j + 1, n + 1
        elif reference[i] < estimate[j]:
            i += 1
        else:
            j += 1
    return n


def score(picks, chance, takes, output, threshold, window_s):
    tp = sizes = 0
    for rows, strokes in takes:
        found = picks["time"][rows[chance[rows] > threshold]]
        true = sorted(t for t, drum, _ in strokes if output == STRUCK or output in OUTPUTS[drum])
        if output == STRUCK:
            true, found = pool(true, 0.020), pool(found, 0.020)
        else:
            found = pool(found, 0.014)
        tp += hits(true, found, window_s)
        sizes += len(true) + len(found)
    return 2 * tp / max(sizes, 1)


def table(name, values, file):
    values = np.atleast_2d(values)
    file.write(f"const float {name}[{values.size}] = {{\n")
    for row in values:
        line = "   "
        for value in row:
            word = f" {value:.3f}f,".replace("-0.000f", "0.000f")
            if len(line) + len(word) > 100:
                file.write(line + "\n")
                line = "   "
            line += word
        file.write(line + "\n")
    file.write("};\n\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dev", nargs="+", required=True)
    parser.add_argument("--features", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    parts = [load(dev, features) for dev, features in zip(args.dev, args.features)]
    picks, truth, velocity = (np.concatenate([p[i] for p in parts]) for i in range(3))
    fitted = np.concatenate([p[0]["file"] < len(p[3]) * 4 // 5 for p in parts])
    takes, before = [], 0
    for p in parts:
        takes += [(rows + before, strokes) for rows, strokes in p[3][len(p[3]) * 4 // 5:]]
        before += len(p[0])
    net = MLPClassifier((HIDDEN,), alpha=3e-4, early_stopping=True, max_iter=60, batch_size=512,
                        random_state=1, learning_rate_init=2e-3)
    net.fit(picks["x"][fitted], truth[fitted])
    chance = net.predict_proba(picks["x"])
    thresholds = []
    for output in list(range(CLASSES)) + [STRUCK]:
        window_s = 0.025 if output == STRUCK else 0.050
        best = max((score(picks, chance[:, output], takes, output, t, window_s), t)
                   for t in np.arange(0.10, 0.72, 0.04))
        print(f"output {output}: F {best[0]:.3f} at threshold {best[1]:.2f}")
        thresholds.append(best[1])
    loudness = []
    for c in range(CLASSES):
        rows = fitted & truth[:, c]
        fit = Ridge(alpha=1.0).fit(picks["x"][rows][:, LEVELS], velocity[rows, c])
        loudness.append(np.r_[fit.intercept_, fit.coef_])
    with open(args.out, "w", encoding="utf-8") as file:
        file.write("/* Written by train/fit_ear.py: do not edit. */\n"
                   '#include "classify_weights.h"\n\n')
        table("dt__hidden_weights", net.coefs_[0], file)
        table("dt__hidden_bias", net.intercepts_[0], file)
        table("dt__output_weights", net.coefs_[1].T, file)
        table("dt__output_bias", net.intercepts_[1], file)
        table("dt__thresholds", thresholds, file)
        table("dt__loudness_weights", loudness, file)


if __name__ == "__main__":
    main()
