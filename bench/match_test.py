#!/usr/bin/python3
"""The scorer's matching against mir_eval.util.match_events on random lists: match_test.py BENCH_EAR

Exit status 77 (skipped) where mir_eval is not installed.
"""

import random
import subprocess
import sys

try:
    import numpy
    from mir_eval.util import match_events
except ImportError:
    print("python3-mir-eval is not installed: skipped")
    sys.exit(77)

SEED = 1
random.seed(SEED)
cases = []
for _ in range(400):
    length_s = random.choice([0.2, 1, 5])
    window_s = random.choice([0.010, 0.020, 0.025, 0.050])
    lists = [sorted(random.uniform(0, length_s) for _ in range(random.randrange(60)))
             for _ in range(2)]
    cases.append((window_s, *lists))
text = "".join(f"{w} {len(r)} {len(e)} " + " ".join(f"{t!r}" for t in r + e) + "\n"
               for w, r, e in cases)
told = subprocess.run([sys.argv[1], "--match"], input=text, capture_output=True, text=True,
                      check=True).stdout.split()
assert len(told) == len(cases)
for number, ((window_s, reference, estimate), hits) in enumerate(zip(cases, told)):
    expected = (len(match_events(numpy.array(reference), numpy.array(estimate), window_s))
                if reference and estimate else 0)
    assert int(hits) == expected, f"seed {SEED}, case {number}: {hits}, mir_eval {expected}"
print(f"seed {SEED}: {len(cases)} lists, all equal")
