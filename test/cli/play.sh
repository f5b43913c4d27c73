#!/bin/sh
# play: the same seed, the same take; the list; the truth.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 play --list
says out "rock "
says out " bpm"
run 0 play --list --quiet
cp out grooves
grep -q '[^a-z0-9-]' out && fail "--list --quiet is not plain names"
while read -r groove; do
  run 0 play "$groove" --bars 2 -o "$groove.mid" --quiet
  is_silent out
  is_silent err
done <grooves

run 0 play rock --seed 5 -o a.mid
is_one_line err
says err "8 bars of rock at 120 bpm"
is_silent out
run 0 play rock --seed 5 -o b.mid
run 0 play rock --seed 6 -o c.mid
cmp -s a.mid b.mid || fail "the same seed plays other strokes"
cmp -s a.mid c.mid && fail "another seed plays the same strokes"
run 0 play rock --seed 5 -o - --quiet
cmp -s a.mid out || fail "standard output is not the file"

# Options win over --as, --as over the groove.
run 0 play rock --as "bpm=90 bars=3 seed=9" -o d.mid
says err "3 bars of rock at 90 bpm"
run 0 play rock --as "bpm=90 bars=3" --tempo 77 --bars 2 -o d.mid
says err "2 bars of rock at 77 bpm"

run 0 play rock --bars 2 -o e.wav --truth truth.csv --quiet
head -n 1 truth.csv |
  grep -qx 'time_s,drum,velocity,beat,click_time_s,own_time_s,offset_ms,kind,hand,bar,note' ||
  fail "truth heading"
[ "$(head -c 4 e.wav)" = RIFF ] || fail "no WAV file"
run 0 play rock --bars 2 -o e.FLAC --truth - --quiet
cmp -s out truth.csv || fail "the truth on standard output is not the file's"
[ "$(head -c 4 e.FLAC)" = fLaC ] || fail "no FLAC file"
# Any chart: a file of one's own, with mistakes that the truth names.
cat >mine.txt <<'CHART'
title: Mine
tempo: 90
step: 1/16

snare |xxxxf---d---r~~~|x---x---x---x---|
hands |RLRLR---L---R---|----------------|
CHART
run 0 play mine.txt --as "left=+6ms miss=10% extra=10% wrong=10% skip=1 bars=12" -o mine.mid --truth mine.csv
says err "11 bars of mine.txt at 90 bpm"
for kind in main grace roll wrong extra missed; do
  grep -q ",$kind," mine.csv || fail "no $kind stroke in the truth"
done
grep -q '^,.*,missed,' mine.csv || fail "a missed note has a time"
printf 'snare |x-?|\n' >bad.txt
run 1 play bad.txt -o bad.mid
is_one_line err
says err "bad.txt: Line 1"
run 0 play mine.txt -o whole.mid
says err "8 bars of mine.txt"

run 1 play rock -o nowhere/take.wav
is_one_line err
says err "nowhere/take.wav: "
run 1 play rock -o nowhere/take.mid
is_one_line err
[ -z "$(find . -name '*.part*')" ] || fail "unfinished files are left"
finish
