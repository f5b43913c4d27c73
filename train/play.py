"""Who plays what: turns performances into new ones. Pure lists of (time_s, drum, velocity)."""

import numpy as np

from material import DRUMS

ROLL_DRUMS = ["snare", "snare", "snare", "tom_high", "tom_mid", "tom_low", "hihat_closed", "ride", "kick"]


def excerpt(performance, seconds, rng):
    """Part of a performance, from a random moment."""
    _, bpm, notes = performance
    speed = np.exp(rng.normal(0, 0.15))
    last = notes[-1][0] / speed
    start = rng.uniform(-0.3, max(0, last - seconds * 0.7))
    return [(t / speed - start, d, float(v)) for t, d, v in notes
            if 0.05 <= t / speed - start < seconds - 0.1], bpm * speed


def at_random(seconds, rng):
    """Any drum at any time: combinations that no groove has."""
    notes, t = [], 0.1
    mean = np.exp(rng.uniform(np.log(0.08), np.log(0.6)))
    weights = rng.dirichlet(np.full(len(DRUMS), 0.6))
    while t < seconds - 0.1:
        for _ in range(1 + (rng.random() < 0.35) + (rng.random() < 0.1)):
            shift = rng.uniform(0, 0.02) if rng.random() < 0.3 else 0
            notes.append((t + shift, DRUMS[rng.choice(len(DRUMS), p=weights)], rng.uniform(8, 127)))
        t += 0.03 + rng.exponential(mean)
    return notes


def roll(start, rng):
    """Single or double strokes, 7 to 20 a second, rising or falling."""
    drum = ROLL_DRUMS[rng.integers(len(ROLL_DRUMS))]
    gap = 1 / rng.uniform(7, 20.5)
    doubles, count = rng.random() < 0.3, rng.integers(4, 26)
    a, b = rng.uniform(25, 127, 2)
    notes = []
    for i in range(count):
        loud = a + (b - a) * i / count + rng.normal(0, 7)
        if doubles and i % 2:
            loud *= 0.75
        notes.append((start + i * gap + rng.normal(0, 0.08 * gap), drum, float(np.clip(loud, 5, 127))))
    return notes


def vary(notes, seconds, rng):
    """The same music by another hand: other drums, flams, rolls, crashes, louder, softer."""
    notes = list(notes)
    swap = {}
    if rng.random() < 0.35:  # the performances have few rides
        swap["hihat_closed"] = ["ride", "ride", "ride", "ride", "hihat_open", "ride_bell", "tom_low"][rng.integers(7)]
    if rng.random() < 0.12:
        swap["snare"] = ["cross_stick", "tom_high", "tom_mid"][rng.integers(3)]
    if rng.random() < 0.1:
        swap["ride"] = ["crash", "hihat_open", "hihat_closed"][rng.integers(3)]
    some = rng.random() * 0.3 if rng.random() < 0.35 else 0
    toms = ["tom_high", "tom_mid", "tom_low", "crash", "ride", "hihat_open", "snare"]
    gamma, gain = np.exp(rng.normal(0, 0.25)), np.exp(rng.normal(0, 0.15))
    flams = 0.15 * rng.random() if rng.random() < 0.3 else 0
    crashes = 0.2 * rng.random() if rng.random() < 0.25 else 0
    played = []
    for t, drum, loud in notes:
        drum = swap.get(drum, drum)
        if some and rng.random() < some:
            drum = toms[rng.integers(len(toms))]
        loud = float(np.clip(127 * (loud / 127) ** gamma * gain, 3, 127))
        played.append((t, drum, loud))
        if crashes and drum in ("kick", "snare") and rng.random() < crashes:
            played.append((t + rng.normal(0, 0.004), "crash", float(np.clip(loud + rng.normal(0, 15), 20, 127))))
        if flams and drum in ("snare", "tom_high", "tom_mid", "tom_low") and rng.random() < flams:
            played.append((t - rng.uniform(0.012, 0.06), drum, loud * rng.uniform(0.25, 0.9)))
    for _ in range(rng.poisson(0.5)):
        played += roll(rng.uniform(0.1, seconds - 0.5), rng)
    return sorted(n for n in played if 0.03 <= n[0] < seconds - 0.05)
