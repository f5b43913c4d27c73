#!/usr/bin/env python3
"""Hours of practice beside pages that come and go: the memory of the server, and every message once and in
order on every page. The simulated drummer plays faster than real time, one session after the other. Prints
Markdown.

  bench/stage_hours.py DOUBLETIME [--hours 8] [--speed 100] [--pages 3] [--limit-s SECONDS]

Exit status 1: a page missed a message or had one twice, or the memory grew by more than a tenth after the
first quarter. With --limit-s it ends after so many seconds, and says how far it came.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "stage"))
from peer import Server, Socket, ask  # noqa: E402

SEED = 20261123
# The longest day that a plan allows: eight hours of playing.
PLAN = b"ceiling: 480 min\n\n[rock]\nmode: endurance\ntempo: 120 bpm\nminutes: 55\n"


class Page(threading.Thread):
    """Reads, is cut off now and then, resumes, and checks that nothing is missing or double."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.server, self.random = server, random.Random(SEED + number)
        self.last, self.epoch = 0, ""
        self.count, self.wrong, self.losses = 0, 0, 0
        self.strokes, self.takes, self.ended = 0, 0, 0
        self.stream_ms = 0
        self.is_paused = False
        self.is_over = False

    def run(self):
        while not self.is_over:
            page = Socket(self.server, resume=(self.epoch, self.last))
            self.epoch = page.hello["epoch"]
            if self.last == 0:  # who has seen nothing gets the state, then what comes after hello's newest
                self.last = page.hello["newest"]
            page.connection.settimeout(5)
            until = time.monotonic() + self.random.uniform(0.3, 4)
            while time.monotonic() < until and not self.is_over:
                try:
                    message = page.read()
                except TimeoutError:
                    continue
                if message is None:
                    break
                self.take(message)
            page.close()
            self.losses += 1

    def take(self, message):
        if "seq" not in message:
            return
        self.wrong += message["seq"] != self.last + 1
        self.last = message["seq"]
        self.count += 1
        kind = message["type"]
        self.strokes += kind == "stroke"
        self.takes += kind == "judged"
        self.ended += kind == "session" and message["state"] == "ended"
        if kind in ("pause", "take"):
            self.is_paused = kind == "pause"
        if kind == "stroke":
            self.stream_ms = max(self.stream_ms, message["at_ms"])


def memory_kb(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def practise(server, pages, hours, limit_s):
    """Sessions, one after the other. (hours played, [(hours, kB)])."""
    played_ms, samples = 0, []
    planned = ask(server, "PUT", "/api/v1/plan", PLAN, bearer=True)
    if planned.status not in (200, 204):
        sys.exit(planned.body.decode())
    began = time.monotonic()
    watch = pages[0]
    while played_ms < hours * 3.6e6 and time.monotonic() - began < limit_s:
        watch.stream_ms, ended = 0, watch.ended
        begun = ask(server, "POST", "/api/v1/session", {"plan": True}, bearer=True)
        if begun.status != 202:
            sys.exit(begun.body.decode())
        while watch.ended == ended:
            time.sleep(0.05)
            now = (played_ms + watch.stream_ms) / 3.6e6
            if not samples or now - samples[-1][0] >= hours / 128:
                samples.append((now, memory_kb(server)))
            if watch.is_paused:  # a machine too slow for this speed: the drummer came late, and the coach waits
                watch.is_paused = False
                ask(server, "POST", "/api/v1/session/key", {"key": "go"}, bearer=True)
            if now > hours or time.monotonic() - began > limit_s:
                ask(server, "DELETE", "/api/v1/session", bearer=True)
        if not watch.stream_ms:
            sys.exit(f"after {played_ms / 3.6e6:.2f} hours a session ended without a stroke")
        played_ms += watch.stream_ms
    return played_ms / 3.6e6, samples, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    for name, value in (("hours", 8.0), ("speed", 100.0), ("limit-s", 1e9)):
        parser.add_argument(f"--{name}", type=float, default=value)
    parser.add_argument("--pages", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        options = ["--drummer", "scatter=6ms", "--no-rest", "--speed", str(asked.speed), "--db", os.path.join(folder, "takes.db")]
        with Server(asked.program, *options) as server:
            pages = [Page(server, number) for number in range(asked.pages)]
            for page in pages:
                page.start()
            hours, samples, took_s = practise(server, pages, asked.hours, asked.limit_s)
            newest = ask(server, "GET", "/api/v1/status", bearer=True).json()["counters"]
            end = time.monotonic() + 30
            while any(page.last < newest["messages"] for page in pages) and time.monotonic() < end:
                time.sleep(0.1)
            for page in pages:
                page.is_over = True
            for page in pages:
                page.join(20)
            last_kb = memory_kb(server)
            kept = newest["takes_kept"]
    quarter = [kb for at, kb in samples if at >= hours / 4] + [last_kb]
    grown = max(quarter) / quarter[0] - 1
    wrong = sum(page.wrong for page in pages)
    missed = sum(max(0, newest["messages"] - page.last) for page in pages)
    print(f"{hours:.2f} of {asked.hours:g} hours, {pages[0].strokes} strokes, {pages[0].takes} takes ({kept} kept), in {took_s:.0f} s; "
          f"seed {SEED}; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| pages | connections lost | messages a page | out of order | not yet there at the end | lost by the server |\n| --- |" + " ---: |" * 5)
    print(f"| {len(pages)} | {sum(page.losses for page in pages)} | {pages[0].count} | {wrong} | {missed} | {newest['messages_lost']} |\n")
    print("Memory of the server: " + ", ".join(f"{kb / 1024:.1f} MiB at {at:.2f} h" for at, kb in samples[:: max(1, len(samples) // 8)])
          + f"; {last_kb / 1024:.1f} at the end. After the first quarter it grew by {100 * grown:.1f} % at most.")
    sys.exit(0 if wrong + missed == 0 and grown < 0.1 else 1)


if __name__ == "__main__":
    main()
