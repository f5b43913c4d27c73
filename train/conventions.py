"""Grooves as they are played by convention, for what the Groove set has little of: train/fit_reading.py.

A line is a drum and its steps, one bar or two of 4/4: X struck loud, x struck, o struck softly, a
digit struck that many times in ten, . silent. The number of steps says how the beat is divided.
"""
import numpy as np

LINES = {"K": 0, "S": 1, "H": 3, "O": 5, "P": 6, "R": 7, "C": 9, "T": 10}
EIGHTHS, SIXTEENTHS, QUARTERS = "H x.x.x.x.x.x.x.x.", "H xoxoxoxoxoxoxoxo", "H x...x...x...x..."
BACK, SHUFFLE, SWING = "S ....X.......X...", "H x.ox.ox.ox.o", "R x..x.ox..x.o"

# Lowest and highest tempo, how often it is taken, lines.
GROOVES = [
    (72, 150, 6, [EIGHTHS, BACK, "K X.2.1.4.7.4.1.2."]),
    (95, 150, 3, [EIGHTHS, BACK, "K X.....4.X.4....."]),
    (58, 112, 3, [SIXTEENTHS, BACK, "K X..3..5.6.4..3.2"]),
    (110, 200, 3, [QUARTERS, BACK, "K X.2...4.6.4...2."]),
    (45, 80, 3, [EIGHTHS, BACK, "K X.....2.7.3...2."]),
    (45, 72, 2, [SIXTEENTHS, BACK, "K X.......6.3....2"]),
    (116, 172, 3, [QUARTERS, "S ........X.......", "K X.....3...4...4."]),
    (110, 160, 2, [EIGHTHS, "S ........X.......", "K X...2.3...4...4."]),
    (126, 164, 2, ["H x.x.x.xxx.x.xox.", "S ........X.......", "K X..2..4..2..4.2."]),
    (150, 225, 3, [EIGHTHS, BACK, "K X.....X.X...3.4."]),
    (150, 225, 2, [QUARTERS, BACK, "K X.......X.X....."]),
    (90, 150, 2, [QUARTERS, "S ..X...X...X...X.", "K X...X...X...X..."]),
    (104, 132, 3, ["O ..x...x...x...x.", "H x...x...x...x...", BACK, "K X...X...X...X..."]),
    (110, 140, 2, [SIXTEENTHS, BACK, "K X...X...X...X..."]),
    (100, 165, 2, [EIGHTHS, "S X...X...X...X...", "K X.....5.X.....5."]),
    (82, 118, 4, [EIGHTHS, "S .2.oX..o.o.2X..o", "K X.3...5...7..3.."]),
    (82, 116, 3, [SIXTEENTHS, "S ....X..o.o..X..2", "K X..4..6...6..4.."]),
    (66, 106, 4, [EIGHTHS, "S ....X..2.2..X..2", "K X.....5..5X...3."]),
    (66, 100, 2, ["H x.xox.xox.xox.xo", BACK, "K X..3..4..6X....3"]),
    (152, 184, 3, [EIGHTHS, BACK, "K X.........X....."]),
    (152, 184, 3, [EIGHTHS, "S ....X..o.o..X..o", "K X.X.......XX...."]),
    (152, 184, 2, [EIGHTHS, "S ....X.......X.2.", "K X.....2...X..2.."]),
    (110, 310, 7, [SWING, "P ...x.....x..", "S ..1..2..1..2", "K 2..2..2..2.1"]),
    (90, 180, 3, [SWING, "P ...x.....x..", "S ..2.1o..2..o", "K 3..1.13..1.2"]),
    (170, 310, 3, ["R x..x..x..x.o", "P ...x.....x..", "S ..2..1..2..2", "K 1..1.11..1.2"]),
    (50, 90, 1, [SWING, "P ...x.....x..", "S o..o..o..o..", "K 4.....4....."]),
    (78, 150, 4, [SHUFFLE, "S ...X.....X..", "K X....3X..2.3"]),
    (110, 170, 2, [SHUFFLE, "S .o..o.X.o..o", "K X....3..3..4"]),
    (70, 112, 2, ["H xoxoxoxoxoxo", "S ...X.....X..", "K X....3X..2.3"]),
    (45, 80, 2, ["H xooxooxooxoo", "S ...X.....X..", "K X....2X....3"]),
    (160, 215, 3, [SWING, "S ...X.....X..", "K X..X..X..X.."]),
    (160, 215, 1, [EIGHTHS, BACK, "K X...X...X...X..."]),
    (58, 88, 3, [EIGHTHS, "S ....X.......X...", "K ....X.......X..."]),
    (58, 88, 2, ["H xoxoxoxoxoxoxoxo", "S ....X.......X...", "K ....X.......X..2"]),
    (116, 176, 2, [EIGHTHS, "S ........X.......", "K ........X......."]),
    (58, 80, 1, [EIGHTHS, BACK, "K X...X...X...X..."]),
    (116, 160, 1, [EIGHTHS, "S ........X.......", "K X...X...X...X..."]),
    (115, 180, 2, ["H ..x...x...x...x.", BACK, "K X.......X......."]),
    (105, 180, 3, ["H xxxxxxxx", "K X..XX..X", "P ..x...x.", "S X..X..X...X..X.."]),
    (105, 180, 2, ["R xxxxxxxx", "K X..XX..X", "P ..x...x.", "S ..X..X..X..X..X."]),
    (84, 130, 3, [SIXTEENTHS, "K X..xX..xX..xX..x", "P ..x...x...x...x.", "S 2.1o.1o.1o.2.o2."]),
    (84, 130, 3, ["R xoxoxoxoxoxoxoxo", "K X..xX..xX..xX..x", "P ..x...x...x...x.", "S X..X..X...X..X.."]),
    (84, 130, 2, ["S xoXxoXxoxoXoXxoX", "K X..xX..xX..xX..x"]),
    (85, 130, 2, [EIGHTHS, "S ....X.......X..2", "K X..xX..xX..xX..x"]),
    (85, 125, 3, [EIGHTHS, "S ......7.......7.", "K X..X....X..X...."]),
    (85, 125, 2, [SIXTEENTHS, "S ...X...X...X..X.", "K X..X..X.X..X..X."]),
    (80, 112, 2, ["S oooXoooXooXoooXo", "K X..3..X....3..X."]),
    (85, 120, 2, ["R x.x..xx.x.x..xx.", "S ..1.o..o..1.o..o", "K X.....X.X.....X."]),
    (85, 120, 1, ["R x.x.xx.x.x.xx.x.", "S ....o..o....o..o", "K X...X...X...X..."]),
    (90, 125, 2, ["K ..x..x.x..x..x.x", "H xoxoxoxoxoxoxoxo", "S x..x.x..x..x.x.."]),
    (86, 126, 2, ["R x.x.x.x.x.x.x.x.", "S ....X..o.oo..o.o", "K ......X.......X.", "T ............5.5."]),
    (160, 225, 2, ["R x.xx.xx.x.xx.x.x", "P ..x...x...x...x.", "K ...x..x....x..x.", "T ......xx......xx"]),
    (84, 116, 2, ["R x.xx.xx.x.xx.x.x", "P x...x...x...x...", "K ......x.......x.", "T ............x.x."]),
    (105, 140, 2, [QUARTERS, "S ....X...........", "T ............x.x.", "K X.......6.....2."]),
    (88, 135, 3, ["H x.xox.xox.xox.xo", "S .2..X..o.o..6..o", "K X..4..3.7..4...."]),
    (100, 135, 2, [EIGHTHS, "S ...X..X....X..X.", "K X...X...X...X..."]),
    (84, 112, 2, [EIGHTHS, "S ...X..X....X..X.", "K X.....4.X.....4."]),
    (80, 112, 2, ["S X..X..X...X.X..o", "K X..X..4.X...X...", "P ....x.......x..."]),
    (80, 112, 1, ["S xooXooXoxoXoXoox", "K X.....5.X.....5.", "P ....x.......x..."]),
    (80, 185, 2, ["S XooxXooxXooxXoXo", "K X.......X.......", "P ....x.......x..."]),
    (80, 185, 2, ["S XooXooXooXoX", "K X.....X.....", "P ...x.....x.."]),
    (90, 145, 3, ["S ooXoooXoooXoooXo", "K X...X...X...X...", "P ..x...x...x...x."]),
    (90, 145, 2, ["S ooooXoooooooXooo", "K X.......X.......", "P ....x.......x..."]),
    (120, 220, 2, ["H x...x...x...x...", "S ....X.......X...", "K X.......X......."]),
    (90, 200, 2, ["C x...x...x...x...", BACK, "K x.x.x.x.x.x.x.x."]),
    (90, 180, 1, ["R x...x...x...x...", BACK, "K xxxxxxxxxxxxxxxx"]),
    (170, 240, 1, ["R x.x.x.x.x.x.x.x.", "S ..X...X...X...X.", "K x.x.x.x.x.x.x.x."]),
    (95, 135, 1, ["R x.xx.x.xx.x.", "K X..X..X..X..", "S ..2..o..2..o"]),
    (95, 135, 1, ["R x.x.xx.x.x.x", "K X.....X.....", "S ...o..X..o.."]),
    (80, 150, 2, ["T x.x.x.x.x.x.x.x.", BACK, "K X.....3.X.3....."]),
    (80, 140, 1, ["T x..x..x...x.x...", "K X...X...X...X...", BACK]),
    (100, 165, 2, ["S ..X...X...X...X.", "K X...X...X...X...", "H ..x...x...x...x."]),
    (85, 120, 1, ["S X..X..X...X.X...", "K X...X...X...X...", "T o.oxo.xo.ox.xo.o"]),
    (90, 150, 2, ["R x.x.x.x.x.x.x.x.", "P ....x.......x...", "S ..2..2..o..2..o.", "K 6..3..3..4..2..."]),
]


def line(text):
    name, steps = text.split(" ")
    return LINES[name], steps


def strike(group, mark, step, accent, rng):
    """The group that is struck, or None; loud and soft as fit_pulse.split_soft would tell them."""
    if mark == "." or (mark.isdigit() and rng.random() > int(mark) / 10) or rng.random() < .03:
        return None
    if mark == "o" and rng.random() < .2:
        return None
    if group == 1:
        return 2 if mark == "o" or (mark.isdigit() and rng.random() < .5) else 1
    if group in (3, 7):
        soft = {"beats": .15 if mark != "o" and step else .75, "flat": .5, "eighths": .3 if mark != "o" else .9}[accent]
        return group + 1 if rng.random() < soft else group
    return group


def fill(beats, rng):
    """Strokes of snare and toms that lead into the next bar: [(beat from its end, group)]."""
    steps, out = int(rng.choice([2, 3, 4, 4])), []
    drums = rng.choice([1, 2, 10, 10, 0], size=8)
    for k in range(int(beats * steps)):
        if rng.random() < .8:
            out.append((-beats + k / steps, drums[k * 8 // max(int(beats * steps), 1)]))
    return out


def take(rng):
    """A performance as fit_reading.load gives them."""
    often = np.array([g[2] for g in GROOVES], float)
    low, high, _, lines = GROOVES[rng.choice(len(GROOVES), p=often / often.sum())]
    bpm = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    lines = [line(text) for text in lines]
    if rng.random() < .3:
        swap = {3: 7, 7: 3} if rng.random() < .7 else {3: 5}
        lines = [(swap.get(group, group), steps) for group, steps in lines]
    accent = rng.choice(["beats", "flat", "eighths"], p=[.5, .3, .2])
    phrase, bars = int(rng.choice([2, 4, 4, 8, 8, 8])), int(rng.integers(4, 33))
    bars = bars if rng.random() < .3 else -(-bars // phrase) * phrase
    swing = rng.uniform(0, .3) if rng.random() < .25 else 0
    fills, crashes = rng.uniform(.1, .9), rng.uniform(.1, .9)
    busy, out = rng.uniform(0, .08), []
    is_struck = rng.random() < .4  # the piece begins with a crash
    for bar in range(bars):
        leads = fill(rng.choice([1, 1, 2, 2, 4]), rng) if (bar + 1) % phrase == 0 and rng.random() < fills else []
        stop = 4 + leads[0][0] if leads else 4
        out += [(4 * bar + 4 + at, group) for at, group in leads]
        if is_struck:
            out += [(4 * bar, 9)] + ([(4 * bar, 0)] if rng.random() < .8 else [])
        for group, steps in lines:
            many = 12 if len(steps) % 3 == 0 else 16
            if len(steps) == 8:
                many = 8
            at_bar = bar * many % len(steps)
            for step in range(many):
                beat = step * 4 / many
                struck = strike(group, steps[at_bar + step], step % (many // 4) == 0, accent, rng)
                if struck is None or (beat >= stop - .01 and struck != 6):
                    continue
                if is_struck and step == 0 and struck in (0, 3, 4, 7, 8):
                    continue
                late = swing * 4 / many if step % 2 and many == 16 else 0
                out.append((4 * bar + beat + late, struck))
        for _ in range(rng.poisson(busy * 16)):
            out.append((4 * bar + rng.integers(16) / 4, rng.choice([0, 2, 2, 5, 1])))
        is_struck = bool(leads) and rng.random() < crashes or rng.random() < .03
    if rng.random() < .3:
        out += [(4 * bars, 9), (4 * bars, 0)]
    if rng.random() < .1:
        out += [(at, group) for at, group in fill(rng.choice([1, 2, 3]), rng)]
    quarter = np.array([beat for beat, _ in out]) + rng.normal(0, .010 * bpm / 60, len(out))
    order = np.argsort(quarter)
    return {"bpm": bpm, "quarter": quarter[order] + 64, "group": np.array([g for _, g in out])[order]}


def takes(count, rng):
    return [made for made in (take(rng) for _ in range(count)) if len(made["group"]) >= 16]
