"""How well the net of train/fit_reading.py reads drummers that it was not taught on: Markdown.

    python3 train/check_reading.py --data FOLDER [--made 400] [--tables FOLDER]

For each group of drummers of the training split of the Groove MIDI Dataset a net is taught on all the
others, and reads the group's takes of eight bars or more on the click's own beats: at which octave and
with "one" where. Whole takes, and their first 16 beats. --tables: keeps the nets. Intervals: 95 %, by
drawing sessions anew (a session's takes are alike).
"""
import argparse
import csv
import os

import numpy as np
import torch

import conventions
import fit_reading

GROUPS = [["drummer1"], ["drummer2", "drummer10"], ["drummer3"], ["drummer5"],
          ["drummer4", "drummer6", "drummer9"], ["drummer7"], ["drummer8"]]


def first_beats(take, beats):
    quarter = take["quarter"]
    first, end = np.floor(quarter[0]), np.ceil(quarter[-1])
    length = end - first if beats is None else min(beats, end - first)
    return fit_reading.readings(take, first, length, True, first + length > quarter[-1] + .05, take["bpm"])


def say(net, rows):
    """The mean over all drums, and all but one of them: as src/pulse/reading.c has it."""
    score = np.zeros(len(rows))
    for without in [[]] + [[g] for g in range(fit_reading.GROUPS)]:
        heard = rows.copy()
        heard[:, :fit_reading.PROFILE].reshape(len(rows), -1, fit_reading.GROUPS)[..., without] = 0
        hidden = np.maximum(heard @ net["hidden"].T + net["bias"], 0)
        score += heard @ net["linear"][0] + hidden @ net["out"]
    return score / (fit_reading.GROUPS + 1)


def read(net, take, beats):
    """(octave right, octave and "one" right, nats that the truth costs)"""
    rows, true = first_beats(take, beats)
    score = say(net, rows)
    p = np.exp(score - score.max())
    p /= p.sum()
    octave = p.reshape(-1, fit_reading.HALVES).sum(1).argmax()
    return octave == true // fit_reading.HALVES, p.argmax() == true, -np.log(p[true])


def interval(values, sessions, rng):
    groups = [np.flatnonzero(sessions == s) for s in sorted(set(sessions))]
    means = [values[np.concatenate([groups[k] for k in rng.integers(len(groups), size=len(groups))])].mean(0)
             for _ in range(2000)]
    return np.quantile(means, [.025, .975], axis=0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--made", type=int, default=400)
    parser.add_argument("--tables")
    args = parser.parse_args()
    torch.set_num_threads(1)
    drummers = sorted({row["drummer"] for row in csv.DictReader(open(os.path.join(args.data, "info.csv")))})
    made = fit_reading.excerpts(conventions.takes(args.made, np.random.default_rng(77)), 3, np.random.default_rng(1))
    found = {None: [], 16: []}
    sessions = []
    for group in GROUPS:
        taught = fit_reading.load(args.data, group)
        held = fit_reading.load(args.data, [d for d in drummers if d not in group])
        parts = zip(fit_reading.excerpts(taught, 10, np.random.default_rng(1)), made)
        x, count, true = (torch.cat([a, b]) for a, b in parts)
        net = fit_reading.joined([fit_reading.train(x, count, true, 6, 1 + k) for k in range(fit_reading.NETS)])
        if args.tables:
            fit_reading.write(os.path.join(args.tables, group[0] + ".c"), net)
        for take in held:
            if take["quarter"][-1] - take["quarter"][0] >= 30:
                sessions.append(take["session"])
                for beats, rows in found.items():
                    rows.append(read(net, take, beats))
    rng = np.random.default_rng(5)
    print("\n| of the take | takes | octave right | octave and \"one\" right | nats |\n|---|---|---|---|---|")
    for beats, rows in found.items():
        values = np.array(rows, float)
        low, high = interval(values, np.array(sessions), rng)
        cells = " | ".join(f"{m:.3f} ({a:.3f}..{b:.3f})" for m, a, b in zip(values.mean(0), low, high))
        print(f"| {'whole' if beats is None else f'first {beats} beats'} | {len(rows)} | {cells} |")


if __name__ == "__main__":
    main()
