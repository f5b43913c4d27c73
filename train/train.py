#!/usr/bin/env python3
"""Train the ear from nothing.

  train.py --data DATA --out RUN --minutes 90

writes RUN/best.pt, RUN/last.pt, RUN/log.csv and, at the end, RUN/ear.model. Run again with the same
--out, it goes on where it stopped. Takes are rendered all the while (train/synth.py): on the GPU
when there is one, else by --workers processes; what was rendered stays in RUN/takes and is used
again. Take number k depends on --seed and k alone. Needs torch, numpy, soundfile.
"""

import argparse
import csv
import multiprocessing
import os
import time

import numpy as np
import torch

import front
import material
import net as network
import retouch
import synth
import targets

SECONDS, TAKES = 12.0, 24  # of a take; takes in a shard


def studio(data, part, seed, device, plain=False):
    return synth.Synth(material.Kits(data, part), material.performances(data, part),
                       material.rooms(data), material.noises(data), seed, device, plain)


def shard(room, ears, seed, seconds=SECONDS, takes=TAKES):
    """Features (takes, frames, 120) float16 and targets of some takes, from their own seed."""
    room.renew(seed)
    features, marks, rows = [], [], []
    with torch.no_grad():
        for _ in range(takes):
            sound, strokes = room.take(seconds)
            heard = ears(sound).half().cpu().numpy()
            features.append(heard)
            marks.append(targets.of(strokes, len(heard)))
            rows.append(strokes)
    return [np.stack(features)] + [np.stack(m) for m in zip(*marks)], rows


def work(args, worker):
    torch.set_num_threads(1)
    room, ears = studio(args.data, "train", args.seed, "cpu"), front.Front()
    for number in range(worker, args.shards, args.workers):
        path = os.path.join(args.takes or os.path.join(args.out, "takes"), f"{number:05d}.npz")
        if not os.path.exists(path):
            arrays, _ = shard(room, ears, args.seed * 1000003 + number)
            np.savez(path + ".part.npz", *arrays)
            os.replace(path + ".part.npz", path)


class Pool:
    """All takes rendered so far."""

    def __init__(self, folder):
        self.folder, self.seen, self.shards = folder, set(), []

    def look(self):
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(".npz") and ".part" not in name and name not in self.seen:
                self.seen.add(name)
                with np.load(os.path.join(self.folder, name)) as file:
                    self.shards.append([file[k] for k in file.files])

    def batch(self, rng, size, frames):
        picks = []
        for _ in range(size):
            arrays = self.shards[rng.integers(len(self.shards))]
            take, at = rng.integers(len(arrays[0])), rng.integers(arrays[0].shape[1] - frames + 1)
            picks.append([a[take, at:at + frames] for a in arrays])
        return [np.stack(p) for p in zip(*picks)]


def loss_of(logits, family, drum, offset, velocity, skip):
    logits, family, drum = logits[:, skip:], family[:, skip:], drum[:, skip:]
    offset, velocity = offset[:, skip:], velocity[:, skip:]
    bce = torch.nn.functional.binary_cross_entropy_with_logits

    def heard(part, truth):
        weight = (truth != targets.MAYBE).float()
        return bce(part, (truth == 1).float(), weight=weight, reduction="sum")

    count = logits.shape[0] * logits.shape[1]
    total = heard(logits[..., :5], family) + 0.7 * heard(logits[..., 10:22], drum)
    struck = (family == 1).float()
    off = torch.tanh(logits[..., 5:10]) - offset.float() / 100
    total = total + 0.5 * (struck * torch.nn.functional.smooth_l1_loss(off, torch.zeros_like(off), beta=0.1, reduction="none")).sum()
    hit = (drum == 1).float()
    loud = torch.sigmoid(logits[..., 22:34]) - velocity.float() / 127
    total = total + 2 * (hit * loud.square()).sum()
    return total / count


def f_at(model, arrays, rows, device, window_s=0.05):
    """Best sum F over one threshold a family, F by family, thresholds."""
    import mir_eval
    model.eval()
    heard = []
    with torch.no_grad():
        for features in arrays[0]:
            logits, _ = model(torch.as_tensor(features, dtype=torch.float32, device=device)[None])
            chance, offset, _, _ = network.speak(logits[0])
            heard.append((chance.cpu().numpy(), offset.cpu().numpy()))
    model.train()
    best = np.zeros((5, 3))
    thresholds = np.zeros(5)
    for f in range(5):
        for threshold in np.arange(0.1, 0.9, 0.05):
            tally = np.zeros(3)
            for (chance, offset), strokes in zip(heard, rows):
                truth = np.sort(strokes[(material.FAMILY_OF[strokes[:, 1].astype(int)] == f) & (strokes[:, 3] > 0.05), 0])
                found = np.array([s[0] for s in targets.strokes(chance[:, f], offset[:, f], threshold)])
                hits = len(mir_eval.util.match_events(truth, found, window_s)) if len(truth) and len(found) else 0
                tally += hits, len(truth), len(found)
            if 2 * tally[0] / max(1, tally[1] + tally[2]) > 2 * best[f, 0] / max(1, best[f, 1] + best[f, 2]):
                best[f], thresholds[f] = tally, threshold
    total = best.sum(0)
    return 2 * total[0] / max(1, total[1] + total[2]), 2 * best[:, 0] / np.maximum(1, best[:, 1] + best[:, 2]), thresholds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--shards", type=int, default=1500, help="at most so many, of 4.8 minutes each")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1, help="of the training itself")
    parser.add_argument("--takes", help="folder of rendered takes to share between runs")
    parser.add_argument("--anew", action="store_true",
                        help="go on with what was learnt, but with a rate that falls from --rate again")
    parser.add_argument("--no-render", action="store_true", help="use what is there")
    args = parser.parse_args()
    takes = args.takes or os.path.join(args.out, "takes")
    os.makedirs(args.out, exist_ok=True)
    os.makedirs(takes, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    workers = []
    if device == "cpu" and not args.no_render:
        for worker in range(args.workers):
            workers.append(multiprocessing.Process(target=work, args=(args, worker), daemon=True))
            workers[-1].start()
    room = None if device == "cpu" else studio(args.data, "train", args.seed, device)
    ears = front.Front().to(device)
    select, select_rows = shard(studio(args.data, "select", 7, "cpu", True), front.Front(), 70001, 20.0, 40)
    pool = Pool(takes)
    rendered = 0
    while True:
        pool.look()
        if device == "cuda":
            arrays, _ = shard(room, ears, args.seed * 1000003 + rendered)
            pool.shards.append(arrays)
            rendered += 1
        if len(pool.shards) >= 8:
            break
        if any(process.exitcode for process in workers):
            raise SystemExit("a worker stopped: see its message above")
        time.sleep(0 if device == "cuda" else 2)

    last = os.path.join(args.out, "last.pt")
    saved = torch.load(last, map_location=device) if os.path.exists(last) else None
    model = network.EarNet(**(saved["shape"] if saved else {})).to(device, memory_format=torch.channels_last)
    sample = np.concatenate([s[0].reshape(-1, front.INPUTS)[::7] for s in pool.shards[:8]]).astype(np.float32)
    model.mean.copy_(torch.as_tensor(sample.mean(0)))
    model.scale.copy_(torch.as_tensor(1 / sample.std(0)))
    print("parameters", sum(p.numel() for p in model.parameters()), flush=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=0.01)
    average = torch.optim.swa_utils.AveragedModel(model, avg_fn=lambda mean, now, n: mean + (now - mean) * max(0.002, 1 / (n + 1)) if mean.is_floating_point() else now, use_buffers=True)
    state = dict(spent=0.0, step=0, best=0.0, since=0.0)
    if saved:
        model.load_state_dict(saved["model"]), average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        state.update(saved["state"])
        if args.anew:
            state["since"] = state["spent"]
    rng = np.random.default_rng(args.seed * 7919 + state["step"])
    log = open(os.path.join(args.out, "log.csv"), "a", encoding="utf-8")
    began = time.time() - state["spent"]
    noted, running = time.time(), []
    while True:
        state["spent"] = time.time() - began
        done = min(1, (state["spent"] - state["since"]) / (60 * args.minutes - state["since"]))
        rate = float(args.rate * min(1, (state["step"] + 1) / 100) * 0.5 * (1 + np.cos(np.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        if state["step"] % 20 == 0:
            pool.look()
            if device == "cuda" and len(pool.shards) < args.shards:
                pool.shards.append(shard(room, ears, args.seed * 1000003 + rendered)[0])
                rendered += 1
        features, family, drum, offset, velocity = [torch.as_tensor(a, device=device) for a in pool.batch(rng, args.batch, args.frames)]
        sound = retouch.recolour(retouch.other_pitch(features.float(), rng, device), rng, device)
        sound, (family, drum, offset, velocity) = retouch.two_at_once(sound, (family, drum, offset, velocity), rng, device)
        with torch.autocast(device, dtype=torch.bfloat16):
            logits, _ = model(sound)
        loss = loss_of(logits.float(), family, drum, offset, velocity, 20)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update_parameters(model)
        state["step"] += 1
        running.append(loss.item())
        if time.time() - noted > 420 or done >= 1:
            score, families, thresholds = f_at(average.module, select, select_rows, device)
            row = [round(state["spent"] / 60, 1), state["step"], len(pool.shards), round(float(np.mean(running)), 4), round(score, 4)]
            row += [round(float(f), 3) for f in families] + [round(float(t), 2) for t in thresholds]
            print(*row, flush=True)
            csv.writer(log).writerow(row)
            log.flush()
            state["best"] = max(state["best"], float(score))
            saved = dict(model=model.state_dict(), average=average.state_dict(), optimiser=optimiser.state_dict(), state=state,
                         shape=model.shape, thresholds=[float(t) for t in thresholds])
            torch.save(saved, last + ".part")
            os.replace(last + ".part", last)
            noted, running = time.time(), []
        if done >= 1:
            break
    for process in workers:
        process.terminate()


if __name__ == "__main__":
    main()
