#!/usr/bin/env python3
"""Write the model card, docs/ear-model.md: what the network is, and where all it knows came from.

  card.py --data DATA --run RUN [--run RUN2] --model src/ear/ear.model --command "train.py ..." \\
          --scores SCORES.md > docs/ear-model.md
"""

import argparse
import csv
import hashlib
import os

import export
import front
import material
import model_file

CARD = """# The ear's network

Written by `train/card.py`; do not edit. What was tried on the way is in [ear-lab.md](ear-lab.md).

| | |
|---|---|
| what it does | hears which drums of a kit are struck, how hard, and about when, in any mono sound |
| in | {inputs} numbers every 10 ms: log energies of a 46 ms view in 72 mel bands and of two 12 ms views in 24 (`train/front.py`) |
| out | for 5 families: a stroke's chance and its time within the frame; for 12 drums: its chance and velocity |
| looks ahead | {delay:.0f} ms after an attack, never further |
| networks | heard together, the mean of what they say; parameters {parameters} |
| file | {size:,} bytes, SHA-256 {digest}... |
| thresholds | {thresholds} |
| trained | {trained}; on {hours:.0f} hours of rendered takes |
| command | `{command}` |

It was made for drum kits. It has never heard hand drums as anything but noise, nor brushes that
stir; what else it cannot do is in the scores below.

## What it learned from

Takes rendered without end (`train/synth.py`): performances on kits, in rooms, through equalisers,
compressors, loudspeakers and noise, with other instruments, clapping and clicks behind them. No
recording of a real take of music was used, and none of the folder `takes/`.

| part | performances | kits |
|---|---|---|
{parts}

Performances: Groove MIDI Dataset (J. Gillick, A. Roberts, J. Engel, D. Eck, D. Bamman, "Learning to
Groove with Inverse Sequence Transformations", ICML 2019; CC BY 4.0). Drummers 3 and 10 are only in
"select"; "report" is the set's own validation split. The set's test split is not in our data.

| kit | part | licence | source |
|---|---|---|---|
{kits}

| room | licence | source |
|---|---|---|
{rooms}

Noise: {noise} clips of ESC-10 (K. J. Piczak, CC BY 3.0; originals CC0 on freesound.org) by {authors}.

No sample is part of the program; the network cannot play any of them back.

{scores}
"""


def rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("data", "model", "command"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--run", action="append", required=True, help="last.pt; once for each network, in order")
    parser.add_argument("--scores", help="Markdown to put at the end")
    parser.add_argument("--hours", type=float, required=True, help="of rendered takes, all networks together")
    args = parser.parse_args()
    nets = [export.load(run) for run in args.run]
    sizes = [sum(p.numel() for p in net.parameters()) for net, _ in nets]
    with open(args.model, "rb") as file:
        model = file.read()
    arrays = model_file.read(args.model)
    parts, kits = [], []
    for part in ("train", "select", "report"):
        found = material.Kits(args.data, part)
        played = material.performances(args.data, part)
        minutes = sum(notes[-1][0] for _, _, notes in played) / 60
        parts.append(f"| {part} | {len(played)}, {minutes:.0f} minutes | {len(found.credits)} |")
        for kit, (licence, source) in sorted(found.credits.items()):
            kits.append(f"| {kit} | {part} | {licence} | {source} |")
    places = [f"| {r['file']} | {r['licence']} | {r['source']} |"
              for r in rows(os.path.join(args.data, "rooms", "rooms.csv"))]
    noise = rows(os.path.join(args.data, "noise", "noise.csv"))
    names = material.FAMILIES + material.DRUMS
    chosen = list(arrays["threshold.family"]) + list(arrays["threshold.drum"])
    print(CARD.format(
        inputs=front.INPUTS, delay=1000 * front.DELAY_S + 5,
        parameters=" + ".join(f"{size:,}" for size in sizes), size=len(model), digest=hashlib.sha256(model).hexdigest()[:16],
        thresholds=", ".join(f"{n} {t:.2f}" for n, t in zip(names, chosen)),
        trained="; ".join(f"{saved['state']['spent'] / 60:.0f} minutes, {saved['state']['step']:,} steps" for _, saved in nets),
        hours=args.hours, command=args.command, parts="\n".join(parts),
        kits="\n".join(kits), rooms="\n".join(places), noise=len(noise),
        authors=", ".join(sorted({r["author"] for r in noise})),
        scores=open(args.scores, encoding="utf-8").read() if args.scores else ""), end="")


if __name__ == "__main__":
    main()
