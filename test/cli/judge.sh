#!/bin/sh
# judge: what it says, where it says it, and what a broken file gets.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 play rock --as "scatter=9ms drift=+3bpm/min" --bars 32 -o rush.mid --quiet
is_silent err
run 0 play rock --as "scatter=5ms" --bars 32 -o pocket.mid --quiet
run 0 play rock --as "scatter=9ms" --bars 4 -o take.wav --quiet
run 0 play rock --as "scatter=9ms" --bars 4 -o take.flac --quiet

# The verdict, in words and shapes.
run 0 judge rush.mid
is_silent err
head -n 1 out >first
grep -q '^\^ RUSHING  +[0-9.]* bpm over 32 bars$' first || fail "verdict line: $(cat first)"
says out "Drift: your tempo rose"
run 0 judge pocket.mid
says out "o IN THE POCKET  scatter"
run 0 judge take.wav --tempo 120 --start 2
says out "vs click, ms"
run 0 judge take.flac --free
says out "vs own pulse, ms"

# Colours and signs: only where wanted.
escape=$(printf '\033')
run 0 judge rush.mid --color auto
says_not out "$escape"
run 0 judge rush.mid --color always
says out "${escape}[1;31m^ RUSHING"
NO_COLOR=1
export NO_COLOR
run 0 judge rush.mid --color always
unset NO_COLOR
says out "$escape"
run 0 judge rush.mid --color never
says_not out "$escape"
LC_ALL=C.UTF-8
run 0 judge rush.mid
says out "▲ RUSHING"
LC_ALL=C
run 0 judge rush.mid
grep -q '[^ -~]' out && fail "signs beyond ASCII in the C locale"
if has_terminal; then
  # A terminal of its own: colours by themselves, and none with NO_COLOR.
  TERM=xterm script -qec "$program judge rush.mid" /dev/null </dev/null >terminal
  grep -qF "${escape}[1;31m" terminal || fail "no colours on a terminal"
  NO_COLOR=1 TERM=xterm script -qec "$program judge rush.mid" /dev/null </dev/null >terminal
  grep -qF "$escape" terminal && fail "colours in spite of NO_COLOR"
  TERM=dumb script -qec "$program judge rush.mid" /dev/null </dev/null >terminal
  grep -qF "$escape" terminal && fail "colours on a dumb terminal"
fi

# Outputs.
run 0 judge rush.mid --json v.json --csv v.csv --midi v.mid --labels v.txt --sv v-sv.csv
says out "RUSHING"
grep -q '"schema": "doubletime.judge/1"' v.json || fail "no schema in the JSON"
head -n 1 v.csv | grep -q '^time_s,drum,velocity,note,beat,' || fail "CSV heading"
strokes=$(($(wc -l <v.csv) - 1))
[ "$strokes" -eq "$(wc -l <v.txt)" ] || fail "labels: not one line a stroke"
[ "$(head -c 4 v.mid)" = MThd ] || fail "no MIDI file"
[ -z "$(find . -name '*.part*')" ] || fail "unfinished files are left"
run 0 judge rush.mid --json -
cmp -s out v.json || fail "JSON on standard output is not the file's"
is_silent err
mkdir folder
cp rush.mid folder
run 0 judge folder/rush.mid --json -
cmp -s out v.json || fail "the take's folder changes the JSON"
run 0 judge rush.mid --quiet --json again.json
is_silent out
cmp -s again.json v.json || fail "a second run gives other JSON"
LC_ALL=C.UTF-8
run 0 judge rush.mid --json - --color always
LC_ALL=C
cmp -s out v.json || fail "the terminal changes the JSON"
run 0 judge v.mid --quiet --csv -
[ "$strokes" -eq $(($(wc -l <out) - 1)) ] || fail "strokes are lost on the way through MIDI"

# Standard input.
for take in rush.mid take.wav take.flac; do
  "$program" judge - --json - <"$take" >piped 2>err || fail "judge - <$take"
  "$program" judge "$take" --json - >named 2>err
  grep -v '"file"' piped >a
  grep -v '"file"' named >b
  cmp -s a b || fail "$take: standard input is judged otherwise"
done
if has_terminal; then
  script -qec "$program judge -" /dev/null </dev/null >terminal
  grep -q "standard input is a terminal" terminal || fail "judge - waits at a terminal"
fi

# The world: exit status 1, one line that names the file, nothing on standard output.
broken() {
  run 1 judge "$@"
  is_silent out
  is_one_line err
  says err "doubletime: $1: "
}
broken nowhere.mid
broken folder
: >empty.wav
broken empty.wav
printf 'MThd' >cut.mid
broken cut.mid
head -c 3000 rush.mid >half.mid
broken half.mid
printf 'a shopping list\n' >list.txt
broken list.txt
cp rush.mid secret.mid
chmod 000 secret.mid
[ -r secret.mid ] || broken secret.mid
printf '36 kick\n99 gong\n' >mine.kit
run 1 judge rush.mid --kit-map mine.kit
is_one_line err
says err "kit map: Line 2"
printf '36 kick\n' >fine.kit
run 2 judge take.wav --kit-map fine.kit
is_one_line err
says err "take.wav is sound"
says err "--kit-map goes with a MIDI file"
run 2 judge take.wav --kit roland
says err "--kit goes with a MIDI file"
run 1 judge rush.mid --json nowhere/v.json
is_one_line err
says err "nowhere/v.json"
[ -w /dev/full ] && {
  "$program" judge rush.mid >/dev/full 2>err
  [ $? -eq 1 ] || fail "a full disk goes unnoticed"
  "$program" judge rush.mid --json - >/dev/full 2>err
  [ $? -eq 1 ] || fail "a full disk goes unnoticed by --json -"
}

# The take itself is never written over.
sum=$(cksum <rush.mid)
run 2 judge rush.mid --midi ./rush.mid
says err "would write over the take"
ln -s rush.mid link.mid
run 2 judge link.mid --midi rush.mid
[ "$sum" = "$(cksum <rush.mid)" ] || fail "the take was changed"
finish
