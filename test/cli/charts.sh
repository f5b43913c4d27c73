#!/bin/sh
# Charts are listed, found, drawn, and converted without loss.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 charts
says out "Rudiments"
says out "pataflafla"
says out "159 charts"
run 0 charts --quiet
[ "$(wc -l <out)" -eq 159 ] || fail "charts --quiet lists $(wc -l <out) names"
run 0 charts "JAZZ waltz"
says out "jazz-waltz"
run 0 charts --list shuffle
says out "texas-shuffle"
run 0 charts --list shuffle --json list.json
says list.json '"name": "flat-tire"'
run 1 charts rokc
says err "did you mean rock?"
is_one_line err

run 0 charts rock
says out "snare     |--X---X-|"
for name in soul-song double-ratamacue metal-song; do
  run 0 charts "$name"
  cp out drawn
  run 0 charts "$name" --export a.txt
  for ending in .txt .musicxml .mid; do
    run 0 charts a.txt --export "b$ending"
    run 0 charts "b$ending" --export -
    cp out "c$ending"
  done
  cmp a.txt c.txt || fail "$name came back another from text"
  run 0 charts a.txt
  cmp out drawn || fail "$name is drawn in another way from text"
  run 0 charts c.musicxml
  says out "$(tail -n 1 drawn)"
  run 0 charts c.mid
  says out "$(tail -n 1 drawn)"
done

printf 'step: 1/4\nsnare |x-x|\n' >short.txt
run 1 charts short.txt
says err "short.txt: Line 2, column 11: Bar 1 of snare ends after step 3"
is_one_line err
is_silent out
run 1 charts no/such/file.txt
is_one_line err
run 2 charts rock --export rock.pdf
says err "must end in .txt, .mid or .musicxml"
run 2 charts shuffle --list --export a.txt
says err "takes one chart"
run 2 charts a.txt --export a.txt
is_one_line err

finish
