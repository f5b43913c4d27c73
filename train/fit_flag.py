#!/usr/bin/env python3
"""Fit the weights of the ear's first stage (src/ear/flag.c) on rendered takes.

  fit_flag.py --out src/ear/flag_weights.c DIR...

Each DIR holds NAME.flac (or .wav) with NAME.strokes.csv, exact times, as train/render_dev.py or
train/render.py write them. A hop of a millisecond that ends 1.2 to 3.5 ms after an attack should be
flagged, one that is nowhere near an attack should not; logistic regression over the bands' rises.
The rises are computed as flag.c does. Needs numpy, scipy and soundfile.
"""

import argparse
import csv
import glob
import os

import numpy as np
import soundfile
from scipy.optimize import minimize
from scipy.signal import lfilter

BANDS = 16
CENTERS_HZ = 50 * 300 ** (np.arange(BANDS) / (BANDS - 1))
SOON_S, LATE_S = 0.0012, 0.0035
UNSURE_S = (-0.002, 0.012)


def energies(sound, rate):
    """Mean energy of each band in hops of a millisecond: src/dsp/bank.c."""
    hop = int(round(rate * 1e-3))
    x = np.diff(sound, prepend=0.0) * rate / 44100
    x = x[: len(x) // hop * hop]
    bands = []
    for center in CENTERS_HZ:
        radius = np.exp(-2 * np.pi * max(40.0, 0.3 * center) / rate)
        pole = radius * np.exp(2j * np.pi * center / rate)
        z = x.astype(complex)
        for _ in range(3):
            z = lfilter([1 - radius], [1, -pole], z)
        bands.append(np.mean(np.abs(z).reshape(-1, hop) ** 2, axis=1))
    return np.stack(bands, 1), hop / rate


def rises(energy):
    """As in flag.c: 48 numbers a hop."""
    loud = energy.copy()
    for i in range(1, len(loud)):
        loud[i] = np.maximum(energy[i], loud[i - 1] * 0.9995)
    back = lambda a, n: np.vstack([np.zeros((n, BANDS)), a])[: len(a)]
    mean = (energy + back(energy, 1) + back(energy, 2)) / 3
    lower = np.maximum.accumulate(mean, axis=1)
    leak = np.hstack([np.zeros((len(mean), 2)), lower[:, :-2]])
    floor = 1e-11 + 1e-6 * loud + 4e-3 * leak
    two = (energy + back(energy, 1)) / 2
    loudest = lambda ago: np.max([back(mean, ago + 3 * i) for i in range(3)], axis=0)
    long = np.mean([back(mean, 2 + 3 * i) for i in range(10)], axis=0)
    ratios = np.hstack([(energy + floor) / (loudest(1) + floor), (two + floor) / (loudest(2) + floor),
                        (two + floor) / (long + floor)])
    return np.clip(np.log2(ratios + 1e-6), -1, 5)


def labels(count, hop_s, attacks):
    """1: flag it, 0: do not, -1: either."""
    ends = (np.arange(count) + 1) * hop_s
    wanted = np.zeros(count, np.int8)
    for low, high, value in ((*UNSURE_S, -1), (SOON_S, LATE_S, 1)):
        for attack in attacks:
            a, b = np.searchsorted(ends, [attack + low, attack + high])
            wanted[a:b] = value
    return wanted


def gather(folders, rng):
    xs, ys = [], []
    for folder in folders:
        for truth in sorted(glob.glob(os.path.join(folder, "*.strokes.csv"))):
            base = truth[: -len(".strokes.csv")]
            path = next(p for p in (base + ".flac", base + ".wav") if os.path.exists(p))
            sound, rate = soundfile.read(path, always_2d=True)
            with open(truth, encoding="utf-8") as file:
                attacks = [float(row["time_s"]) for row in csv.DictReader(file)]
            energy, hop_s = energies(sound.mean(axis=1), rate)
            x = rises(energy)
            wanted = labels(len(x), hop_s, attacks)
            yes, no = np.flatnonzero(wanted == 1), np.flatnonzero(wanted == 0)
            no = rng.choice(no, min(len(no), 6 * len(yes) + 2000), replace=False)
            xs += [x[yes], x[no]]
            ys += [np.ones(len(yes)), np.zeros(len(no))]
    return np.vstack(xs), np.concatenate(ys)


def fit(x, y, decay=1.0):
    def loss(w):
        score = x @ w[:-1] + w[-1]
        p = 1 / (1 + np.exp(-score))
        value = np.sum(np.logaddexp(0, score) - y * score) + decay / 2 * np.sum(w[:-1] ** 2)
        slope = x.T @ (p - y) + decay * w[:-1]
        return value, np.append(slope, np.sum(p - y))

    return minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B",
                    options={"maxiter": 500}).x


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    x, y = gather(args.folders, np.random.default_rng(args.seed))
    weights = fit(x, y)
    rows = [", ".join(f"{w:+.4f}f" for w in weights[i : i + 8]) for i in range(0, 48, 8)]
    with open(args.out, "w", encoding="utf-8") as file:
        file.write('/* Written by train/fit_flag.py. */\n#include "flag_weights.h"\n\n')
        file.write("const float dt__flag_weights[DT__FLAG_RISES] = {\n")
        file.write("".join(f"    {row},\n" for row in rows))
        file.write(f"}};\nconst float dt__flag_bias = {weights[-1]:+.4f}f;\n")
    print(f"{len(y)} hops, {int(np.sum(y))} to be flagged; written to {args.out}")


if __name__ == "__main__":
    main()
