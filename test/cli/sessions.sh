#!/bin/sh
# Every example session of the documentation makes the same decisions again.
# shellcheck source=test/cli/lib.sh
sessions=$(realpath "$2")
. "$(dirname "$0")/lib.sh"

count=0
for session in "$sessions"/*/; do
  run 0 replay "$session"
  says out "the same as then"
  count=$((count + 1))
done
[ "$count" -eq 8 ] || fail "$count sessions, not one for each of the 8 modes"
finish
