#!/usr/bin/env python3
"""The stage under load, beside a live session on the null device: HTTP requests at a steady rate, many
pages on the socket, some that do not read. Prints Markdown.

  bench/stage.py DOUBLETIME [--seconds 20] [--rate 1000] [--pages 100] [--deaf 3]

The same seconds are measured without load first. Exit status 1: a page missed a message, or a request
was not answered.
"""

import argparse
import json
import multiprocessing
import os
import selectors
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "stage"))
from peer import Server, Socket, ask, read_answer  # noqa: E402

REQUEST = {"chart": "rock", "mode": "endurance", "tempo_bpm": 120, "minutes": 30, "no_rest": True,
           "drummer": "scatter=6ms", "seed": 11}
PATHS = ("/api/v1/status", "/api/v1/session", "/", "/api/v1/charts/rock")
WORKERS = 2


class Peer:
    """What a worker needs of the server."""

    def __init__(self, server):
        self.port, self.token, self.cookie = server.port, server.token, server.cookie
        self.host, self.bearer = server.host, server.bearer


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
    """Pages that read: holes in seq, and how late clock messages are."""
    selector = selectors.DefaultSelector()
    for _ in range(pages):
        page = Socket(peer)
        page.connection.setblocking(False)
        selector.register(page.connection, selectors.EVENT_READ, {"data": bytearray(page.data), "last": 0, "count": 0,
                                                                  "page": page})
    holes, closed, late = 0, 0, []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key, _ in selector.select(0.2):
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
    results.put((holes, closed, min(counts or [0]), max(counts or [0]), late))


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


def measure(server, seconds, rate, pages, deaf):
    before = dict(counters(server), cpu_s=cpu_s(server))
    quiet = [Socket(Peer(server), receive_buffer=4096) for _ in range(deaf)]
    requests, lines = multiprocessing.Queue(), multiprocessing.Queue()
    peer = Peer(server)
    workers = [multiprocessing.Process(target=request_steadily, args=(peer, rate / WORKERS, seconds, requests))
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
    holes, closed, fewest, most, late = heard
    all_took = [t for one in took for t in one[0]]
    failed = sum(one[1] for one in took)
    rate = sum(len(one[0]) / one[2] for one in took)
    blocks = after["blocks"] - before["blocks"]
    print(f"| {name} | {rate:.0f} | {failed} | {percentile(all_took, .5):.2f} | {percentile(all_took, .99):.2f} | "
          f"{fewest}..{most} | {holes} | {closed} | {percentile(late, .5):.2f} | {percentile(late, .99):.2f} | {blocks} | "
          f"{after['xruns'] - before['xruns']} | {after['gaps'] - before['gaps']} | "
          f"{after['late_blocks'] - before['late_blocks']} | {after['cpu_s'] - before['cpu_s']:.1f} |")
    return failed == 0 and holes == 0 and closed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    for name, value in (("seconds", 20), ("rate", 1000), ("pages", 100), ("deaf", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    with Server(asked.program) as server:
        begun = ask(server, "POST", "/api/v1/session", REQUEST, bearer=True)
        if begun.status != 202:
            sys.exit(begun.body.decode())
        first = Socket(Peer(server))
        first.until("stroke", 60)
        first.close()
        print(f"{asked.seconds} s each; rock at 120 bpm on the null device, seed {REQUEST['seed']}; "
              f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before\n")
        print("| | requests/s | failed | p50 ms | p99 ms | messages a page | holes | closed | clock p50 ms | p99 ms | "
              "blocks | xruns | gaps | late blocks | processor s |")
        print("| --- |" + " ---: |" * 14)
        start_kb = memory_kb(server)
        alone = measure(server, asked.seconds, 0, 1, 0)
        is_good = line("one page", asked.seconds, *alone)
        loaded = measure(server, asked.seconds, asked.rate, asked.pages, asked.deaf)
        is_good = line(f"{asked.rate} requests/s, {asked.pages} pages, {asked.deaf} deaf", asked.seconds, *loaded) and is_good
        print(f"\nMemory of the server: {start_kb} kB before, {memory_kb(server)} kB after. "
              f"Messages lost: {counters(server)['messages_lost']}.")
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
