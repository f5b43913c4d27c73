"""Compares bench/beat_score.c with mir_eval.beat: same numbers on random beats.

    python3 bench/beat_score_check.py BUILD/bench/beat_score_list

Needs mir_eval 0.8 and numpy; the program reads pairs of lines (truth, found) and prints scores.
"""
import subprocess
import sys

import mir_eval.beat as beat
import numpy as np


def main():
    rng = np.random.default_rng(1)
    worst, lines, cases = 0.0, [], []
    for case in range(60):
        length = rng.uniform(0.3, 0.9)
        truth = np.cumsum(length * (1 + 0.03 * rng.standard_normal(rng.integers(20, 200))))
        found = truth + 0.02 * rng.standard_normal(len(truth))
        found = found[rng.uniform(size=len(found)) > 0.1 * (case % 4)]
        kind = case % 6
        if kind == 1:
            found = found[::2]
        elif kind == 2:
            found = np.sort(np.concatenate([found, found + length / 2]))
        elif kind == 3:
            found = found + length / 2
        elif kind == 4:
            found = np.sort(np.concatenate([found, rng.uniform(0, truth[-1], 20)]))
        found = np.sort(found)
        cases.append((truth, found))
        lines += [" ".join(f"{x:.17g}" for x in truth), " ".join(f"{x:.17g}" for x in found)]
    out = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", text=True, capture_output=True, check=True)
    for (truth, found), line in zip(cases, out.stdout.splitlines()):
        mine = [float(x) for x in line.split()]
        truth, found = beat.trim_beats(truth), beat.trim_beats(found)
        theirs = [beat.f_measure(truth, found), beat.cemgil(truth, found)[0], *beat.continuity(truth, found)]
        worst = max(worst, max(abs(a - b) for a, b in zip(mine, theirs)))
    print(f"{len(cases)} cases, largest difference {worst:.2g}")
    sys.exit(worst > 1e-9)


if __name__ == "__main__":
    main()
