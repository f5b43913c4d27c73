"""A server under test, raw requests, and a WebSocket of a few lines (RFC 6455); standard library only."""

import base64
import json
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time

SUBPROTOCOL = "doubletime.v1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`doubletime serve` with a home of its own."""

    def __init__(self, program, *arguments, listen=None):
        self.home = tempfile.TemporaryDirectory()
        self.port = free_port()
        environment = dict(os.environ, HOME=self.home.name, XDG_DATA_HOME="", DISPLAY="", WAYLAND_DISPLAY="")
        more = ["--listen", listen] if listen else []
        self.process = subprocess.Popen(
            [program, "serve", "--no-open", "--port", str(self.port), *more, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
        )
        self.said = self.process.stdout.readline()
        found = re.search(r"token=([0-9a-f]{32})", self.said)
        if not found:
            raise SystemExit(f"no address: {self.said}{self.process.stdout.read()}")
        self.token = found.group(1)
        self.code = None
        if listen:
            line = self.process.stdout.readline()
            self.code = re.search(r"code (\d{6})", line).group(1)
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http://{self.host}"
        self.cookie = f"doubletime_{self.port}={self.token}"
        self.bearer = f"Bearer {self.token}"

    def connect(self, address="127.0.0.1"):
        return socket.create_connection((address, self.port), timeout=8)

    def end(self):
        """Ctrl-C; the exit status and what was said meanwhile."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=60)
        self.home.cleanup()
        return self.process.returncode, said

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if self.process.poll() is None:
            status, said = self.end()
            if kind is None and status != 0:
                raise SystemExit(f"the server ended with {status}: {said}")
        elif kind is None:
            raise SystemExit(f"the server is gone: {self.process.stdout.read()}")


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


def read_answer(connection, method="GET", rest=b""):
    """One answer; None: the connection was closed without one."""
    data = rest
    while b"\r\n\r\n" not in data:
        try:
            more = connection.recv(65536)
        except OSError:
            more = b""
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    status = int(lines[0].split(" ")[1])
    length = int(headers.get("content-length", 0))
    while len(body) < length and method != "HEAD" and status != 304:
        try:
            more = connection.recv(65536)
        except ConnectionError:
            more = b""
        if not more:
            break
        body += more
    return Answer(status, headers, body)


def raw(server, data, address="127.0.0.1"):
    """Bytes as they are, and what comes back."""
    with server.connect(address) as connection:
        try:
            connection.sendall(data)
        except ConnectionError:
            pass
        return read_answer(connection)


def ask(server, method, path, body=b"", address="127.0.0.1", **headers):
    """A well-formed request. Headers in words: host=, origin=, cookie=, bearer=True, and others."""
    known = {"host": server.host if address == "127.0.0.1" else f"{address}:{server.port}"}
    if headers.pop("bearer", False):
        known["authorization"] = server.bearer
    if headers.pop("page", False):
        known["cookie"] = server.cookie
        known["origin"] = server.origin
    known.update({name.replace("_", "-"): value for name, value in headers.items()})
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    if body or method in ("POST", "PUT"):
        known.setdefault("content-length", str(len(body)))
    lines = [f"{method} {path} HTTP/1.1", *(f"{n}: {v}" for n, v in known.items() if v is not None), "connection: close"]
    with server.connect(address) as connection:
        try:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        except ConnectionError:
            pass
        return read_answer(connection, method)


class Refused(Exception):
    def __init__(self, status):
        super().__init__(f"refused: {status}")
        self.status = status


class Socket:
    """The page's side of /api/v1/live."""

    def __init__(self, server, resume=("", 0), receive_buffer=None, address="127.0.0.1", **headers):
        self.connection = socket.socket()
        if receive_buffer:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.connection.settimeout(20)
        self.connection.connect((address, server.port))
        self.data = b""
        known = {
            "Host": f"{address}:{server.port}",
            "Origin": f"http://{address}:{server.port}",
            "Cookie": server.cookie,
            "Upgrade": "websocket",
            "Connection": "keep-alive, Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Protocol": SUBPROTOCOL,
        }
        known.update({name.replace("_", "-"): value for name, value in headers.items()})
        head = ["GET /api/v1/live HTTP/1.1", *(f"{n}: {v}" for n, v in known.items() if v is not None)]
        self.connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.data:
            more = self.connection.recv(4096)
            if not more:
                raise Refused(0)
            self.data += more
        head, _, self.data = self.data.partition(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        if status != 101:
            self.connection.close()
            raise Refused(status)
        self.closed = None
        self.hello = self.read()
        if resume is not None:
            self.say(type="resume", epoch=resume[0], after=resume[1])

    def send_frame(self, payload, opcode=1, is_final=True, is_masked=True, length=None):
        size = len(payload) if length is None else length
        frame = bytes([(0x80 if is_final else 0) | opcode])
        mark = 0x80 if is_masked else 0
        if size < 126:
            frame += bytes([mark | size])
        elif size < 65536:
            frame += bytes([mark | 126]) + struct.pack(">H", size)
        else:
            frame += bytes([mark | 127]) + struct.pack(">Q", size)
        mask = os.urandom(4) if is_masked else b""
        if is_masked:
            payload = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.connection.sendall(frame + mask + payload)

    def say(self, **message):
        self.send_frame(json.dumps({"v": 1, **message}).encode())

    def need(self, count):
        while len(self.data) < count:
            try:
                more = self.connection.recv(65536)
            except ConnectionError:
                more = b""
            if not more:
                return False
            self.data += more
        return True

    def read_frame(self):
        """(opcode, payload); None at the end."""
        if not self.need(2):
            return None
        opcode, size = self.data[0] & 15, self.data[1] & 127
        at = 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            if not self.need(2 + wide):
                return None
            size = int.from_bytes(self.data[2 : 2 + wide], "big")
            at = 2 + wide
        if not self.need(at + size):
            return None
        payload, self.data = self.data[at : at + size], self.data[at + size :]
        return opcode, payload

    def read(self):
        """The next message; None when the server has closed, whose reason is in closed."""
        while True:
            frame = self.read_frame()
            if frame is None:
                return None
            opcode, payload = frame
            if opcode == 9:
                self.send_frame(payload, opcode=10)
            elif opcode == 8:
                self.closed = int.from_bytes(payload[:2], "big") if payload else 1005
                return None
            elif opcode == 1:
                return json.loads(payload)

    def until(self, kind, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            message = self.read()
            if message is None or message["type"] == kind:
                return message
        return None

    def close(self):
        self.connection.close()


class Score:
    """Counts what was expected and what was not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, what, is_good, about=""):
        if is_good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what} {about}", flush=True)

    def end(self):
        print(f"[  PASSED  ] {self.passed} test(s).")
        if self.failed:
            print(f"[  FAILED  ] {self.failed} test(s).")
        raise SystemExit(1 if self.failed else 0)
