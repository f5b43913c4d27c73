#!/usr/bin/env python3
"""Render a development set for the ear: real performances on real kits, in rooms and noise.

Groove MIDI performances (train split) are played on the kit samples of the data folder. The kits
are split so that related recordings stay on one side: --part dev is for choosing constants,
--part validation for confirming them. The takes folder is never touched: it is for the report.

  render_dev.py --data DATA --out DIR --part dev --count 100 --seed 1

writes DIR/NAME.flac and DIR/NAME.strokes.csv in the takes format (time_s,drum,velocity,note). A
stroke's time is the sample's `onset_s` (first crossing of -20 dB re its own peak, see kits/README). Strokes
that nobody could hear in the mix (under 15 % of every band) are left out of the truth.
Needs numpy, scipy and soundfile.
"""

import argparse
import csv
import io
import os
import struct
import tarfile

import numpy as np
import soundfile
from scipy.signal import butter, fftconvolve, sosfilt

RATE = 44100
ATTACK = 1024  # samples of a stroke that must be heard, its 4.5 ms of lead included

# Groups of related recordings (kits/README) stay together.
KITS = {
    "dev": {
        "full": ["avl_black_pearl", "avl_red_zeppelin", "black_pearl", "gmrockkit", "bja_pacific",
                 "muldjord", "pearl_master", "fluidr3_jazz", "fluidr3_power", "fluidr3_room",
                 "fluidr3_standard", "fluidr3_brush", "electric_empire", "varibreaks"],
        "snare": ["frankensnare_10", "frankensnare_12", "frankensnare_13b", "frankensnare_14a",
                  "frankensnare_14d", "frankensnare_14p", "frankensnare_14s", "frankensnare_14t",
                  "frankensnare_16"],
    },
    "validation": {
        "full": ["forzee", "millo1", "millo2", "millo3", "colombo", "becks", "sonicpi_acoustic",
                 "sonicpi_electro", "hard_electro"],
        "snare": ["drumline_snare"],
    },
}

# Roland TD-11 notes of the Groove set (Gillick et al. 2019, table of its page).
NOTES = {36: "kick", 35: "kick", 38: "snare", 40: "rimshot", 37: "cross_stick", 48: "tom_high",
         50: "tom_high", 45: "tom_mid", 47: "tom_mid", 43: "tom_low", 58: "tom_low", 41: "tom_low",
         46: "hihat_open", 26: "hihat_open", 42: "hihat_closed", 22: "hihat_closed",
         44: "hihat_pedal", 49: "crash", 55: "crash", 57: "crash", 52: "china", 51: "ride",
         59: "ride", 53: "ride_bell"}

# What to play where a kit has no such sound, in order.
STAND_IN = {"rimshot": ["snare"], "cross_stick": ["rimshot", "snare"], "hihat_pedal": [],
            "ride_bell": ["ride"], "china": ["crash", "splash"], "splash": ["crash"],
            "tom_mid": ["tom_low", "tom_high"], "tom_high": ["tom_mid"], "tom_low": ["tom_mid"],
            "snare": ["snare_brush"]}


def varlen(data, at):
    value = 0
    while True:
        byte = data[at]
        at += 1
        value = value << 7 | byte & 127
        if byte < 128:
            return value, at


def read_midi(data):
    """(time_s, note, velocity) of every note-on, first tempo only (the set has one per file)."""
    division = struct.unpack(">H", data[12:14])[0]
    at, tempo, notes = 14, 500000, []
    while at < len(data):
        size = struct.unpack(">I", data[at + 4:at + 8])[0]
        end, at, tick, status = at + 8 + size, at + 8, 0, 0
        while at < end:
            delta, at = varlen(data, at)
            tick += delta
            if data[at] >= 128:
                status, at = data[at], at + 1
            if status == 0xFF:
                kind, (length, at) = data[at], varlen(data, at + 1)
                if kind == 0x51:
                    tempo = int.from_bytes(data[at:at + 3], "big")
                at += length
            elif status in (0xF0, 0xF7):
                length, at = varlen(data, at)
                at += length
            elif status >> 4 in (0xC, 0xD):
                at += 1
            else:
                if status >> 4 == 9 and data[at + 1] > 0:
                    notes.append((tick, data[at], data[at + 1]))
                at += 2
        at = end
    return [(t * tempo * 1e-6 / division, n, v) for t, n, v in sorted(notes)]


class Samples:
    """The kits of one part: sounds by (kit, view), then drum, with their layers. The program's own
    kit (bench_ear --samples SYNTH) may join the dev part."""

    def __init__(self, folder, part, synth=None):
        self.folder, self.cache, self.kits, self.any = folder, {}, {}, {}
        names = KITS[part]["full"] + KITS[part]["snare"]
        with open(os.path.join(folder, "kits.csv"), encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["kit"] in names:
                    sound = (float(row["layer"]), row["file"], float(row["onset_s"]))
                    kit = self.kits.setdefault((row["kit"], row["view"]), {})
                    kit.setdefault(row["drum"], []).append(sound)
        if synth:
            for name in sorted(os.listdir(synth)):  # DRUM-VELOCITY.wav, attack at 4.5 ms
                drum, loud = name[:-4].split("-")
                sound = (float(loud) / 127, os.path.join(os.path.abspath(synth), name), 0.0045)
                self.kits.setdefault(("synth", "own"), {}).setdefault(drum, []).append(sound)
        self.full = [("synth", "own")] * 2 if synth else []
        self.full += [k for k in sorted(self.kits) if k[0] in KITS[part]["full"]]
        self.snares = [k for k in sorted(self.kits) if k[0] in KITS[part]["snare"]]

    def load(self, name):
        if name not in self.cache:
            self.cache[name] = soundfile.read(os.path.join(self.folder, name), dtype="float32")[0]
        return self.cache[name]

    def choose(self, rng):
        """A kit: its own sounds, missing ones borrowed, sometimes another snare."""
        base = self.kits[self.full[rng.integers(len(self.full))]]
        kit = dict(base)
        if self.snares and rng.random() < 0.3:
            for drum, sounds in self.kits[self.snares[rng.integers(len(self.snares))]].items():
                kit[drum] = sounds
        for drum in sorted(set(NOTES.values())):
            if drum in kit:
                continue
            near = [d for d in STAND_IN.get(drum, []) if d in kit]
            others = [k for k in self.full if drum in self.kits[k]]
            if near and rng.random() < 0.5 or not others:
                kit[drum] = kit[near[0]] if near else []
            else:
                kit[drum] = self.kits[others[rng.integers(len(others))]][drum]
        return kit


def sound_of(kit, drum, velocity, rng):
    """The layer nearest to the velocity and the gain that makes up the difference."""
    layers = kit.get(drum, [])
    if not layers:
        return None
    loud = velocity / 127
    distance = [abs(layer - loud) + 0.1 * rng.random() for layer, _, _ in layers]
    layer, name, onset_s = layers[int(np.argmin(distance))]
    gain = (loud / max(layer, 0.05)) ** (1.6 if len(layers) == 1 else 1.2)
    return name, onset_s, float(np.clip(gain, 0.02, 3))


def render(notes, kit, samples, rng, length, vary):
    """Dry mix, the list of strokes, and for each where its own sound lies."""
    mix, strokes, sounds = np.zeros(length, np.float32), [], []
    drums = sorted(set(NOTES.values()))
    trims = {d: 10 ** (rng.normal(0, 4) / 20) for d in drums}
    # Other drums of other sizes: every sound a little faster or slower, in the dev part only.
    speeds = {d: float(np.exp(rng.normal(0, 0.12))) if vary else 1.0 for d in drums}
    hats = [t for t, n, _ in notes if NOTES.get(n, "").startswith("hihat")]
    for time_s, note, velocity in notes:
        drum = NOTES.get(note)
        chosen = sound_of(kit, drum, velocity, rng) if drum else None
        if chosen is None:
            continue
        name, onset_s, gain = chosen
        sound = samples.load(name) * gain * trims[drum]
        if vary:
            at = np.arange(0, len(sound) - 1, speeds[drum])
            sound = np.interp(at, np.arange(len(sound)), sound).astype(np.float32)
            onset_s /= speeds[drum]
        if drum == "hihat_open":  # The next hat stroke closes it.
            later = [t for t in hats if t > time_s + 0.03]
            if later:
                stop = int((later[0] - time_s + onset_s) * RATE)
                if stop < len(sound):
                    sound = sound.copy()
                    fade = min(len(sound) - stop, 441)
                    sound[stop:stop + fade] *= np.linspace(1, 0, fade)
                    sound[stop + fade:] = 0
        at = int(round((time_s - onset_s) * RATE))
        skip = max(0, -at)
        part = sound[skip:skip + max(0, length - max(at, 0))]
        if not len(part):
            continue
        mix[max(at, 0):max(at, 0) + len(part)] += part
        # The sample grid moves the attack by up to half a sample: say where it really is.
        strokes.append((round(time_s * RATE - onset_s * RATE) / RATE + onset_s, drum, velocity,
                        note))
        sounds.append((max(at, 0), part[:ATTACK * 2]))
    return mix, strokes, sounds


def audible(mix, at, own):
    """Does a stroke's own attack make up a share of any band of what sounds there?"""
    own = own[:ATTACK]
    share = np.abs(np.fft.rfft(own, ATTACK)) ** 2
    total = np.abs(np.fft.rfft(mix[at:at + len(own)], ATTACK)) ** 2
    edges = np.searchsorted(np.fft.rfftfreq(ATTACK, 1 / RATE), [0, 150, 500, 2000, 6000, 18000])
    return any(share[a:b].sum() > 0.15 * total[a:b].sum() + 1e-9
               for a, b in zip(edges[:-1], edges[1:]))


def in_room(mix, folder, rng):
    rooms = sorted(f for f in os.listdir(folder) if f.endswith(".flac"))
    name = rooms[rng.integers(len(rooms))]
    response = soundfile.read(os.path.join(folder, name), dtype="float32")[0]
    with open(os.path.join(folder, "rooms.csv"), encoding="utf-8") as file:
        direct = next(float(r["direct_s"]) for r in csv.DictReader(file) if r["file"] == name)
    at = int(round(direct * RATE))
    response = response / np.sqrt(np.sum(response[at:at + 220] ** 2))
    wet = fftconvolve(mix, response)[at:at + len(mix)]
    dry = rng.uniform(0.3, 1)
    return (dry * mix + (1 - dry) * wet).astype(np.float32)


def noise_like(length, folder, rng):
    if rng.random() < 0.5:
        white = rng.standard_normal(length)
        tilt = butter(1, rng.uniform(100, 15000) / (RATE / 2), output="sos")
        return sosfilt(tilt, white)
    names = sorted(f for f in os.listdir(folder)
                   if f.endswith(".ogg") and f.split("_")[0] in ("rain", "sea", "helicopter"))
    clip = soundfile.read(os.path.join(folder, names[rng.integers(len(names))]))[0]
    clip = clip[:np.max(np.nonzero(clip)) + 1]
    return np.tile(clip, length // len(clip) + 1)[:length]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--part", choices=sorted(KITS), required=True)
    parser.add_argument("--synth", help="folder of the program's own sounds, to join them")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=25)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    rng = np.random.default_rng(args.seed)
    samples = Samples(os.path.join(args.data, "kits"), args.part, args.synth)
    with tarfile.open(os.path.join(args.data, "groove-midi.tar.xz")) as tar:
        files = {os.path.normpath(m.name): tar.extractfile(m).read()
                 for m in tar.getmembers() if m.isfile()}
    rows = [r for r in csv.DictReader(io.StringIO(files["info.csv"].decode()))
            if r["split"] == "train" and float(r["duration"]) > 8]
    # Which performances go where is fixed by their order, not by the seed.
    rows = [r for i, r in enumerate(rows) if (i % 5 == 0) == (args.part == "validation")]
    for number in range(args.count):
        row = rows[rng.integers(len(rows))]
        notes = read_midi(files[os.path.normpath(row["midi_filename"])])
        start = rng.uniform(0, max(0, notes[-1][0] - args.seconds))
        notes = [(t - start + 0.1, n, v) for t, n, v in notes
                 if start <= t < start + args.seconds]
        length = int((args.seconds + 1) * RATE)
        sparse = rng.random() < 0.25
        if sparse:  # Single strokes in silence or noise: what must not be heard there.
            last, few = -9.0, []
            for t, n, v in notes:
                if t - last > 0.5 and rng.random() < 0.3:
                    few.append((t, n, max(v, 40)))
                    last = t
            notes = few
        mix, strokes, sounds = render(notes, samples.choose(rng), samples, rng, length,
                                     args.part == "dev")
        peak = np.max(np.abs(mix)) + 1e-9
        mix /= peak
        if rng.random() < 0.6:
            mix = in_room(mix, os.path.join(args.data, "rooms"), rng)
        if args.part == "dev":  # Another microphone: a smooth, random colour.
            for low, high in ((20, 150), (150, 800), (800, 4000), (4000, 18000)):
                band = butter(1, (low / (RATE / 2), high / (RATE / 2)), "band", output="sos")
                mix = mix + (10 ** (rng.uniform(-6, 6) / 20) - 1) * sosfilt(band, mix)
            mix = mix / np.max(np.abs(mix))
        if rng.random() < (0.9 if sparse else 0.6):
            noise = noise_like(length, os.path.join(args.data, "noise"), rng)
            snr_db = rng.uniform(0, 40) if sparse else rng.uniform(15, 60)
            level = np.sqrt(np.mean(mix ** 2)) * 10 ** (-snr_db / 20)
            mix = mix + noise * level / np.sqrt(np.mean(noise ** 2))
        strokes = [stroke for stroke, (at, own) in zip(strokes, sounds)
                   if audible(mix, at, own / peak)]
        if rng.random() < 0.3:  # A limiter, a phone, a hot preamplifier.
            drive = rng.uniform(1, 5)
            mix = np.tanh(drive * mix / np.max(np.abs(mix))) / np.tanh(drive)
        mix = mix / np.max(np.abs(mix)) * 10 ** (-rng.uniform(0, 20) / 20)
        name = os.path.join(args.out, f"{args.part}{number:03d}")
        soundfile.write(name + ".flac", mix, RATE, subtype="PCM_16")
        with open(name + ".strokes.csv", "w", encoding="utf-8") as file:
            file.write("time_s,drum,velocity,note\n")
            for time_s, drum, velocity, note in sorted(strokes):
                file.write(f"{time_s:.6f},{drum},{velocity},{note}\n")


if __name__ == "__main__":
    main()
