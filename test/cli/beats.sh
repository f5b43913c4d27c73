#!/bin/sh
# beats: where one is and how fast, from sound, MIDI or strokes; and nothing where there is nothing.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 play rock --bars 12 --seed 1 -o take.wav --quiet
run 0 play waltz --bars 16 --seed 2 -o waltz.mid --quiet
run 0 play shuffle --bars 16 --seed 3 -o shuffle.mid --quiet

# One file into a pipe: CSV; the same beats in every form.
run 0 beats take.wav
is_silent err
cp out take.beats
head -n 1 take.beats | grep -qx 'time_s,beat_in_bar,bar,bpm,bpm_sd,time_sd_ms,fill,strength' ||
  fail "CSV heading"
beats=$(($(wc -l <take.beats) - 1))
if [ "$beats" -lt 46 ] || [ "$beats" -gt 49 ]; then fail "$beats beats in twelve bars of four"; fi
# The drummer's count-in of four is silent: beats stand at 2.0, 2.5 ...
awk -F , 'NR > 1 { off = ($1 * 2) % 1; if (off > 0.5) off -= 1
  if (off > 0.03 || off < -0.03) exit 1 }' take.beats || fail "a beat is off the drummer's"
awk -F , 'NR > 1 && $2 == 1 { off = ($1 / 2) % 1; if (off > 0.5) off -= 1
  if (off > 0.02 || off < -0.02) exit 1 }' take.beats || fail "one is not on one"
run 0 beats take.wav --format labels
[ "$(grep -cv fill out)" -eq "$beats" ] || fail "labels: not one a beat"
run 0 beats take.wav --format json
[ "$(grep -c '"beat_in_bar"' out)" -eq "$beats" ] || fail "JSON: not one object a beat"
says out '"has_pulse": true'
says out '"mode": "offline"'
run 0 beats take.wav --format text
says out "120.0 bpm, 4/4, straight"
[ "$(awk 'length > 80' out)" = "" ] || fail "the glance is wider than 80 columns"
run 0 beats take.wav -o take.mid
[ "$(head -c 4 take.mid)" = MThd ] || fail "-o take.mid is no MIDI"
"$program" beats - <take.wav >piped 2>err || fail "beats - fails: $(cat err)"
cmp -s piped take.beats || fail "standard input has other beats"

# The tempo map's beats are the beats: judged against it nobody is early or late.
run 0 judge take.mid --json -
says out '"grid": "click"'
run 0 beats take.mid
cut -d , -f 1,2 out >again
cut -d , -f 1,2 take.beats >first
paste -d , first again | awk -F , 'NR > 1 && (($1 - $3) > 0.01 || ($3 - $1) > 0.01 || $2 != $4) {
  bad = 1 } END { exit bad }' || fail "the strokes of the MIDI file have other beats"

# Metre and swing.
run 0 beats waltz.mid -f text
says out "3/4"
run 0 beats shuffle.mid -f text
says out "swung eighths 2.0:1"
says out "swing     "
run 0 beats shuffle.mid -f json
says out '"pair_ticks": 960'

# Live: the same beats once it is sure, each called before it came.
run 0 beats --live take.wav
head -n 1 out | grep -qx 'time_s,beat_in_bar,bar,bpm,made_s,confidence,locked' || fail "live heading"
awk -F , 'NR > 1 && ($1 - $5) * $4 / 60 < 0.3 { exit 1 }' out || fail "a beat was called too late"
[ "$(awk -F , 'NR > 1 && $7 == 1' out | wc -l)" -ge 36 ] || fail "locked for fewer than 9 bars of 12"
run 0 beats --live take.wav -f text
says out "live      locked after"
run 0 beats --live take.wav -f json
says out '"mode": "live"'

# What is known helps.
run 0 beats take.wav --tempo 60 -f text
says out "60.0 bpm"
run 0 beats take.wav --tap 2,2.5,3,3.5 --meter 4/4 -f text
says out "120.0 bpm, 4/4"

# Clicks over the sound, and over strokes; not over what can be read only once.
run 0 beats take.wav -o clicked.wav
[ "$(head -c 4 clicked.wav)" = RIFF ] || fail "no sound with clicks"
run 0 beats waltz.mid -o clicked.flac
[ "$(head -c 4 clicked.flac)" = fLaC ] || fail "no FLAC with clicks"
run 2 beats - -f click
is_one_line err
says err "standard input can be read only once"

# No steady pulse: said, with its probability, and no beat is invented.
printf 'time_s,drum,velocity\n' >none.csv
awk 'BEGIN { print "time_s,drum,velocity"; t = 0; x = 7
  for (i = 0; i < 200; ++i) { x = (x * 16807) % 2147483647; t -= log(x / 2147483647) / 3
    printf "%.4f,other,\n", t } }' >random.csv
printf 'time_s,drum,velocity\n1,kick,90\n' >one.csv
printf 'time_s,drum,velocity\n1,kick,90\n36001,kick,90\n' >long.csv
for file in none.csv one.csv long.csv random.csv; do
  for how in "" --live; do
    # shellcheck disable=SC2086 # words
    run 0 beats $file $how -f text
    says out "No steady pulse in"
    # shellcheck disable=SC2086 # words
    run 0 beats $file $how
    [ "$(wc -l <out)" -eq 1 ] || fail "$file $how: beats are invented"
  done
done
run 0 beats one.csv -o one.mid
run 0 beats one.csv -o one.wav
run 0 beats one.csv -f labels
is_silent out

# Ten hours between two pieces cost nothing, and neither piece is lost. Strokes may come in any
# order, and begin before zero.
awk 'BEGIN { print "time_s,drum,velocity"
  for (i = 63; i >= 0; --i) printf "%.3f,%s,90\n", 36000 + i * 0.5, i % 2 ? "snare" : "kick"
  for (i = 63; i >= 0; --i) printf "%.3f,%s,90\n", i * 0.5 - 0.7, i % 2 ? "snare" : "kick" }' >gap.csv
run 0 beats gap.csv
[ "$(wc -l <out)" -ge 126 ] || fail "$(wc -l <out) lines for two pieces of 64 beats"
awk -F , 'NR > 1 && $1 > 40 && $1 < 35990 { exit 1 }' out || fail "beats in the silence"
run 0 beats gap.csv -o gap.mid
run 0 listen gap.mid --format csv
[ "$(tail -n 1 out | cut -d , -f 1 | cut -d . -f 1)" = 36031 ] || fail "MIDI times: $(tail -n 1 out)"

# The world.
run 1 beats nowhere.wav
is_one_line err
says err "nowhere.wav: There is no such file"
: >empty.wav
run 1 beats empty.wav
is_one_line err
printf 'a text\n' >text.txt
run 1 beats text.txt
is_one_line err
printf 'time_s,drum,velocity\nnan,kick,90\n' >nan.csv
run 1 beats nan.csv
says err "Line 2"
for options in "--meter 9/8" "--tap a" "--tap 1,0.5" "--tap 1,,2" "--tap nan" "--tap 1e9" "--tempo 10"; do
  # shellcheck disable=SC2086 # words
  run 2 beats take.wav $options
  is_silent out
done
run 2 beats take.wav -o take.wav -f csv --force
says err "will not be written over"

# Several: each beside itself, what is there stays, and the threads do not matter.
mkdir many
cp take.wav many/a.wav
cp take.wav many/b.wav
run 0 beats many --threads 2
cmp -s many/a.beats.csv take.beats || fail "alone or in a folder, a file has other beats"
cmp -s many/b.beats.csv take.beats || fail "with two threads a file has other beats"
run 1 beats many
says err "were there already"
finish
