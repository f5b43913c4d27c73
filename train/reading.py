"""What the reading net is told of a reading: src/pulse/reading.h and recur.h, in numpy.

A reading of a pulse: beats at a quarter of its pace to four times it, "one" on any half beat of the
bar. Strokes are given in beats of the pulse, with the group of drums (train/fit_pulse.py) and how
sure the ear is of each.
"""
import numpy as np

PLACES = np.array([0, 1 / 6, .25, 1 / 3, .5, 2 / 3, .75, 5 / 6, 1.0])
GROUPS, TEMPI, EDGE = 11, 12, 17
PROFILE = 4 * 8 * GROUPS
LAGS, UNUSUAL = (2, 4, 8, 16, 32), 16
REPEAT = 2 * len(LAGS)
INPUTS = PROFILE + TEMPI + 2 * EDGE + REPEAT + UNUSUAL
OCTAVES, HALVES = (-2, -1, 0, 1, 2), 8
MOST = len(OCTAVES) * HALVES
CENTRES = np.linspace(np.log2(35), np.log2(260), TEMPI)
CRASH = 9


def places(beat):
    """The place (an eighth of them a beat) at or before each stroke, and how far it is to the next."""
    whole = np.floor(beat)
    share = beat - whole
    place = np.clip(np.searchsorted(PLACES, share, side="right") - 1, 0, 7)
    late = (share - PLACES[place]) / (PLACES[place + 1] - PLACES[place])
    return whole.astype(int) * 8 + place, late


def profile(beat, group, weight, bars):
    at, late = places(beat)
    first = at % 32
    count = np.bincount(np.concatenate([first * GROUPS + group, (first + 1) % 32 * GROUPS + group]),
                        np.concatenate([weight * (1 - late), weight * late]), minlength=PROFILE)
    return np.log1p(4 * count / max(bars, .5))


def cells(beat, group, weight):
    """What is struck in every half beat from the first stroke's on: 4 places of 11 groups."""
    at, late = places(beat)
    first = at[0] // 4
    many = (at.max() + 1) // 4 - first + 1
    at = at - 4 * first
    x = np.bincount(np.concatenate([at * GROUPS + group, (at + 1) * GROUPS + group]),
                    np.concatenate([weight * (1 - late), weight * late]), minlength=many * 4 * GROUPS)
    return first, x.reshape(many, 4, GROUPS)


def likeness(x):
    """How like each half beat is the one a bar later."""
    flat = x.reshape(len(x), -1)
    size = (flat ** 2).sum(1) + .25
    return ((flat[:-8] * flat[8:]).sum(1) + .25) / np.sqrt(size[:-8] * size[8:])


def repetition(x):
    """Correlation with what is played a beat to four bars later: all drums; kick and loud snare."""
    out = []
    for part in (x, x[..., :2]):
        flat = part.reshape(len(x), -1)
        size = (flat ** 2).sum(1)
        for lag in LAGS:
            both = np.sqrt(size[:-lag].sum() * size[lag:].sum()) if len(x) > lag + 3 else 0
            out.append((flat[:-lag] * flat[lag:]).sum() / both if both > 0 else 0)
    return np.array(out)


def unusual(x):
    """How unlike the bars before and after each half beat is, less the mean; 0 where there are none."""
    if len(x) <= 8:
        return np.zeros(len(x))
    near = np.full(len(x), -1.0)
    like = likeness(x)
    near[:-8] = like
    near[8:] = np.maximum(near[8:], like)
    known = near >= 0
    return np.where(known, near[known].mean() - near, 0)


def where_unusual(first, half, away, crash):
    """By half beat of the bar: how unusual it is, and crashes after what was unusual."""
    at = (first + np.arange(len(away)) - half) % 8
    count = np.maximum(np.bincount(at, minlength=8), 1)
    before = np.zeros(len(away))
    before[2:] = (away[:-2] + away[1:-1]) / 2
    return np.concatenate([np.bincount(at, away, 8) / count, 4 * np.bincount(at, before * crash, 8) / count])


def sixteenth(beat):
    return int(np.floor(4 * beat + .5)) % 16


def readings(beat, group, weight, beats, beat_s, has_start, has_end):
    """(inputs of all readings, [(octave, half)]) of strokes that fill so many beats of the pulse."""
    rows, keys = [], []
    for octave in OCTAVES:
        ratio = 2.0 ** octave
        bpm = 60 / beat_s * ratio
        if not .99 * 30 <= bpm <= 1.01 * 300:
            continue
        first, cell = cells(beat * ratio, group, weight)
        repeat, away, crash = repetition(cell), unusual(cell), cell[:, 0, CRASH]
        for half in range(HALVES):
            at = beat * ratio - half / 2
            row = np.zeros(INPUTS, np.float32)
            row[:PROFILE] = profile(at, group, weight, beats * ratio / 4)
            row[PROFILE:PROFILE + TEMPI] = np.exp(-.5 * ((np.log2(bpm) - CENTRES) / .25) ** 2)
            edge = PROFILE + TEMPI
            row[edge + (sixteenth(at[0]) if has_start else 16)] = 1
            row[edge + EDGE + (sixteenth(at[-1]) if has_end else 16)] = 1
            row[edge + 2 * EDGE:-UNUSUAL] = repeat
            row[-UNUSUAL:] = where_unusual(first, half, away, crash)
            rows.append(row)
            keys.append((octave, half))
    return np.array(rows), keys
