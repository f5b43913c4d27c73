#!/bin/sh
# judge --chart and --report: what was to be played, and the page.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 play paradiddle --as "left=+16ms scatter=5ms" --bars 32 --seed 2 -o left.mid --quiet
run 0 play funk-song --as "scatter=8ms miss=4% wrong=3% extra=3%" --bars 32 --seed 3 -o faults.mid --quiet
run 0 play rock --as "scatter=6ms" --bars 32 --seed 4 -o clean.mid --quiet

# What the chart knows: hands, notes.
run 0 judge left.mid --chart paradiddle
is_silent err
says out "Notes: 512 of 512 right."
says out "1. Your left hand is 1"
run 0 judge left.mid
says_not out "Notes:"
says_not out "left hand"
run 0 judge faults.mid --chart funk-song
tr '\n' ' ' <out >joined
grep -Eq 'Notes: [0-9]+ of [0-9]+ right, [0-9]+ missed, [0-9]+ on another drum; [0-9]+ strokes not in the chart' \
  joined || fail "the notes are not counted: $(grep Notes out)"
[ -z "$(awk 'length > 80' out)" ] || fail "a line is too long: $(awk 'length > 80' out)"
run 0 judge clean.mid --chart rock
says_not out "Practise:"

# A chart of one's own, and the same chart by way of MusicXML.
"$program" charts paradiddle --export own.txt --quiet || fail "no export"
"$program" charts paradiddle --export own.musicxml --quiet || fail "no export"
run 0 judge left.mid --chart own.txt --json own.json --quiet
run 0 judge left.mid --chart own.musicxml --json xml.json --quiet
grep -v '"name"\|"title"' own.json >a
grep -v '"name"\|"title"' xml.json >b
cmp -s a b || fail "MusicXML is judged otherwise than text"
grep -q '"hit_count": 512' own.json || fail "no chart in the JSON"
grep -q '"practise": \[' own.json || fail "no study in the JSON"

# Charts that are none.
run 1 judge left.mid --chart nosuchchart
is_one_line err
says err "There is no such chart"
printf 'tempo: fast\n' >bad.txt
run 1 judge left.mid --chart bad.txt
is_one_line err
says err "bad.txt: Line 1, column 8:"

# The page.
run 0 judge left.mid --chart paradiddle --report page.html
says out "Your left hand"
grep -q '^<!DOCTYPE html>' page.html || fail "no page"
grep -q 'Your left hand' page.html || fail "the page says nothing of the left hand"
run 0 judge left.mid --chart paradiddle --report - --quiet
cmp -s out page.html || fail "a second run makes another page"
run 1 judge left.mid --report no/such/folder.html
is_one_line err

# Kept with its chart and its mistakes.
run 0 judge faults.mid --chart funk-song --save --db takes.db --quiet
run 0 history --db takes.db
says out "funk-song"
run 0 export --db takes.db
grep -q '"missed": *[1-9]\|"missed_count": *[1-9]' out || fail "missed notes are not kept"
finish
