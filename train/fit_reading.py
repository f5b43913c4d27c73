"""What a bar of 4/4 looks like, learned by telling true bars from wrong ones: the training split of
the Groove MIDI Dataset (Gillick et al. 2019, CC BY 4.0), where tempo and bar lines are known exactly.

    python3 train/hear_groove.py --data DATA --program build/doubletime --out HEARD
    python3 train/fit_reading.py --data FOLDER --heard HEARD ... --grid build/bench/bench_pulse_grid \\
        --out src/pulse/reading_table.c [--without DRUMMER ...]

FOLDER is the dataset, unpacked. The pulse that the lattice finds in a take, as it was played and as
the ear heard it, is read in every way (beats at a quarter of its pace to four times it, "one" on
every half beat of the bar), and a net of one hidden layer is taught to give the true reading the
highest score (softmax over the readings). The set has few takes of many styles, so grooves as they
are played by convention are added (train/conventions.py). Two nets are taught from different seeds
and averaged: side by side they are one net. src/pulse/reading.h says what it is given. Needs numpy
and PyTorch; the seeds are fixed.
"""
import argparse

import numpy as np
import torch
from torch import nn

import conventions
import grids
from reading import GROUPS, INPUTS, MOST, PROFILE, readings

NETS, HIDDEN, ROUNDS = 2, 24, 3


def span(beats, whole, rng):
    """(first beat, beats) of an excerpt: 6 to 128 beats, often from the beginning."""
    length = min(2 ** rng.uniform(2.6, 7), beats)
    start = 16 * np.floor(rng.uniform(0, max(beats - length, 0)) / 16) if rng.random() > .4 else 0.0
    return (0.0, beats) if whole else (start, length)


def excerpts(takes, each, rng):
    """[(rows of all readings, the true one's place)]; bars of every reading begin at an excerpt's start."""
    out = []
    for take in takes:
        best = int(take["score"].sum(1).argmax())
        if take["score"][best].sum() < grids.RIGHT:
            continue
        for k in range(each):
            start, length = span(take["beats"], k < 2, rng)
            known = rng.random() < .9 or k < 2
            begins, ends = take["start"] and start == 0 and known, take["end"] and start + length > take["beats"] - .05
            inside = ((take["beat"] >= start - .05) | (start == 0)) & (take["beat"] < start + length - .05)
            inside |= ends & (take["beat"] >= start)
            if inside.sum() < 6:
                continue
            beat_s = take["beat_s"] * 2 ** rng.normal(0, .06)
            rows, keys = readings(take["beat"][inside] - start, take["group"][inside], take["weight"][inside], length,
                                  beat_s, begins, ends)
            if take["keys"][best] in keys:
                out.append((torch.tensor(rows).half(), keys.index(take["keys"][best])))
    return out


def by_convention(count, seed):
    """Takes of train/conventions.py as grids.load has them: their pulse is true."""
    out = []
    for made in conventions.takes(count, np.random.default_rng(seed)):
        quarter = made["quarter"] - 64
        beats = float(np.ceil(quarter[-1] + .05))
        out.append({"beat": quarter, "group": made["group"], "weight": np.ones(len(quarter)), "beats": beats,
                    "beat_s": 60 / made["bpm"], "start": True, "end": True, "keys": [(0, 0)],
                    "score": np.ones((1, 2))})
    return out


def padded(found):
    """(inputs, which rows there are, the true ones)"""
    x = torch.zeros(len(found), MOST, INPUTS, dtype=torch.float16)
    for k, (rows, _) in enumerate(found):
        x[k, :len(rows)] = rows
    there = torch.arange(MOST) < torch.tensor([len(rows) for rows, _ in found])[:, None]
    return x, there, torch.tensor([true for _, true in found])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(INPUTS, 1, bias=False)
        self.hidden = nn.Linear(INPUTS, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1, bias=False)
        self.drop = nn.Dropout(.2)

    def forward(self, x):
        return (self.linear(x) + self.out(self.drop(torch.relu(self.hidden(x))))).squeeze(-1)


def varied(x):
    """The timekeeper on another instrument; a drum that is not played."""
    swap = torch.rand(len(x)) < .2
    keep = torch.rand(len(x), GROUPS) > .05
    bars = x[..., :PROFILE].view(len(x), MOST, 32, GROUPS)
    bars[swap] = bars[swap][..., [0, 1, 2, 7, 8, 5, 6, 3, 4, 9, 10]]
    bars *= keep[:, None, None]
    return x


def train(found, seed, batch=64, rate=2e-3):
    """More rounds teach the net these drummers, not bars: on others it was surer and less often right."""
    x, there, true = padded(found)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Net()
    best = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=.1)
    pace = torch.optim.lr_scheduler.OneCycleLR(best, rate, total_steps=ROUNDS * (len(true) // batch + 1))
    for _ in range(ROUNDS):
        order = rng.permutation(len(true))
        total = 0.0
        for k in range(0, len(order), batch):
            pick = torch.as_tensor(order[k:k + batch])
            score = net(varied(x[pick].float())).masked_fill(~there[pick], -1e9)
            loss = nn.functional.cross_entropy(score, true[pick])
            best.zero_grad()
            loss.backward()
            best.step()
            pace.step()
            total += loss.item() * len(pick)
    print(f"loss {total / len(true):.3f}", flush=True)
    return net.eval()


def teach(takes, made, each=8):
    """The nets, as one, from takes of grids.load and made ones."""
    found = excerpts(takes, each, np.random.default_rng(1)) + excerpts(made, 3, np.random.default_rng(2))
    print(len(takes), "takes,", len(made), "by convention:", len(found), "excerpts")
    return joined([train(found, 1 + k) for k in range(NETS)])


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
    parser.add_argument("--heard", nargs="+", required=True)
    parser.add_argument("--grid", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--without", nargs="*", default=[])
    args = parser.parse_args()
    torch.set_num_threads(1)
    takes = [t for t in grids.load(args.data, args.heard, args.grid) if t["drummer"] not in args.without]
    write(args.out, teach(takes, by_convention(400, 77)))


if __name__ == "__main__":
    main()
