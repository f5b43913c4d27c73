#!/usr/bin/env python3
"""Write trained networks (train.py's last.pt) as the model file that src/ear/net.c reads.

  export.py RUN/last.pt [RUN2/last.pt ...] RUN/ear.model [--takes FOLDER]
            [--thresholds FAMILY x 5 [DRUM x 12]]

With --takes, a folder of rendered takes (render.py), the networks run in whole numbers, which is
about twice as fast: the largest numbers seen between layers set the steps.

Several networks are heard together: the mean of what their heads say, before the curves. Their
thresholds are then the mean of each one's, unless they are given.
"""

import argparse
import glob
import os

import numpy as np
import soundfile
import torch

import front
import model_file
import net as network


def load(path):
    """(network with averaged weights, what else was saved)."""
    saved = torch.load(path, map_location="cpu")
    net = network.EarNet(**saved["shape"])
    net.load_state_dict({k[7:]: v for k, v in saved["average"].items() if k.startswith("module.")})
    return net.eval(), saved


def records(net):
    """{name: array} of one network, as net.h names them."""
    found = {"input.mean": net.mean, "input.scale": net.scale}
    for branch in ("long", "short"):
        for i, conv in enumerate(getattr(net, branch)):
            found[f"{branch}.conv{i}.w"], found[f"{branch}.conv{i}.b"] = conv.folded()
    found["dense0.w"], found["dense0.b"] = net.dense.weight, net.dense.bias
    for i, gru in enumerate(net.gru):
        for name in ("w_ih", "w_hh", "b_ih", "b_hh"):
            found[f"gru{i}.{name}"] = getattr(gru, name.replace("w_", "weight_").replace("b_", "bias_") + "_l0")
    found["head.w"], found["head.b"] = net.head.weight, net.head.bias
    return {k: v.detach().numpy() for k, v in found.items()}


MARGIN = 2  # louder takes than those seen
LOUDEST = 4.5  # no feature is larger (src/ear/hear.c)
TAKES = 16


def largest(net, folder):
    """{name: the largest number that goes from a layer to the next} on takes."""
    paths = sorted(glob.glob(os.path.join(folder, "*.flac")))
    if not paths:
        raise SystemExit(f"{folder}: no takes in it")
    inputs = torch.stack([torch.full_like(net.mean, x) for x in (-1.0, LOUDEST)])
    found = {"input.largest": ((inputs - net.mean) * net.scale).abs().amax()}

    def see(name):
        def hook(module, args, output):
            found[name] = torch.maximum(found.get(name, torch.tensor(0.0)), output.amax())
        return hook

    hooks = [net.dense.register_forward_hook(see("dense0.largest"))]
    for branch in ("long", "short"):
        hooks += [conv.register_forward_hook(see(f"{branch}.conv{i}.largest"))
                  for i, conv in enumerate(getattr(net, branch))]
    ears = front.Front()
    with torch.no_grad():
        for path in paths[:: -(-len(paths) // TAKES)]:
            net(ears(torch.tensor(soundfile.read(path, dtype="float32")[0]))[None])
    for hook in hooks:
        hook.remove()
    return {name: np.full(1, MARGIN * max(float(x), 1e-3)) for name, x in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", nargs="+", help="last.pt of one or more trainings")
    parser.add_argument("model")
    parser.add_argument("--takes", help="folder of rendered takes; without it the ear runs in floats")
    parser.add_argument("--thresholds", type=float, nargs="+")
    args = parser.parse_args()
    networks = [load(run) for run in args.runs]
    family, drum = np.mean([saved["thresholds"] for _, saved in networks], 0), np.full(12, 0.5)
    if args.thresholds:
        family = args.thresholds[:5]
        drum = args.thresholds[5:] or drum
    arrays = {}
    for i, (net, _) in enumerate(networks):
        found = records(net)
        if args.takes:
            found.update(largest(net, args.takes))
        arrays.update(model_file.beginning(found, i))
    arrays["threshold.family"] = np.asarray(family)
    arrays["threshold.drum"] = np.asarray(drum)
    small = lambda name: "f16" if name.endswith((".w", ".w_ih", ".w_hh")) else "f32"
    model_file.write(args.model, arrays, dtype=small)


if __name__ == "__main__":
    main()
