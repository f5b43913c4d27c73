#!/bin/sh
# listen: strokes out of files, one or a whole archive; nothing lost, nothing written over.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 play rock --bars 4 --seed 1 -o take.wav --quiet
run 0 play shuffle --bars 4 --seed 2 -o other.flac --quiet
run 0 play rock --bars 8 --seed 3 -o take.mid --quiet

# One file: strokes on standard output, and in every format the same ones.
run 0 listen take.wav
is_silent err
cp out take.strokes
head -n 1 take.strokes | grep -qx 'time_s,drum,velocity,note,confidence' || fail "CSV heading"
strokes=$(($(wc -l <take.strokes) - 1))
[ "$strokes" -ge 40 ] || fail "only $strokes strokes are heard in four bars of rock"
run 0 listen take.wav --format csv
cmp -s out take.strokes || fail "CSV is not what a pipe gets by itself"
run 0 listen take.wav --format labels
[ "$(wc -l <out)" -eq "$strokes" ] || fail "labels: not one line a stroke"
run 0 listen take.wav --format json
[ "$(grep -c '"time_s"' out)" -eq "$strokes" ] || fail "JSON: not one object a stroke"
says out '"rate_hz": 48000'
says out '"file": "take.wav"'
run 0 listen take.wav --format midi
[ "$(head -c 4 out)" = MThd ] || fail "no MIDI on standard output"
run 0 listen take.wav --format text
says out "$strokes strokes"
says out "hihat_closed"
[ "$(awk 'length > 80' out)" = "" ] || fail "the summary is wider than 80 columns"
for file in take.csv take.json take.mid2.mid take.MIDI; do
  run 0 listen take.wav -o $file
  is_silent out
  is_silent err
done
cmp -s take.csv take.strokes || fail "-o take.csv is not what is printed"
[ "$(head -c 4 take.MIDI)" = MThd ] || fail "-o take.MIDI is not MIDI"
run 0 listen take.wav -f labels -o take.txt
head -n 1 take.txt | grep -q "$(printf '\t')" || fail "--format labels is not Audacity's"

# The same strokes come back from what was written: CSV exactly, MIDI to 0.03 ms.
run 0 listen take.csv
cmp -s out take.strokes || fail "a list of strokes does not pass through unchanged"
run 0 listen take.MIDI --format csv
cut -d , -f 1,2 take.strokes | tail -n +2 >was
cut -d , -f 1,2 out | tail -n +2 >is
paste -d , was is | awk -F , '
  $2 != $4 || ($1 - $3) > 0.000029 || ($3 - $1) > 0.000029 { bad = 1 } END { exit bad }' ||
  fail "strokes changed on the way through MIDI"
run 0 listen take.mid
[ $(($(wc -l <out) - 1)) -ge 90 ] || fail "a MIDI file does not pass through"
says out ",36,1.000"
"$program" listen - <take.wav >piped 2>err || fail "listen - fails: $(cat err)"
cmp -s piped take.strokes || fail "standard input is heard otherwise"

# Only what is sure enough.
run 0 listen take.wav --min-confidence 1
[ "$(wc -l <out)" -lt "$strokes" ] || fail "--min-confidence drops nothing"
awk -F , 'NR > 1 && $5 < 0.9995 { exit 1 }' out || fail "a stroke below --min-confidence"

# What is there already stays, unless --force.
echo "mine" >kept.csv
run 1 listen take.wav -o kept.csv
is_one_line err
says err "kept.csv: It is there already; --force replaces it"
[ "$(cat kept.csv)" = mine ] || fail "an output was replaced without --force"
run 0 listen take.wav -o kept.csv --force
cmp -s kept.csv take.strokes || fail "--force does not replace"

# Never over an input, whatever its other names are.
for options in "-o take.wav --format csv" "-o ./take.wav -f midi" "-o link.wav -f json"; do
  ln -sf take.wav link.wav
  # shellcheck disable=SC2086 # words
  run 2 listen take.wav --force $options
  is_one_line err
  says err "will not be written over"
done
rm link.wav
run 2 listen take.mid other.flac --format midi --force
says err "will not be written over"
[ "$(head -c 4 take.wav)" = RIFF ] || fail "an input was written over"

# An archive: folders in folders, other files between, a broken one, one that is no sound.
mkdir -p archive/b/deep archive/.hidden strokes
cp take.wav archive/a.wav
cp other.flac archive/b/A.FLAC
cp take.wav archive/b/same.wav
cp other.flac archive/b/same.flac
cp take.wav archive/b/deep/tw.o.WAV
cp take.wav archive/.hidden/no.wav
cp take.wav archive/._a.wav
cp take.mid archive/b/no.mid
head -c 3000 take.wav >archive/b/cut.wav
echo "a text" >archive/readme.txt
ln -s ../archive archive/loop
run 1 listen archive --output strokes --threads 1
is_silent out
says err "archive/b/cut.wav: "
says err "1 of 6 files failed"
grep -v "real time" err >err1
[ "$(wc -l <err1)" -eq 2 ] || fail "not one line for the broken file and one for all: $(cat err)"
find strokes -type f | sort >list
printf '%s\n' strokes/a.csv strokes/b/A.csv strokes/b/deep/tw.o.csv strokes/b/same.flac.csv \
  strokes/b/same.wav.csv >wanted
cmp -s list wanted || fail "other files than expected: $(cat list)"
cmp -s strokes/a.csv take.strokes || fail "alone or in a folder, a file is heard otherwise"
for threads in 2 3 16; do
  run 1 listen archive/ --output strokes$threads --threads $threads
  grep -v "real time" err | cmp -s - err1 || fail "$threads threads say something else: $(cat err)"
  diff -r strokes strokes$threads >differences || fail "$threads threads: $(cat differences)"
done

# Again: what is there stays, what is missing is made.
rm strokes/b/A.csv
echo "mine" >strokes/a.csv
run 1 listen archive --output strokes
says err "4 of 6 outputs were there already"
says err "1 of 6 files failed"
[ "$(cat strokes/a.csv)" = mine ] || fail "an archive's output was replaced without --force"
cmp -s strokes/b/A.csv strokes2/b/A.csv || fail "a missing output was not made"
run 1 listen archive --output strokes --force --quiet
says_not err "real time"
diff -r strokes strokes2 >differences || fail "--force: $(cat differences)"

# Beside the files; a file that is named twice is heard once.
mkdir beside
cp take.wav beside/one.wav
cp other.flac beside/two.flac
run 0 listen beside/one.wav ./beside//one.wav beside/two.flac beside --format json
is_one_line err
[ "$(find beside -type f | wc -l)" -eq 4 ] || fail "not one output a file: $(ls beside)"
grep -q '"doubletime.strokes/1"' beside/one.json || fail "no JSON beside the file"
[ -z "$(find . -name '*.part*')" ] || fail "unfinished files are left"

# The world.
run 1 listen nowhere.wav
is_one_line err
says err "nowhere.wav: "
is_silent out
run 1 listen nowhere.wav take.wav --output world
says err "nowhere.wav: There is no such file"
says err "1 of 2 files failed"
cmp -s world/take.csv take.strokes || fail "one bad file stops the others"
printf 'no sound' >text.mp3
run 1 listen text.mp3
is_one_line err
says err "text.mp3: This is no sound"
mkdir empty
run 1 listen empty
says err "empty: There is no sound file in this folder"
: >barrier
run 1 listen take.wav -o barrier/x.csv
is_one_line err
says err "barrier/x.csv: "
run 1 listen take.wav -o no-folder/x.csv
is_one_line err
says err "no-folder/x.csv: "
[ ! -e no-folder ] || fail "a folder was made for a single file"
run 0 listen take.wav -o new/
cmp -s new/take.csv take.strokes || fail "not written into the folder that --output names"
run 0 listen take.wav -o /dev/null -f csv
mkfifo pipe
cat pipe >through &
run 0 listen take.wav -o pipe
wait
cmp -s through take.strokes || fail "a pipe gets something else"
[ -w /dev/full ] && {
  "$program" listen take.wav >/dev/full 2>err
  [ $? -eq 1 ] || fail "a full disk goes unnoticed"
}

# Mistakes of the command line.
refused() {
  sentence=$1
  shift
  run 2 "$@"
  is_silent out
  is_one_line err
  says err "$sentence"
}
refused "name a FILE" listen
refused "--format takes csv, json, midi, labels or text, not 'xml'" listen take.wav --format xml
refused "--output ends in none of" listen take.wav -o take.xml
refused "--threads takes a whole number from 1 to 256, not '0'" listen take.wav --threads 0
refused "--min-confidence takes a number from 0 to 1" listen take.wav --min-confidence 2
refused "cannot share standard output" listen take.wav other.flac -o -
refused "several need a folder" listen take.wav other.flac -o take.csv
refused "is heard alone" listen take.wav -
refused "has no name" listen - -o strokes
refused "--kit knows gm" listen take.mid --kit gretsch
mkdir twins twins/a twins/b
cp take.wav twins/a/take.wav
cp take.wav twins/b/take.wav
refused "would both be written to" listen twins/a/take.wav twins/b/take.wav -o out2

# On a terminal: the summary, and no MIDI.
if has_terminal; then
  TERM=xterm script -qec "$program listen take.wav" /dev/null </dev/null >terminal
  grep -q "confidence" terminal || fail "no summary on a terminal"
  grep -q "^0\\." terminal && fail "the list of strokes on a terminal"
  script -qec "$program listen take.wav --format midi" /dev/null </dev/null >terminal
  grep -q "a terminal shows no MIDI" terminal || fail "MIDI on a terminal"
  script -qec "$program listen -" /dev/null </dev/null >terminal
  grep -q "standard input is a terminal" terminal || fail "listen - waits at a terminal"
fi
finish
