"""Drums that nobody has built: kits from random numbers, so that no kit is learnt by heart.

Membranes are damped modes with a falling pitch, wires and breath are noise in a few bumps, metal is
many partials that die at their own pace (Rossing, Science of Percussion Instruments, 2000, gives the
orders of size; the ranges here are wider, machines included). Loudness between drums is random too.
"""

import numpy as np

RATE = 44100
LEAD = 200  # samples of silence before every sound
LAYERS = (0.35, 0.65, 1.0)
MEMBRANE = np.array([1, 1.594, 2.136, 2.296, 2.653, 2.918])  # modes of an ideal circular membrane
LEVEL_DB = dict(kick=0, snare=-1, rimshot=0, cross_stick=-6, tom_high=-3, tom_mid=-3, tom_low=-3, hihat_closed=-11,
                hihat_open=-9, hihat_pedal=-15, ride=-12, ride_bell=-9, crash=-6, splash=-8)


def log_uniform(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def time_of(seconds):
    return np.arange(int(RATE * seconds), dtype=np.float32) / RATE


def gain(rng, low_db, high_db):
    return 10 ** (rng.uniform(low_db, high_db) / 20)


def unit(x):
    return x / (np.max(np.abs(x)) + 1e-9)


def shaped(rng, t, bumps, floor_hz):
    """Noise in (hz, octaves, gain) bumps, nothing below floor_hz."""
    size = 1 << int(np.ceil(np.log2(len(t))))
    spectrum = np.fft.rfft(rng.standard_normal(size).astype(np.float32))
    octaves = np.log2(np.linspace(1, RATE / 2, len(spectrum)))
    weight = sum(g * np.exp(-0.5 * ((octaves - np.log2(hz)) / wide) ** 2) for hz, wide, g in bumps)
    weight = weight * np.clip((octaves - np.log2(floor_hz)) + 1, 0, 1)
    return unit(np.fft.irfft(spectrum * weight, size)[:len(t)])


def sweep(t, hz, by, pace_s, phase=0.0):
    """A sine that falls from hz * by to hz."""
    return np.sin(2 * np.pi * hz * (t + (by - 1) * pace_s * (1 - np.exp(-t / pace_s))) + phase)


def click(rng, t, low_db, high_db):
    bumps = [(log_uniform(rng, 700, 7000), rng.uniform(0.4, 1.5), 1)]
    return gain(rng, low_db, high_db) * shaped(rng, t, bumps, 200) * np.exp(-t / rng.uniform(0.001, 0.008))


def kick(rng):
    t = time_of(1.0)
    by, pace = (log_uniform(rng, 1.2, 9), log_uniform(rng, 0.003, 0.08)) if rng.random() < 0.8 else (1, 0.01)
    hz, tau = log_uniform(rng, 36, 95), log_uniform(rng, 0.04, 0.45)
    x = sweep(t, hz, by, pace, rng.uniform(0, 1.2)) * np.exp(-t / tau)
    x += gain(rng, -40, -6) * sweep(t, hz * 1.6, by, pace) * np.exp(-t / (tau * rng.uniform(0.2, 0.8)))
    x += gain(rng, -40, -10) * shaped(rng, t, [(log_uniform(rng, 150, 900), 0.7, 1)], 60) * np.exp(-t / rng.uniform(0.01, 0.06))
    x = x * np.minimum(1, t / rng.uniform(1e-4, 0.002)) + click(rng, t, -36, -3)
    return np.tanh(x * rng.uniform(1, 6)) if rng.random() < 0.4 else x


def stick(rng, t):
    """A stick on a rim: a few short modes and wood."""
    x = sum(gain(rng, -12, 0) * sweep(t, log_uniform(rng, 350, 4000), 1, 0.01, rng.uniform(0, 6)) * np.exp(-t / rng.uniform(0.004, 0.03))
            for _ in range(rng.integers(2, 6)))
    return unit(x) + click(rng, t, -15, 3)


def snares(rng):
    """snare, rimshot, cross_stick of one drum."""
    t = time_of(0.7)
    hz, tau = log_uniform(rng, 130, 340), log_uniform(rng, 0.015, 0.14)
    by, pace = rng.uniform(1, 1.6), rng.uniform(0.005, 0.03)
    shell = sum(gain(rng, -14, 0) * sweep(t, hz * k, by, pace, rng.uniform(0, 1.5)) * np.exp(-t / (tau * k ** -0.7))
                for k in (1, rng.uniform(1.4, 1.9), rng.uniform(2, 3)))
    bumps = [(log_uniform(rng, 700, 9000), rng.uniform(0.3, 1.3), gain(rng, -12, 0)) for _ in range(3)]
    wires = shaped(rng, t, bumps, rng.uniform(200, 1500)) * np.exp(-t / log_uniform(rng, 0.025, 0.25))
    x = unit(shell) + gain(rng, -9, 12) * wires + click(rng, t, -25, -3)
    if rng.random() < 0.12:
        x = x * np.clip((rng.uniform(0.08, 0.25) - t) / 0.01, 0, 1)
    rim = stick(rng, t)
    return {"snare": x, "rimshot": unit(x) + gain(rng, -6, 3) * unit(rim), "cross_stick": rim}


def toms(rng):
    t, x = time_of(1.2), {}
    hz, tau = log_uniform(rng, 130, 320), log_uniform(rng, 0.06, 0.5)
    machine = rng.random() < 0.3
    by = rng.uniform(1, 3) if machine else rng.uniform(1, 1.3)
    pace, fade = log_uniform(rng, 0.01, 0.08), rng.uniform(0.4, 1.6)
    gains = np.array([1] + [gain(rng, -30, -4) * (0.1 if machine else 1) for _ in MEMBRANE[1:]])
    for drum in ("tom_high", "tom_mid", "tom_low"):
        tone = sum(g * sweep(t, hz * k, by, pace, rng.uniform(0, 1)) * np.exp(-t / (tau * k ** -fade)) for g, k in zip(gains, MEMBRANE))
        x[drum] = unit(tone) * np.minimum(1, t / rng.uniform(1e-4, 0.0015)) + click(rng, t, -32, -8)
        hz, tau = hz / rng.uniform(1.15, 1.6), tau * rng.uniform(1, 1.25)
    return x


def metal(rng, t, partials, tau_low, tau_high):
    """partials: (hz, gain); those at 500 Hz die after tau_low, those at 12 kHz after tau_high."""
    x = np.zeros(len(t), np.float32)
    for hz, g in partials:
        where = np.clip(np.log(hz / 500) / np.log(24), 0, 1)
        tau = np.float32(tau_low ** (1 - where) * tau_high ** where)
        x += np.float32(g) * np.sin(np.float32(2 * np.pi * hz) * t + np.float32(rng.uniform(0, 6))) * np.exp(-t / tau)
    return unit(x)


def spectrum(rng, count, low, high):
    centre, wide = log_uniform(rng, low * 1.5, high), rng.uniform(0.6, 2)
    hz = np.exp(rng.uniform(np.log(low), np.log(min(high * 1.5, 17000)), count))
    return [(f, gain(rng, -18, 0) * np.exp(-0.5 * (np.log2(f / centre) / wide) ** 2)) for f in hz]


def hats(rng):
    low = log_uniform(rng, 300, 5000)
    if rng.random() < 0.3:  # six square waves, as machines have them
        base = rng.uniform(200, 900, 6)
        partials = [(f * k, 1 / k) for f in base for k in (1, 3, 5, 7, 9, 11, 13) if low < f * k < 17000]
    else:
        partials = spectrum(rng, rng.integers(20, 60), low, 12000)
    hiss, bump = gain(rng, -10, 10), [(log_uniform(rng, 5000, 13000), rng.uniform(0.5, 1.5), 1)]
    x = {}
    for drum, seconds, short, long in (("hihat_closed", 0.4, 0.012, 0.08), ("hihat_open", 1.2, 0.15, 0.6), ("hihat_pedal", 0.4, 0.012, 0.08)):
        t = time_of(seconds)
        tau = log_uniform(rng, short, long)
        x[drum] = metal(rng, t, partials, tau, tau * rng.uniform(0.6, 1.1)) if partials else 0 * t
        x[drum] += hiss * shaped(rng, t, bump, low) * np.exp(-t / (tau * rng.uniform(0.6, 1.2)))
        rise = rng.uniform(0.0005, 0.006) if drum == "hihat_pedal" else rng.uniform(1e-4, 0.001)
        x[drum] *= np.minimum(1, t / rise)
    return x


def cymbals(rng):
    t, x = time_of(1.6), {}
    body = spectrum(rng, rng.integers(40, 90), log_uniform(rng, 250, 900), 9000)
    bell = spectrum(rng, rng.integers(4, 12), log_uniform(rng, 400, 900), 5000)
    wash = [(log_uniform(rng, 3000, 11000), rng.uniform(0.6, 1.5), 1)]
    tau = log_uniform(rng, 0.25, 1.2)
    ping = metal(rng, t, body, tau, tau * rng.uniform(0.15, 0.7))
    x["ride"] = ping + gain(rng, -20, 0) * shaped(rng, t, wash, 400) * np.exp(-t / (tau * 0.7)) + click(rng, t, -20, 0)
    x["ride_bell"] = metal(rng, t, bell, tau * rng.uniform(0.7, 2), tau * 0.4) + gain(rng, -20, -6) * ping + click(rng, t, -25, -5)
    for drum, short, long in (("crash", 0.3, 1.3), ("splash", 0.08, 0.3)):
        tau = log_uniform(rng, short, long)
        plate = spectrum(rng, rng.integers(50, 90), log_uniform(rng, 200, 800), 11000)
        x[drum] = metal(rng, t, plate, tau * rng.uniform(1, 1.6), tau * rng.uniform(0.4, 1))
        x[drum] += gain(rng, -6, 10) * shaped(rng, t, [(log_uniform(rng, 2000, 10000), rng.uniform(0.8, 2), 1)], 200) * np.exp(-t / tau)
        x[drum] *= np.minimum(1, (t + 3e-4) / rng.uniform(3e-4, 0.008))
    return x


def vowel(rng, seconds, hz, formants):
    """Harmonics of a voice whose pitch glides, through three formants."""
    t = time_of(seconds)
    glide = 1 + rng.uniform(-0.15, 0.15) * t / seconds
    phase = 2 * np.pi * np.cumsum(hz * glide) / RATE
    x = np.zeros(len(t))
    for h in range(1, int(5000 / hz)):
        weight = sum(g * np.exp(-0.5 * ((h * hz - f) / (60 + 0.06 * f)) ** 2) for f, g in formants) + 0.01
        x += weight * h ** -0.4 * np.sin(h * phase)
    rise = rng.uniform(0.01, 0.05)
    return unit(x) * np.clip(t / rise, 0, 1) * np.clip((seconds - t) / 0.03, 0, 1)


def consonant(rng):
    """A hiss that swells, or a stop: silence and a burst."""
    if rng.random() < 0.6:
        seconds = rng.uniform(0.04, 0.18)
        t = time_of(seconds)
        bumps = [(log_uniform(rng, 1500, 9000), rng.uniform(0.25, 1), 1)]
        return gain(rng, -22, -4) * shaped(rng, t, bumps, 800) * np.sin(np.pi * t / seconds) ** rng.uniform(0.4, 1.5)
    t = time_of(rng.uniform(0.01, 0.05))
    burst = shaped(rng, t, [(log_uniform(rng, 400, 6000), rng.uniform(0.5, 1.5), 1)], 150)
    return np.concatenate([np.zeros(int(RATE * rng.uniform(0.02, 0.08))), gain(rng, -20, -4) * burst * np.exp(-t / 0.008)])


def speech(rng, seconds):
    """Somebody talks, in no language: nothing of it is a stroke (Klatt 1980 has the formants' ranges)."""
    x, at, hz = np.zeros(int(RATE * seconds)), 0, log_uniform(rng, 85, 260)
    while at < len(x):
        parts = [consonant(rng)] if rng.random() < 0.8 else []
        formants = [(rng.uniform(250, 850), 1), (rng.uniform(800, 2400), gain(rng, -12, -2)), (rng.uniform(2300, 3300), gain(rng, -20, -8))]
        parts.append(vowel(rng, rng.uniform(0.05, 0.25), hz * rng.uniform(0.85, 1.2), formants))
        parts += [consonant(rng)] if rng.random() < 0.4 else []
        syllable = np.concatenate(parts) * gain(rng, -8, 0)
        end = min(len(x), at + len(syllable))
        x[at:end] += syllable[:end - at]
        at = end + int(RATE * (rng.uniform(0.2, 0.8) if rng.random() < 0.12 else rng.uniform(0, 0.04)))
    return x.astype(np.float32)


def attack(x):
    """Where the trailing 0.5 ms RMS first passes -20 dB of its peak: as kits.csv has it."""
    power = np.cumsum(np.concatenate([np.zeros(22), np.square(x, dtype=np.float64)]))
    power = power[22:] - power[:-22]
    return float(np.argmax(power >= 0.01 * power.max()))


def layers(rng, x, level):
    """The sound struck softly, less softly, hard: softer is duller."""
    x, made = np.concatenate([np.zeros(LEAD), unit(x)]), []
    x[-400:] *= np.linspace(1, 0, 400)
    law, dull = rng.uniform(1.2, 2), rng.uniform(0, 6)
    bands = np.fft.rfft(x)
    octaves = np.log2(np.linspace(30, RATE / 2, len(bands)) / 1000)
    for layer in LAYERS:
        soft = np.fft.irfft(bands * 10 ** (-dull * (1 - layer) * np.clip(octaves, 0, 4) / 20), len(x))
        soft[:LEAD] = 0
        at = attack(soft)
        made.append((layer, (unit(soft) * level * layer ** law).astype(np.float32), at))
    return made


def kit(rng):
    """{drum: [(layer, sound, onset in samples)]}, as material.Kits has them."""
    sounds = {"kick": kick(rng), **snares(rng), **toms(rng), **hats(rng), **cymbals(rng)}
    return {drum: layers(rng, x, 0.8 * 10 ** ((LEVEL_DB[drum] + rng.normal(0, 2)) / 20)) for drum, x in sounds.items()}
