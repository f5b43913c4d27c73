#!/usr/bin/env python3
"""Makes C of the built page, so that the program needs no other file.

  embed_page.py DIST C_FILE DEPFILE

Texts are stored compressed (gzip, no time in it: same files, same bytes). Without DIST the table is
empty, and the server says so in a page of its own. The page that the tests of the server use is a
DIST like any other.
"""

import gzip
import hashlib
import os
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".wav": "audio/wav",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
}
STORED_AS_THEY_ARE = {".png", ".woff2", ".woff"}


def files_of(dist):
    for folder, folders, names in os.walk(dist):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            suffix = os.path.splitext(name)[1]
            if suffix in TYPES:
                yield path, "/" + os.path.relpath(path, dist).replace(os.sep, "/"), suffix
            elif suffix != ".map":
                sys.exit(f"{path}: no type is known for {suffix}; add it to scripts/embed_page.py")


def array(name, data):
    lines = [f"static const unsigned char {name}[] = {{"]
    for at in range(0, len(data), 32):
        lines.append(",".join(map(str, data[at : at + 32])) + ",")
    return lines + ["};"]


def main():
    dist, c_file, depfile = sys.argv[1:]
    lines = ["/* Made by scripts/embed_page.py. Do not edit. */", '#include "page.h"', ""]
    rows = []
    parent = os.path.dirname(dist.rstrip("/"))
    depends = [parent if os.path.isdir(parent) else os.path.dirname(parent)]
    if os.path.isdir(dist):
        depends += [folder for folder, _, _ in os.walk(dist)]
    for number, (path, url, suffix) in enumerate(files_of(dist)):
        with open(path, "rb") as file:
            data = file.read()
        depends.append(path)
        packed = data if suffix in STORED_AS_THEY_ARE else gzip.compress(data, 9, mtime=0)
        lines += array(f"bytes_{number}", packed or b"\0")
        is_packed = "false" if suffix in STORED_AS_THEY_ARE else "true"
        # Names with a hash in them (Vite's assets) never change what they hold.
        is_fixed = "true" if url.startswith("/assets/") else "false"
        tag = hashlib.sha256(data).hexdigest()[:16]
        rows.append(
            f'    {{"{url}", "{TYPES[suffix]}", "\\"{tag}\\"", bytes_{number}, {len(packed)}, '
            f"{is_packed}, {is_fixed}}},"
        )
    lines += ["", "const dt__page_file dt__page_files[] = {"]
    lines += rows + ['    {0, 0, 0, 0, 0, false, false},', "};", ""]
    with open(c_file, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    with open(depfile, "w", encoding="utf-8") as file:
        names = [name.replace(" ", "\\ ") for name in depends]
        file.write(f"{c_file}: " + " ".join(names) + "\n")


if __name__ == "__main__":
    main()
