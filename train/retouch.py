"""The same takes once more, but otherwise: cheap changes of the features, made anew for every batch."""

import numpy as np
import torch

import front
import targets

FLOOR = -1.0  # -90 dB, as front.py has it


def cut(size, rng):
    """Attenuation in dB of every band: what telephones, low rates and lossy coding leave out."""
    hz = np.concatenate([700 * (10 ** (np.linspace(front.mel(low), front.mel(16000), bands + 2)[1:-1] / 2595) - 1)
                         for low, bands in ((20, 72), (40, 24), (40, 24))])
    attenuation = np.zeros((size, len(hz)))
    for i in range(size):
        if rng.random() < 0.15:
            top = 4000 * 2 ** rng.uniform(0, 2)
            attenuation[i] += np.clip(2 ** rng.uniform(5, 9) * np.log2(hz / top), 0, 90)
        if rng.random() < 0.1:
            bottom = 60 * 2 ** rng.uniform(0, 2.5)
            attenuation[i] += np.clip(rng.uniform(6, 24) * np.log2(bottom / hz), 0, 90)
    return attenuation


def power_of(x):
    return torch.clamp(10 ** (3 * (x - FLOOR)) - 1, min=0)


def other_pitch(x, rng, device, spread=0.1):
    """Whole takes on drums a little smaller or larger than there are: every band hears what another one
    heard, frequency scaled."""
    views = ((20, 72), (40, 24), (40, 24))
    moves = torch.zeros(len(x), front.INPUTS, front.INPUTS)
    for i in range(len(x)):
        scale = np.exp(rng.normal(0, spread)) if rng.random() < 0.7 else 1.0
        at = 0
        for low, bands in views:
            points = np.linspace(front.mel(low), front.mel(16000), bands + 2)
            hz = 700 * (10 ** (points[1:-1] / 2595) - 1)
            source = np.clip((front.mel(hz * scale) - points[1]) / (points[1] - points[0]), 0, bands - 1)
            left = np.minimum(source.astype(int), bands - 2)
            part = torch.as_tensor(source - left, dtype=torch.float32)
            rows = torch.arange(bands) + at
            moves[i, torch.as_tensor(left) + at, rows] = 1 - part
            moves[i, torch.as_tensor(left) + 1 + at, rows] += part
            at += bands
    return torch.bmm(x, moves.to(device))


def two_at_once(x, marks, rng, device, chance=0.25):
    """Some takes with another one playing along, at another level: drums that never met. A stroke that
    the other take covers may be heard or not."""
    size = len(x)
    gain = np.where(rng.random(size) < chance, 10 ** (rng.uniform(-12, 3, size) / 10), 0)
    gain = torch.as_tensor(gain, dtype=torch.float32, device=device)[:, None, None]
    mine = power_of(x)
    theirs = gain * mine.roll(1, 0)
    both = mine + theirs
    short = slice(72, 120)
    share = (theirs[..., short] / (both[..., short] + 1e-3)).amax(2), (mine[..., short] / (both[..., short] + 1e-3)).amax(2)
    on = (gain[..., 0] > 0)
    family, drum, offset, velocity = marks
    result = []
    for mark in (family, drum):
        other = torch.where(on[..., None], mark.roll(1, 0), torch.zeros_like(mark))
        other = torch.where((other == 1) & (share[0] < targets.HEARD)[..., None], torch.full_like(other, targets.MAYBE), other)
        own = torch.where((mark == 1) & (share[1] < targets.HEARD)[..., None] & on[..., None], torch.full_like(mark, targets.MAYBE), mark)
        result.append(torch.where((own == 1) | (other == 1), torch.ones_like(own), torch.maximum(own, other)))
    theirs_only = on[..., None] & (family != 1) & (family.roll(1, 0) == 1)
    offset = torch.where(theirs_only, offset.roll(1, 0), offset)
    velocity = torch.where(on[..., None] & (drum != 1) & (drum.roll(1, 0) == 1), velocity.roll(1, 0), velocity)
    return torch.log10(both + 1) / 3 + FLOOR, (result[0], result[1], offset, velocity)


def recolour(x, rng, device):
    """The same takes through other microphones and gains: cheap, on features."""
    size = len(x)
    bands = torch.cat([torch.linspace(0, 1, b, device=device) for b in (72, 24, 24)])
    knots = torch.as_tensor(rng.normal(0, 1, (size, 6)), dtype=torch.float32, device=device)
    curve = torch.zeros(size, 120, device=device)
    for k in range(6):
        curve += knots[:, k:k + 1] * torch.exp(-0.5 * ((bands - k / 5) / 0.15) ** 2)
    gain = torch.as_tensor(rng.normal(0, 4, (size, 1)), dtype=torch.float32, device=device)
    lost = torch.as_tensor(cut(size, rng), dtype=torch.float32, device=device)
    shift = (curve * 4 + gain - lost) / 30
    return torch.log10(power_of(x) * 10 ** (3 * shift[:, None]) + 1) / 3 + FLOOR
