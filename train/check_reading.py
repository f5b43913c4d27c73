"""How well the net of train/fit_reading.py reads drummers that it was not taught on: Markdown.

    python3 train/check_reading.py --data FOLDER --heard HEARD ... --grid PROGRAM [--tables FOLDER]

For each group of drummers of the training split of the Groove MIDI Dataset a net is taught on all the
others, and reads the lattice's pulse in the group's takes of thirty beats or more, as played and as
heard: at which octave and with "one" where. --tables: keeps the nets. Intervals: 95 %, by drawing
sessions anew (a session's takes are alike).
"""
import argparse
import os

import numpy as np
import torch

import fit_reading
import grids
from reading import GROUPS, PROFILE, readings

DRUMMERS = [["drummer1"], ["drummer2", "drummer10"], ["drummer3"], ["drummer5"],
            ["drummer4", "drummer6", "drummer9"], ["drummer7"], ["drummer8"]]
BETWEEN = 3.0  # DT__BETWEEN of src/pulse/tuning.h


def say(net, rows):
    """The mean over all drums, and all but one of them: as src/pulse/reading.c has it."""
    score = np.zeros(len(rows))
    for without in [[]] + [[g] for g in range(GROUPS)]:
        heard = rows.copy()
        heard[:, :PROFILE].reshape(len(rows), -1, GROUPS)[..., without] = 0
        hidden = np.maximum(heard @ net["hidden"].T + net["bias"], 0)
        score += heard @ net["linear"][0] + hidden @ net["out"]
    return score / (GROUPS + 1)


def read(net, take):
    """(beat F, downbeat F, the same of the best reading) of the octave and "one" that are taken."""
    rows, keys = readings(take["beat"], take["group"], take["weight"], take["beats"], take["beat_s"], take["start"],
                          take["end"])
    score = say(net, rows) - [BETWEEN if o >= 0 and h % 2 else 0 for o, h in keys]
    p = np.exp(score - score.max())
    octaves = np.array([o for o, _ in keys])
    octave = max(sorted(set(octaves)), key=lambda o: p[octaves == o].sum())
    taken = np.where(octaves == octave, p, -1).argmax()
    return *take["score"][taken], *take["score"][take["score"].sum(1).argmax()]


def interval(values, sessions, rng):
    groups = [np.flatnonzero(sessions == s) for s in sorted(set(sessions))]
    means = [values[np.concatenate([groups[k] for k in rng.integers(len(groups), size=len(groups))])].mean(0)
             for _ in range(2000)]
    return np.quantile(means, [.025, .975], axis=0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--heard", nargs="+", required=True)
    parser.add_argument("--grid", required=True)
    parser.add_argument("--tables")
    args = parser.parse_args()
    torch.set_num_threads(1)
    takes = grids.load(args.data, args.heard, args.grid)
    made = fit_reading.by_convention(400, 77)
    found = {"played": ([], []), "heard": ([], [])}
    for group in DRUMMERS:
        net = fit_reading.teach([t for t in takes if t["drummer"] not in group], made)
        if args.tables:
            fit_reading.write(os.path.join(args.tables, group[0] + ".c"), net)
        for take in takes:
            if take["drummer"] in group and take["beats"] >= 30:
                found[take["kind"]][0].append(read(net, take))
                found[take["kind"]][1].append(take["session"])
    rng = np.random.default_rng(5)
    print("\n| takes | how many | beat F | downbeat F | best reading: beat F | downbeat F |\n|---|---|---|---|---|---|")
    for kind, (rows, sessions) in found.items():
        values = np.array(rows)
        low, high = interval(values, np.array(sessions), rng)
        cells = " | ".join(f"{m:.3f} ({a:.3f}..{b:.3f})" for m, a, b in zip(values.mean(0), low, high))
        print(f"| {kind} | {len(rows)} | {cells} |")


if __name__ == "__main__":
    main()
