#!/usr/bin/env python3
"""Ends a test run with "N passed, N failed[, N skipped]", counted from Meson's testlog.json.

A program that prints cmocka's summary counts as the tests it ran; any other as one. A program that
failed without saying which of its tests did (a crash, a time-out) adds one failure. Exits 1 when a
test failed or none ran.
"""

import json
import re
import sys

SUMMARY = re.compile(r"^\[\s*(PASSED|FAILED|SKIPPED)\s*\]\s*(?:TESTS:\s*)?(\d+) test", re.MULTILINE)


def count(result):
    """(passed, failed, skipped) of one program."""
    said = result.get("stdout", "") + "\n" + result.get("stderr", "")
    found = {"PASSED": 0, "FAILED": 0, "SKIPPED": 0}
    for word, number in SUMMARY.findall(said):
        found[word] += int(number)
    verdict = result["result"]
    good = verdict in ("OK", "EXPECTEDFAIL")
    if not any(found.values()):
        return (int(good), int(not good and verdict != "SKIP"), int(verdict == "SKIP"))
    if not good and verdict != "SKIP" and found["FAILED"] == 0:
        found["FAILED"] = 1
    return (found["PASSED"], found["FAILED"], found["SKIPPED"])


def main():
    passed = failed = skipped = 0
    try:
        with open(sys.argv[1], encoding="utf-8") as log:
            for line in log:
                p, f, s = count(json.loads(line))
                passed, failed, skipped = passed + p, failed + f, skipped + s
    except OSError:
        pass
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


sys.exit(main())
