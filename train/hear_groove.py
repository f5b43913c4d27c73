#!/usr/bin/env python3
"""Render performances of the Groove MIDI training split and hear them, for train/fit_reading.py.

  hear_groove.py --data DATA --program build/doubletime --out DIR [--seconds 50] [--seed 83000]

Takes in 4/4 of five seconds and more, half of them from their beginning and half from a bar within,
on kits that the ear was taught or chosen on (never those of its report), in rooms and noise. Writes
NAME.csv (what the program heard) and index.csv: what was heard of which performance. Beat 0 of the
part heard comes half a second after the beginning. What is there is not made again.
"""

import argparse
import csv
import io
import os
import subprocess
import tarfile

import numpy as np
import soundfile
import torch

import material
import synth

BEFORE_S = 0.5


def performances(data):
    """[(row of info.csv, notes)], the longest in beats first."""
    with tarfile.open(os.path.join(data, "groove-midi.tar.xz")) as tar:
        files = {os.path.normpath(m.name): tar.extractfile(m).read()
                 for m in tar.getmembers() if m.isfile() and not m.name.endswith(".wav")}
    rows = [row for row in csv.DictReader(io.StringIO(files["info.csv"].decode()))
            if row["split"] == "train" and float(row["duration"]) >= 5 and row["time_signature"] == "4-4"]
    rows.sort(key=lambda row: -float(row["duration"]) * float(row["bpm"]))
    return [(row, material.read_midi(files[os.path.normpath(row["midi_filename"])])) for row in rows]


class Studio:
    """Kits of a part, as they are or varied; made when first asked for."""

    def __init__(self, data):
        self.data, self.rooms, self.found = data, (material.rooms(data), material.noises(data)), {}

    def of(self, part, natural, seed):
        key = (part, natural)
        if key not in self.found:
            self.found[key] = synth.Synth(material.Kits(self.data, part), [], *self.rooms, 9, plain=not natural,
                                          natural=natural)
        self.found[key].mild = True
        self.found[key].renew(seed)
        self.found[key].mild = True
        return self.found[key]


def cut(notes, bpm, seconds, rng):
    """(first bar, notes of the part that is heard)"""
    last, bar = notes[-1][0], 240 / bpm
    bars = 0 if rng.random() < .5 else int(rng.uniform(0, max(last - seconds, 0)) / bar)
    begin = bars * bar
    part = [(t - begin + BEFORE_S, d, float(v)) for t, d, v in notes if begin - .2 <= t < begin + seconds]
    if part and part[0][0] < .15:
        part = part[1:]
    return bars, part


def play(room, notes):
    length = int((notes[-1][0] + 1.0) * material.RATE)
    mix, _ = room.dry(notes, length)
    mix = mix / (mix.abs().max() + 1e-9)
    level = float(mix.square().mean().sqrt())
    mix, _ = room.colour(room.room(mix))
    mix = mix + room.noise(length) * (level * 10 ** (-room.rng.uniform(20, 60) / 20))
    return (mix / (mix.abs().max() + 1e-9) * .9).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=float, default=50)
    parser.add_argument("--seed", type=int, default=83000)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(1)
    studio, index = Studio(args.data), []
    for number, (row, notes) in enumerate(performances(args.data)):
        name = row["midi_filename"].replace("/", "-").removesuffix(".mid")
        rng = np.random.default_rng(args.seed + number)
        part, natural = "train" if rng.random() < .5 else "select", rng.random() < .5
        bars, heard = cut(notes, float(row["bpm"]), args.seconds, rng)
        if len(heard) < 16:
            continue
        ends = notes[-1][0] < bars * 240 / float(row["bpm"]) + args.seconds
        index.append((name, bars, int(ends)))
        if os.path.exists(os.path.join(args.out, name + ".csv")):
            continue
        sound = os.path.join(args.out, name + ".wav")
        soundfile.write(sound, play(studio.of(part, natural, args.seed + number), heard), material.RATE, subtype="PCM_16")
        subprocess.run([args.program, "listen", "-q", "-f", "csv", "-o", args.out, "--force", sound], check=True)
        os.remove(sound)
        print(number, name, flush=True)
    with open(os.path.join(args.out, "index.csv"), "w", encoding="utf-8") as file:
        file.write("name,first_bar,ends\n")
        file.writelines(f"{name},{bars},{ends}\n" for name, bars, ends in index)


if __name__ == "__main__":
    main()
