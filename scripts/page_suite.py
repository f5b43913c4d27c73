#!/usr/bin/env python3
"""The page in a real browser, every check of web/e2e: over the fake server, then over the program itself
with a simulated drummer. Ends with "N passed, N failed" of both.

  page_suite.py DOUBLETIME [fake|real]

The page must be built (./dev build) and so must the suite (cd web && npm run -s build:node). Pictures go to
out/web and out/web-real. E2E_ONLY=REGEX runs some of the checks.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is left in the source tree
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(ROOT, "test", "stage"))
from peer import Server, ask  # noqa: E402

LISTEN = "0.0.0.0"  # also in the network: a tablet is let in there by a code
SEED = "20261123"
# chart, bars, how he plays; the first and the last are compared
TAKES = [
    ("funk", 24, "scatter=9ms miss=3% extra=1%"),
    ("jazz", 24, "scatter=8ms swing=60%"),
    ("paradiddle", 32, "scatter=9ms left=+14ms left.scatter=1.6x"),
    ("rock16", 32, "scatter=7ms drift=+3bpm/min"),
    ("funk", 24, "scatter=5ms"),
]


def play(program, folder):
    """Recordings of a virtual drummer, one for each take."""
    files = []
    for number, (chart, bars, how) in enumerate(TAKES):
        path = os.path.join(folder, f"{number + 1}-{chart}.wav")
        subprocess.run([program, "play", chart, "--bars", str(bars), "--as", how, "--seed", SEED, "--quiet", "-o", path],
                       check=True)
        files.append(path)
    return files


def practise(program, database, setup):
    """A history to look at: minutes of the ladder, in seconds."""
    with Server(program, "--db", database, "--setup", setup, "--drummer", "scatter=7ms", "--able", "118", "--speed", "30",
                "--no-rest", "--no-record") as server:
        for chart, bpm in (("rock", 90), ("paradiddle", 80)):
            begun = ask(server, "POST", "/api/v1/session", {"chart": chart, "from_bpm": bpm, "minutes": 3}, page=True)
            if begun.status != 202:
                raise SystemExit(f"{chart}: {begun.body}")
            # On a loaded machine sound is lost at that speed, and the coach waits for a key: then it is enough.
            deadline = time.monotonic() + 30
            while ask(server, "GET", "/api/v1/session", page=True).json()["state"] != "ended":
                if time.monotonic() > deadline:
                    ask(server, "POST", "/api/v1/session/key", {"key": "finish"}, page=True)
                time.sleep(0.2)


def upload(server, path, chart):
    """The number of the take that the recording becomes."""
    with open(path, "rb") as file:
        said = ask(server, "POST", f"/api/v1/uploads?name={os.path.basename(path)}&chart={chart}", file.read(), page=True,
                   content_type="application/octet-stream")
    number = said.json()["upload"]
    while True:
        state = ask(server, "GET", f"/api/v1/uploads/{number}", page=True).json()
        if state["state"] == "done":
            return state["take"]
        if state["state"] in ("failed", "cancelled"):
            raise SystemExit(f"{path}: {state['text']}")
        time.sleep(0.1)


def suite(name, **more):
    """Runs it, and shows what it says; (passed, failed)."""
    print(f"== the page over {name}", flush=True)
    environment = dict(os.environ, **more)
    with subprocess.Popen(["node", ".build/e2e.mjs"], cwd=os.path.join(ROOT, "web"), env=environment, text=True,
                          stdout=subprocess.PIPE) as process:
        last = ""
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line
        status = process.wait()
    found = re.fullmatch(r"(\d+) passed, (\d+) failed\n", last)
    if not found or (status == 0) != (found.group(2) == "0"):
        return 0, 1  # it broke off
    return int(found.group(1)), int(found.group(2))


def fake(_):
    return suite("the fake server", E2E_OUT=os.path.abspath(os.path.join(ROOT, "out", "web")))


def real(program):
    with tempfile.TemporaryDirectory() as folder:
        database, setup = (os.path.join(folder, name) for name in ("takes.db", "setup"))
        files = play(program, folder)
        practise(program, database, setup)
        with Server(program, "--db", database, "--setup", setup, "--drummer", "player", "--no-rest", listen=LISTEN) as server:
            takes = [upload(server, path, take[0]) for path, take in zip(files, TAKES)]
            fresh = os.path.join(folder, "fresh.wav")  # one that the program does not know yet
            subprocess.run([program, "play", "rock", "--bars", "16", "--as", "scatter=6ms", "--seed", SEED, "--quiet", "-o",
                            fresh], check=True)
            return suite("the program", E2E_URL=f"{server.origin}/?token={server.token}", E2E_SOUND=fresh,
                         E2E_TAKES_LIST=",".join(map(str, takes)),
                         E2E_OUT=os.path.abspath(os.path.join(ROOT, "out", "web-real")))


def main():
    program = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2:] or ["fake", "real"]
    scores = [{"fake": fake, "real": real}[name](program) for name in wanted]
    passed, failed = (sum(score[i] for score in scores) for i in (0, 1))
    print(f"{passed} passed, {failed} failed")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
