"""Does the network in C answer as PyTorch does? Random networks of several shapes, and any model file.

    python train/check_net.py BENCH_NN [MODEL...]

BENCH_NN is the program build/bench/bench_nn. The largest difference of any answer (offsets in
units of 10 ms) is printed for each network; the exit status says whether all are below 1e-4.
"""

import os
import subprocess
import sys
import tempfile

import numpy as np
import torch

import model_file

SEED = 7
FRAMES = 500
LIMIT = 1e-4
SHAPES = [
    # long, short convolutions (channels, frames, bands), dense, grus
    (((16, 3, 5), (24, 3, 3), (32, 3, 3)), ((16, 3, 3), (24, 3, 3)), 128, (96, 96)),
    (((8, 1, 3),), (), 40, (64,)),
    ((), ((5, 4, 7), (3, 2, 1), (7, 1, 3), (9, 3, 3)), 33, (17, 50, 31)),
    ((), (), 24, (8,)),
]


def random_arrays(shape, rng):
    """Records of a network of that shape, as the ear wants them."""
    long, short, dense, grus = shape
    arrays = {"input.mean": rng.normal(0, 0.3, 120), "input.scale": rng.normal(1, 0.2, 120)}
    flat = 0
    for name, channels, bands, convs in (("long", 1, 72, long), ("short", 2, 24, short)):
        for i, (outputs, kt, kf) in enumerate(convs):
            sd = np.sqrt(2 / (channels * kt * kf))
            arrays[f"{name}.conv{i}.w"] = rng.normal(0, sd, (outputs, channels, kt, kf))
            arrays[f"{name}.conv{i}.b"] = rng.normal(0, 0.1, outputs)
            channels, bands = outputs, (bands + 1) // 2
        flat += channels * bands
    arrays["dense0.w"] = rng.normal(0, np.sqrt(2 / flat), (dense, flat))
    arrays["dense0.b"] = rng.normal(0, 0.1, dense)
    inputs = dense
    for i, size in enumerate(grus):
        sd = 1.5 / np.sqrt(size)
        arrays[f"gru{i}.w_ih"] = rng.normal(0, sd, (3 * size, inputs))
        arrays[f"gru{i}.w_hh"] = rng.normal(0, sd, (3 * size, size))
        arrays[f"gru{i}.b_ih"] = rng.normal(0, sd, 3 * size)
        arrays[f"gru{i}.b_hh"] = rng.normal(0, sd, 3 * size)
        inputs = size
    arrays["head.w"] = rng.normal(0, 1 / np.sqrt(dense + inputs), (34, dense + inputs))
    arrays["head.b"] = rng.normal(0, 0.5, 34)
    return arrays


def convolved(arrays, name, x):
    """x: (channels, frames, bands)"""
    i = 0
    while f"{name}.conv{i}.w" in arrays:
        w = arrays[f"{name}.conv{i}.w"]
        kt, kf = w.shape[2:]
        x = torch.nn.functional.pad(x, ((kf - 1) // 2, (kf - 1) // 2, kt - 1, 0))
        x = torch.nn.functional.conv2d(x[None], w, arrays[f"{name}.conv{i}.b"], stride=(1, 2))[0]
        x = torch.relu(x)
        i += 1
    return x.transpose(0, 1).flatten(1)


def logits(arrays, features):
    """What one network's head says: PyTorch's, in double precision."""
    arrays = {name: torch.tensor(a, dtype=torch.float64) for name, a in arrays.items()}
    x = torch.tensor(features, dtype=torch.float64)
    if "input.mean" in arrays:
        x = x - arrays["input.mean"]
    if "input.scale" in arrays:
        x = x * arrays["input.scale"]
    long = convolved(arrays, "long", x[None, :, :72])
    short = convolved(arrays, "short", torch.stack([x[:, 72:96], x[:, 96:]]))
    dense = torch.relu(torch.cat([long, short], 1) @ arrays["dense0.w"].T + arrays["dense0.b"])
    y = dense
    i = 0
    while f"gru{i}.w_hh" in arrays:
        w_ih, w_hh = arrays[f"gru{i}.w_ih"], arrays[f"gru{i}.w_hh"]
        gru = torch.nn.GRU(w_ih.shape[1], w_hh.shape[1], batch_first=True).double()
        with torch.no_grad():
            gru.weight_ih_l0.copy_(w_ih)
            gru.weight_hh_l0.copy_(w_hh)
            gru.bias_ih_l0.copy_(arrays[f"gru{i}.b_ih"])
            gru.bias_hh_l0.copy_(arrays[f"gru{i}.b_hh"])
            y = gru(y[None])[0][0]
        i += 1
    return torch.cat([dense, y], 1) @ arrays["head.w"].T + arrays["head.b"]


def answers(arrays, features):
    """Of all networks in a file."""
    all = [logits(a, features) for a in model_file.networks(arrays)]
    head = sum(all) / len(all)
    return torch.cat([torch.sigmoid(head[:, :5]), torch.tanh(head[:, 5:10]),
                      torch.sigmoid(head[:, 10:])], 1).numpy()


def difference(program, model, features):
    """The largest difference between the program's answers and PyTorch's."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("features", "answers")]
        features.astype("<f4").tofile(paths[0])
        subprocess.run([program, model, *paths], check=True)
        ours = np.fromfile(paths[1], "<f4").reshape(-1, 34)
    ours[:, 5:10] /= 10
    return np.abs(ours - answers(model_file.read(model), features)).max()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    print(f"seed {SEED}, {FRAMES} frames")
    worst = 0.0
    features = rng.normal(0, 1, (FRAMES, 120)).astype(np.float32)
    for path in sys.argv[2:]:
        found = difference(sys.argv[1], path, features)
        print(f"{path}: {found:.2e}")
        worst = max(worst, found)
    alone = [(shape,) for shape in SHAPES]
    with tempfile.TemporaryDirectory() as folder:
        for shapes in [*alone, SHAPES[:2], SHAPES]:
            for dtype in ("f16", "f32"):
                path = os.path.join(folder, "model")
                arrays = {}
                for i, shape in enumerate(shapes):
                    arrays.update(model_file.beginning(random_arrays(shape, rng), i))
                model_file.write(path, arrays, dtype)
                found = difference(sys.argv[1], path, features)
                print(f"{' and '.join(map(str, shapes))} {dtype}: {found:.2e}")
                worst = max(worst, found)
    if not worst < LIMIT:
        sys.exit(f"differs by {worst:.2e}, more than {LIMIT}")


if __name__ == "__main__":
    main()
