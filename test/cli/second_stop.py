#!/usr/bin/env python3
"""The second Ctrl-C ends practice at once, and the shell gets its terminal back whole.

  second_stop.py DOUBLETIME
"""
import os
import pty
import select
import signal
import sys
import tempfile
import termios
import time


def read_until(fd, words, limit_s=30):
    """What the program writes, until `words` are in it or it has ended."""
    said, end = b"", time.monotonic() + limit_s
    while words not in said and time.monotonic() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                said += os.read(fd, 65536)
            except OSError:
                break
    return said


def main():
    with tempfile.TemporaryDirectory() as folder:
        child, fd = pty.fork()
        if child == 0:
            os.environ.update(XDG_DATA_HOME=folder, TERM="xterm")
            os.execv(sys.argv[1], [sys.argv[1], "practice", "paradiddle", "--drummer", "player", "--no-rest"])
        own = os.dup(fd)  # the settings outlive the child
        read_until(fd, b"\033[?1049h")
        time.sleep(0.5)
        os.kill(child, signal.SIGINT)
        time.sleep(0.005)
        try:
            os.kill(child, signal.SIGINT)
        except ProcessLookupError:
            pass  # it had ended by itself: as good
        said = read_until(fd, b"\033[?1049l")
        time.sleep(0.3)
        _, status = os.waitpid(child, 0)
        local = termios.tcgetattr(own)[3]
    if b"\033[?25h" not in said or not local & termios.ICANON or not local & termios.ECHO:
        sys.exit(f"the terminal is not whole after the second Ctrl-C (status {status})")


main()
