#!/usr/bin/env python3
"""Render whole performances with their beats, for bench_pulse_sound --dir.

  render_pulse.py --data DATA --out DIR [--seconds 60] [--seed 80001]

Performances of the Groove MIDI Dataset's validation split that last eight bars or more, from their
beginning, on kits that the ear was not trained on (the part "report" of train/material.py), in rooms
and noise. Writes NAME.flac, NAME.strokes.csv (what was played and could be heard) and NAME.beats.csv
(time_s,beat_in_bar: the click that the drummer played to).
"""

import argparse
import csv
import io
import os
import tarfile

import soundfile
import torch

import material
import synth

NOTE = [36, 38, 37, 42, 46, 44, 48, 45, 43, 51, 53, 49]
BEFORE_S = 0.5  # of room and noise before beat 0


def beats(notes, bpm, meter, seconds):
    """[(time_s, beat in bar)] from half a beat before the first stroke to the last, beat 0 at 0."""
    numerator, denominator = (int(part) for part in meter.split("-"))
    length, count = (180 / bpm / 2, numerator // 3) if denominator == 8 and numerator % 3 == 0 else \
        (240 / bpm / denominator, numerator)
    last, found, number = min(notes[-1][0], seconds - BEFORE_S), [], 0
    while number * length <= last + 0.1:
        if number * length >= notes[0][0] - length / 2:
            found.append((number * length, number % count + 1))
        number += 1
    return found, (last - notes[0][0]) / (length * count)


def rows(data):
    with tarfile.open(os.path.join(data, "groove-midi.tar.xz")) as tar:
        files = {os.path.normpath(m.name): tar.extractfile(m).read()
                 for m in tar.getmembers() if m.isfile() and not m.name.endswith(".wav")}
    for row in csv.DictReader(io.StringIO(files["info.csv"].decode())):
        if row["split"] == "validation" and float(row["duration"]) > 5:
            yield row, material.read_midi(files[os.path.normpath(row["midi_filename"])])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=80001)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(1)
    room = synth.Synth(material.Kits(args.data, "report"), [], material.rooms(args.data),
                       material.noises(args.data), args.seed, plain=True)
    for number, (row, notes) in enumerate(rows(args.data)):
        found, bars = beats(notes, float(row["bpm"]), row["time_signature"], args.seconds)
        if bars < 7.5:
            continue
        room.renew(args.seed + number)
        room.mild = True
        heard = [(t + BEFORE_S, d, float(v)) for t, d, v in notes if t + BEFORE_S < args.seconds - 0.2]
        length = int((heard[-1][0] + 1.5) * material.RATE)
        mix, strokes = room.dry(heard, length)
        peak = float(mix.abs().max())
        strokes = [(t, d, v, part / peak, at) for t, d, v, part, at in strokes]
        mix, gain_db = room.colour(room.room(mix / peak))
        level = float(mix.square().mean().sqrt())
        mix = mix + room.noise(length) * (level * 10 ** (-room.rng.uniform(20, 60) / 20))
        share = room.audible(mix, strokes, gain_db)
        name = os.path.join(args.out, row["midi_filename"].replace("/", "-").removesuffix(".mid"))
        soundfile.write(name + ".flac", (mix / mix.abs().max() * 0.9).numpy(), material.RATE, subtype="PCM_16")
        with open(name + ".strokes.csv", "w", encoding="utf-8") as file:
            file.write("time_s,drum,velocity,note\n")
            for (time_s, drum, velocity, _, _), part in sorted(zip(strokes, share), key=lambda s: s[0][0]):
                if part > 0.05:
                    file.write(f"{time_s:.6f},{material.DRUMS[drum]},{velocity:.0f},{NOTE[drum]}\n")
        with open(name + ".beats.csv", "w", encoding="utf-8") as file:
            file.write("time_s,beat_in_bar\n")
            for time_s, in_bar in found:
                file.write(f"{time_s + BEFORE_S:.6f},{in_bar}\n")
        print(os.path.basename(name), flush=True)


if __name__ == "__main__":
    main()
