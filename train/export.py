#!/usr/bin/env python3
"""Write trained networks (train.py's last.pt) as the model file that src/ear/net.c reads.

  export.py RUN/last.pt [RUN2/last.pt ...] RUN/ear.model [--thresholds FAMILY x 5 [DRUM x 12]]

Several networks are heard together: the mean of what their heads say, before the curves. Their
thresholds are then the mean of each one's, unless they are given.
"""

import argparse

import numpy as np
import torch

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


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", nargs="+", help="last.pt of one or more trainings")
    parser.add_argument("model")
    parser.add_argument("--thresholds", type=float, nargs="+")
    args = parser.parse_args()
    networks = [load(run) for run in args.runs]
    family, drum = np.mean([saved["thresholds"] for _, saved in networks], 0), np.full(12, 0.5)
    if args.thresholds:
        family = args.thresholds[:5]
        drum = args.thresholds[5:] or drum
    arrays = {}
    for i, (net, _) in enumerate(networks):
        arrays.update(model_file.beginning(records(net), i))
    arrays["threshold.family"] = np.asarray(family)
    arrays["threshold.drum"] = np.asarray(drum)
    small = lambda name: "f16" if name.endswith((".w", ".w_ih", ".w_hh")) else "f32"
    model_file.write(args.model, arrays, dtype=small)


if __name__ == "__main__":
    main()
