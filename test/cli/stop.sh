#!/bin/sh
# Ctrl-C in the middle of the work: one line, exit status 130, nothing half done.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# stopped SIGNAL STATUS ARGUMENT...: starts the work, waits until it is under way ($awaited exists, where
# that is set), sends the signal.
# The shell gives background jobs a deaf ear for SIGINT, so python sends it to a child of its own.
stopped() {
  signal=$1
  wanted=$2
  shift 2
  python3 - "$signal" "$program" "$@" >out 2>err <<'END'
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE)
time.sleep(1)
for _ in range(600):
    if os.path.exists(os.environ.get("awaited") or "."):
        break
    time.sleep(0.1)
child.send_signal(getattr(signal, sys.argv[1]))
sys.exit(child.wait(60))
END
  got=$?
  what="$signal in doubletime $*"
  [ "$got" -eq "$wanted" ] || fail "$what: exit status $got, not $wanted"
  is_silent out
  is_one_line err
  says err "stopped"
}

echo "the old take" >long.wav
stopped SIGINT 130 play rock --bars 5000 -o long.wav
[ "$(cat long.wav)" = "the old take" ] || fail "the old file was lost"
stopped SIGTERM 143 play rock --bars 5000 -o other.flac
[ ! -e other.flac ] || fail "a half rendered file is left"
run 0 play rock --bars 400 -o listen.wav --quiet
stopped SIGINT 130 judge - --json v.json
stopped SIGINT 130 selftest --json s.json

# An archive of a short file and one of hours (silence takes no room on a disk): what is finished
# stays, and of the other there is nothing.
mkdir archive
run 0 play rock --bars 1 -o archive/a.wav --quiet
python3 - <<'END'
import struct
frames = 48000 * 3600 * 10
with open("archive/b.wav", "wb") as file:
    file.write(b"RIFF" + struct.pack("<I", 36 + frames) + b"WAVEfmt ")
    file.write(struct.pack("<IHHIIHH", 16, 1, 1, 48000, 48000, 1, 8) + b"data" + struct.pack("<I", frames))
    file.truncate(44 + frames)
END
for threads in 1 2; do
  awaited=heard$threads/a.csv
  export awaited
  stopped SIGINT 130 listen archive --threads $threads -o heard$threads
  says err "stopped; 1 of 2 files are written, nothing unfinished was kept"
  [ "$(ls heard$threads)" = a.csv ] || fail "outputs after Ctrl-C: $(ls heard$threads)"
done
stopped SIGTERM 143 listen archive/b.wav -o b.csv
[ ! -e b.csv ] || fail "strokes of half a file are left"
[ -z "$(find . -name '*.part*' -o -name '*.json')" ] || fail "unfinished files: $(ls)"
finish
