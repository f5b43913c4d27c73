#!/usr/bin/env python3
"""A session with the simulated drummer, as pages see it: every message once and in order, whatever
connections do; keys; the end; what is kept.

  live.py DOUBLETIME
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

from peer import Score, Server, Socket, ask, read_answer

REQUEST = {"chart": "rock", "mode": "ladder", "from_bpm": 200, "bars": 2, "minutes": 2, "no_rest": True,
           "drummer": "scatter=6ms", "seed": 7}


def follow(page, stop, seen):
    """Reads until stop(message); what came, by seq."""
    while True:
        message = page.read()
        if message is None:
            return None
        if "seq" in message:
            seen.append(message["seq"])
        if stop(message):
            return message


def wait_for_end(server):
    while ask(server, "GET", "/api/v1/session", page=True).json()["state"] != "ended":
        time.sleep(0.05)


def a_session(program, score):
    folder = tempfile.TemporaryDirectory()
    database = os.path.join(folder.name, "takes.db")
    with Server(program, "--db", database) as server:
        page = Socket(server)
        score.check("hello", page.hello["type"] == "hello" and page.hello["newest"] == 0, page.hello)
        begun = ask(server, "POST", "/api/v1/session", REQUEST, page=True)
        score.check("begins", begun.status == 202, begun.body)
        score.check("one at a time", ask(server, "POST", "/api/v1/session", REQUEST, page=True).status == 409)
        seen = []
        types = set()
        take = follow(page, lambda m: types.add(m["type"]) or m["type"] == "take", seen)
        score.check("a take with notes and beats", take["notes"] and take["beats"]
                    and take["beats"][0]["bar"] == -take["count_in_bars"]
                    and abs(take["notes"][0]["at_ms"] - take["first_ms"]) < 0.01, take["type"])
        firsts = [b["at_ms"] for b in take["beats"] if b["bar"] == 0 and b["beat"] == 0]
        score.check("beat 1 of bar 1", abs(firsts[0] - take["first_ms"]) < 0.01, firsts)
        stroke = follow(page, lambda m: types.add(m["type"]) or (m["type"] == "stroke" and m["note"] >= 0), seen)
        note = take["notes"][stroke["note"]]
        score.check("a stroke belongs to its note", abs(stroke["at_ms"] - note["at_ms"] - stroke["asynchrony_ms"]) < 0.1,
                    (stroke, note))
        score.check("and says its side", stroke["side"] in ("early", "on", "late"))
        judged = follow(page, lambda m: types.add(m["type"]) or m["type"] == "judged", seen)
        score.check("the take is judged and kept", judged["take"] == 1 and judged["word"], judged)
        score.check("all kinds came", {"session", "clock", "take", "stroke", "bar", "judged"} <= types, types)

        page.say(type="ping", t_ms=12.5)
        pong = follow(page, lambda m: m["type"] == "pong", seen)
        score.check("pong", pong["t_ms"] == 12.5 and pong["server_ms"] > 0 and pong["stream_ms"] > 0, pong)

        # A page that is lost again and again misses nothing.
        for _ in range(8):
            page.close()
            time.sleep(0.15)
            page = Socket(server, resume=(page.hello["epoch"], seen[-1]))
            follow(page, lambda m: "seq" in m, seen)
        score.check("once each, in order, without a hole", seen == list(range(1, len(seen) + 1)), seen[-20:])

        # One that comes in the middle gets the state, then goes on without a hole.
        late = Socket(server)
        first = late.read()
        state = []
        while "seq" not in first:
            state.append(first["type"])
            first = late.read()
        score.check("the state", state[0] == "session" and "take" in state, state)
        score.check("then what comes", first["seq"] == late.hello["newest"] + 1, (first["seq"], late.hello))
        stale = Socket(server, resume=("0123456789abcdef", 5))
        score.check("another start of the server", "seq" not in stale.read())
        stale.close()

        late.say(type="press", key="finish")
        done = late.until("done", 30)
        score.check("finish", done is not None, done)
        ended = late.until("session", 30)
        score.check("ended", ended and ended["state"] == "ended" and ended["text"] is None, ended)
        told = ask(server, "GET", "/api/v1/session", page=True).json()
        score.check("and says so", told["state"] == "ended", told)
        counters = ask(server, "GET", "/api/v1/status", page=True).json()["counters"]
        score.check("nothing was lost", counters["messages_lost"] == 0 and counters["takes_kept"] >= 1, counters)
        again = ask(server, "POST", "/api/v1/session", dict(REQUEST, chart="funk"), page=True)
        score.check("another one", again.status == 202, again.body)
        time.sleep(1)
        score.check("is stopped", ask(server, "DELETE", "/api/v1/session", page=True).status == 200)
        wait_for_end(server)
        unknown = ask(server, "POST", "/api/v1/session", {"chart": "no-such-chart"}, page=True)
        score.check("no such chart", unknown.status == 422 and b"no-such-chart" in unknown.body, unknown.body)
        for name, wrong, words in (("subdivisions", 0, b"whole number from 1 to 6"), ("subdivisions", 7, b"from 1 to 6"),
                                   ("subdivisions", 2.5, b"whole number"), ("subdivisions", "2", b"whole number"),
                                   ("bars", 513, b"whole number from 1 to 512"), ("bars", 1.5, b"whole number")):
            refused = ask(server, "POST", "/api/v1/session", dict(REQUEST, **{name: wrong}), page=True)
            score.check(f"{name} {wrong!r} is refused", refused.status == 422 and name.encode() in refused.body
                        and words in refused.body, refused.body)
    score.check("the log is there", os.path.exists(os.path.join(folder.name, "practice.log")))


def ended_in_the_middle(program, score):
    """Ctrl-C while a take is played: the server ends, and what was played is kept."""
    folder = tempfile.TemporaryDirectory()
    database = os.path.join(folder.name, "takes.db")
    server = Server(program, "rock", "--from", "200", "--drummer", "scatter=6ms", "--no-rest", "--db", database)
    page = Socket(server)
    score.check("a session from the command line", page.until("stroke", 30) is not None)
    status, said = server.end()
    score.check("ends on Ctrl-C", status == 0, said)
    score.check("and is kept", os.path.getsize(database) > 0)


def a_page_that_does_not_read(program, score):
    """It is cut off; the others get everything."""
    with Server(program) as server:
        deaf = Socket(server, receive_buffer=4096)
        good = Socket(server)
        heard = []
        takes = []
        over = threading.Event()

        def listen():
            good.connection.settimeout(1)
            while not over.is_set():
                try:
                    message = good.read()
                except TimeoutError:
                    continue
                if message is None:
                    return
                heard.append(message["seq"])
                takes.append(message["type"] == "take")

        listener = threading.Thread(target=listen)
        listener.start()
        # 512 bars of sixteenths: a message of 700 kB each time a take is begun.
        request = dict(REQUEST, chart="paradiddle", bars=512, mode="own", tempo_bpm=100, minutes=20)
        end = time.monotonic() + 90
        dropped = 0
        while time.monotonic() < end and not dropped:
            ask(server, "POST", "/api/v1/session", request, page=True)
            before = sum(takes)
            while sum(takes) == before and time.monotonic() < end:
                time.sleep(0.05)
            ask(server, "DELETE", "/api/v1/session", page=True)
            wait_for_end(server)
            dropped = ask(server, "GET", "/api/v1/status", page=True).json()["counters"]["dropped_slow"]
        newest = ask(server, "GET", "/api/v1/status", page=True).json()["counters"]["messages"]
        while heard and heard[-1] < newest and time.monotonic() < end + 10:
            time.sleep(0.1)
        over.set()
        listener.join()
        score.check("the deaf page was cut off", dropped == 1, dropped)
        score.check("the other heard everything", heard == list(range(1, newest + 1)), (len(heard), newest))
        deaf.close()


def slow_answers(program, score):
    """What takes long is made beside the rest: others are answered meanwhile, and each gets its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = os.path.join(folder, "takes.db")
        take = os.path.join(folder, "take.mid")
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        for seed, bars in ((1, 48), (2, 48), (3, 8)):
            subprocess.run([program, "play", "rock", "--as", f"bpm=120 bars={bars} seed={seed}", "-o", take], **quiet)
            subprocess.run([program, "judge", take, "--free", "--save", "--db", database], **quiet)
        with Server(program, "--db", database) as server:
            lines = [server.connect() for _ in range(8)]
            paths = ["/api/v1/takes/1/page", "/api/v1/compare?a=1&b=2"] * 4
            order = []
            for line, path in zip(lines, paths):
                line.sendall(f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\n"
                             f"Authorization: {server.bearer}\r\n\r\n".encode())
            gone = server.connect()
            gone.sendall(f"GET {paths[0]} HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: {server.bearer}\r\n\r\n".encode())
            gone.close()
            began = time.monotonic()
            status = ask(server, "GET", "/api/v1/status", bearer=True)
            took = time.monotonic() - began
            lines[-1].settimeout(0.001)
            try:
                order.append(bool(lines[-1].recv(1, socket.MSG_PEEK)))
            except TimeoutError:
                order.append(False)
            for line in lines:
                line.settimeout(120)
            score.check("others need not wait for slow answers", status.status == 200 and order == [False], (took, order))
            answers = [read_answer(lines[0])]
            score.check("the connection goes on", ask_on(lines[0], server) == 200)
            answers += [read_answer(line) for line in lines[1:]]
            score.check("each gets its own", all(
                answer and answer.status == 200 and answer.body.startswith(b"<!" if "page" in path else b"{")
                for answer, path in zip(answers, paths)), [a and a.status for a in answers])
            more = [server.connect() for _ in range(80)]
            for line in lines + more:
                line.settimeout(120)
            for line in more:
                line.sendall(f"GET /api/v1/takes/3/page HTTP/1.1\r\nHost: {server.host}\r\n"
                             f"Authorization: {server.bearer}\r\n\r\n".encode())
            busy = [read_answer(line).status for line in more]
            score.check("too many at once are refused", set(busy) == {200, 503} and busy.count(200) >= 60, busy)
            for line in lines + more:
                line.close()


def ask_on(line, server):
    line.sendall(f"GET /api/v1/status HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: {server.bearer}\r\n\r\n".encode())
    return read_answer(line).status


def lights(program, score):
    """OSC: strokes, beats and words."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wall:
        wall.bind(("127.0.0.1", 0))
        wall.settimeout(20)
        server = Server(program, "rock", "--from", "200", "--drummer", "scatter=6ms", "--no-rest", "--bars", "2",
                        "--osc", f"127.0.0.1:{wall.getsockname()[1]}")
        if "not built in" in server.said:
            return
        paths = set()
        end = time.monotonic() + 30
        while len(paths) < 3 and time.monotonic() < end:
            paths.add(wall.recv(4096).split(b"\0")[0].decode())
        score.check("OSC", paths == {"/doubletime/stroke", "/doubletime/beat", "/doubletime/word"}, paths)
        server.end()


def measurements(program, score):
    """Level and latency, on a device made of nothing whose round trip is 12.5 ms."""
    with Server(program, "--drummer", "scatter=6ms") as server:
        page = Socket(server)
        score.check("nonsense", ask(server, "POST", "/api/v1/calibrate", {"what": "x"}, page=True).status == 422)
        begun = ask(server, "POST", "/api/v1/calibrate", {"what": "latency"}, page=True)
        score.check("latency begins", begun.status == 202, begun.body)
        score.check("one at a time",
                    ask(server, "POST", "/api/v1/calibrate", {"what": "level"}, page=True).status == 409)
        score.check("no session meanwhile", ask(server, "POST", "/api/v1/session", REQUEST, page=True).status == 409)
        states = []
        while True:
            message = page.until("calibrate", 60)
            if message is None:
                break
            states.append(message["state"])
            if message["state"] in ("done", "failed"):
                break
        score.check("it is led through", states[0] == "asking" and "measuring" in states, states)
        score.check("the round trip is found", message and message["state"] == "failed" and "lost" in message["say"]
                    or abs((message["latency_ms"] or 0) - 12.5) < 0.5, message)


def main():
    program = sys.argv[1]
    score = Score()
    for part in (a_session, ended_in_the_middle, a_page_that_does_not_read, slow_answers, lights, measurements):
        began = time.monotonic()
        part(program, score)
        print(f"{part.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    score.end()


if __name__ == "__main__":
    main()
