#!/usr/bin/env python3
"""Calibrating from the page, on a device and a kit made of nothing: what is found, what is kept, and
that it is what `doubletime calibrate` finds and keeps.

  calibrate.py DOUBLETIME
"""

import os
import subprocess
import sys
import tempfile
import time

from peer import Score, Server, Socket, ask


def begin(server, what):
    return ask(server, "POST", "/api/v1/calibrate", {"what": what}, page=True)


def press(server, key):
    return ask(server, "POST", "/api/v1/calibrate/key", {"key": key}, page=True)


def follow(page, stop):
    """Messages until stop(message); all of them by type."""
    seen = {"calibrate": [], "pad": [], "pad_delay": []}
    while True:
        message = page.read()
        if message is None:
            return seen, None
        if message["type"] in seen:
            seen[message["type"]].append(message)
        if stop(message):
            return seen, message


def is_over(message):
    return message["type"] == "calibrate" and message["state"] in ("done", "failed")


def settings(server):
    return ask(server, "GET", "/api/v1/settings", page=True).json()


def map_of_the_terminal(program, folder):
    path = os.path.join(folder, "terminal.kit")
    subprocess.run([program, "calibrate", "--pads", "--pretend", "10", "--kit-map", path], check=True,
                   stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        return file.read()


def pads(program, score):
    with tempfile.TemporaryDirectory() as folder:
        setup = os.path.join(folder, "setup.txt")
        with Server(program, "--drummer", "player", "--db", os.path.join(folder, "t.db"), "--setup", setup) as server:
            page = Socket(server)
            begun = begin(server, "pads")
            score.check("pads begin", begun.status == 202, begun.body)
            score.check("one at a time", begin(server, "level").status == 409)
            seen, last = follow(page, is_over)
            score.check("done", last and last["state"] == "done" and last["share"] == 1, last)
            found = {pad["drum"]: pad for pad in seen["pad"]}
            score.check("every pad is asked for", len(seen["pad"]) == 13 and len(found) == 13, list(found))
            snare, kick = found["snare"], found["kick"]
            score.check("the snare", snare["is_known"] and snare["note"] == 38 and snare["lowest"] == 30
                        and snare["typical"] == 80, snare)
            score.check("its crosstalk", [(g["note"], g["of"]) for g in snare["ghosts"]] == [(48, 38)]
                        and 0.2 < snare["ghosts"][0]["threshold"] < 0.3, snare)
            score.check("the kick triggers twice", [(g["note"], g["of"]) for g in kick["ghosts"]] == [(36, 36)]
                        and "triggers twice" in kick["text"], kick)
            score.check("what is not there is skipped",
                        not found["cross_stick"]["is_known"] and not found["ride_bell"]["is_known"], found["cross_stick"])
            delays = {one["drum"]: one for one in seen["pad_delay"]}
            score.check("delays", sorted(delays) == ["crash", "hihat_closed", "kick", "ride", "tom_high", "tom_low", "tom_mid"],
                        sorted(delays))
            score.check("the kick's", abs(delays["kick"]["delay_ms"] - 2) < 0.1
                        and delays["kick"]["low_ms"] <= delays["kick"]["delay_ms"] <= delays["kick"]["high_ms"], delays["kick"])
            asked = [m for m in seen["calibrate"] if m["state"] == "asking"]
            score.check("both of a pair are named", any(m["drum"] == "snare" and m["with"] == "kick" for m in asked), asked[-1])
            counted = [m["struck"] for m in seen["calibrate"] if m["drum"] == "snare" and m["with"] is None]
            score.check("strokes are counted", counted == sorted(counted) and counted[0] == 0 and counted[-1] == 5, counted)
            shares = [m["share"] for m in seen["calibrate"]]
            score.check("how far", shares == sorted(shares), shares)
            told = settings(server)
            score.check("is remembered", told["kit"] == "page.kit" and told["midi"] == "any", told)
            with open(os.path.join(folder, "page.kit"), encoding="utf-8") as file:
                text = file.read()
            score.check("the same map as the terminal's", text == map_of_the_terminal(program, folder), text)

            # Again, and away in the middle: nothing is changed.
            begin(server, "pads")
            follow(page, lambda m: m["type"] == "pad")
            score.check("no such key", press(server, "x").status == 422)
            score.check("cancel", press(server, "cancel").status == 200)
            _, last = follow(page, is_over)
            score.check("is cancelled", last["state"] == "failed" and "nothing is changed" in last["say"], last)
            with open(os.path.join(folder, "page.kit"), encoding="utf-8") as file:
                score.check("the map is as it was", file.read() == text)

            # One pad skipped, then enough: what was found is kept.
            begin(server, "pads")
            follow(page, lambda m: m["type"] == "calibrate" and m["drum"] == "kick")
            press(server, "skip")
            seen, _ = follow(page, lambda m: m["type"] == "pad" and m["drum"] == "kick")
            score.check("skipped by hand", seen["pad"][-1]["is_known"] is False, seen["pad"])
            follow(page, lambda m: m["type"] == "pad")
            late = Socket(server)  # a page that is opened again
            told = [late.read() for _ in range(4)]
            pads = [m for m in told if m["type"] == "pad"]
            score.check("a page that comes late has what was found", [(p["drum"], p["is_known"]) for p in pads[:2]]
                        == [("snare", True), ("kick", False)], told)
            late.close()
            press(server, "end")
            _, last = follow(page, is_over)
            score.check("ended by hand", last["state"] == "done", last)
            with open(os.path.join(folder, "page.kit"), encoding="utf-8") as file:
                text = file.read()
            score.check("and kept", "38 snare" in text and "36 kick" not in text, text)

            session = ask(server, "POST", "/api/v1/session", {"chart": "rock", "from_bpm": 160, "bars": 2, "no_rest": True},
                          page=True)
            score.check("a session with it", session.status == 202, session.body)
            score.check("no measurement meanwhile", begin(server, "pads").status == 409)


def ended_in_the_middle(program, score):
    """Ctrl-C while pads are asked for."""
    server = Server(program, "--drummer", "player")
    page = Socket(server)
    begin(server, "pads")
    follow(page, lambda m: m["type"] == "pad")
    began = time.monotonic()
    status, said = server.end()
    score.check("the server ends in the middle of it", status == 0 and time.monotonic() - began < 5, said)


def latency(program, score):
    with tempfile.TemporaryDirectory() as folder:
        setup = os.path.join(folder, "setup.txt")
        with Server(program, "--drummer", "player", "--db", os.path.join(folder, "t.db"), "--setup", setup) as server:
            page = Socket(server)
            none = settings(server)
            score.check("not measured yet", none["latency_ms"] is None and none["latency_low_ms"] is None, none)
            for _ in range(3):
                begin(server, "latency")
                _, last = follow(page, is_over)
                if last["state"] == "done":
                    break
                score.check("only a loaded machine loses sound", "lost" in last["say"], last)
            told = settings(server)
            score.check("measured", last["state"] == "done" and abs(told["latency_ms"] - 12.5) < 0.5, (last, told))
            score.check("with its interval", told["latency_low_ms"] is not None
                        and told["latency_low_ms"] <= told["latency_ms"] <= told["latency_high_ms"], told)
            begin(server, "level")
            follow(page, lambda m: m["type"] == "calibrate" and m["state"] == "measuring")
            press(server, "end")
            _, last = follow(page, is_over)
            score.check("a level may be ended", last["state"] == "done" and last["what"] == "level", last)


def main():
    program = sys.argv[1]
    score = Score()
    for part in (pads, ended_in_the_middle, latency):
        began = time.monotonic()
        part(program, score)
        print(f"{part.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    score.end()


if __name__ == "__main__":
    main()
