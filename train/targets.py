"""Strokes to what the network should say in every frame, and back."""

import numpy as np

from front import DELAY_S
from material import DRUMS, FAMILY_OF

SURE_S, UNSURE_S = 0.0075, 0.0125  # closer: must be heard; farther: must not; between: either
# A stroke that has a smaller share of every band than this changes no level by 1 dB, the smallest step
# that listeners notice (Zwicker & Fastl, Psychoacoustics, ch. 7): it may be heard or not.
HEARD = 0.2
MAYBE = 2


def of(rows, frames):
    """rows (time_s, drum, velocity, share) to uint8 family (F,5), drum (F,12), each 0, 1 or MAYBE;
    int8 offset in 0.1 ms (F,5); uint8 velocity (F,12)."""
    family = np.zeros((frames, 5), np.uint8)
    drum = np.zeros((frames, len(DRUMS)), np.uint8)
    offset = np.zeros((frames, 5), np.int8)
    velocity = np.zeros((frames, len(DRUMS)), np.uint8)
    nearest = np.full((frames, 5), 9.0)
    ends = (np.arange(frames) + 1) * 0.01
    for time_s, d, loud, share in rows:
        d, first = int(d), int(np.floor((time_s + DELAY_S - UNSURE_S) / 0.01)) - 1
        for n in range(max(0, first), min(frames, first + 5)):
            away = time_s + DELAY_S - ends[n]
            if abs(away) > UNSURE_S:
                continue
            f = FAMILY_OF[d]
            if abs(away) > SURE_S or share < HEARD:
                family[n, f] = family[n, f] or MAYBE
                drum[n, d] = drum[n, d] or MAYBE
                continue
            family[n, f] = drum[n, d] = 1
            velocity[n, d] = max(velocity[n, d], int(loud))
            if abs(away) < nearest[n, f]:
                nearest[n, f] = abs(away)
                offset[n, f] = int(round(away * 10000))
    return family, drum, offset, velocity


def strokes(chance, offset_s, threshold, hold=2):
    """One family's strokes (time_s, chance) by peaks: what decide.c does without its flags."""
    n = len(chance)
    padded = np.pad(chance, (1, 1))
    peak = (chance >= threshold) & (chance >= padded[:-2]) & (chance > padded[2:])
    found, last = [], -9
    for i in np.flatnonzero(peak):
        if i - last <= hold:
            continue
        found.append(((i + 1) * 0.01 - DELAY_S + offset_s[i], chance[i]))
        last = i
    return found
