"""A picture of a page, taken with Chromium over its debugging pipe (null-ended JSON on descriptors 3 and
4). Standard library only; nothing is installed, and no browser is left behind."""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
         "--window-size=1280,860")


def find_browser():
    """The path of a Chromium, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Refused(OSError):
    """The browser would not do it."""


class Browser:
    """Ends with its `with`; every wait has an end."""

    def __init__(self, program, deadline):
        self.deadline = deadline
        self.number = 0
        self.data = b""
        self.session = None
        self.folder = tempfile.TemporaryDirectory(prefix="doubletime-chromium-", ignore_cleanup_errors=True)
        to_browser, self.to = os.pipe()
        self.answers, from_browser = os.pipe()

        def take_pipes():
            # By way of high numbers, as one of them may already be 3 or 4.
            high = [os.dup2(fd, 100 + i, inheritable=True) for i, fd in enumerate((to_browser, from_browser))]
            os.dup2(high[0], 3, inheritable=True)
            os.dup2(high[1], 4, inheritable=True)

        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.folder.name}", "about:blank"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, start_new_session=True,
            preexec_fn=take_pipes)
        os.close(to_browser)
        os.close(from_browser)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its own group: the browser and its helpers
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.to)
        os.close(self.answers)
        self.folder.cleanup()

    def read(self):
        """The next message; TimeoutError after the deadline, EOFError when the browser is gone."""
        while b"\0" not in self.data:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.answers, 1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self.data += more
        text, _, self.data = self.data.partition(b"\0")
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Refused(answer["error"]["message"])
                return answer["result"]

    def open(self, address):
        target = self.ask("Target.createTarget", url=address)["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def is_true(self, script):
        """Whether the page says so; not yet, while it is being opened and there is nobody to ask."""
        try:
            return self.ask("Runtime.evaluate", expression=f"!!({script})")["result"].get("value") is True
        except Refused:
            return False

    def picture(self, path):
        shot = self.ask("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot))


def take_picture(program, address, ready, path, seconds=60):
    """Opens the address, waits until the script `ready` is true (half of the seconds, at most) and writes the
    picture. None, or a sentence about what went wrong."""
    began = time.monotonic()
    try:
        with Browser(program, began + seconds) as browser:
            browser.open(address)
            while not browser.is_true(ready) and time.monotonic() - began < seconds / 2:
                time.sleep(0.2)
            browser.picture(path)
    except (OSError, EOFError) as error:
        return f"{os.path.basename(program)} took no picture: {error}"
    return None
