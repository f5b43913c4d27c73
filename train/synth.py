"""Takes without end: performances x kits x rooms x microphones x noise, with exact truth.

Everything random comes from one numpy generator; the heavy arithmetic is PyTorch on any device.
"""

import numpy as np
import torch

import invent
import play
from material import DRUMS, FAMILY_OF, OUTPUT_OF, RATE

# What to play where a kit has no such sound, in order; else another kit's.
STAND_IN = {"rimshot": ["snare"], "snare": ["snare_brush", "rimshot"], "ride_bell": [],
            "china": ["crash"], "splash": ["crash"], "tom_mid": ["tom_low", "tom_high"],
            "tom_high": ["tom_mid"], "tom_low": ["tom_mid"]}
GROUPS = [["kick"], ["snare", "rimshot", "cross_stick", "snare_brush"],
          ["hihat_closed", "hihat_open", "hihat_pedal"], ["tom_high", "tom_mid", "tom_low"],
          ["ride", "ride_bell"], ["crash", "splash", "china"]]
ATTACK = 1024  # samples around an attack that must be heard


class Synth:
    def __init__(self, kits, performances, rooms, noises, seed, device="cpu", plain=False, natural=False, dry=False):
        """plain: only what a validation set needs (real kits as they are, rooms, noise). natural:
        grooves on real kits, with all that recording does to them. dry: without rooms and noise."""
        self.rng = np.random.default_rng(seed)
        self.kits, self.performances, self.noises = kits, performances, noises
        self.rooms = [torch.tensor(r, device=device) for _, r in sorted(rooms.items())]
        self.device, self.plain = device, plain
        self.tones = [] if plain else [self.tone() for _ in range(160)]
        self.dry_only = dry
        self.natural, self.talk = natural, 0.08  # share of takes in which somebody talks
        self.invented, self.mild = [], plain

    def renew(self, seed, kits=6):
        """Start the numbers of a shard of takes, with new drums of its own."""
        self.rng = np.random.default_rng(seed)
        self.invented = [] if self.plain else [invent.kit(self.rng) for _ in range(kits)]

    # -- sounds ------------------------------------------------------------------------------

    def tone(self):
        """One note of some other instrument: harmonics that swell or decay."""
        rng = self.rng
        t = np.arange(int(RATE * rng.uniform(0.3, 2.0))) / RATE
        base = 40 * 2 ** rng.uniform(0, 5)
        sound = np.zeros(len(t))
        for h in range(1, rng.integers(2, 16)):
            if base * h < 16000:
                decay = np.exp(-t * rng.uniform(0.5, 6) * np.sqrt(h))
                sound += decay * h ** -rng.uniform(0.7, 2) * np.sin(2 * np.pi * base * h * t + rng.uniform(0, 6.3))
        rise = 10 ** rng.uniform(-3, -0.8)
        sound *= np.minimum(1, t / rise) * np.minimum(1, (t[-1] - t) / 0.05)
        return (sound / (np.max(np.abs(sound)) + 1e-9)).astype(np.float32)

    def kit(self):
        """A drum kit for one take: {drum: sounds}. Mostly one kit's, some drums from others."""
        rng, full = self.rng, self.kits.full
        kits = dict(self.kits.kits)
        if not self.mild:
            kits.update({("invented", i): k for i, k in enumerate(self.invented)})
        made = [k for k in kits if k[0] == "invented"]
        full = made if made and rng.random() < 0.2 else full
        base = kits[full[rng.integers(len(full))]]
        mixed = 0.0 if self.plain else (0.5 if rng.random() < 0.6 else 0.0)
        kit = {}
        for group in GROUPS:
            source = base
            others = [k for k in sorted(kits) if set(group) & set(kits[k])]
            if rng.random() < mixed and others:
                source = kits[others[rng.integers(len(others))]]
            for drum in group:
                if drum in source:
                    kit[drum] = source[drum]
                    continue
                near = [d for d in STAND_IN.get(drum, []) if d in source]
                have = [k for k in sorted(kits) if drum in kits[k]]
                if near and (rng.random() < 0.5 or not have):
                    kit[drum] = source[near[0]]
                elif have:
                    kit[drum] = kits[have[rng.integers(len(have))]][drum]
        return kit

    def partners(self, kit):
        """Some of a kit's drums with another of their kind under each: {drum: (sounds, gain, late)}."""
        rng, others = self.rng, {}
        if self.mild or rng.random() < 0.4:
            return others
        second = self.kit()
        for drum in sorted(set(kit) & set(second)):
            if rng.random() < 0.4:
                others[drum] = second[drum], 10 ** (rng.uniform(-15, 3) / 20), rng.uniform(0, 20)
        return others

    def together(self, first, second, gain, late):
        """Two prepared sounds as one; the attack is the first one's, or both are it."""
        (x, onset), (y, other) = first, second
        at = int(round(onset + late - other))
        y = y[max(0, -at):] * (gain * x.abs().max() / (y.abs().max() + 1e-9))
        at = max(0, at)
        sum_of = torch.zeros(max(len(x), at + len(y)), device=self.device)
        sum_of[:len(x)] += x
        sum_of[at:at + len(y)] += y
        return sum_of, onset

    def prepare(self, sound, onset, colour):
        """A sound as this take's drum has it: other pitch, damping, colour."""
        x = torch.as_tensor(sound, device=self.device)
        if colour is None:
            return x, onset
        speed, damping, tilt, peaks = colour
        at = torch.arange(int((len(x) - 2) / speed), device=self.device, dtype=torch.float64) * speed
        low = at.long()
        x = x[low] + (at - low).float() * (x[low + 1] - x[low])
        onset = onset / speed
        size = 1 << int(np.ceil(np.log2(len(x) + 1000)))
        spectrum = torch.fft.rfft(x, size)
        hz = torch.linspace(20, RATE / 2, len(spectrum), device=self.device)
        gain_db = tilt * torch.log2(hz / 1000).clamp(-4, 4)
        for centre, width, db in peaks:
            gain_db = gain_db + db * torch.exp(-0.5 * (torch.log2(hz / centre) / width) ** 2)
        x = torch.fft.irfft(spectrum * torch.exp(gain_db * 0.1151293), size)[:len(x)]
        x[: max(0, int(onset) - 130)] = 0  # what a zero-phase colour rings before the attack
        if damping > 0:
            t = torch.arange(len(x), device=self.device) / RATE
            x = x * torch.exp(-damping * (t - onset / RATE).clamp(min=0))
        return x, onset

    def colours(self):
        rng, colours, strength = self.rng, {}, 0.8 if self.mild else 1
        for group in GROUPS:
            for drum in group:
                spread = 0.16 if drum.startswith("tom") or drum == "kick" else 0.1
                damping = rng.exponential(6) if rng.random() < 0.4 else 0
                peaks = [(60 * 2 ** rng.uniform(0, 7.7), rng.uniform(0.2, 1.2), rng.normal(0, 5 * strength))
                         for _ in range(2 if self.mild else 3)]
                colours[drum] = (float(np.exp(rng.normal(0, spread))), damping, rng.normal(0, strength), peaks)
        return colours

    def balance(self):
        """Gain of each drum in the mix: cymbals may be far behind the drums, or all there is."""
        rng, trims = self.rng, {}
        wide = 0 if self.plain else (1 if rng.random() < 0.7 else 2)
        for group in GROUPS:
            metal = group[0] in ("hihat_closed", "ride", "crash")
            shared = rng.normal(-2.5 if metal and wide else 0, wide * (4 if metal else 2.5))
            for drum in group:
                trims[drum] = 10 ** ((shared + rng.normal(0, 2)) / 20)
        return trims

    # -- one dry take ------------------------------------------------------------------------

    def dry(self, notes, length):
        """The mix, and of every stroke (time_s, drum, velocity, its own attack's sound, where)."""
        rng = self.rng
        kit, colours = self.kit(), {} if self.plain else self.colours()
        trims, partners = self.balance(), self.partners(kit)
        brush_only = "snare" not in kit or (kit["snare"] and rng.random() < 0.08)
        mix, strokes, ready = torch.zeros(length, device=self.device), [], {}
        hats = np.array([t for t, d, _ in notes if d.startswith("hihat")])
        single = rng.uniform(1.2, 2.2)
        for time_s, drum, velocity in notes:
            played = "snare_brush" if drum == "snare" and brush_only and "snare_brush" in kit else drum
            if drum == "crash" and rng.random() < 0.12:
                played = ["splash", "china"][rng.integers(2)]
            sounds = kit.get(played)
            if not sounds:
                continue
            loud = velocity / 127
            layers = np.array([s[0] for s in sounds])
            pick = int(np.argmin(np.abs(layers - loud) + 0.15 * rng.random(len(sounds))))
            if (played, pick) not in ready:
                ready[played, pick] = self.prepare(sounds[pick][1], sounds[pick][2], colours.get(played))
                if played in partners:
                    other, under, late = partners[played]
                    near = min(other, key=lambda o: abs(o[0] - layers[pick]))
                    second = self.prepare(near[1], near[2], colours.get(played))
                    ready[played, pick] = self.together(ready[played, pick], second, under, late)
            x, onset = ready[played, pick]
            gain = (loud / max(layers[pick], 0.05)) ** (single if len(sounds) == 1 else 1.2)
            gain = float(np.clip(gain, 0.01, 3)) * trims[drum] * 10 ** (rng.normal(0, 0.7) / 20)
            stop = len(x)
            if played == "hihat_open":  # The next hat stroke closes it.
                later = hats[hats > time_s + 0.03]
                if len(later):
                    stop = int((later[0] - time_s) * RATE + onset)
            elif drum == "crash" and rng.random() < 0.05:
                stop = int(onset + RATE * rng.uniform(0.1, 0.8))
            at = int(round(time_s * RATE - onset))
            skip = max(0, -at)
            end = min(len(x), length - at)
            if stop + 441 < end:
                part = x[skip:stop + 441] * gain
                part[-441:] *= torch.linspace(1, 0, 441, device=self.device)[-len(part[-441:]):]
            else:
                part = x[skip:end] * gain
            if len(part) < 64:
                continue
            # No two strokes sound alike, and soft ones are duller where a kit has one layer.
            dull = rng.normal(0, 0.12) if not self.plain else 0.0
            if len(sounds) == 1 and not self.plain:
                dull += 0.5 * max(0.0, layers[pick] - loud)
            if dull:
                part = part.clone()
                part[1:] += float(np.clip(dull, -0.4, 0.7)) * part[:-1].clone()
            mix[at + skip:at + skip + len(part)] += part
            strokes.append(((at + onset) / RATE, OUTPUT_OF[played], velocity, part[:ATTACK], at + skip))
        if not self.mild and rng.random() < 0.3:
            self.sympathy(mix, strokes)
        return mix, strokes

    def sympathy(self, mix, strokes):
        """The snare's wires answer every kick and tom: that is no stroke of the snare."""
        rng = self.rng
        t = invent.time_of(0.4)
        wires = invent.shaped(rng, t, [(invent.log_uniform(rng, 1000, 7000), rng.uniform(0.5, 1.5), 1)], 500)
        wires *= np.exp(-t / rng.uniform(0.04, 0.2)) * np.minimum(1, t / rng.uniform(0.001, 0.01))
        wires = torch.as_tensor(wires.astype(np.float32), device=self.device)
        quiet = 10 ** (-rng.uniform(20, 45) / 20)
        for time_s, drum, _, part, _ in strokes:
            if FAMILY_OF[drum] in (0, 3):
                at = int((time_s + 0.001) * RATE)
                end = min(len(wires), len(mix) - at)
                mix[at:at + end] += wires[:end] * (quiet * part.abs().max())

    def audible(self, mix, strokes, gain_db):
        """The largest share that each stroke's attack has of any band of what sounds there: in the
        file itself, drums, room, music, noise and all. gain_db: the file's colour, as colour() has it."""
        if not strokes:
            return np.zeros(0)
        own = torch.zeros(len(strokes), ATTACK, device=self.device)
        there = torch.zeros(len(strokes), ATTACK, device=self.device)
        for i, (_, _, _, part, at) in enumerate(strokes):
            own[i, :len(part)] = part
            around = mix[at:at + len(part)]
            there[i, :len(around)] = around
        bins = [int(e * ATTACK / RATE) for e in (20, 150, 500, 2000, 6000, 18000)]
        own, there = torch.fft.rfft(own).abs().square(), torch.fft.rfft(there).abs().square()
        own = own * 10 ** (gain_db / 10)
        floor = 1e-7  # what 16 bits leave of a file 10 dB below full scale
        shares = [own[:, a:b].sum(1) / (there[:, a:b].sum(1) + floor * (b - a)) for a, b in zip(bins, bins[1:])]
        return torch.stack(shares).amax(0).cpu().numpy()

    # -- what lies between the drums and the file --------------------------------------------

    def backing(self, length):
        """Other instruments, clapping, talking machines: nothing that counts."""
        rng = self.rng
        x = torch.zeros(length, device=self.device)
        beat = rng.uniform(0.25, 0.7)
        sources = self.tones if rng.random() < 0.55 else [d[1] for d in self.kits.distractors] + self.tones
        t = 0.0
        while t < length / RATE:
            for _ in range(rng.integers(0, 4)):
                sound = torch.as_tensor(sources[rng.integers(len(sources))], device=self.device)
                at = int((t + rng.normal(0, 0.01)) * RATE)
                if at >= 0 and at < length:
                    part = sound[:length - at] * float(rng.uniform(0.2, 1))
                    x[at:at + len(part)] += part
            t += beat * (0.5 if rng.random() < 0.4 else 1)
        return x

    def clicks(self, bpm, length):
        """A metronome leaking from the headphones."""
        rng = self.rng
        n = int(RATE * rng.uniform(0.005, 0.04))
        t = np.arange(n) / RATE
        sound = np.sin(2 * np.pi * rng.uniform(600, 4000) * t) * np.exp(-t * rng.uniform(50, 400))
        x = np.zeros(length, np.float32)
        at, step = rng.uniform(0, 60 / bpm), 60 / bpm / rng.choice([1, 1, 2])
        while at * RATE + n < length:
            x[int(at * RATE):int(at * RATE) + n] += sound
            at += step
        return torch.as_tensor(x, device=self.device)

    def noise(self, length):
        rng = self.rng
        if rng.random() < 0.6:
            x = torch.as_tensor(rng.standard_normal(length).astype(np.float32), device=self.device)
            spectrum = torch.fft.rfft(x)
            hz = torch.linspace(10, RATE / 2, len(spectrum), device=self.device)
            x = torch.fft.irfft(spectrum * (hz / 1000) ** float(-rng.uniform(0, 1.2)), length)
            if rng.random() < 0.2:  # mains hum
                t = torch.arange(length, device=self.device) / RATE
                for h in range(1, 8, 2):
                    x = x + float(rng.uniform(0, 2)) * torch.sin(2 * np.pi * 50 * h * t) * x.std()
            return x / x.std()
        clip = self.noises[rng.integers(len(self.noises))][1]
        return torch.as_tensor(np.tile(clip, length // len(clip) + 1)[:length], device=self.device)

    def room(self, mix):
        """The mix with a room's answer, its direct sound as it was. Direct sound against the rest of the
        answer (D/R): 24 dB, a microphone near the drum, to -4 dB, one at the other end of the room."""
        rng = self.rng
        if rng.random() < 0.3 or self.dry_only:
            return mix
        answer = self.rooms[rng.integers(len(self.rooms))][:2 * RATE].clone()
        answer *= torch.exp(-torch.arange(len(answer), device=self.device) / RATE * rng.exponential(3))
        answer[:220] = 0
        gain = 10 ** (-rng.uniform(-4, 24) / 20) / float(answer.square().sum().sqrt() + 1e-9)
        size = 1 << int(np.ceil(np.log2(len(mix) + 2 * RATE)))
        spectrum = torch.fft.rfft(mix, size) * torch.fft.rfft(answer * min(gain, 1.5), size)
        return mix + torch.fft.irfft(spectrum, size)[:len(mix)]

    def curve(self, hz):
        """What microphone, equaliser, loudspeaker and a lossy file do to every frequency, in dB."""
        rng = self.rng
        gain_db = torch.zeros_like(hz)
        if self.plain:
            return gain_db
        gain_db = float(rng.normal(-0.3, 1.4)) * torch.log2(hz / 1000).clamp(-5, 4)
        for _ in range(3):
            centre, width = 60 * 2 ** rng.uniform(0, 8), rng.uniform(0.3, 1.5)
            gain_db = gain_db + float(rng.normal(0, 4)) * torch.exp(-0.5 * (torch.log2(hz / centre) / width) ** 2)
        if rng.random() < 0.15:  # a small loudspeaker or a phone
            gain_db = gain_db - 12 * torch.log2(float(rng.uniform(80, 250)) / hz).clamp(min=0)
        if rng.random() < 0.15:
            gain_db = gain_db - 24 * torch.log2(hz / float(rng.uniform(3500, 14000))).clamp(min=0)
        if rng.random() < 0.25:  # nothing above: a telephone, a low rate, a lossy file
            gain_db = gain_db - 300 * torch.log2(hz / float(2500 * 2 ** rng.uniform(0, 2.7))).clamp(0, 0.4)
        return gain_db

    def colour(self, mix):
        """(The mix through one filter, the filter's gain in dB at the bins of audible().)"""
        size = 1 << int(np.ceil(np.log2(len(mix))))
        hz = torch.linspace(0, RATE / 2, size // 2 + 1, device=self.device).clamp(min=5)
        gain_db = self.curve(hz)
        mix = torch.fft.irfft(torch.fft.rfft(mix, size) * 10 ** (gain_db / 20), size)[:len(mix)]
        return mix, gain_db[torch.linspace(0, size // 2, ATTACK // 2 + 1, device=self.device).round().long()]

    def compress(self, x):
        """Gain follows the level of 1 ms frames, with a release."""
        rng, hop = self.rng, 44
        count = len(x) // hop
        level = x[:count * hop].view(count, hop).abs().amax(1).cpu().numpy()
        release = np.exp(-1 / rng.uniform(30, 300))
        held, last = np.empty(count), 0.0
        for i, now in enumerate(level.tolist()):
            last = now if now > last else last * release
            held[i] = last
        over_db = np.maximum(0, 20 * np.log10(held + 1e-9) - rng.uniform(-30, -6))
        gain = torch.as_tensor(10 ** (-over_db * rng.uniform(0.2, 0.8) / 20), dtype=torch.float32, device=self.device)
        gain = torch.nn.functional.interpolate(gain[None, None], size=len(x), mode="linear")[0, 0]
        return x * gain

    def take(self, seconds):
        """(sound, strokes as rows of time_s, drum, velocity, share heard)."""
        rng, length = self.rng, int(seconds * RATE)
        self.mild = self.plain or self.natural or rng.random() < 0.75  # kits as they are, or as nobody has heard them
        bpm = rng.uniform(60, 180)
        if self.plain or self.natural or rng.random() < 0.75:
            notes, bpm = play.excerpt(self.performances[rng.integers(len(self.performances))], seconds, rng)
            if not self.plain:
                notes = play.vary(notes, seconds, rng)
                if rng.random() < 0.12:  # single strokes in the open
                    notes = [n for n in notes if rng.random() < 0.15]
        elif rng.random() < 0.93:
            notes = play.vary(play.at_random(seconds, rng), seconds, rng)
        else:
            notes = []
        mix, strokes = self.dry(notes, length)
        peak = max(1e-9, float(mix.abs().max()))
        strokes = [(t, d, v, part / peak, at) for t, d, v, part, at in strokes]
        mix = mix / peak
        level = lambda x: float(x.square().mean().sqrt()) + 1e-9
        drums = level(mix) if strokes else 0.05
        if not self.plain and rng.random() < 0.25:
            other = self.backing(length)
            mix = mix + other * (drums / level(other) * 10 ** (-rng.uniform(0, 35) / 20))
        if not self.plain and rng.random() < (self.talk if strokes else 0.6):
            other = torch.as_tensor(invent.speech(rng, seconds), device=self.device)[:length]
            mix[:len(other)] += other * (drums / level(other) * 10 ** (rng.uniform(-30, 8) / 20))
        mix, gain_db = self.colour(self.room(mix))
        if not self.plain and rng.random() < 0.1:
            click = self.clicks(bpm, length)
            mix = mix + click * float(10 ** (-rng.uniform(10, 50) / 20))
        if rng.random() < 0.7 and not self.dry_only:
            snr_db = rng.uniform(15, 60) if self.plain or strokes and rng.random() < 0.8 else rng.uniform(0, 30)
            mix = mix + self.noise(length) * (drums * 10 ** (-snr_db / 20))
        share = self.audible(mix, strokes, gain_db)
        mix = mix / (mix.abs().max() + 1e-9)
        if not self.plain and rng.random() < 0.45:
            mix = self.compress(mix)
            mix = mix / (mix.abs().max() + 1e-9)
        if rng.random() < (0.15 if self.plain else 0.25):
            drive = float(rng.uniform(1, 4))
            mix = torch.tanh(drive * mix) / np.tanh(drive)
        mix = mix * float(10 ** (-30 * rng.random() ** 2 / 20))
        if rng.random() < 0.5:
            mix = torch.round(mix * 32767) / 32767
        rows = np.array([(t, d, v, s) for (t, d, v, _, _), s in zip(strokes, share)], np.float32)
        return mix, rows.reshape(-1, 4)
