"""What a bar of 4/4 looks like, learned by telling true bars from wrong ones: the training split of
the Groove MIDI Dataset (Gillick et al. 2019, CC BY 4.0), where tempo and bar lines are known exactly.

    python3 train/fit_reading.py --data FOLDER --out src/pulse/reading_table.c [--without DRUMMER ...]

FOLDER is the dataset, unpacked. Of excerpts of its takes every reading is made (beats at a quarter of
the true pace to four times it, "one" on every half beat of the bar), and a net of one hidden layer is
taught to give the true one the highest score (softmax over the readings). The set has few takes of
many styles, so grooves as they are played by convention are added (train/conventions.py). Two nets are
taught from different seeds and averaged: side by side they are one net. src/pulse/reading.h says what
it is given. Needs numpy and PyTorch; the seeds are fixed.
"""
import argparse
import csv
import os
import sys

import numpy as np
import torch
from torch import nn

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import conventions
import fit_pulse

PLACES = np.array([0, 1 / 6, .25, 1 / 3, .5, 2 / 3, .75, 5 / 6, 1.0])
GROUPS, TEMPI, EDGE, NETS, HIDDEN = 11, 12, 17, 2, 24
PROFILE = 4 * 8 * GROUPS
LAGS, UNUSUAL = (2, 4, 8, 16, 32), 16
REPEAT = 2 * len(LAGS)
INPUTS = PROFILE + TEMPI + 2 * EDGE + REPEAT + UNUSUAL
OCTAVES, HALVES = (-2, -1, 0, 1, 2), 8
MOST = len(OCTAVES) * HALVES
CENTRES = np.linspace(np.log2(35), np.log2(260), TEMPI)


def profile(beat, group, bars):
    whole = np.floor(beat)
    share = beat - whole
    place = np.clip(np.searchsorted(PLACES, share, side="right") - 1, 0, 7)
    late = (share - PLACES[place]) / (PLACES[place + 1] - PLACES[place])
    first = whole.astype(int) % 4 * 8 + place
    count = np.bincount(np.concatenate([first * GROUPS + group, (first + 1) % 32 * GROUPS + group]),
                        np.concatenate([1 - late, late]), minlength=PROFILE)
    return np.log1p(4 * count / max(bars, .5))


def cells(beat, group):
    """What is struck in every half beat from the first stroke's on: 4 places of 11 groups."""
    whole = np.floor(beat)
    share = beat - whole
    place = np.clip(np.searchsorted(PLACES, share, side="right") - 1, 0, 7)
    late = (share - PLACES[place]) / (PLACES[place + 1] - PLACES[place])
    at = whole.astype(int) * 8 + place
    first = at[0] // 4
    many = (at.max() + 1) // 4 - first + 1
    at = at - 4 * first
    x = np.bincount(np.concatenate([at * GROUPS + group, (at + 1) * GROUPS + group]),
                    np.concatenate([1 - late, late]), minlength=many * 4 * GROUPS)
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


def readings(take, start, length, has_start, has_end, bpm):
    """Inputs of all readings of an excerpt, and the true one's place."""
    quarter, group = take["quarter"], take["group"]
    inside = (quarter >= start - .05) & (quarter < start + length - .05)
    quarter, group = quarter[inside], group[inside]
    rows, true = [], -1
    for octave in OCTAVES:
        ratio = 2.0 ** octave
        if not 30 <= bpm * ratio <= 300:
            continue
        first, cell = cells(quarter * ratio, group)
        repeat, away, crash = repetition(cell), unusual(cell), cell[:, 0, 9]
        for half in range(HALVES):
            beat = quarter * ratio - half / 2
            row = np.zeros(INPUTS, np.float32)
            row[:PROFILE] = profile(beat, group, length * ratio / 4)
            row[PROFILE:PROFILE + TEMPI] = np.exp(-.5 * ((np.log2(bpm * ratio) - CENTRES) / .25) ** 2)
            edge = PROFILE + TEMPI
            row[edge + (int(np.floor(4 * beat[0] + .5)) % 16 if has_start else 16)] = 1
            row[edge + EDGE + (int(np.floor(4 * beat[-1] + .5)) % 16 if has_end else 16)] = 1
            row[edge + 2 * EDGE:-UNUSUAL] = repeat
            row[-UNUSUAL:] = where_unusual(first, half, away, crash)
            if octave == 0 and half == 0:
                true = len(rows)
            rows.append(row)
    return np.array(rows), true


def load(data, without):
    out = []
    for row in csv.DictReader(open(os.path.join(data, "info.csv"), encoding="utf-8")):
        if (row["split"] != "train" or row["drummer"] in without or float(row["duration"]) < 5
                or row["time_signature"] != "4-4"):
            continue
        with open(os.path.join(data, row["midi_filename"]), "rb") as file:
            notes = fit_pulse.split_soft(fit_pulse.read_notes(file.read()))
        if len(notes) >= 16:
            out.append({"session": os.path.dirname(row["midi_filename"]), "bpm": float(row["bpm"]),
                        "quarter": np.array([q for q, _ in notes]), "group": np.array([g for _, g in notes])})
    return out


def excerpts(takes, each, rng):
    """Rows of all readings, how many each excerpt has, and the true one's place among all rows."""
    x, count, true, at_row = [], [], [], 0
    for take in takes:
        quarter = take["quarter"]
        end = np.ceil(quarter[-1])
        first = np.floor(quarter[0])
        for k in range(each):
            length = min(2 ** rng.uniform(2.6, 7), end - first)
            start = rng.uniform(first, max(end - length, first))
            if rng.random() < .4:
                start = first
            if k < 2:
                start, length = first, end - first
            has_start = start == first and (k < 2 or rng.random() < .9)
            has_end = start + length > quarter[-1] + .05
            if ((quarter >= start - .05) & (quarter < start + length - .05)).sum() < 6:
                continue
            bpm = np.clip(take["bpm"] * 2 ** rng.normal(0, .06), 30.5, 299)
            rows, at = readings(take, start, length, has_start, has_end, bpm)
            if at < 0:
                continue
            x.append(rows)
            count.append(len(rows))
            true.append(at)
    return torch.tensor(np.concatenate(x)), torch.tensor(count), torch.tensor(true)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(INPUTS, 1, bias=False)
        self.hidden = nn.Linear(INPUTS, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1, bias=False)
        self.drop = nn.Dropout(.2)

    def forward(self, x):
        return (self.linear(x) + self.out(self.drop(torch.relu(self.hidden(x))))).squeeze(-1)


def varied(x, count):
    """The timekeeper on another instrument; a drum that is not played."""
    n = len(count)
    swap = torch.repeat_interleave(torch.rand(n) < .2, count)
    keep = torch.repeat_interleave(torch.rand(n, GROUPS) > .05, count, 0)
    bars = x[:, :PROFILE].view(len(x), 32, GROUPS)
    bars[swap] = bars[swap][..., [0, 1, 2, 7, 8, 5, 6, 3, 4, 9, 10]]
    bars *= keep[:, None]
    return x


def train(x, count, true, rounds, seed, batch=64):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Net()
    first = torch.cumsum(count, 0) - count
    best = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=.1)
    pace = torch.optim.lr_scheduler.OneCycleLR(best, 2e-3, total_steps=rounds * (len(count) // batch + 1))
    for _ in range(rounds):
        order = rng.permutation(len(count))
        total = 0.0
        for k in range(0, len(order), batch):
            pick = torch.as_tensor(order[k:k + batch])
            here = torch.arange(MOST) < count[pick][:, None]
            rows = (first[pick][:, None] + torch.arange(MOST))[here]
            score = torch.full(here.shape, -1e9)
            score[here] = net(varied(x[rows], count[pick]))
            loss = nn.functional.cross_entropy(score, true[pick])
            best.zero_grad()
            loss.backward()
            best.step()
            pace.step()
            total += loss.item() * len(pick)
    print(f"loss {total / len(count):.3f}", flush=True)
    return net.eval()


def joined(nets):
    """One net that says the mean of what several say."""
    weight = lambda name: [net.get_parameter(name).detach().numpy() for net in nets]
    return {"linear": np.mean(weight("linear.weight"), 0), "hidden": np.concatenate(weight("hidden.weight")),
            "bias": np.concatenate(weight("hidden.bias")),
            "out": np.concatenate(weight("out.weight"), 1)[0] / len(nets)}


def eighths(values):
    scale = np.abs(values).max(-1, keepdims=True) / 127 + 1e-12
    return np.round(values / scale).astype(int), scale.reshape(-1)


def write(path, net):
    weight, scale = eighths(net["hidden"])
    linear, linear_scale = eighths(net["linear"])
    floats = lambda v: "{" + ", ".join(f"{float(a):.7g}F" if "." in f"{float(a):.7g}" or "e" in f"{float(a):.7g}"
                                       else f"{float(a):.1f}F" for a in v) + "}"
    whole = lambda v: "{" + ",".join(str(a) for a in v) + "}"
    with open(path, "w", encoding="utf-8") as out:
        out.write("/* Made by train/fit_reading.py from the training split of the Groove MIDI Dataset\n"
                  " * (Gillick et al. 2019, CC BY 4.0). Do not edit. */\n#include \"reading.h\"\n\n/* clang-format off */\n")
        out.write(f"const float dt__read_scale[DT__READ_HIDDEN] = {floats(scale)};\n")
        out.write(f"const float dt__read_bias[DT__READ_HIDDEN] = {floats(net['bias'])};\n")
        out.write(f"const float dt__read_out[DT__READ_HIDDEN] = {floats(net['out'])};\n")
        out.write(f"const float dt__read_linear_scale = {floats(linear_scale)[1:-1]};\n")
        out.write(f"const signed char dt__read_linear[DT__READ_INPUTS] = {whole(linear[0])};\n")
        out.write("const signed char dt__read_weight[DT__READ_HIDDEN][DT__READ_INPUTS] = {\n")
        out.write(",\n".join("  " + whole(row) for row in weight) + "};\n/* clang-format on */\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--made", type=int, default=400, help="takes by convention")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    takes = load(args.data, args.without)
    made = conventions.takes(args.made, np.random.default_rng(args.seed + 76))
    real = excerpts(takes, args.each, np.random.default_rng(args.seed))
    more = excerpts(made, 3, np.random.default_rng(args.seed))
    print(len(takes), "takes,", len(real[1]), "excerpts;", len(made), "by convention,", len(more[1]))
    x, count, true = (torch.cat([a, b]) for a, b in zip(real, more))
    write(args.out, joined([train(x, count, true, args.rounds, args.seed + k) for k in range(NETS)]))


if __name__ == "__main__":
    main()
