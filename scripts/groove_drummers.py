#!/usr/bin/env python3
"""Is a drummer's placement his own, and can he be told from others by timing alone? Writes
docs/groove-drummers.md from what bench/groove_drummers measured.

    groove_drummers.py TAKES.csv PAGE

Sessions are the unit: placement profiles are compared between sessions of a drummer and between
drummers; a drummer is named from takes of a session that the classifier has not seen. Needs numpy.
"""

import collections
import csv
import os
import sys

import numpy as np

SEED = 500001
PERMUTATIONS = 300
RESAMPLES = 2000
SHRINK = 0.3  # of the pooled covariance towards its diagonal; chosen beforehand
SHOWN = "all timing, tempo taken off"
FEWEST = 3  # takes of a session that carry a number

PLACEMENTS = ["kick", "snare", "hi-hat", "ride", "hi-hat pedal"]
PAIRS = [("snare", "kick"), ("hi-hat", "kick"), ("ride", "kick"), ("hi-hat", "snare")]
RELATIVE = [f"{a} - {b}" for a, b in PAIRS]
SCATTERS = ["kick", "snare", "hi-hat", "ride"]
OTHER = ["drift", "slow share", "between beats", "correction", "clock", "motor"]


def number(text):
    return float(text) if text else np.nan


def load(path):
    takes = []
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            x = {f"{v} placement": number(row[f"{v} placement"]) for v in PLACEMENTS}
            x |= {f"{v} scatter": number(row[f"{v} scatter"]) for v in SCATTERS}
            x |= {name: number(row[name]) for name in OTHER}
            x |= {f"{a} - {b}": x[f"{a} placement"] - x[f"{b} placement"] for a, b in PAIRS}
            x |= {"drummer": row["drummer"], "session": row["session"],
                  "style": row["style"].split("/")[0], "bpm": float(row["bpm"])}
            takes.append(x)
    return takes


def f_quantiles(rng, df1, df2):
    """2.5 and 97.5 % points of F, by simulation: keeps scipy out."""
    draws = (rng.chisquare(df1, 400000) / df1) / (rng.chisquare(df2, 400000) / df2)
    return np.quantile(draws, [0.025, 0.975])


def stability(takes, name, rng):
    """One-way random effects of drummer on session means (Searle 1971), and its interval."""
    sessions = collections.defaultdict(list)
    for take in takes:
        if np.isfinite(take[name]):
            sessions[take["drummer"], take["session"]].append(take[name])
    sessions = {key: v for key, v in sessions.items() if len(v) >= FEWEST}
    groups = collections.defaultdict(list)
    for (drummer, _), values in sessions.items():
        groups[drummer].append(trimmed(values)[0])
    groups = [np.array(v) for v in groups.values() if len(v) > 1]
    if len(groups) < 3:
        return None
    sizes = np.array([len(g) for g in groups])
    n, a = sizes.sum(), len(groups)
    grand = np.concatenate(groups).mean()
    between = sum(len(g) * (g.mean() - grand) ** 2 for g in groups) / (a - 1)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups) / (n - a)
    n0 = (n - (sizes**2).sum() / n) / (a - 1)
    f = between / within
    low, high = f / f_quantiles(rng, a - 1, n - a)[::-1]
    icc = [(x - 1) / (x + n0 - 1) for x in (f, low, high)]
    takes_sd = np.median([np.subtract(*np.quantile(v, [0.75, 0.25])) / 1.349
                          for v in sessions.values()])
    return {"drummers": a, "sessions": int(n), "between": np.sqrt(max(0, (between - within) / n0)),
            "within": np.sqrt(within), "takes": takes_sd, "icc": icc}


T975 = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13]


def trimmed(values):
    """20 % trimmed mean and the half width of its 95 % interval (Tukey & McLaughlin 1963)."""
    x = np.sort(values)
    n, g = len(x), int(0.2 * len(x))
    kept = x[g : n - g]
    held = np.clip(x, kept[0], kept[-1])
    df = n - 2 * g - 1
    t = T975[df - 1] if df <= len(T975) else 1.96 + 2.6 / df
    return kept.mean(), t * held.std(ddof=1) / ((1 - 2 * g / n) * np.sqrt(n))


def profile_rows(takes):
    sessions = collections.defaultdict(list)
    for take in takes:
        sessions[take["session"]].append(take)
    rows = []
    for session in sorted(sessions, key=lambda s: (len(s.split("/")[0]), s)):
        cells = []
        for name in [f"{v} placement" for v in PLACEMENTS[:4]] + RELATIVE[:3]:
            values = [t[name] for t in sessions[session] if np.isfinite(t[name])]
            if len(values) < FEWEST:
                cells.append("")
            else:
                cells.append("{:+.1f} ± {:.1f}".format(*trimmed(values)))
        for voice in SCATTERS[:3]:
            values = [t[f"{voice} scatter"] for t in sessions[session]]
            values = [v for v in values if np.isfinite(v)]
            cells.append(f"{np.median(values):.1f}" if len(values) >= FEWEST else "")
        rows.append(f"| {session} | {len(sessions[session])} | " + " | ".join(cells) + " |")
    return rows


def matrix(takes, names, tempo_out):
    """Features; what a take lacks is NAN. tempo_out: log tempo and its square regressed out."""
    x = np.array([[t[name] for name in names] for t in takes], float)
    if not tempo_out:
        return x
    tempo = np.log([t["bpm"] / 110 for t in takes])
    columns = np.stack([np.ones_like(tempo), tempo, tempo**2], axis=1)
    for k in range(x.shape[1]):
        seen = np.isfinite(x[:, k])
        b, *_ = np.linalg.lstsq(columns[seen], x[seen, k], rcond=None)
        x[:, k] -= columns @ b
    return x


def tempo_only(takes):
    tempo = np.log([t["bpm"] / 110 for t in takes])
    return np.column_stack([tempo, tempo**2])


def style_and_tempo(takes):
    styles = sorted({t["style"] for t in takes})
    hot = [[float(t["style"] == s) for s in styles] for t in takes]
    return np.column_stack([hot, tempo_only(takes)])


def standardised(train, test):
    """By the training takes: centred, scaled, wild values held in, gaps at the mean."""
    middle = np.nanmedian(train, axis=0)
    spread = (np.nanquantile(train, 0.75, axis=0) - np.nanquantile(train, 0.25, axis=0)) / 1.349
    spread = np.where(spread > 1e-9, spread, np.nanstd(train, axis=0) + 1e-9)
    return tuple(np.nan_to_num(np.clip((x - middle) / spread, -4, 4)) for x in (train, test))


def scores(train, labels, test, classes):
    """Linear discriminant analysis, equal priors, shrunken covariance."""
    train, test = standardised(train, test)
    means = np.stack([train[labels == c].mean(axis=0) for c in range(classes)])
    residual = train - means[labels]
    # Every drummer counts alike, however many takes there are of him.
    weight = 1 / np.bincount(labels, minlength=classes)[labels]
    covariance = (residual * weight[:, None]).T @ residual / weight.sum()
    diagonal = np.diag(np.diag(covariance) + 1e-3)
    covariance = (1 - SHRINK) * covariance + SHRINK * diagonal
    w = np.linalg.solve(covariance, means.T)
    return test @ w - 0.5 * np.sum(means.T * w, axis=0)


def leave_one_session_out(x, labels, sessions, classes):
    """For each take the drummer it is given, and for each session the one of all its takes."""
    guess = np.empty(len(labels), int)
    by_session = {}
    for session in np.unique(sessions):
        held = sessions == session
        if len(np.unique(labels[~held])) < classes:
            guess[held] = -1
            continue
        s = scores(x[~held], labels[~held], x[held], classes)
        guess[held] = s.argmax(axis=1)
        by_session[session] = s.mean(axis=0).argmax()
    return guess, by_session


def balanced(right, labels, classes):
    return np.mean([right[labels == c].mean() for c in range(classes)])


def interval(right, labels, sessions, classes, rng):
    """Sessions drawn again within each drummer."""
    found = []
    members = {s: np.flatnonzero(sessions == s) for s in np.unique(sessions)}
    of = [[s for s in members if labels[members[s][0]] == c] for c in range(classes)]
    for _ in range(RESAMPLES):
        recall = []
        for c in range(classes):
            drawn = rng.integers(len(of[c]), size=len(of[c]))
            drawn = np.concatenate([members[of[c][k]] for k in drawn])
            recall.append(right[drawn].mean())
        found.append(np.mean(recall))
    return np.quantile(found, [0.025, 0.975])


def permuted(x, labels, sessions, classes, rng):
    """Drummers' names dealt anew to whole sessions: what no identity at all would reach."""
    names = np.unique(sessions)
    own = np.array([labels[sessions == s][0] for s in names])
    index = np.searchsorted(names, sessions)
    found = []
    for _ in range(PERMUTATIONS):
        dealt = rng.permutation(own)[index]
        guess, _ = leave_one_session_out(x, dealt, sessions, classes)
        found.append(balanced(guess == dealt, dealt, classes))
    return np.array(found)


def with_several_sessions(takes, fewest):
    """Takes of the drummers who have two sessions with at least so many takes each."""
    count = collections.Counter((t["drummer"], t["session"]) for t in takes)
    several = collections.Counter(d for (d, _), n in count.items() if n >= fewest)
    return [t for t in takes if several[t["drummer"]] > 1]


def identify(title, x, takes, rng):
    names = sorted({t["drummer"] for t in takes})
    labels = np.array([names.index(t["drummer"]) for t in takes])
    sessions = np.array([t["session"] for t in takes])
    classes = len(names)
    guess, by_session = leave_one_session_out(x, labels, sessions, classes)
    right = guess == labels
    accuracy = balanced(right, labels, classes)
    low, high = interval(right, labels, sessions, classes, rng)
    chance = permuted(x, labels, sessions, classes, rng)
    p = (1 + np.sum(chance >= accuracy)) / (1 + PERMUTATIONS)
    own = {s: labels[sessions == s][0] for s in by_session}
    hits = sum(by_session[s] == own[s] for s in by_session)
    row = (f"| {title} | {x.shape[1]} "
           f"| {100 * accuracy:.0f} ({100 * low:.0f} ... {100 * high:.0f}) "
           f"| {100 * chance.mean():.0f} ({100 * np.quantile(chance, 0.975):.0f}) | {p:.3f} "
           f"| {hits} of {len(by_session)} |")
    return row, guess, labels


def confusion(guess, labels, names):
    rows = ["| played by | takes | " + " | ".join(n.replace("drummer", "") for n in names) + " |",
            "|---|---|" + "---|" * len(names)]
    for c, name in enumerate(names):
        mine = guess[labels == c]
        shares = [f"{100 * np.mean(mine == k):.0f}" for k in range(len(names))]
        rows.append(f"| {name} | {len(mine)} | " + " | ".join(shares) + " |")
    return rows


HEAD = """# Drummers by their timing: the Groove MIDI Dataset

Written by `./dev bench --data DIR` (`scripts/groove_drummers.py`, which needs numpy); do not edit by hand. Takes of
at least 64 judged strokes, each against its own click (Gillick et al., ICML 2019; Google Magenta, CC BY 4.0).
Seed {seed}. Features, classifier and shrinkage were chosen before the first run and left alone. After it, session
means were trimmed (one take of drummer2 lies two thirds of a second off its click), and the rows on rock and with all together added.

"""

STABLE = """
## Is placement the drummer's own?

Session means of the drummers with two sessions and more. *Between drummers* and *between sessions* (of one drummer)
are standard deviations in ms of a one-way random-effects model; *takes* is that between takes of a session. ICC: the
share of the variance of session means that is the drummer's; 1 = a session says all, 0 = nothing. The intervals are
wide because there are {drummers} drummers, not because there are few takes.

| | drummers | sessions | between drummers | between sessions | takes | ICC (95 %) |
|---|---|---|---|---|---|---|"""

TOLD = """
## Who played?

{drummers} drummers with two sessions and more, {takes} takes, {sessions} sessions. Each session is left out in turn,
a linear discriminant (equal priors, covariance shrunk by {shrink}) learns from the others, and every take of the
session is given to a drummer. Balanced accuracy: the mean over drummers of the share of their takes that is theirs;
interval by drawing sessions again. *Chance*: the same with the drummers' names dealt anew to whole sessions,
{permutations} times: mean, and in brackets the 97.5 % point; p from these. Last column: sessions named right when their
takes vote together. Rock, the style that most were asked for, once more by itself: {rockers} drummers, {rock}
takes, {rock_sessions} sessions.

| what it is told from | features | balanced accuracy, % | chance, % | p | sessions |
|---|---|---|---|---|---|"""

TAIL = """
How to read this:

- **Style and tempo leak.** Drummers were asked for different styles at different tempi, so a classifier that sees
  nothing but these two names some of them; that row is the bar that timing has to clear, not 1 in {drummers}.
  Scatter in ms and clock noise depend on tempo, so rows have a curve on tempo taken off. The rows on rock alone take
  style away as well; what they show above chance is timing, absolute placement included.
- **A session is also a room, a kit and its latency.** Absolute placement holds whatever constant the recording chain
  added; if that stayed with the drummer it would look like his. Placement of one voice relative to another is free of
  it (but for trigger latencies per pad).
- **Which voices are played is not timing.** A take without a ride gets the mean there; a little may leak through it.
- Drummers with one session (4, 9, 10) are in the profiles and nowhere else.
"""


def main():
    path, page = sys.argv[1:]
    takes = load(path)
    rng = np.random.default_rng(SEED)
    lines = [HEAD.format(seed=SEED) + "## Profiles\n\n" +
             "Trimmed mean over the takes of a session and its 95 % interval, ms; negative: early. "
             "Scatter: median.\n\n| session | takes | kick | snare | hi-hat | ride | snare - kick | hi-hat - "
             "kick | ride - kick | scatter: kick | snare | hi-hat |\n" + "|---" * 12 + "|"]
    lines += profile_rows(takes)
    found = {}
    for name in [f"{v} placement" for v in PLACEMENTS] + RELATIVE + [
            f"{v} scatter" for v in SCATTERS] + OTHER[2:]:
        found[name] = stability(takes, name, rng)
    most = max(s["drummers"] for s in found.values() if s)
    lines.append(STABLE.format(drummers=most))
    for name, s in found.items():
        if s:
            lines.append(f"| {name} | {s['drummers']} | {s['sessions']} | {s['between']:.2f} "
                         f"| {s['within']:.2f} | {s['takes']:.2f} | {s['icc'][0]:.2f} "
                         f"({max(s['icc'][1], -1):.2f} ... {s['icc'][2]:.2f}) |")
    takes, rock = with_several_sessions(takes, 1), with_several_sessions(
        [t for t in takes if t["style"] == "rock"], 2)
    names = sorted({t["drummer"] for t in takes})
    lines.append(TOLD.format(drummers=len(names), takes=len(takes), shrink=SHRINK,
                             sessions=len({t["session"] for t in takes}),
                             permutations=PERMUTATIONS,
                             rockers=len({t["drummer"] for t in rock}), rock=len(rock),
                             rock_sessions=len({t["session"] for t in rock})))
    absolute = [f"{v} placement" for v in PLACEMENTS]
    spread = [f"{v} scatter" for v in SCATTERS]
    timing = absolute + spread + OTHER
    free = RELATIVE + spread + OTHER
    both = np.column_stack([style_and_tempo(takes), matrix(takes, timing, True)])
    kinds = [("style and tempo, no timing", takes, style_and_tempo(takes)),
             ("all timing", takes, matrix(takes, timing, False)),
             (SHOWN, takes, matrix(takes, timing, True)),
             ("placement of each voice only", takes, matrix(takes, absolute, True)),
             ("no absolute placement, tempo taken off", takes, matrix(takes, free, True)),
             ("relative placement only", takes, matrix(takes, RELATIVE, True)),
             ("style, tempo and all timing", takes, both),
             ("rock: tempo, no timing", rock, tempo_only(rock)),
             ("rock: all timing, tempo taken off", rock, matrix(rock, timing, True)),
             ("rock: no absolute placement, tempo taken off", rock, matrix(rock, free, True))]
    shown = None
    for title, some, x in kinds:
        row, guess, labels = identify(title, x, some, rng)
        lines.append(row)
        if title == SHOWN:
            shown = guess, labels
    lines.append(f"\n{SHOWN.capitalize()}: whom the takes of each are given to, %.\n")
    lines += confusion(*shown, names)
    lines.append(TAIL.format(drummers=len(names)))
    with open(page + ".part", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    os.replace(page + ".part", page)
    print(f"{page} is written", file=sys.stderr)


main()
