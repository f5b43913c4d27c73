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
run 0 selftest --json -
cmp -s out self.json || fail "a second run gives other figures"
finish
