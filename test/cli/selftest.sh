#!/bin/sh
# selftest: the instrument measures itself and is true.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 selftest --json self.json
says out "THE INSTRUMENT IS TRUE"
says out "bias, ms"
is_silent err
grep -q '"schema": "doubletime.selftest/1"' self.json || fail "no schema in the JSON"
grep -q '"good": false' self.json && fail "something is not good, but the status is 0"
# Again, with a terminal as standard error: the same figures, and a percentage while it works.
if has_terminal; then
  script -qec "$program selftest --json again.json >text" /dev/null </dev/null >terminal
  grep -qF ' %' terminal || fail "no progress on a terminal"
  [ -s text ] || fail "no text on standard output"
else
  run 0 selftest --json again.json
fi
cmp -s again.json self.json || fail "a second run gives other figures"
finish
