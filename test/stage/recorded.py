#!/usr/bin/env python3
"""What a session from the page leaves behind: a recording that replays, the sound of its takes where
their strokes are, and the device for the next time.

  recorded.py DOUBLETIME
"""

import os
import subprocess
import sys
import tempfile
import time

from peer import Score, Server, Socket, ask

REQUEST = {"chart": "rock", "mode": "ladder", "from_bpm": 160, "bars": 2, "minutes": 2, "no_rest": True,
           "drummer": "scatter=6ms", "seed": 7}
LATENCY_MS = 40


def wait_for_end(server):
    while ask(server, "GET", "/api/v1/session", page=True).json()["state"] != "ended":
        time.sleep(0.05)


def finish(server, page):
    page.say(type="press", key="finish")
    wait_for_end(server)


def replays(program, folder):
    done = subprocess.run([program, "replay", folder], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "the same as then" in done.stdout, done.stdout[-300:] + done.stderr


def onset_s(wave):
    """Where the sound rises to a quarter of the loudest in this piece."""
    loud = [max(abs(low), abs(high)) for low, high in zip(wave["low"], wave["high"])]
    step = (wave["to_s"] - wave["from_s"]) / len(loud)
    return wave["from_s"] + step * next(i for i, one in enumerate(loud) if one >= max(loud) / 4)


def get(server, path):
    return ask(server, "GET", "/api/v1" + path, page=True)


def distances_ms(server, take):
    """How far from each snare stroke its sound is; snares rise at once, and there is a quiet before."""
    strokes = get(server, f"/takes/{take}/strokes").json()["strokes"]
    found = []
    for stroke in strokes:
        if stroke["drum"] != "snare" or stroke["time_s"] < 0.05:
            continue
        at = stroke["time_s"]
        wave = get(server, f"/takes/{take}/wave?from_s={at - 0.02:.6f}&to_s={at + 0.02:.6f}&points=40").json()
        found.append(1000 * (onset_s(wave) - at))
    return sorted(found)


def by_sound(program, score):
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "takes.db")
        with Server(program, "--db", database) as server:
            page = Socket(server)
            begun = ask(server, "POST", "/api/v1/session", dict(REQUEST, sound=True, latency_ms=LATENCY_MS), page=True)
            score.check("begins", begun.status == 202, begun.body)
            running = page.until("session", 30)
            while running and running["state"] != "running":
                running = page.until("session", 30)
            name = running["recorded"]
            score.check("says where it is recorded", name and "/" not in name, running)
            judged = page.until("judged", 90)
            sound = page.until("sound", 60)
            score.check("the sound of a take is kept while the session goes on",
                        sound and sound["take"] == judged["take"] and get(server, "/session").json()["state"] == "running",
                        (judged, sound))
            line = get(server, f"/takes/{judged['take']}").json()
            score.check("and the take says so", line["has_sound"] is True, line)
            second = page.until("judged", 90)
            finish(server, page)
            third = page.until("sound", 60)
            score.check("the last takes too", third and third["take"] == second["take"], third)
            for take in (judged["take"], second["take"]):
                away = distances_ms(server, take)
                middle = away[len(away) // 2] if away else None
                print(f"take {take}: {len(away)} snares, their sound {middle:+.2f} ms from the stroke (median)")
                score.check("strokes are where their sound is", len(away) >= 3 and abs(middle) < 2.5, away)
                length_s = get(server, f"/takes/{take}/wave?points=2").json()["length_s"]
                duration_s = get(server, f"/takes/{take}/verdict").json()["take"]["duration_s"]
                score.check("the sound is as long as the take", abs(length_s - duration_s) < 0.02, (length_s, duration_s))
        score.check("it replays", *replays(program, os.path.join(folder, "sessions", name)))
        left = os.listdir(os.path.join(folder, "sounds"))
        score.check("nothing is left over", not any(one.startswith("cut") for one in left), left)
        # The same, byte for byte: one decision that is another is found.
        decisions = os.path.join(folder, "sessions", name, "decisions.txt")
        with open(decisions, encoding="utf-8") as file:
            text = file.read()
        with open(decisions, "w", encoding="utf-8") as file:
            file.write(text.replace("judged", "Judged", 1))
        score.check("another decision does not", not replays(program, os.path.dirname(decisions))[0])


def by_midi(program, score):
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "takes.db")
        with Server(program, "--db", database) as server:
            page = Socket(server)
            ask(server, "POST", "/api/v1/session", REQUEST, page=True)
            judged = page.until("judged", 60)
            page.say(type="press", key="again")
            page.until("take", 30)
            ask(server, "DELETE", "/api/v1/session", page=True)
            wait_for_end(server)
            score.check("strokes by MIDI have no sound", get(server, f"/takes/{judged['take']}").json()["has_sound"] is False)
            again = ask(server, "POST", "/api/v1/session", REQUEST, page=True)
            score.check("another one at once", again.status == 202, again.body)
            page.until("take", 30)
            page.until("stroke", 30)
            finish(server, page)
        names = sorted(os.listdir(os.path.join(folder, "sessions")))
        score.check("each has a folder of its own", len(names) == 2, names)
        for name in names:
            score.check(f"{name} replays", *replays(program, os.path.join(folder, "sessions", name)))


def the_click(program, score):
    """Clicks between the beats, as a page or the command line asked for them, are the session's."""
    with tempfile.TemporaryDirectory() as folder:
        sessions = os.path.join(folder, "sessions")
        plans = []
        with Server(program, "rock", "--from", "160", "--subdivisions", "3", "--drummer", "scatter=6ms", "--no-rest", "--db",
                    os.path.join(folder, "takes.db")) as server:
            page = Socket(server)
            page.until("stroke", 30)
            for request in (dict(REQUEST, subdivisions=4), dict(REQUEST, subdivisions=None), REQUEST):
                finish(server, page)
                begun = ask(server, "POST", "/api/v1/session", request, page=True)
                score.check("begins", begun.status == 202, begun.body)
                page.until("take", 30)
                page.until("stroke", 30)
            finish(server, page)
        for name in sorted(os.listdir(sessions)):
            with open(os.path.join(sessions, name, "plan.txt"), encoding="utf-8") as file:
                plans.append([line for line in file.read().splitlines() if line.startswith("subdivisions")])
        score.check("the clicks that were asked for", plans == [["subdivisions: 3"], ["subdivisions: 4"], [], []], plans)


# Four quarters of a bass, to be played along with.
BASS = bytes([0x90, 40, 90, 96, 0x80, 40, 0, 0]) * 4 + b"\xff\x2f\x00"
BASS = b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + (len(BASS) + 1).to_bytes(4, "big") + b"\0" + BASS


def nothing_played(program, score):
    """A session that is begun and left leaves no folder; one in which something was played does."""
    with tempfile.TemporaryDirectory() as folder:
        sessions = os.path.join(folder, "sessions")
        quiet = {**{name: value for name, value in REQUEST.items() if name != "drummer"}, "audio": "null", "midi": "any"}
        band = os.path.join(folder, "bass.mid")
        with open(band, "wb") as file:
            file.write(BASS)
        with Server(program, "--db", os.path.join(folder, "takes.db"), "--soundfont", "/dev/null") as server:
            page = Socket(server)
            for leave in ("finish", "stop", "at once"):
                begun = ask(server, "POST", "/api/v1/session", quiet, page=True)
                score.check("begins", begun.status == 202, begun.body)
                score.check("nothing is said of the last one's folder", begun.json()["recorded"] is None, begun.body)
                if leave == "at once":  # while its device is opened
                    ask(server, "POST", "/api/v1/session/key", {"key": "finish"}, page=True)
                else:
                    page.until("take", 30)
                    score.check("is recorded meanwhile", get(server, "/session").json()["recorded"] in os.listdir(sessions))
                if leave == "finish":
                    page.say(type="press", key="finish")
                elif leave == "stop":
                    ask(server, "DELETE", "/api/v1/session", page=True)
                wait_for_end(server)
                score.check(f"{leave}: no folder is left", os.listdir(sessions) == [], os.listdir(sessions))
                score.check("nor named", get(server, "/session").json()["recorded"] is None)
            with open(band, "rb") as file:
                kept = ask(server, "PUT", "/api/v1/bands/bass", file.read(), page=True)
            score.check("a band", kept.status in (200, 201), kept.body)
            begun = ask(server, "POST", "/api/v1/session", dict(quiet, band="bass"), page=True)
            score.check("begins with a band", begun.status == 202, begun.body)
            wait_for_end(server)
            told = get(server, "/session").json()
            score.check("which has no sounds", told["text"] is not None, told)
            score.check("no folder of a session that could not begin", os.listdir(sessions) == [], os.listdir(sessions))
            ask(server, "POST", "/api/v1/session", REQUEST, page=True)
            page.until("stroke", 30)
            ask(server, "DELETE", "/api/v1/session", page=True)
            wait_for_end(server)
            told = get(server, "/session").json()["recorded"]
            score.check("one stroke is enough to be kept", os.listdir(sessions) == [told], (os.listdir(sessions), told))


def not_wanted(program, score):
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "takes.db")
        with Server(program, "--db", database, "--no-record") as server:
            page = Socket(server)
            ask(server, "POST", "/api/v1/session", REQUEST, page=True)
            page.until("stroke", 30)
            score.check("not recorded", get(server, "/session").json()["recorded"] is None)
            finish(server, page)
        score.check("no folder", not os.path.exists(os.path.join(folder, "sessions")))


def cut_off(program, score):
    """A kill in the middle: what is on the disk replays."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(program, "--db", os.path.join(folder, "takes.db"))
        page = Socket(server)
        ask(server, "POST", "/api/v1/session", REQUEST, page=True)
        page.until("bar", 30)
        server.process.kill()
        server.process.wait()
        server.home.cleanup()
        name = os.listdir(os.path.join(folder, "sessions"))[0]
        score.check("a session that was killed replays", *replays(program, os.path.join(folder, "sessions", name)))


def the_device(program, score):
    """Chosen on the page, there the next time; made of nothing, only where a place is named."""
    with tempfile.TemporaryDirectory() as folder:
        setup = os.path.join(folder, "setup.txt")
        quiet = {name: value for name, value in REQUEST.items() if name != "drummer"}
        with Server(program, "--db", os.path.join(folder, "takes.db"), "--setup", setup) as server:
            page = Socket(server)
            begun = ask(server, "POST", "/api/v1/session", dict(quiet, audio="null", midi="any"), page=True)
            score.check("begins on a device", begun.status == 202, begun.body)
            page.until("take", 30)
            ask(server, "DELETE", "/api/v1/session", page=True)
            wait_for_end(server)
            told = get(server, "/settings").json()
            score.check("it is remembered", told["audio"] and told["audio"].startswith("null") and told["midi"] == "any", told)
            again = ask(server, "POST", "/api/v1/session", quiet, page=True)
            score.check("and taken again", again.status == 202, again.body)
            page.until("take", 30)
            session = get(server, "/session").json()
            score.check("without being named", session["device"].startswith("null"), session)
            ask(server, "DELETE", "/api/v1/session", page=True)
            wait_for_end(server)
        with Server(program, "--db", os.path.join(folder, "takes.db")) as server:
            page = Socket(server)
            ask(server, "POST", "/api/v1/session", dict(quiet, audio="null", midi="any"), page=True)
            page.until("take", 30)
            ask(server, "DELETE", "/api/v1/session", page=True)
            wait_for_end(server)
            told = get(server, "/settings").json()
            score.check("nothing of a device made of nothing", told["audio"] is None, told)


def main():
    program = sys.argv[1]
    score = Score()
    for part in (by_sound, by_midi, the_click, nothing_played, not_wanted, cut_off, the_device):
        began = time.monotonic()
        part(program, score)
        print(f"{part.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    score.end()


if __name__ == "__main__":
    main()
