"""Bar patterns of the pulse, fitted on the training split of the Groove MIDI Dataset (Gillick et al.
2019, CC BY 4.0), where tempo, metre and bar lines are known exactly.

    python3 train/fit_pulse.py --data FOLDER --out src/pulse/patterns_table.c [--without DRUMMER ...]

A pattern is a bar of a metre: how often each group of drums strikes at each 24th of each beat. Bars
of 4/4 are clustered (a mixture of Poisson rates, EM); the metres of which the set has little are put
together from beats and from what is played in them by convention.
"""
import argparse
import csv
import io
import os
import sys
import tarfile

import numpy as np

import midi_notes

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
BINS = 24
GROUPS = ["kick", "snare", "snare soft", "hi-hat", "hi-hat soft", "hi-hat open", "hi-hat pedal", "ride",
          "ride soft", "crash", "toms"]
G = len(GROUPS)
SOFT = {1: 0.7, 3: 1.0, 7: 1.0}  # softer than this share of the running mean is the next group
FLOOR = 0.06                     # share of strokes that stand anywhere
SEED = 5
# log2 of beats a minute, and octaves, where the set cannot say.
TEMPI = {"2/4": (6.9, 0.4), "3/4": (6.9, 0.4), "4/4": (6.75, 0.4), "5/4": (6.9, 0.4), "6/8": (5.9, 0.4),
         "7/8": (6.9, 0.4), "12/8": (6.1, 0.4)}

NOTES = {36: 0, 35: 0, 38: 1, 40: 1, 37: 1, 48: 10, 50: 10, 45: 10, 47: 10, 43: 10, 58: 10, 41: 10, 46: 5, 26: 5,
         42: 3, 22: 3, 44: 6, 49: 9, 55: 9, 57: 9, 52: 9, 51: 7, 59: 7, 53: 7}


def read_notes(data):
    """[(quarter notes from the start, group, velocity)]"""
    division, _, notes = midi_notes.read(data)
    return sorted((tick / division, NOTES[note], v) for tick, note, v in notes if note in NOTES)


def split_soft(notes):
    """Loud and soft strokes of snare, hi-hat and ride: against the drum's running mean."""
    mean, count, out = {}, {}, []
    for quarter, group, velocity in notes:
        if group in SOFT:
            n = count.get(group, 0)
            m = mean.get(group, velocity)
            soft = velocity < SOFT[group] * m
            count[group] = n + 1
            mean[group] = m + (velocity - m) / min(n + 1, 16)
            out.append((quarter, group + 1 if soft else group))
        else:
            out.append((quarter, group))
    return out


def takes(data, without):
    with tarfile.open(os.path.join(data, "groove-midi.tar.xz")) as tar:
        files = {os.path.normpath(m.name): tar.extractfile(m).read() for m in tar.getmembers() if m.isfile()}
    for row in csv.DictReader(io.StringIO(files["info.csv"].decode())):
        if row["split"] == "train" and row["drummer"] not in without:
            notes = split_soft(read_notes(files[os.path.normpath(row["midi_filename"])]))
            yield row, notes


def bars_of(notes, bar_quarters, beat_quarters):
    """Rates by (group, bin) of each bar that has strokes; a stroke is shared by its two nearest bins."""
    beats = round(bar_quarters / beat_quarters)
    found = {}
    for quarter, group in notes:
        place = quarter / beat_quarters * BINS
        low = int(np.floor(place))
        for bin_, share in ((low, 1 - (place - low)), (low + 1, place - low)):
            bar, inside = divmod(bin_, beats * BINS)
            found.setdefault(bar, np.zeros((beats * BINS, G)))[inside, group] += share
    return [found[b] for b in sorted(found)]


def smooth(rates):
    """Microtiming of players who are not in the set: a narrow kernel along the bar, which is a circle."""
    kernel = np.array([0.08, 0.22, 0.40, 0.22, 0.08])
    return sum(k * np.roll(rates, s, axis=0) for k, s in zip(kernel, range(-2, 3)))


def cluster(bars, weight, k, rng, tempo=None):
    """Mixture of K bar patterns with Poisson rates; each is drawn towards the mean of all."""
    x = np.array([b.ravel() for b in bars])
    mean = (weight[:, None] * x).sum(0) / weight.sum()
    rate = np.array([0.5 * x[i] + 0.5 * mean for i in rng.choice(len(x), k, replace=False, p=weight / weight.sum())])
    share = np.full(k, 1 / k)
    for _ in range(40):
        smoothed = np.array([smooth(r.reshape(-1, G)).ravel() for r in rate]) + 0.02 * mean + 1e-4
        log = x @ np.log(smoothed).T - smoothed.sum(1) + np.log(share)
        log *= 0.5
        log -= log.max(1, keepdims=True)
        post = np.exp(log)
        post /= post.sum(1, keepdims=True)
        post *= weight[:, None]
        share = (post.sum(0) + 1) / (post.sum() + k)
        rate = (post.T @ x + 3 * mean) / (post.sum(0)[:, None] + 3)
    order = np.argsort(-share)
    if tempo is None:
        return [(share[i], smooth(rate[i].reshape(-1, G))) for i in order]
    # Tempi at which each is played, drawn towards those of all.
    every = (weight @ tempo) / weight.sum(), np.sqrt(weight @ (tempo - (weight @ tempo) / weight.sum()) ** 2 / weight.sum())
    fitted = []
    for i in order:
        w = post[:, i]
        mean_i = (w @ tempo + 20 * every[0]) / (w.sum() + 20)
        sd_i = np.sqrt((w @ (tempo - mean_i) ** 2 + 20 * every[1] ** 2) / (w.sum() + 20))
        fitted.append((share[i], smooth(rate[i].reshape(-1, G)), mean_i, max(sd_i, 0.2)))
    return fitted


def hit(bar, beat, group, count, beats_bins=BINS, width=1.0):
    """Adds `count` strokes of a group at a (fractional) beat."""
    total = len(bar)
    at = np.arange(total) - beat * beats_bins
    at = (at + total / 2) % total - total / 2
    bell = np.exp(-0.5 * (at / width) ** 2)
    bar[:, group] += count * bell / bell.sum()


def by_hand(beats, kick, snare, time, group=3, crash=0.06):
    """A bar by convention: where kick and snare strike, and what keeps time."""
    bar = np.full((round(beats * BINS), G), 1e-3)
    for place, count in kick.items():
        hit(bar, place, 0, count)
    for place, count in snare.items():
        hit(bar, place, 1, count)
    for place in time:
        loud = abs(place - round(place)) < 0.01
        hit(bar, place, group, 0.6 if loud else 0.3)
        hit(bar, place, group + 1, 0.15 if loud else 0.4)
    hit(bar, 0, 9, crash)
    for i in range(round(beats * 4)):
        hit(bar, i / 4, 2, 0.12)
        hit(bar, i / 4, 10, 0.03 if i < beats * 2 else 0.12)
        hit(bar, i / 4, 0, 0.04)
        hit(bar, i / 4, 1, 0.04)
    return bar


def stretched(bar, factor):
    """Kick and snare at another pace (2: double-time feel, 0.5: half-time), the rest as it is."""
    n = len(bar)
    out = bar.copy()
    source = np.zeros((n, 3))
    for i in range(n):
        if factor > 1:
            low = (2 * i) % n
            source[i] = bar[low, :3] + bar[(low + 1) % n, :3]
        else:
            source[i] = 0.5 * bar[i // 2, :3]
    out[:, :3] = 0.9 * source + 0.1 * bar[:, :3]
    return out


def write(path, patterns, share):
    names = ("2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8")
    with open(path, "w", encoding="utf-8") as out:
        out.write('/* Made by train/fit_pulse.py from the training split of the Groove MIDI Dataset\n '
                  '* (Gillick et al. 2019, CC BY 4.0). Do not edit. */\n#include "patterns.h"\n\n')
        out.write("/* clang-format off */\n")
        segments = []
        rows = []
        for meter, span, prior, bar, lengths, *tempo in patterns:
            first = len(rows)
            at = 0
            for length in lengths:
                size = BINS * length // 2
                part = bar[at:at + size]
                at += size
                if length == 3:  # three halves of a beat on 24 bins
                    part = np.array([part[int(i * 1.5)] * 0.75 + part[min(int(i * 1.5) + 1, 35)] * 0.75
                                     for i in range(BINS)])
                rows.append(part)
            segments.append((meter, span, prior, first, lengths, *(tempo or TEMPI[meter])))
        out.write(f"const dt__pattern dt__patterns[DT__PATTERNS] = {{\n")
        for meter, span, prior, first, lengths, mean, sd in segments:
            out.write(f"  {{{names.index(meter)}, {span}, {first}, {len(lengths)}, "
                      f"{1 if 3 in lengths else 0}, {np.log(prior):.3f}F, {mean:.2f}F, {sd:.2f}F}}, /* {meter} */\n")
        out.write("};\n\nconst unsigned char dt__segment_halves[DT__SEGMENTS] = {")
        out.write(", ".join(str(l) for s in segments for l in s[4]))
        out.write("};\n\nconst float dt__segment_strokes[DT__SEGMENTS] = {\n  ")
        out.write(", ".join(f"{r.sum():.3f}F" for r in rows))
        out.write("};\n\nconst float dt__group_share[DT__GROUPS] = {")
        out.write(", ".join(f"{x:.4f}F" for x in share) + ", 1.0F")
        out.write("};\n\n/* 16 log(density / density of strokes anywhere): group, 24th of the beat. The last "
                  "group is a drum unknown. */\nconst signed char dt__segment_places"
                  "[DT__SEGMENTS][DT__GROUPS][DT__BINS] = {\n")
        for r in rows:
            p = r / r.sum()
            ratio = np.concatenate([p * BINS / share, p.sum(1, keepdims=True) * BINS], axis=1)
            value = np.clip(np.round(16 * np.log((1 - FLOOR) * ratio + FLOOR)), -127, 127).astype(int)
            out.write("  {" + ",\n   ".join("{" + ",".join(str(v) for v in value[:, g]) + "}"
                                           for g in range(G + 1)) + "},\n")
        out.write("};\n/* clang-format on */\n")
    with open(os.path.join(os.path.dirname(path), "patterns_size.h"), "w", encoding="utf-8") as out:
        out.write("#ifndef DT_PATTERNS_SIZE_H\n#define DT_PATTERNS_SIZE_H\n\n/* Made by train/fit_pulse.py. */\n"
                  f"enum {{ DT__PATTERNS = {len(segments)}, DT__SEGMENTS = {len(rows)}, DT__GROUPS = {G + 1}, "
                  f"DT__BINS = {BINS} }};\n\n#endif\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--clusters", type=int, default=16)
    args = parser.parse_args()
    rng = np.random.default_rng(SEED)
    bars, weight, tempo, three, six, five = [], [], [], [], [], []
    total = np.zeros(G)
    for row, notes in takes(args.data, args.without):
        for _, g in notes:
            total[g] += 1
        meter, beat = row["time_signature"], row["beat_type"] == "beat"
        if meter == "4-4":
            found = bars_of(notes, 4, 1)
            if not beat:
                found = found[:4]
            bars += found
            weight += [min(1, 32 / len(found))] * len(found)
            tempo += [np.log2(float(row["bpm"]))] * len(found)
        elif meter == "3-4":
            three += bars_of(notes, 3, 1)[:64]
        elif meter == "6-8":
            six += bars_of(notes, 3, 1.5)[:32]
        elif meter == "5-4":
            five += bars_of(notes, 5, 1)[:32]
    share = (total + 50) / (total + 50).sum()
    weight = np.array(weight)
    print(len(bars), "bars of 4/4,", len(three), "of 3/4,", len(six), "of 6/8,", len(five), "of 5/4")
    four = cluster(bars, weight, args.clusters, rng, np.array(tempo))
    for s, r, m, d in four:
        print(f"{s:.3f} {r.sum():.1f} strokes, {2 ** m:.0f} bpm, {d:.2f} octaves")
    mean = sum(s * r for s, r, _, _ in four)
    quarter = [mean[i * BINS:(i + 1) * BINS] for i in range(4)]
    patterns = [("4/4", 0, 0.86 * s, r, [2] * 4, m, d) for s, r, m, d in four]
    patterns.append(("4/4", 2, 0.004, stretched(mean, 2), [2] * 4))
    patterns.append(("4/4", 1, 0.006, stretched(mean, 0.5), [2] * 4))
    eighths = [i / 2 for i in range(16)]
    thirds = [i / 3 for i in range(16)]
    if len(three) > 8:
        for s, r in cluster(three, np.ones(len(three)), 3, rng):
            patterns.append(("3/4", 0, 0.03 * s, 0.8 * r + 0.2 * by_hand(3, {0: 0.9}, {1: .4, 2: 0.5}, eighths[:6]), [2] * 3))
    patterns.append(("3/4", 0, 0.015, by_hand(3, {0: 0.95, 1.5: .15, 2.5: .15}, {1: .3, 2: 0.7}, eighths[:6]), [2] * 3))
    patterns.append(("3/4", 0, 0.01, by_hand(3, {0: 0.9}, {}, [0, 1, 1.64, 2], 7), [2] * 3))
    patterns.append(("2/4", 0, 0.006, np.concatenate([quarter[0], quarter[1]]), [2] * 2))
    patterns.append(("2/4", 0, 0.004, by_hand(2, {0: .9, .75: .3, 1.5: .4}, {1: .8}, [i / 4 for i in range(8)]), [2] * 2))
    base = by_hand(5, {0: .95, 1.5: .25, 3: .7, 2.5: .2, 4.5: .15}, {1: .45, 2: .35, 4: .8}, eighths[:10])
    if len(five) > 8:
        for s, r in cluster(five, np.ones(len(five)), 1, rng):
            base = 0.5 * r + 0.5 * base
    patterns.append(("5/4", 0, 0.015, base, [2] * 5))
    patterns.append(("5/4", 0, 0.008, by_hand(5, {0: .9, 3: .6}, {2: .3, 4: .3}, [0, 1, 1.64, 2, 3, 3.64, 4], 7), [2] * 5))
    for s, r in (cluster(six, np.ones(len(six)), 1, rng) if len(six) > 8 else []):
        patterns.append(("6/8", 0, 0.015, r, [2] * 2))
    patterns.append(("6/8", 0, 0.008, by_hand(2, {0: .95, 2 / 3: .2, 5 / 3: .25}, {1: .9}, thirds[:6]), [2] * 2))
    patterns.append(("12/8", 0, 0.012, by_hand(4, {0: .95, 2: .8, 5 / 3: .25, 11 / 3: .2}, {1: .95, 3: .95}, thirds[:12]), [2] * 4))
    seven = [i / 2 for i in range(7)]
    patterns.append(("7/8", 0, 0.008, by_hand(3.5, {0: .95, 2: .4, 1.5: .2}, {1: .8, 2.5: .5, 3: .35}, seven), [2, 2, 3]))
    patterns.append(("7/8", 0, 0.006, by_hand(3.5, {0: .95, 2: .7, 2.5: .2}, {1: .7, 3: .7}, seven), [2, 2, 3]))
    patterns.append(("7/8", 0, 0.006, by_hand(3.5, {0: .95, 1.5: .5, 2.5: .3}, {1: .4, 2.5: .5, 3: .2, 1.5: .2}, seven), [3, 2, 2]))
    write(args.out, patterns, share)


if __name__ == "__main__":
    main()
