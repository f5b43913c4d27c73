#!/bin/sh
# What the player sees of the devices.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# A server that nobody runs, and a configuration without cards of its own.
JACK_DEFAULT_SERVER=doubletime-nobody-runs-this
JACK_NO_START_SERVER=1
export JACK_DEFAULT_SERVER JACK_NO_START_SERVER

run 0 devices
is_silent err
says out "what it is"
for device in jack alsa null file; do
  grep -q "^$device" out || fail "no $device in the list"
done
grep -q '^jack  *No JACK server is running$' out || grep -q '^jack  *Not built in$' out ||
  fail "the server that is not there is not told: $(grep '^jack' out)"
grep -q '^null  *64  64    1    1   4000-768000  No device' out || fail "the null device: $(grep '^null' out)"

run 0 devices --json list.json
says out "what it is"
run 0 devices --json list.json --quiet
is_silent out
run 0 devices --json -
python3 - out <<'PY' || fail "the JSON is not as promised"
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    told = json.load(file)
assert told["schema"] == "doubletime.devices/1"
by_name = {device["device"]: device for device in told["devices"]}
null = by_name["null"]
assert null["is_usable"] is True and null["note"] is None
assert null["in_channels"] == 64 and null["rate_high_hz"] == 768000
jack = by_name["jack"]
assert jack["is_usable"] is False and jack["in_channels"] is None
assert jack["note"] in ("No JACK server is running", "Not built in")
assert {device["backend"] for device in told["devices"]} == {"jack", "alsa", "null", "file"}
PY

run 2 devices hw:0
says err "options only"
run 0 help devices
says out "List the devices for sound and MIDI"
"$program" --man | grep -q 'doubletime devices' || fail "not in the manual page"
"$program" --completions bash | grep -q 'devices' || fail "not in the completions"
finish
