"""What the ear is trained on: performances (Groove MIDI) and sounds (kits), each with its split.

Related recordings stay on one side (kits/README). "train" teaches; "select" chooses the thresholds
and the model; "report" is for the figures in the model card. The folder takes/ is never read.
"""

import csv
import io
import os
import tarfile

import numpy as np
import soundfile

import midi_notes

RATE = 44100

# The twelve drums that the network tells apart, and the family (of five) of each.
DRUMS = ["kick", "snare", "cross_stick", "hihat_closed", "hihat_open", "hihat_pedal", "tom_high",
         "tom_mid", "tom_low", "ride", "ride_bell", "crash"]
FAMILIES = ["kick", "snare", "hihat", "toms", "cymbals"]
FAMILY_OF = np.array([0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
OUTPUT_OF = {name: i for i, name in enumerate(DRUMS)}
OUTPUT_OF.update(rimshot=1, snare_brush=1, splash=11, china=11)

KITS = {
    "train": ["avl_black_pearl", "avl_red_zeppelin", "black_pearl", "gmrockkit", "bja_pacific",
              "muldjord", "millo1", "millo2", "millo3", "fluidr3_jazz", "fluidr3_power",
              "fluidr3_room", "fluidr3_standard", "fluidr3_brush", "electric_empire", "varibreaks",
              "drumline_bass", "drumline_cymbals", "drumline_tenor", "frankensnare_10",
              "frankensnare_12", "frankensnare_13b", "frankensnare_14a", "frankensnare_14d",
              "frankensnare_14p", "frankensnare_14s", "frankensnare_14t", "frankensnare_16",
              "frankensnare_brush_10", "frankensnare_brush_14d", "frankensnare_brush_20",
              "frankensnare_brush_22",
              "sonicpi_acoustic", "sonicpi_electro"],
    "select": ["colombo", "becks"],
    "report": ["forzee", "pearl_master", "hard_electro"],
}
# Clapping, shaking and hand drums: heard by everyone, strokes of no drum of ours. Train only.
DISTRACTORS = ["gimme_a_hand", "frankensnare_extras", "circafrique", "avl_black_pearl"]
DISTRACTOR_DRUMS = ("cowbell", "tambourine", "clap", "other")

# Performances: the set's own validation split is for the report; drummers 3 and 10 for selection.
SELECT_DRUMMERS = ("drummer3", "drummer10")

# Roland TD-11 notes of the Groove set (Gillick et al. 2019).
NOTES = {36: "kick", 35: "kick", 38: "snare", 40: "rimshot", 37: "cross_stick", 48: "tom_high",
         50: "tom_high", 45: "tom_mid", 47: "tom_mid", 43: "tom_low", 58: "tom_low", 41: "tom_low",
         46: "hihat_open", 26: "hihat_open", 42: "hihat_closed", 22: "hihat_closed",
         44: "hihat_pedal", 49: "crash", 55: "crash", 57: "crash", 52: "china", 51: "ride",
         59: "ride", 53: "ride_bell"}


def read_midi(data):
    """(time_s, drum, velocity) of every note-on that is a drum's."""
    division, tempo, notes = midi_notes.read(data)
    drums = sorted((tick, NOTES[note], v) for tick, note, v in notes if note in NOTES)
    return [(t * tempo * 1e-6 / division, d, v) for t, d, v in drums]


def performances(data, part):
    """[(name, bpm, notes)] of a part, in the set's order."""
    with tarfile.open(os.path.join(data, "groove-midi.tar.xz")) as tar:
        files = {os.path.normpath(m.name): tar.extractfile(m).read()
                 for m in tar.getmembers() if m.isfile()}
    found = []
    for row in csv.DictReader(io.StringIO(files["info.csv"].decode())):
        held = row["drummer"] in SELECT_DRUMMERS
        where = "report" if row["split"] == "validation" else "select" if held else "train"
        if where == part and row["split"] in ("train", "validation"):
            notes = read_midi(files[os.path.normpath(row["midi_filename"])])
            if len(notes) >= 4:
                found.append((row["midi_filename"], float(row["bpm"]), notes))
    return found


class Kits:
    """The sounds of one part: kits[(kit, view)][drum] = [(layer, sound, onset in samples)]."""

    def __init__(self, data, part):
        self.kits, self.distractors, self.credits = {}, [], {}
        folder, cache = os.path.join(data, "kits"), {}
        with open(os.path.join(folder, "kits.csv"), encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            distracts = (part == "train" and row["kit"] in DISTRACTORS
                         and row["drum"] in DISTRACTOR_DRUMS)
            drum = row["drum"] in OUTPUT_OF and row["kit"] in KITS[part]
            if not drum and not distracts:
                continue
            if row["file"] not in cache:
                sound = soundfile.read(os.path.join(folder, row["file"]), dtype="float32")[0]
                cache[row["file"]] = sound
            item = (float(row["layer"]), cache[row["file"]], float(row["onset_s"]) * RATE)
            self.credits.setdefault(row["kit"], (row["licence"], row["source"].split(":")[0]))
            if drum:
                self.kits.setdefault((row["kit"], row["view"]), {}).setdefault(row["drum"], []).append(item)
            else:
                self.distractors.append(item)
        for kit in self.kits.values():
            for sounds in kit.values():
                sounds.sort(key=lambda s: s[0])
        # A kit that a drummer could sit down at: kick, snare and something to keep time on.
        self.full = [k for k in sorted(self.kits)
                     if "kick" in self.kits[k] and ({"snare", "snare_brush"} & set(self.kits[k]))
                     and {"hihat_closed", "hihat_open", "ride"} & set(self.kits[k])]


def rooms(data):
    """[(impulse response from its direct sound on, peak-normalised)], by name."""
    found = {}
    with open(os.path.join(data, "rooms", "rooms.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sound = soundfile.read(os.path.join(data, "rooms", row["file"]), dtype="float32")[0]
            at = int(round(float(row["direct_s"]) * RATE))
            found[row["file"]] = sound[at:] / np.sqrt(np.sum(sound[at:at + 220] ** 2))
    return found


def noises(data):
    """[(kind, clip)]."""
    found = []
    with open(os.path.join(data, "noise", "noise.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sound = soundfile.read(os.path.join(data, "noise", row["file"]), dtype="float32")[0]
            sound = sound[:np.max(np.nonzero(sound)) + 1]
            found.append((row["kind"], sound / (np.sqrt(np.mean(sound ** 2)) + 1e-9)))
    return found
