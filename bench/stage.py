#!/usr/bin/env python3
"""The stage under load, beside a live session on the null device: HTTP requests at a steady rate, many
pages on the socket, some that do not read. Prints Markdown.

  bench/stage.py DOUBLETIME [--seconds 20] [--rate 1000] [--pages 100] [--deaf 3] [--only NAME]

The same seconds are measured without load first. The last row has two askers who want nothing but answers
that are slow to make: a take of five minutes as a page, and two of them compared. Exit status 1: a page
missed a message, or a request was not answered.
"""

import argparse
import json
import multiprocessing
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "stage"))
from peer import Server, Socket, ask, read_answer  # noqa: E402

REQUEST = {"chart": "rock", "mode": "endurance", "tempo_bpm": 120, "minutes": 30, "no_rest": True,
           "drummer": "scatter=6ms", "seed": 11}
SLOW_PATHS = ("/api/v1/takes/1/page", "/api/v1/compare?a=1&b=2")
LIMIT_MS = 50  # of the live feed, 99 %
PATHS = ("/api/v1/status", "/api/v1/session", "/", "/api/v1/charts/rock")
WORKERS = 2


class Peer:
    """What a worker needs of the server."""

    def __init__(self, server):
        self.port, self.token, self.cookie = server.port, server.token, server.cookie
        self.host, self.bearer = server.host, server.bearer


def request_slowly(peer, rate, seconds, results):
    """One slow answer after the other; latencies in ms."""
    connection = socket.create_connection(("127.0.0.1", peer.port))
    took, failed = [], 0
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        path = SLOW_PATHS[len(took) % 2]
        start = time.monotonic()
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {peer.host}\r\nAuthorization: {peer.bearer}\r\n\r\n".encode())
        answer = read_answer(connection)
        if answer is None or answer.status != 200:
            failed += 1
            connection = socket.create_connection(("127.0.0.1", peer.port))
            continue
        took.append(1000 * (time.monotonic() - start))
    results.put((took, failed, time.monotonic() - began, rate))


def request_steadily(peer, rate, seconds, results):
    """Keep-alive, paced; latencies in ms."""
    connection = socket.create_connection(("127.0.0.1", peer.port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    asks = [f"GET {path} HTTP/1.1\r\nHost: {peer.host}\r\nAuthorization: {peer.bearer}\r\n\r\n".encode() for path in PATHS]
    took, failed = [], 0
    began = time.monotonic()
    count = int(rate * seconds)
    for i in range(count):
        wait = began + i / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        if time.monotonic() - began > 2 * seconds:
            break
        start = time.monotonic()
        connection.sendall(asks[i % len(asks)])
        answer = read_answer(connection)
        if answer is None or answer.status != 200:
            failed += 1
            connection = socket.create_connection(("127.0.0.1", peer.port))
            continue
        took.append(1000 * (time.monotonic() - start))
    results.put((took, failed, time.monotonic() - began, count))


def frames_of(buffer):
    """Whole frames of a server: (texts, rest)."""
    texts, at = [], 0
    while len(buffer) - at >= 2:
        size, head = buffer[at + 1] & 127, 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            if len(buffer) - at < 2 + wide:
                break
            size, head = int.from_bytes(buffer[at + 2 : at + 2 + wide], "big"), 2 + wide
        if len(buffer) - at < head + size:
            break
        if buffer[at] & 15 == 1:
            texts.append(bytes(buffer[at + head : at + head + size]))
        at += head + size
    return texts, buffer[at:]


def listen(peer, pages, seconds, results):
    """Pages that read: holes in seq, how late clock messages are, and how long a ping takes."""
    selector = selectors.DefaultSelector()
    for _ in range(pages):
        page = Socket(peer)
        page.connection.setblocking(False)
        selector.register(page.connection, selectors.EVENT_READ, {"data": bytearray(page.data), "last": 0, "count": 0,
                                                                  "page": page})
    holes, closed, late, pings = 0, 0, [], []
    end = time.monotonic() + seconds
    next_ping = time.monotonic()
    everyone = [key.data["page"] for key in selector.get_map().values()]
    asked = 0
    while time.monotonic() < end:
        if time.monotonic() >= next_ping and everyone:  # 20 a second, of all pages together
            next_ping += 0.05
            everyone[asked % len(everyone)].say(type="ping", t_ms=1000 * time.monotonic())
            asked += 1
        for key, _ in selector.select(max(0, min(0.2, next_ping - time.monotonic()))):
            state = key.data
            try:
                more = key.fileobj.recv(262144)
            except (BlockingIOError, ConnectionError):
                more = None
            if more == b"":
                closed += 1
                selector.unregister(key.fileobj)
                continue
            now_ms = 1000 * time.monotonic()
            texts, state["data"] = frames_of(state["data"] + (more or b""))
            for text in texts:
                if b'"type":"pong"' in text:
                    pings.append(now_ms - json.loads(text)["t_ms"])
                at = text.find(b'"seq":')
                if at < 0:
                    continue
                seq = int(text[at + 6 : text.index(b",", at)])
                holes += state["last"] > 0 and seq != state["last"] + 1
                state["last"] = seq
                state["count"] += 1
                if b'"type":"clock"' in text:
                    late.append(now_ms - json.loads(text)["server_ms"])
    counts = [key.data["count"] for key in list(selector.get_map().values())]
    results.put((holes, closed, min(counts or [0]), max(counts or [0]), late, pings))


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def counters(server):
    return ask(server, "GET", "/api/v1/status", bearer=True).json()["counters"]


def memory_kb(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def cpu_s(server):
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(server, seconds, rate, pages, deaf, ask_with=request_steadily):
    before = dict(counters(server), cpu_s=cpu_s(server))
    quiet = [Socket(Peer(server), receive_buffer=4096) for _ in range(deaf)]
    requests, lines = multiprocessing.Queue(), multiprocessing.Queue()
    peer = Peer(server)
    workers = [multiprocessing.Process(target=ask_with, args=(peer, rate / WORKERS, seconds, requests))
               for _ in range(WORKERS if rate else 0)]
    workers.append(multiprocessing.Process(target=listen, args=(peer, pages, seconds, lines)))
    for worker in workers:
        worker.start()
    took = [requests.get() for _ in workers[:-1]]
    heard = lines.get()
    for worker in workers:
        worker.join()
    for page in quiet:
        page.close()
    return before, dict(counters(server), cpu_s=cpu_s(server)), took, heard


def line(name, seconds, before, after, took, heard):
    holes, closed, fewest, most, late, pings = heard
    all_took = [t for one in took for t in one[0]]
    failed = sum(one[1] for one in took)
    rate = sum(len(one[0]) / one[2] for one in took)
    blocks = after["blocks"] - before["blocks"]
    print(f"| {name} | {rate:.0f} | {failed} | {percentile(all_took, .5):.2f} | {percentile(all_took, .99):.2f} | "
          f"{fewest}..{most} | {holes} | {closed} | {percentile(late, .5):.2f} | {percentile(late, .99):.2f} | "
          f"{percentile(pings, .5):.2f} | {percentile(pings, .99):.2f} | {blocks} | "
          f"{after['xruns'] - before['xruns']} | {after['gaps'] - before['gaps']} | "
          f"{after['late_blocks'] - before['late_blocks']} | {after['cpu_s'] - before['cpu_s']:.1f} |")
    return failed == 0 and holes == 0 and closed == 0


def long_takes(program, folder):
    """Two takes of five minutes in a database of their own; the options that name it."""
    database = os.path.join(folder, "takes.db")
    for seed in (1, 2):
        take = os.path.join(folder, f"{seed}.mid")
        subprocess.run([program, "play", "rock", "--as", f"bpm=120 bars=150 scatter=6ms seed={seed}", "--quiet", "-o", take],
                       check=True)
        subprocess.run([program, "judge", take, "--tempo", "120", "--start", "0", "--chart", "rock", "--save", "--db", database],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return "--db", database


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--only", choices=("alone", "load", "slow"))
    for name, value in (("seconds", 20), ("rate", 1000), ("pages", 100), ("deaf", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Server(asked.program, *long_takes(asked.program, folder)) as server:
        begun = ask(server, "POST", "/api/v1/session", REQUEST, bearer=True)
        if begun.status != 202:
            sys.exit(begun.body.decode())
        first = Socket(Peer(server))
        first.until("stroke", 60)
        first.close()
        print(f"{asked.seconds} s each; rock at 120 bpm on the null device, seed {REQUEST['seed']}; "
              f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before\n")
        print("| | requests/s | failed | p50 ms | p99 ms | messages a page | holes | closed | clock p50 ms | p99 ms | "
              "ping p50 ms | p99 ms | blocks | xruns | gaps | late blocks | processor s |")
        print("| --- |" + " ---: |" * 16)
        start_kb = memory_kb(server)
        is_good = True
        if asked.only in (None, "alone"):
            is_good = line("one page", asked.seconds, *measure(server, asked.seconds, 0, 1, 0))
        if asked.only in (None, "load"):
            loaded = measure(server, asked.seconds, asked.rate, asked.pages, asked.deaf)
            is_good = line(f"{asked.rate} requests/s, {asked.pages} pages, {asked.deaf} deaf", asked.seconds, *loaded) and is_good
        if asked.only in (None, "slow"):
            slow = measure(server, asked.seconds, WORKERS, 4, 0, request_slowly)
            is_good = line("4 pages, and slow answers all the time", asked.seconds, *slow) and is_good
            worst = max(percentile(slow[3][4], .99), percentile(slow[3][5], .99))
            print(f"\nWhile slow answers are made, the live feed's 99 % are {worst:.1f} ms: "
                  f"{'below' if worst < LIMIT_MS else 'NOT below'} {LIMIT_MS} ms.")
        print(f"\nMemory of the server: {start_kb} kB before, {memory_kb(server)} kB after. "
              f"Messages lost: {counters(server)['messages_lost']}.")
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
