"""Does the network in C answer as PyTorch does? Random networks of several shapes, and any model file.

    python train/check_net.py BENCH_NN [MODEL...]

BENCH_NN is the program build/bench/bench_nn. The largest difference of any answer (offsets in
units of 10 ms) is printed for each network; the exit status says whether all are below 1e-4, or,
where networks run in whole numbers, below 2e-3: there a number between two steps may fall to either.
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
WHOLE_LIMIT = 2e-3
WHOLE_MAX = 32767
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


def largest_numbers(arrays):
    """What makes a network run in whole numbers."""
    layers = [name[:-2] for name in arrays if name.endswith(".w") and name != "head.w"]
    return {f"{name}.largest": np.full(1, 40.0) for name in ["input", *layers]}


def weights(arrays, name):
    """As the ear has them: in whole numbers, 127 units are an output's largest."""
    w = arrays[name]
    if "input.largest" not in arrays:
        return w
    rows = w.flatten(1).float()
    unit = torch.clamp(rows.abs().amax(1, keepdim=True) / 127, min=1e-15)
    assert (rows / unit).round().abs().sum(1).max() <= 65536, "sums could leave 32 bits"
    return ((rows * (1 / unit)).round().double() * unit.double()).reshape(w.shape)


def stepped(arrays, x, largest, low=0):
    """Rounded to the steps of whole numbers."""
    if "input.largest" not in arrays:
        return x
    step = largest / WHOLE_MAX
    return (x / step).round().clamp(low, WHOLE_MAX) * step


def largest_of(arrays, branch):
    """Of what a branch hands on; the input's where it has no layer."""
    found, i = arrays["input.largest"], 0
    while f"{branch}.conv{i}.largest" in arrays:
        found = arrays[f"{branch}.conv{i}.largest"]
        i += 1
    return found


def convolved(arrays, name, x, flat):
    """x: (channels, frames, bands); flat: the largest number that both branches hand on."""
    count = 0
    while f"{name}.conv{count}.w" in arrays:
        count += 1
    if "input.largest" in arrays:
        x = stepped(arrays, x, arrays["input.largest"] if count else flat, -WHOLE_MAX)
    for i in range(count):
        w = weights(arrays, f"{name}.conv{i}.w")
        kt, kf = w.shape[2:]
        x = torch.nn.functional.pad(x, ((kf - 1) // 2, (kf - 1) // 2, kt - 1, 0))
        x = torch.nn.functional.conv2d(x[None], w, arrays[f"{name}.conv{i}.b"], stride=(1, 2))[0]
        x = torch.relu(x)
        if "input.largest" in arrays:
            x = stepped(arrays, x, flat if i + 1 == count else arrays[f"{name}.conv{i}.largest"])
    return x.transpose(0, 1).flatten(1)


def gru(arrays, i, x):
    """The states of layer i; what the next frame and the next layer take of them is rounded."""
    w_ih, w_hh = weights(arrays, f"gru{i}.w_ih"), weights(arrays, f"gru{i}.w_hh")
    from_x = x @ w_ih.T + arrays[f"gru{i}.b_ih"]
    h = torch.zeros(w_hh.shape[1], dtype=torch.float64)
    states = []
    for gates in from_x:
        u = w_hh @ stepped(arrays, h, 1, -WHOLE_MAX) + arrays[f"gru{i}.b_hh"]
        r, z, n = gates.chunk(3)
        u_r, u_z, u_n = u.chunk(3)
        r, z = torch.sigmoid(r + u_r), torch.sigmoid(z + u_z)
        n = torch.tanh(n + r * u_n)
        h = n + z * (h - n)
        states.append(h)
    return torch.stack(states)


def logits(arrays, features):
    """What one network's head says, in double precision, with PyTorch."""
    arrays = {name: torch.tensor(a, dtype=torch.float64) for name, a in arrays.items()}
    is_whole = "input.largest" in arrays
    x = torch.tensor(features, dtype=torch.float64)
    if "input.mean" in arrays:
        x = x - arrays["input.mean"]
    if "input.scale" in arrays:
        x = x * arrays["input.scale"]
    flat = max(largest_of(arrays, "long"), largest_of(arrays, "short")) if is_whole else 0
    long = convolved(arrays, "long", x[None, :, :72], flat)
    short = convolved(arrays, "short", torch.stack([x[:, 72:96], x[:, 96:]]), flat)
    dense = torch.relu(torch.cat([long, short], 1) @ weights(arrays, "dense0.w").T + arrays["dense0.b"])
    joined = max(arrays["dense0.largest"].item(), 1) if is_whole else 0
    y = dense = stepped(arrays, dense, joined)
    i = 0
    while f"gru{i}.w_hh" in arrays:
        states = gru(arrays, i, y)
        y = stepped(arrays, states, 1, -WHOLE_MAX)
        i += 1
    y = stepped(arrays, states, joined, -WHOLE_MAX)
    return torch.cat([dense, y], 1) @ weights(arrays, "head.w").T + arrays["head.b"]


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
    worst = {True: 0.0, False: 0.0}  # of those with whole numbers, of the others
    features = rng.normal(0, 1, (FRAMES, 120)).astype(np.float32)
    for path in sys.argv[2:]:
        found = difference(sys.argv[1], path, features)
        print(f"{path}: {found:.2e}")
        is_whole = any(name.endswith("input.largest") for name in model_file.read(path))
        worst[is_whole] = max(worst[is_whole], found)
    alone = [(shape,) for shape in SHAPES]
    kinds = [(dtype, is_whole) for dtype in ("f16", "f32") for is_whole in (False, True)]
    with tempfile.TemporaryDirectory() as folder:
        for shapes in [*alone, SHAPES[:2], SHAPES]:
            for dtype, is_whole in kinds:
                path = os.path.join(folder, "model")
                arrays = {}
                for i, shape in enumerate(shapes):
                    found = random_arrays(shape, rng)
                    if is_whole:
                        found.update(largest_numbers(found))
                    arrays.update(model_file.beginning(found, i))
                model_file.write(path, arrays, dtype)
                found = difference(sys.argv[1], path, features)
                name = f"{' and '.join(map(str, shapes))} {dtype}"
                print(f"{name}{', whole numbers' if is_whole else ''}: {found:.2e}")
                worst[is_whole] = max(worst[is_whole], found)
    if not (worst[False] < LIMIT and worst[True] < WHOLE_LIMIT):
        sys.exit(f"differs by {worst[False]:.2e}, more than {LIMIT}, or by {worst[True]:.2e}, "
                 f"more than {WHOLE_LIMIT}")


if __name__ == "__main__":
    main()
