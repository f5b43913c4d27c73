#!/usr/bin/env python3
"""Every path and method of docs/openapi.json answers, and every answer is what it promises.

api_walk.py PROGRAM OPENAPI [PEER]. Asks `PROGRAM serve`, or PEER (api_peer.c), which answers without
a server. Exit status 77 (skipped) without python3-jsonschema.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed: the API's schema was not tried")
    sys.exit(77)

# Answered by the server itself: its own test asks them.
SERVERS = {"/status", "/session", "/session/key", "/calibrate", "/calibrate/key", "/pair", "/pairing"}

# A wrong code tells nothing; a session and a microphone have tests of their own.
NOT_WALKED = {"/pair", "/pairing", "/calibrate", "/calibrate/key"}

GROOVE = "title: Mine\ntempo: 96\nstep: 1/8\n\n[Verse]\nsnare |--x---x-|\nkick  |x---x---|\n"
PLAN = "name: Tuesday\n\n[paradiddle]\nmode: ladder\nfrom: 90 bpm\nto: 220 bpm\n\n[rock]\nmode: gap\n"


class Peer:
    """The API behind a pipe: the same requests as over HTTP, without the guards."""

    def __init__(self, program, yard):
        self.process = subprocess.Popen(
            [program, os.path.join(yard, "takes.db"), yard], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, method, target, body=b""):
        self.process.stdin.write(f"{method} {target} {len(body)}\n".encode() + body)
        self.process.stdin.flush()
        head = self.process.stdout.readline().decode().rstrip("\n").split("\t")
        status, kind, _, size = head
        return int(status), kind.split(";")[0], self.process.stdout.read(int(size))

    def close(self):
        self.process.stdin.close()
        return self.process.wait(timeout=60)


class Http:
    """The same over HTTP, of a server with a home of its own."""

    def __init__(self, program):
        import peer  # beside this file

        self.server = peer.Server(program)
        self.home = os.path.join(self.server.home.name, ".local", "share", "doubletime")

    def ask(self, method, target, body=b""):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {"Authorization": self.server.bearer}
        if method in ("PUT", "POST"):
            headers["Content-Length"] = str(len(body))
        connection.request(method, "/api/v1" + target, body or None, headers)
        reply = connection.getresponse()
        answer = reply.read()
        connection.close()
        return reply.status, (reply.headers.get("Content-Type") or "").split(";")[0], answer

    def close(self):
        status, said = self.server.end()
        if status != 0:
            print(said, file=sys.stderr)
        return status


class Walk:
    def __init__(self, peer, document):
        self.peer = peer
        self.is_served = isinstance(peer, Http)
        self.document = document
        self.seen = set()  # (template, method, status)
        self.kinds = set()  # (template, method, type)
        self.mistakes = []

    def template_of(self, path):
        parts = path.split("/")
        best = None
        for template in self.document["paths"]:
            wanted = template.split("/")
            fits = len(wanted) == len(parts) and all(
                w.startswith("{") or w == p for w, p in zip(wanted, parts)
            )
            if fits and (best is None or "{" in best):
                best = template
        return best

    def validate(self, what, schema, body):
        try:
            value = json.loads(body)
        except ValueError as error:
            self.mistakes.append(f"{what}: no JSON: {error}")
            return None
        whole = {**schema, "components": self.document["components"]}
        for error in jsonschema.Draft202012Validator(whole).iter_errors(value):
            where = "/".join(str(part) for part in error.absolute_path)
            self.mistakes.append(f"{what}: at {where or 'the top'}: {error.message[:200]}")
        return value

    def ask(self, method, target, body=b"", status=200):
        """The answer, checked against the document; parsed where it is JSON."""
        what = f"{method} {target}"
        got, kind, answer = self.peer.ask(method, target, body)
        template = self.template_of(target.split("?")[0])
        operation = self.document["paths"].get(template, {}).get(method.lower())
        if got != status:
            self.mistakes.append(f"{what}: {got}, not {status}: {answer[:200]!r}")
        if operation is None:
            if got not in (404, 405):
                self.mistakes.append(f"{what}: answered, but not in the document")
            return None
        promised = operation["responses"].get(str(got))
        if promised is None:
            self.mistakes.append(f"{what}: {got} is not in the document")
            return None
        self.seen.add((template, method.lower(), got))
        content = promised.get("content")
        if not content:
            if answer:
                self.mistakes.append(f"{what}: a body where none is promised")
            return None
        if kind not in content:
            self.mistakes.append(f"{what}: {kind} is not in the document")
            return None
        self.kinds.add((template, method.lower(), kind))
        if kind == "application/json":
            return self.validate(what, content[kind]["schema"], answer)
        return answer

    def unseen(self):
        """Operations that were never answered well, and types that were never seen."""
        for path, operations in self.document["paths"].items():
            for method, operation in operations.items():
                if path in SERVERS and (not self.is_served or path in NOT_WALKED):
                    continue
                good = [s for s in operation["responses"] if s.startswith("2")]
                if not good and (path, method, 405) not in self.seen:
                    yield f"{method.upper()} {path}: never asked"
                for status in good:
                    if (path, method, int(status)) not in self.seen:
                        yield f"{method.upper()} {path}: {status} was never seen"
                    for kind in operation["responses"][status].get("content", {}):
                        if path != "/takes/{n}/sound" and (path, method, kind) not in self.kinds:
                            yield f"{method.upper()} {path}: {kind} was never seen"


def play(program, yard, name, *options):
    path = os.path.join(yard, name)
    subprocess.run([program, "play", *options, "--quiet", "-o", path], check=True)
    with open(path, "rb") as file:
        return file.read()


def drop(walk, query, body):
    begun = walk.ask("POST", f"/uploads?{query}", body, 202)
    for _ in range(3000):
        upload = walk.ask("GET", f"/uploads/{begun['upload']}")
        if upload["state"] in ("done", "failed", "cancelled"):
            return upload
        time.sleep(0.05)
    raise SystemExit("an upload is never over")


def walk_takes(walk, program, yard):
    walk.ask("GET", "/takes")
    walk.ask("GET", "/takes/1", status=404)
    flac = play(program, yard, "a.flac", "rock", "--as", "scatter=5ms", "--bars", "8")
    done = drop(walk, "name=" + quote("Übung am Montag.flac") + "&chart=rock&bpm=120", flac)
    if done["state"] != "done":
        walk.mistakes.append(f"the recording is not heard: {done}")
    midi = play(program, yard, "b.mid", "funk", "--as", "scatter=15ms", "--bars", "16")
    drop(walk, "name=b.mid&level=pro", midi)
    failed = drop(walk, "name=letter.txt", b"Dear teacher")
    if failed["state"] != "failed" or not failed["text"]:
        walk.mistakes.append(f"a letter is heard: {failed}")
    walk.ask("POST", "/uploads?bpm=9000", b"x", 422)
    walk.ask("GET", "/uploads")
    walk.ask("GET", "/uploads/u99", status=404)
    walk.ask("DELETE", "/uploads/u1", status=409)
    wav = play(program, yard, "c.wav", "rock", "--bars", "60")
    begun = walk.ask("POST", "/uploads?name=c.wav", wav, 202)
    walk.ask("DELETE", f"/uploads/{begun['upload']}", status=204)
    walk.ask("GET", "/takes?limit=1&word=in_the_pocket&drum=snare&since=2020-01-01&until=2100-01-01")
    walk.ask("GET", "/takes?limit=0", status=422)
    for n in (1, 2):
        walk.ask("GET", f"/takes/{n}")
        walk.ask("GET", f"/takes/{n}/verdict")
        walk.ask("GET", f"/takes/{n}/strokes")
        walk.ask("GET", f"/takes/{n}/page?download=1")
    walk.ask("GET", "/takes/1/strokes?format=csv")
    walk.ask("GET", "/takes/1/strokes?format=midi")
    walk.ask("GET", "/takes/1/strokes?format=xml", status=422)
    if walk.ask("GET", "/takes/1/sound") != flac:
        walk.mistakes.append("the sound is not what was dropped")
    walk.ask("GET", "/takes/2/sound", status=404)
    walk.ask("GET", "/takes/1/wave?from_s=1&to_s=2&points=100")
    walk.ask("GET", "/takes/1/wave?points=x", status=422)
    walk.ask("DELETE", "/takes/1", status=405)
    walk.ask("GET", "/compare?a=1&b=2")
    walk.ask("GET", "/compare?a=1&b=99", status=404)
    walk.ask("GET", "/compare?a=1", status=422)


def walk_charts(walk):
    walk.ask("PUT", "/charts/mine", GROOVE.encode())
    walk.ask("PUT", "/charts/mine", b"tempo: fast\n", 422)
    walk.ask("PUT", "/charts/rock", GROOVE.encode(), 409)
    walk.ask("PUT", "/charts/Mine!", GROOVE.encode(), 422)
    for line in walk.ask("GET", "/charts")["charts"]:
        chart = walk.ask("GET", f"/charts/{line['name']}")
        if {key: chart[key] for key in line} != line:
            walk.mistakes.append(f"{line['name']}: its line is not the same as itself")
        midi = walk.ask("GET", f"/charts/{line['name']}/midi")
        walk.ask("POST", "/charts/read", midi)
        xml = walk.ask("GET", f"/charts/{line['name']}/musicxml")
        walk.ask("POST", "/charts/read", xml)
    walk.ask("POST", "/charts/read", b"\x00", 422)
    walk.ask("DELETE", "/charts/mine", status=204)
    walk.ask("DELETE", "/charts/mine", status=404)
    walk.ask("DELETE", "/charts/rock", status=409)
    walk.ask("GET", "/charts/mine", status=404)
    walk.ask("GET", "/charts/mine/midi", status=404)
    walk.ask("GET", "/charts/mine/musicxml", status=404)


def band():
    """A MIDI file in 4/4: four bars of a bass that walks."""
    track = b"\0\xff\x58\4\4\2\x18\x08" + b"".join(bytes([0, 0x90, 36 + n % 12, 80, 0x83, 0x60, 0x80, 36 + n % 12, 0]) for n in range(16)) + b"\x00\xff\x2f\x00"
    return b"MThd\0\0\0\6\0\0\0\1\x01\xe0MTrk" + len(track).to_bytes(4, "big") + track


def walk_bands(walk):
    walk.ask("GET", "/bands")
    walk.ask("PUT", "/bands/walking", band())
    walk.ask("PUT", "/bands/none", band(), 422)
    walk.ask("PUT", "/bands/Up..", band(), 422)
    walk.ask("PUT", "/bands/letter", b"Dear teacher", 422)
    walk.ask("PUT", "/bands/drums", walk.ask("GET", "/charts/rock/midi"), 422)
    told = walk.ask("GET", "/bands")
    if told["bands"] != [{"name": "walking", "bars": 4}] or told["given"] is not None:
        walk.mistakes.append(f"the band is not kept: {told}")
    if walk.is_served:
        begin = {"chart": "rock", "drummer": "scatter=6ms", "minutes": 1}
        walk.ask("POST", "/session", json.dumps({**begin, "band": "no-such"}).encode(), 422)
        walk.ask("POST", "/session", json.dumps({**begin, "band": "walking", "chart": "jazz-waltz"}).encode(), 422)
        if told["can_play"]:
            walk.ask("POST", "/session", json.dumps({**begin, "band": "walking", "band_level_db": -6}).encode(), 202)
            walk.ask("DELETE", "/session")
            while walk.ask("GET", "/session")["state"] != "ended":
                time.sleep(0.05)
    walk.ask("DELETE", "/bands/walking", status=204)
    walk.ask("DELETE", "/bands/walking", status=404)


def walk_own(walk):
    walk.ask("GET", "/plan")
    walk.ask("PUT", "/plan", PLAN.encode())
    walk.ask("GET", "/plan")
    walk.ask("PUT", "/plan", b"[rock]\nmode: sideways\n", 422)
    walk.ask("GET", "/devices")
    walk.ask("GET", "/settings")
    walk.ask("PUT", "/settings", b'{"audio": "jack", "midi": "any", "latency_ms": 7.5, "tone": "kind"}')
    walk.ask("PUT", "/settings", b'{"kit_text": "22 hihat_closed\\n", "level": "pro", "theme": "dark"}')
    walk.ask("PUT", "/settings", b"{", 422)
    settings = walk.ask("GET", "/settings")
    if (settings["latency_ms"], settings["tone"], settings["kit"]) != (7.5, "kind", "page.kit"):
        walk.mistakes.append(f"the settings are not kept: {settings}")
    walk.ask("PUT", "/settings", json.dumps(settings).encode())  # what was told can be sent back
    walk.ask("GET", "/progress")


def walk_progress(walk, program, home):
    """A practice log from the program itself."""
    log = os.path.join(home, "practice.log")
    subprocess.run(
        [program, "practice", "paradiddle", "--drummer", "scatter=5ms", "--fast", "--minutes", "2"]
        + ["--log", log],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    progress = walk.ask("GET", "/progress?chart=paradiddle")
    if not progress["days"] or not progress["exercises"]:
        walk.mistakes.append(f"the practice is not told: {progress}")
    walk.ask("GET", "/progress?chart=" + "x" * 300, status=422)


def walk_server(walk):
    walk.ask("GET", "/status")
    walk.ask("GET", "/session")
    walk.ask("POST", "/session", b'{"chart": "no-such"}', 422)
    begin = {"chart": "rock", "drummer": "scatter=6ms", "minutes": 1}
    walk.ask("POST", "/session", json.dumps(begin).encode(), 202)
    walk.ask("POST", "/session", json.dumps(begin).encode(), 409)
    walk.ask("POST", "/session/key", b'{"key": "go"}')
    walk.ask("POST", "/session/key", b'{"key": "stop"}', 422)
    walk.ask("GET", "/status")
    walk.ask("DELETE", "/session")
    walk.ask("POST", "/pair", b'{"code": "123"}', 403)
    walk.ask("POST", "/pairing", b"{}", 409)


def main(program, openapi, peer=None):
    with open(openapi, encoding="utf-8") as file:
        document = json.load(file)
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        if schema.get("type") == "object" and "properties" not in schema:
            raise SystemExit(f"{name}: an object of nothing")
    with tempfile.TemporaryDirectory() as yard:
        os.environ["XDG_DATA_HOME"] = os.path.join(yard, "data")
        asked = Peer(peer, yard) if peer else Http(program)
        home = yard if peer else asked.home
        walk = Walk(asked, document)
        walk_takes(walk, program, yard)
        walk_charts(walk)
        walk_bands(walk)
        walk_own(walk)
        walk_progress(walk, program, home)
        if walk.is_served:
            walk_server(walk)
        walk.ask("GET", "/no-such-path", status=404)
        walk.ask("POST", "/plan", status=405)
        if walk.peer.close() != 0:
            walk.mistakes.append("the API did not end well")
    walk.mistakes.extend(walk.unseen())
    for mistake in walk.mistakes:
        print(mistake, file=sys.stderr)
    print(f"{len(walk.seen)} answers of {len(document['paths'])} paths were what they should be")
    return 1 if walk.mistakes else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
