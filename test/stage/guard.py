#!/usr/bin/env python3
"""A hostile page, a hostile neighbour and a broken client: each is refused, and the server goes on.

  guard.py DOUBLETIME
"""

import json
import random
import sys
import time

from peer import Refused, Score, Server, Socket, ask, raw, read_answer

SEED = 20261123


def refused(make):
    """The status with which a socket was refused; None: it was let in."""
    try:
        make().close()
    except Refused as why:
        return why.status
    except ConnectionError:
        return 0
    return None


def wrong_host(server, score):
    """DNS rebinding: the name of another site points here."""
    for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1", f"127.0.0.1:{server.port + 1}",
                 f"127.0.0.1.evil.example:{server.port}", f"127.1:{server.port}", f"0.0.0.0:{server.port}", ""):
        answer = ask(server, "GET", "/api/v1/status", host=host, cookie=server.cookie)
        score.check(f"Host {host!r}", answer.status == 403 and b"requests" not in answer.body, answer.status)
        score.check(f"page at Host {host!r}", ask(server, "GET", "/", host=host).status == 403)
    answer = ask(server, "GET", "/api/v1/status", host=None, bearer=True)
    score.check("no Host", answer.status == 400)
    answer = raw(server, f"GET / HTTP/1.1\r\nHost: {server.host}\r\nHost: {server.host}\r\n\r\n".encode())
    score.check("two Hosts", answer.status == 400)
    score.check("localhost is this machine",
                ask(server, "GET", "/api/v1/status", host=f"localhost:{server.port}", bearer=True).status == 200)
    status = refused(lambda: Socket(server, Host=f"evil.example:{server.port}",
                                    Origin=f"http://evil.example:{server.port}"))
    score.check("socket by another name", status == 403, status)


def other_origin(server, score):
    """A page of another site, in the same browser, with our cookie."""
    for origin in ("http://evil.example", "null", "https://" + server.host, f"http://127.0.0.1:{server.port + 1}",
                   "http://" + server.host + ".evil.example", "file://"):
        for method, path in (("GET", "/api/v1/takes"), ("POST", "/api/v1/session"), ("PUT", "/api/v1/settings"),
                             ("DELETE", "/api/v1/session"), ("POST", "/api/v1/pairing"), ("POST", "/api/v1/pair")):
            answer = ask(server, method, path, b"{}", cookie=server.cookie, origin=origin)
            score.check(f"{method} {path} from {origin}", answer.status == 403, answer.status)
            score.check("no CORS", not any(n.startswith("access-control") for n in answer.headers))
        status = refused(lambda: Socket(server, Origin=origin))
        score.check(f"socket from {origin}", status == 403, status)
    score.check("socket without an Origin", refused(lambda: Socket(server, Origin=None)) == 403)
    # A form: browsers send no JSON type, and an Origin; an old one might send none.
    form = ask(server, "POST", "/api/v1/session", b"chart=rock", cookie=server.cookie,
               content_type="application/x-www-form-urlencoded")
    score.check("form without an Origin", form.status == 403, form.status)
    answer = ask(server, "GET", "/api/v1/takes", cookie=server.cookie, sec_fetch_site="cross-site")
    score.check("a picture from another site", answer.status == 403, answer.status)
    answer = ask(server, "OPTIONS", "/api/v1/session", origin="http://evil.example",
                 access_control_request_method="DELETE")
    score.check("preflight", answer.status == 403 and "access-control-allow-origin" not in answer.headers)
    score.check("nothing began", ask(server, "GET", "/api/v1/session", bearer=True).json()["state"] == "idle")


def tokens(server, score):
    time.sleep(3)  # what the others were refused counts too
    score.check("no token", ask(server, "GET", "/api/v1/status").status == 401)
    score.check("no token, POST", ask(server, "POST", "/api/v1/session", b"{}").status == 401)
    good = ask(server, "GET", "/api/v1/status", bearer=True)
    score.check("a program with the token", good.status == 200, good.status)
    score.check("a page with the cookie", ask(server, "GET", "/api/v1/status", page=True).status == 200)
    near = server.token[:-1] + ("0" if server.token[-1] != "0" else "1")
    for token in (near, server.token[:-1], server.token + "0", "", "0" * 32, server.token.upper() + " "):
        answer = ask(server, "GET", "/api/v1/status", authorization="Bearer " + token)
        score.check(f"token {token!r}", answer.status == 401, answer.status)
    time.sleep(1.5)
    twice = f"{server.cookie}; {server.cookie}"
    score.check("two cookies", ask(server, "GET", "/api/v1/status", cookie=twice).status == 401)
    other = ask(server, "GET", f"/api/v1/status?token={server.token}").status
    score.check("token in another address", other == 401, other)
    began = time.monotonic()
    statuses = [ask(server, "GET", "/api/v1/status", authorization=f"Bearer {i:032x}").status for i in range(120)]
    tries = 31 + 10 * (time.monotonic() - began)
    score.check("guessing is slowed down", statuses.count(401) <= tries and 200 not in statuses,
                (statuses.count(401), tries))
    score.check("who knows is still served", ask(server, "GET", "/api/v1/status", bearer=True).status == 200)
    time.sleep(1.5)
    page = ask(server, "GET", "/?token=" + server.token)
    cookie = page.headers.get("set-cookie", "")
    score.check("the address sets the cookie", page.status == 200 and server.token in cookie
                and "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie)
    score.check("the page without the token", ask(server, "GET", "/").status == 401)


def headers(server, score):
    page = ask(server, "GET", "/", page=True)
    policy = page.headers.get("content-security-policy", "")
    score.check("policy", "default-src 'none'" in policy and "script-src 'self';" in policy
                and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy, policy)
    for answer in (page, ask(server, "GET", "/api/v1/status", bearer=True), ask(server, "GET", "/nothing"),
                   ask(server, "GET", "/api/v1/status"), raw(server, b"NONSENSE\r\n\r\n")):
        for name, value in (("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
                            ("cross-origin-resource-policy", "same-origin"), ("referrer-policy", "no-referrer")):
            score.check(f"{name} on {answer.status}", answer.headers.get(name) == value)
        score.check("a policy on every answer", "default-src 'none'" in answer.headers["content-security-policy"])
    private = ask(server, "GET", "/api/v1/status", bearer=True)
    score.check("answers are not stored", private.headers["cache-control"] == "no-store")
    tag = page.headers.get("etag")
    again = ask(server, "GET", "/", page=True, if_none_match=tag)
    score.check("not modified", again.status == 304 and again.body == b"", again.status)
    head = ask(server, "HEAD", "/", page=True)
    score.check("HEAD", head.status == 200 and head.headers["content-length"] == page.headers["content-length"])


def traversal(server, score):
    for path in ("/../etc/passwd", "/..", "/%2e%2e/etc/passwd", "/..%2fetc/passwd", "/assets/../../etc/passwd",
                 "/assets/%2e%2e/%2e%2e/etc/passwd", "/%5c..%5cetc", "/..\\..\\etc", "//etc/passwd", "/./x", "/a//b",
                 "/%00", "/a%00b", "/%", "/%2", "/%zz", "/%c0%ae%c0%ae/", "/%ff", "/a%0d%0ab", "/api/v1/takes/../../x",
                 "/api/v1/charts/..%2f..%2fetc%2fpasswd", "/api/v1/charts/%2e%2e", "http://evil.example/", "*", "x"):
        answer = raw(server, f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\n"
                             f"Authorization: {server.bearer}\r\n\r\n".encode())
        score.check(f"path {path}", answer.status in (400, 404) and b"root:" not in answer.body, answer.status)
    for chart in ("/etc/passwd", "../../etc/passwd", "-", "./rock", "a/b", "\u0000", "x" * 300):
        answer = ask(server, "POST", "/api/v1/session", {"chart": chart, "drummer": "scatter=7ms"}, bearer=True)
        score.check(f"chart {chart[:20]!r}", answer.status == 422 and b"root:" not in answer.body, answer.status)


def broken_heads(server, score):
    host = f"Host: {server.host}\r\nAuthorization: {server.bearer}\r\n"
    body = '{"key":"go"}'
    post = f"POST /api/v1/session/key HTTP/1.1\r\n{host}"
    inner = f"GET /api/v1/status HTTP/1.1\r\n{host}\r\n"
    cases = {
        "chunked": (post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner, (501,)),
        "both lengths": (post + f"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}", (501,)),
        "two lengths": (post + f"Content-Length: 12\r\nContent-Length: 13\r\n\r\n{body}", (400,)),
        "the same length twice": (post + f"Content-Length: 12\r\nContent-Length: 12\r\n\r\n{body}", (400,)),
        "a list of lengths": (post + f"Content-Length: 12, 12\r\n\r\n{body}", (400,)),
        "a signed length": (post + f"Content-Length: +12\r\n\r\n{body}", (400,)),
        "a negative length": (post + f"Content-Length: -1\r\n\r\n{body}", (400,)),
        "a length in hexadecimal": (post + f"Content-Length: 0xC\r\n\r\n{body}", (400,)),
        "an endless length": (post + "Content-Length: 99999999999999999999\r\n\r\n", (400,)),
        "an empty length": (post + f"Content-Length:\r\n\r\n{body}", (400,)),
        "a space before the colon": (post + f"Content-Length : 12\r\n\r\n{body}", (400,)),
        "a folded line": (post + f"X: a\r\n b\r\nContent-Length: 12\r\n\r\n{body}", (400,)),
        "bare line feeds": (post.replace("\r\n", "\n") + "\n", (400,)),
        "a bare carriage return": (post + "X: a\rb\r\n\r\n", (400,)),
        "a NUL": (post + "X: a\0b\r\n\r\n", (400,)),
        "no version": (f"GET /\r\n{host}\r\n", (400,)),
        "version 2": (f"GET / HTTP/2.0\r\n{host}\r\n", (505,)),
        "the preface of HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 505)),
        "two spaces": (f"GET  / HTTP/1.1\r\n{host}\r\n", (400,)),
        "a tab": (f"GET\t/ HTTP/1.1\r\n{host}\r\n", (400,)),
        "no name": (f"GET / HTTP/1.1\r\n{host}: x\r\n\r\n", (400,)),
        "no colon": (f"GET / HTTP/1.1\r\n{host}nonsense\r\n\r\n", (400,)),
        "a long head": (f"GET / HTTP/1.1\r\n{host}X: {'a' * 9000}\r\n\r\n", (431,)),
        "many lines": (f"GET / HTTP/1.1\r\n{host}" + "X: a\r\n" * 100 + "\r\n", (431,)),
        "a long path": (f"GET /{'a' * 1000} HTTP/1.1\r\n{host}\r\n", (414,)),
        "a long query": (f"GET /?{'a' * 3000} HTTP/1.1\r\n{host}\r\n", (414,)),
        "CONNECT": (f"CONNECT {server.host} HTTP/1.1\r\n{host}\r\n", (400,)),
        "TRACE": (f"TRACE /api/v1/status HTTP/1.1\r\n{host}\r\n", (404, 405)),
        "another upgrade": (f"GET /api/v1/live HTTP/1.1\r\n{host}Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n", (426,)),
        "an unknown expectation": (post + f"Expect: 200-maybe\r\nContent-Length: 12\r\n\r\n{body}", (400,)),
    }
    for name, (text, wanted) in cases.items():
        with server.connect() as connection:
            connection.sendall(text.encode())
            answer = read_answer(connection)
            score.check(name, answer is not None and answer.status in wanted, answer and answer.status)
            second = read_answer(connection) if answer and answer.headers["connection"] == "close" else None
            score.check(f"{name}: one answer", second is None)
    too_large = ask(server, "POST", "/api/v1/session", b"", bearer=True, content_length=str(5 << 20))
    score.check("a body too large", too_large.status == 413, too_large.status)
    for body in (b"", b"[]", b"{", b'{"chart":"rock","chart":"funk"}', b'{"chart":5}', b"\xff", b"[" * 100000,
                 b'{"chart":"rock","unknown":1}', b'{"chart":"rock","from_bpm":1e999}', b'{"chart":"rock","plan":true}'):
        answer = ask(server, "POST", "/api/v1/session", body, bearer=True)
        score.check(f"body {body[:30]!r}", answer.status == 422, answer.status)


def keep_alive(server, score):
    one = f"GET /api/v1/status HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: {server.bearer}\r\n\r\n".encode()
    with server.connect() as connection:
        for _ in range(3):
            connection.sendall(one)
            score.check("one after the other", read_answer(connection).status == 200)
        connection.sendall(one[:40])
        time.sleep(0.1)
        connection.sendall(one[40:])
        score.check("in two parts", read_answer(connection).status == 200)
        body = b'{"key":"go"}'
        post = (f"POST /api/v1/session/key HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: {server.bearer}\r\n"
                f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        connection.sendall(post)
        score.check("100 Continue", connection.recv(100).startswith(b"HTTP/1.1 100"))
        connection.sendall(body)
        score.check("after it", read_answer(connection).status == 200)


def slow(server, score):
    """Slow-loris: many connections that send a sign now and then. Others are served meanwhile."""
    began = time.monotonic()
    loris = [server.connect() for _ in range(120)]
    for connection in loris:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
    body = server.connect()
    body.sendall(f"POST /api/v1/session/key HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: {server.bearer}\r\n"
                 "Content-Length: 1000\r\n\r\n{".encode())
    alive = loris
    while alive and time.monotonic() - began < 12:
        time.sleep(0.5)
        remaining = []
        for connection in alive:
            try:
                connection.sendall(b"x")
                remaining.append(connection)
            except ConnectionError:
                connection.close()
        alive = remaining
        score.check("served meanwhile", ask(server, "GET", "/api/v1/status", bearer=True).status == 200)
    score.check("slow heads are cut off", not alive, len(alive))
    body.settimeout(8)
    try:
        score.check("a slow body is cut off", body.recv(100) == b"")
    except (ConnectionError, TimeoutError) as why:
        score.check("a slow body is cut off", isinstance(why, ConnectionError), why)
    body.close()


def broken_frames(server, score):
    def says(what, send, wanted):
        page = Socket(server)
        try:
            send(page)
            while page.read() is not None:
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            score.check(what, False, "still open")
            return
        score.check(what, page.closed in wanted, page.closed)
        page.close()

    says("no JSON", lambda p: p.send_frame(b"hello"), (1007,))
    says("another version", lambda p: p.send_frame(b'{"v":2,"type":"ping","t_ms":1}'), (1007,))
    says("an unknown type", lambda p: p.say(type="format"), (1007,))
    says("a field too many", lambda p: p.say(type="ping", t_ms=1, x=1), (1007,))
    says("a field too few", lambda p: p.say(type="ping"), (1007,))
    says("another kind", lambda p: p.say(type="ping", t_ms="1"), (1007,))
    says("a key that is none", lambda p: p.say(type="press", key="format"), (1007,))
    says("the same field twice", lambda p: p.send_frame(b'{"v":1,"type":"ping","t_ms":1,"t_ms":2}'), (1007,))
    says("deep brackets", lambda p: p.send_frame(b"[" * 4000), (1007,))
    says("resumed twice", lambda p: p.say(type="resume", epoch="", after=0), (1008,))
    says("binary", lambda p: p.send_frame(b"\0\1", opcode=2), (1003,))
    says("too large", lambda p: p.send_frame(b'"' + b"a" * 5000 + b'"'), (1009,))
    says("too large in parts", lambda p: [p.send_frame(b"a" * 1000, opcode=1 if i == 0 else 0, is_final=False)
                                          for i in range(6)], (1009,))
    says("no UTF-8", lambda p: p.send_frame(b'"\xff\xfe"'), (1007, None))
    says("an endless frame", lambda p: p.send_frame(b"x" * 5000, length=1 << 62), (1009, 1002, None))
    says("a flood", lambda p: [p.say(type="ping", t_ms=i) for i in range(400)], (1008, None))
    says("a reserved opcode", lambda p: p.send_frame(b"x", opcode=3), (1002, None))
    says("a long ping", lambda p: p.send_frame(b"x" * 126, opcode=9), (1002, None))
    silent = Socket(server, resume=None)
    silent.connection.settimeout(15)
    score.check("a page that says nothing", silent.read() is None and silent.closed == 1008, silent.closed)
    for name, headers in {"version": {"Sec_WebSocket_Version": "8"}, "protocol": {"Sec_WebSocket_Protocol": "chat"},
                          "no protocol": {"Sec_WebSocket_Protocol": None}, "key": {"Sec_WebSocket_Key": "x"},
                          "no token": {"Cookie": None}}.items():
        status = refused(lambda: Socket(server, **headers))
        score.check(f"socket: {name}", status in (400, 401, 426), status)


def noise(server, score):
    """Requests and frames with bytes changed, cut and doubled; whatever it answers, it goes on."""
    print(f"seed {SEED}")
    dice = random.Random(SEED)
    whole = (f"POST /api/v1/session/key HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: {server.bearer}\r\n"
             'Content-Length: 12\r\n\r\n{"key":"go"}').encode()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(data))
            act = dice.randrange(4)
            if act == 0:
                data[at] = dice.randrange(256)
            elif act == 1:
                del data[at : at + dice.randrange(1, 20)]
            elif act == 2:
                data[at:at] = data[at : at + dice.randrange(1, 30)]
            else:
                data[at:at] = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 9)))
            data = data or bytearray(b"x")
        with server.connect() as connection:
            connection.sendall(data)
            connection.shutdown(1)
            read_answer(connection)
    for _ in range(60):
        page = Socket(server)
        frame = bytearray(json.dumps({"v": 1, "type": "press", "key": "go"}).encode())
        frame[dice.randrange(len(frame))] = dice.randrange(256)
        try:
            if dice.randrange(2):
                page.send_frame(bytes(frame))
            else:
                page.connection.sendall(bytes(dice.randrange(256) for _ in range(dice.randrange(1, 40))))
        except ConnectionError:
            pass
        page.close()
    score.check("alive after noise", ask(server, "GET", "/api/v1/status", bearer=True).status == 200)


def pairing(program, score):
    """A tablet: by the code, once; five wrong ones, and there is none."""
    with Server(program, listen="0.0.0.0") as server:
        wrong = "000000" if server.code != "000000" else "111111"
        score.check("a wrong code", ask(server, "POST", "/api/v1/pair", {"code": wrong}).status == 403)
        answer = ask(server, "POST", "/api/v1/pair", {"code": server.code})
        cookie = answer.headers.get("set-cookie", "").split(";")[0]
        score.check("the code", answer.status == 200 and cookie.startswith("doubletime_"), answer.status)
        score.check("once", ask(server, "POST", "/api/v1/pair", {"code": server.code}).status == 403)
        device = {"cookie": cookie, "origin": server.origin}
        score.check("may look", ask(server, "GET", "/api/v1/status", **device).status == 200)
        status = ask(server, "GET", "/api/v1/status", **device).json()
        score.check("is not the first page", status["is_first_page"] is False)
        for method, path in (("POST", "/api/v1/pairing"), ("PUT", "/api/v1/settings"), ("PUT", "/api/v1/plan"),
                             ("DELETE", "/api/v1/charts/x"), ("POST", "/api/v1/uploads")):
            answer = ask(server, method, path, b"{}", **device)
            score.check(f"may not {method} {path}", answer.status == 403, answer.status)
        score.check("may press", ask(server, "POST", "/api/v1/session/key", {"key": "go"}, **device).status == 200)
        shown = ask(server, "POST", "/api/v1/pairing", b"", page=True)
        score.check("a new code", shown.status == 200 and len(shown.json()["code"]) == 6, shown.status)
        code = shown.json()["code"]
        wrong = "000000" if code != "000000" else "111111"
        for _ in range(5):
            score.check("guessed", ask(server, "POST", "/api/v1/pair", {"code": wrong}).status == 403)
        score.check("gone", ask(server, "POST", "/api/v1/pair", {"code": code}).status == 403)
        score.check("none for a minute", ask(server, "POST", "/api/v1/pairing", b"", page=True).status == 429)
        score.check("a stranger's page", ask(server, "GET", "/").status == 401)
        score.check("the door", ask(server, "GET", "/pair").status == 200)


def main():
    program = sys.argv[1]
    score = Score()
    with Server(program) as server:
        score.check("no pairing on the loopback", ask(server, "GET", "/pair").status == 404)
        for part in (wrong_host, other_origin, headers, traversal, broken_heads, keep_alive, broken_frames, noise,
                     tokens, slow):
            began = time.monotonic()
            part(server, score)
            print(f"{part.__name__}: {time.monotonic() - began:.1f} s", flush=True)
        counters = ask(server, "GET", "/api/v1/status", bearer=True).json()["counters"]
        score.check("nobody is left", counters["connections"] <= 2, counters)
        print(counters)
    pairing(program, score)
    score.end()


if __name__ == "__main__":
    main()
