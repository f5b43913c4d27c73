#!/usr/bin/env python3
"""Fit how loud each drum is when it is struck how hard (src/ear/strength.c).

  fit_strength.py --out src/ear/strength_weights.c DIR...

Each DIR holds takes that train/render.py rendered. Needs numpy, scipy and soundfile. Fitted are

  weights   how much each band tells of how hard a family was struck: the gains of the bands with each
            stroke, and its velocity, both against the mean of the same drum in the same take; least
            squares with weights that are not negative, scaled to a sum of 1
  full      the strength of each drum at velocity 127, and by how much takes, families in a take and
            drums in a family differ from it: a model with these three as random effects, by maximum
            likelihood (N. Laird and J. Ware, "Random-effects models for longitudinal data",
            Biometrics 1982)
  share     by how much a drum's strength in its bands lies under the whole sound's gain when it is
            struck alone: the median
"""

import argparse
import csv
import glob
import os

import numpy as np
import soundfile
from scipy.optimize import minimize, nnls

from fit_flag import BANDS, energies
from material import DRUMS, FAMILIES, FAMILY_OF

AFTER, BEFORE, GAP = 17, 9, 1
DB_PER_DECADE, SURPRISE_DB, DECAY, LEAST_STROKES = 25, 15, 20000, 4
FULL_DB_PER_DECADE, SOFTEST, ALONE_S = 28, 8, 0.05


def gains(energy, hop):
    """(each band's gain, the whole sound's), dB"""
    after = energy[hop:hop + AFTER].mean(0)
    before = energy[hop - GAP - BEFORE:hop - GAP].mean(0)
    gain = np.maximum(after - before, 0.02 * after)
    return 10 * np.log10(gain + 1e-5 * after.sum() + 1e-11), 10 * np.log10(gain.sum() + 1e-11)


def strokes_of(path):
    """{drum: (bands' gains, the whole's, velocity, is it alone)} of one take."""
    base = path[: -len(".strokes.csv")]
    sound, rate = soundfile.read(base + ".flac", always_2d=True)
    energy, hop_s = energies(sound.mean(axis=1), rate)
    with open(path, encoding="utf-8") as file:
        rows = [(float(r["time_s"]), r["drum"], float(r["velocity"])) for r in csv.DictReader(file)]
    times = np.array([r[0] for r in rows])
    found = {}
    for time_s, drum, velocity in rows:
        hop = int(time_s / hop_s)
        if drum in DRUMS and 32 <= hop < len(energy) - 20:
            alone = np.sum(np.abs(times - time_s) < ALONE_S) == 1
            found.setdefault(DRUMS.index(drum), []).append((*gains(energy, hop), velocity, alone))
    return found


def fit_weights(takes):
    rows = []
    for family in range(len(FAMILIES)):
        xs, ys = [], []
        for take in takes:
            for drum, strokes in take.items():
                if FAMILY_OF[drum] != family or len(strokes) < LEAST_STROKES:
                    continue
                x = np.array([s[0] for s in strokes])
                y = DB_PER_DECADE * np.log10([s[2] for s in strokes])
                xs.append(x - x.mean(0))
                ys.append(np.clip(y - y.mean(), -SURPRISE_DB, SURPRISE_DB))
        x, y = np.vstack(xs), np.concatenate(ys)
        w = nnls(np.vstack([x, np.sqrt(DECAY) * np.eye(BANDS)]), np.append(y, np.zeros(BANDS)))[0]
        rows.append(w / w.sum())
        print(f"{FAMILIES[family]}: {len(y)} strokes")
    return np.array(rows)


def fit_full(takes, weights):
    """(strength of each drum at velocity 127, SDs of takes, families, drums), dB."""
    data, within, count = [], 0.0, 0
    for take in takes:
        drums, means, sizes = [], [], []
        for drum, strokes in sorted(take.items()):
            full = [s[0] @ weights[FAMILY_OF[drum]] - FULL_DB_PER_DECADE * np.log10(s[2] / 127)
                    for s in strokes if s[2] >= SOFTEST]
            if full:
                drums.append(drum)
                means.append(np.mean(full))
                sizes.append(len(full))
                within += np.sum((full - np.mean(full)) ** 2)
                count += len(full) - 1
        data.append((np.array(drums, int), np.array(means), np.array(sizes)))
    noise = within / count

    def solve(sds):
        gain, family, drum = np.exp(2 * sds)
        left, right, parts = 1e-6 * np.eye(len(DRUMS)), np.zeros(len(DRUMS)), []
        for drums, means, sizes in data:
            of = np.array(FAMILY_OF)[drums]
            c = gain + family * (of[:, None] == of) + np.diag(drum + noise / sizes)
            x = np.eye(len(DRUMS))[drums]
            inverse = np.linalg.inv(c)
            left, right = left + x.T @ inverse @ x, right + x.T @ inverse @ means
            parts.append((c, inverse))
        full = np.linalg.solve(left, right)
        cost = np.linalg.slogdet(left)[1]
        for (c, inverse), (drums, means, _) in zip(parts, data):
            r = means - full[drums]
            cost += np.linalg.slogdet(c)[1] + r @ inverse @ r
        return cost, full

    best = minimize(lambda s: solve(s)[0], np.log([9.0, 4.0, 3.0]), method="Nelder-Mead").x
    print(f"SD within a drum of a take {np.sqrt(noise):.1f} dB")
    return solve(best)[1], np.exp(best)


def fit_share(takes, weights):
    under = [[] for _ in DRUMS]
    for take in takes:
        for drum, strokes in take.items():
            under[drum] += [s[0] @ weights[FAMILY_OF[drum]] - s[1] for s in strokes if s[3]]
    print("strokes alone:", *[len(u) for u in under])
    return np.array([np.median(u) for u in under])


def text_of(values, form):
    return "{" + ", ".join(f"{v:{form}}f" for v in values) + "}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    takes = [strokes_of(path) for folder in args.folders
             for path in sorted(glob.glob(os.path.join(folder, "*.strokes.csv")))]
    weights = fit_weights(takes)
    full, (gain, family, drum) = fit_full(takes, weights)
    share = fit_share(takes, weights)
    with open(args.out, "w", encoding="utf-8") as file:
        file.write('/* Written by train/fit_strength.py. */\n#include "strength.h"\n\n')
        file.write("const float dt__strength_weights[DT__NET_FAMILIES][DT_BANK_BANDS] = {\n")
        file.write("".join(f"    {text_of(row, '.4f')},\n" for row in weights) + "};\n\n")
        file.write(f"const float dt__strength_full_db[DT__NET_DRUMS] = {text_of(full, '.1f')};\n\n")
        file.write(f"const float dt__strength_share_db[DT__NET_DRUMS] = {text_of(share, '.1f')};\n\n")
        file.write(f"const dt__strength_spread dt__strength_spread_db = {{\n    .take = {gain:.1f}, "
                   f".family = {family:.1f}, .drum = {drum:.1f}}};\n")


if __name__ == "__main__":
    main()
