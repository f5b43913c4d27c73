#!/usr/bin/env python3
"""Write rendered takes in the takes format, to choose thresholds on or to report.

  render.py --data DATA --part select --out DIR --count 60 --seed 70001
  render.py --data DATA --part report --out DIR --kits forzee --dry     which kit, or which room, is hard

Real performances on kits, and by drummers, that nothing was trained on (train/material.py). Strokes
of which no band of the attack holds a twentieth of what sounds there are left out of the truth.
"""

import argparse
import os

import numpy as np
import soundfile
import torch

import material
import synth

NOTE = [36, 38, 37, 42, 46, 44, 48, 45, 43, 51, 53, 49]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--part", choices=("train", "select", "report"), required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=70001)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--varied", action="store_true",
                        help="with all that recording does to a take, not only rooms and noise")
    parser.add_argument("--kits", help="only these of the part's, with commas between")
    parser.add_argument("--dry", action="store_true", help="without rooms and noise")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(1)
    if args.kits:
        unknown = set(args.kits.split(",")) - set(material.KITS[args.part])
        if unknown:
            raise SystemExit(f"--kits: {', '.join(sorted(unknown))} not among the kits of {args.part}")
        material.KITS[args.part] = args.kits.split(",")
    room = synth.Synth(material.Kits(args.data, args.part), material.performances(args.data, args.part),
                       material.rooms(args.data), material.noises(args.data), args.seed, plain=not args.varied,
                       natural=args.varied, dry=args.dry)
    room.renew(args.seed)
    for number in range(args.count):
        sound, rows = room.take(args.seconds)
        name = os.path.join(args.out, f"{args.part}{number:03d}")
        soundfile.write(name + ".flac", sound.numpy(), material.RATE, subtype="PCM_16")
        with open(name + ".strokes.csv", "w", encoding="utf-8") as file:
            file.write("time_s,drum,velocity,note\n")
            for time_s, drum, velocity, share in sorted(rows.tolist()):
                if share > 0.05:
                    drum = int(drum)
                    file.write(f"{time_s:.6f},{material.DRUMS[drum]},{velocity:.0f},{NOTE[drum]}\n")


if __name__ == "__main__":
    main()
