"""The ear's front end, as src/ear/front.c computes it: sound in, 120 numbers every 10 ms out.

Frame n knows the sound before sample 441 (n + 1) of 44,100 Hz mono: a long view of 2,048 samples
in 72 mel bands, and two short ones of 512 samples (5 ms apart) in 24.
"""

import numpy as np
import torch

RATE = 44100
HOP = 441
LONG, LONG_BANDS = 2048, 72
SHORT, SHORT_BANDS = 512, 24
EARLY = 220  # samples that the early view ends before the late one
INPUTS = LONG_BANDS + 2 * SHORT_BANDS
DELAY_S = 0.023  # a stroke is best seen in the frame that ends so long after its attack


def mel(hz):
    return 2595 * np.log10(1 + np.asarray(hz, float) / 700)


def triangles(size, bands, low_hz, high_hz=16000.0):
    points = np.linspace(mel(low_hz), mel(high_hz), bands + 2)
    step = points[1] - points[0]
    bins = mel(np.arange(size // 2 + 1) * RATE / size)
    weights = 1 - np.abs(bins[:, None] - points[None, 1:-1]) / step
    return torch.tensor(np.maximum(weights, 0), dtype=torch.float32)


class Front(torch.nn.Module):
    def __init__(self):
        super().__init__()
        for name, size, bands, low in (("long", LONG, LONG_BANDS, 20), ("short", SHORT, SHORT_BANDS, 40)):
            window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
            window *= 2 / window.sum()
            self.register_buffer(name + "_window", torch.tensor(window, dtype=torch.float32))
            self.register_buffer(name + "_bands", triangles(size, bands, low))

    def view(self, sound, name, late):
        """Frames that end `late` samples before the frame's end."""
        window = getattr(self, name + "_window")
        size = len(window)
        lead = size - HOP + late
        padded = torch.nn.functional.pad(sound, (lead, 0))
        frames = padded.unfold(-1, size, HOP)[..., : sound.shape[-1] // HOP, :]
        power = torch.fft.rfft(frames * window).abs().square()
        return power @ getattr(self, name + "_bands")

    def forward(self, sound):
        """(..., samples) to (..., samples // 441, 120)."""
        power = torch.cat([self.view(sound, "long", 0), self.view(sound, "short", EARLY),
                           self.view(sound, "short", 0)], -1)
        return (10 * torch.log10(power + 1e-9) + 60) / 30
