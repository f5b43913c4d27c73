#!/usr/bin/env python3
"""Choose the thresholds of a trained network on rendered takes (render.py --part select).

  thresholds.py RUN/last.pt [RUN2/last.pt ...] SELECT SELECT-VARIED

prints 5 + 12 numbers for export.py: for each family the threshold of the greatest F at 50 ms; for
each drum the one above which it is heard beside a likelier drum of its family.
"""

import csv
import glob
import os
import sys

import numpy as np
import soundfile
import torch

import export
import front
import material
import net as network
import targets

STEPS = np.arange(0.06, 0.92, 0.02)


def match(reference, estimate, window_s):
    """Size of the largest one-to-one matching of two sorted lists."""
    i = j = hits = 0
    while i < len(reference) and j < len(estimate):
        if abs(reference[i] - estimate[j]) <= window_s:
            i, j, hits = i + 1, j + 1, hits + 1
        elif reference[i] < estimate[j]:
            i += 1
        else:
            j += 1
    return hits


def hear(nets, folders):
    """What networks, heard together as net.c does it, say: [(chances of families, offsets, chances of drums, true rows (time_s, drum))]."""
    ears, takes = front.Front(), []
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "*.flac"))):
            sound = torch.tensor(soundfile.read(path, dtype="float32")[0])
            with torch.no_grad():
                features = ears(sound)[None]
                logits = torch.stack([net(features)[0][0] for net in nets]).mean(0)
            family, offset, drum, _ = (x.numpy() for x in network.speak(logits))
            with open(path.replace(".flac", ".strokes.csv"), encoding="utf-8") as file:
                truth = [(float(r["time_s"]), material.OUTPUT_OF[r["drum"]]) for r in csv.DictReader(file)
                         if r["drum"] in material.OUTPUT_OF]
            takes.append((family, offset, drum, np.array(truth, float).reshape(-1, 2)))
    return takes


def f_of(tally):
    return 2 * tally[0] / max(1, tally[1] + tally[2])


def best(score, steps=STEPS):
    """The middle of the steps whose score is within a thousandth of the best."""
    scores = np.array([score(t) for t in steps])
    return float(np.median(steps[scores >= scores.max() - 0.001])), scores.max()


def main():
    torch.set_num_threads(1)
    runs = [path for path in sys.argv[1:] if path.endswith(".pt")]
    takes = hear([export.load(run)[0] for run in runs], [path for path in sys.argv[1:] if path not in runs])
    chosen = []

    def family_score(f, threshold):
        tally = np.zeros(3)
        for family, offset, _, truth in takes:
            reference = np.sort(truth[material.FAMILY_OF[truth[:, 1].astype(int)] == f, 0])
            found = [s[0] for s in targets.strokes(family[:, f], offset[:, f], threshold)]
            tally += match(reference, found, 0.05), len(reference), len(found)
        return f_of(tally)

    for f in range(5):
        threshold, score = best(lambda t: family_score(f, t))
        print(material.FAMILIES[f], round(score, 4), file=sys.stderr)
        chosen.append(threshold)

    def drum_score(d, threshold):
        f, tally = material.FAMILY_OF[d], np.zeros(3)
        for family, offset, drum, truth in takes:
            found = []
            for time_s, _ in targets.strokes(family[:, f], offset[:, f], chosen[f]):
                n = int(round((time_s + front.DELAY_S) / 0.01)) - 1
                n = min(max(n, 0), len(drum) - 1)
                likeliest = d == np.argmax(np.where(material.FAMILY_OF == f, drum[n], -1))
                if likeliest or drum[n, d] >= threshold:
                    found.append(time_s)
            reference = np.sort(truth[truth[:, 1] == d, 0])
            tally += match(reference, found, 0.05), len(reference), len(found)
        return f_of(tally)

    for d in range(len(material.DRUMS)):
        # Two drums of a family at once are rare: never on less than even chances.
        threshold, score = best(lambda t: drum_score(d, t), STEPS[STEPS > 0.5])
        print(material.DRUMS[d], round(score, 4), file=sys.stderr)
        chosen.append(threshold)
    print(" ".join(f"{t:.2f}" for t in chosen))


if __name__ == "__main__":
    main()
