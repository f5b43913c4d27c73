"""Pulses that the lattice found, each reading of them scored against the click: train/fit_reading.py.

The takes of the Groove MIDI training split in 4/4, as played and as heard from renders
(train/hear_groove.py). bench_pulse_grid gives the lattice's pulse and the strokes in beats of it; a
reading is as right as its beats and its "one" are (beat F, 70 ms; Davies et al. 2009).
"""
import csv
import os
import subprocess

import numpy as np

import reading

BEFORE_S = .5  # of what was heard, before its first bar
RIGHT = 1.8    # F of beats and of downbeats together, from which a reading teaches


def parse(text):
    """{path: {beat, weight, group, beats, beat_s, start, end, time}} of takes with one stretch."""
    found, lines, at = {}, text.split("\n"), 0
    while at < len(lines) - 1:
        path, runs = lines[at][5:], []
        at += 1
        while lines[at].startswith("run"):
            _, beats, beat_s, start, end, count = lines[at].split()
            rows = np.array([line.split() for line in lines[at + 1:at + 1 + int(count)]], float).reshape(-1, 3)
            runs.append((float(beats), float(beat_s), start == "1", end == "1", rows))
            at += 1 + int(count)
        count = int(lines[at].split()[1])
        time = np.array(lines[at + 1:at + 1 + count], float)
        at += 1 + count
        if len(runs) == 1 and runs[0][0] == count:
            beats, beat_s, start, end, rows = runs[0]
            known = (rows[:, 2] >= 0) & (rows[:, 2] < reading.GROUPS)
            found[path] = {"beat": rows[known, 0], "weight": rows[known, 1], "group": rows[known, 2].astype(int),
                           "beats": beats, "beat_s": beat_s, "start": start, "end": end, "time": time}
    return found


def f_measure(true, found):
    i = j = hits = 0
    while i < len(true) and j < len(found):
        away = found[j] - true[i]
        hits += abs(away) <= .07
        i += away >= -.07
        j += away <= .07
    return 2 * hits / max(len(true) + len(found), 1)


def score(take, octave, half, bpm, begin):
    """(beat F, downbeat F) of a reading, from the pulse's first beat to its last."""
    time, step = take["time"], 2.0 ** -octave
    at = np.arange(half / 2 * step % (4 * step) - 4 * step, len(time), step)
    number = np.round((at - half / 2 * step) / step).astype(int) % 4
    inside = (at >= 0) & (at < len(time) - 1 + 1e-9)
    at, number = at[inside], number[inside]
    found = np.interp(at, np.arange(len(time)), time)
    first = int(np.ceil((time[0] - begin - .1) * bpm / 60))
    last = int(np.floor((time[-1] - begin + .1) * bpm / 60))
    beats = np.arange(first, last + 1)
    true = begin + beats * 60 / bpm
    return f_measure(true, found), f_measure(true[beats % 4 == 0], found[number == 0])


def load(data, heard, program):
    """The takes as played and as in each folder of heard ones, in the set's order: "keys" are the readings of
    each, "score" how right they are."""
    rows = [row for row in csv.DictReader(open(os.path.join(data, "info.csv"), encoding="utf-8"))
            if row["split"] == "train" and float(row["duration"]) >= 5 and row["time_signature"] == "4-4"]
    takes = []
    for folder in (None, *heard):
        paths = {os.path.join(data, row["midi_filename"]): (row, 0, True) for row in rows}
        kind = "heard" if folder else "played"
        if folder:
            known = {row["midi_filename"].replace("/", "-").removesuffix(".mid"): row for row in rows}
            with open(os.path.join(folder, "index.csv"), encoding="utf-8") as file:
                paths = {os.path.join(folder, part["name"] + ".csv"):
                         (known[part["name"]], int(part["first_bar"]), part["ends"] == "1") for part in csv.DictReader(file)}
        text = subprocess.run([program, *paths], check=True, capture_output=True, text=True).stdout
        for path, take in parse(text).items():
            row, bar, ends = paths[path]
            bpm = float(row["bpm"])
            take.update(session=os.path.dirname(row["midi_filename"]), drummer=row["drummer"], kind=kind,
                        start=take["start"] and bar == 0, end=take["end"] and ends)
            begin = 0 if kind == "played" else BEFORE_S - bar * 240 / bpm
            take["keys"] = [(o, h) for o in reading.OCTAVES for h in range(reading.HALVES)
                            if .99 * 30 <= 60 / take["beat_s"] * 2.0 ** o <= 1.01 * 300]
            take["score"] = np.array([score(take, o, h, bpm, begin) for o, h in take["keys"]])
            takes.append(take)
    return takes
