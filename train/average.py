#!/usr/bin/env python3
"""The mean of the weights of two trainings, the second of which went on from the first.

  average.py RUN/last.pt RUN2/last.pt OUT.pt --takes FOLDER

What was learned later is often better on what it was learned from and worse on everything else; half way
is mostly better on both (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", CVPR). The batch
norms' means and variances are those of the averaged network, seen on takes in FOLDER (train.py's shards).
"""

import argparse
import glob
import os

import numpy as np
import torch

import net as network
import retouch

SHARDS, FRAMES, SEED = 24, 200, 5


def mean_of(first, second):
    return {k: (first[k] + second[k]) / 2 if second[k].is_floating_point() else second[k] for k in second}


def excerpts(folder, rng):
    paths = sorted(glob.glob(os.path.join(folder, "*.npz")))
    found = []
    for path in [paths[i] for i in rng.choice(len(paths), min(SHARDS, len(paths)), replace=False)]:
        with np.load(path) as file:
            features = file[file.files[0]]
        for take in features:
            at = rng.integers(len(take) - FRAMES + 1)
            found.append(take[at:at + FRAMES])
    return torch.as_tensor(np.stack(found).astype(np.float32))


def settle(net, features, rng):
    """The batch norms' statistics anew."""
    norms = [m for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain mean over all batches
    net.train()
    with torch.no_grad():
        for batch in features.split(32):
            net(retouch.recolour(batch, rng, "cpu"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("out")
    parser.add_argument("--takes", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    first, saved = (torch.load(path, map_location="cpu") for path in (args.first, args.second))
    saved["average"] = mean_of(first["average"], saved["average"])
    net = network.EarNet(**saved["shape"])
    net.load_state_dict({k[7:]: v for k, v in saved["average"].items() if k.startswith("module.")})
    settle(net, excerpts(args.takes, rng), rng)
    saved["average"].update({"module." + k: v for k, v in net.state_dict().items()})
    torch.save(saved, args.out)


if __name__ == "__main__":
    main()
