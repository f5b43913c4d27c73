#!/bin/sh
# practice, replay, progress, calibrate: a session from the command line.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 practice paradiddle --from 90 --to 180 --bars 4 --minutes 3 --drummer "scatter=6ms" \
  --able 130 --fast --no-rest --record take --log log --db db
says out "take 1: CLEAN"
says out "clean tempo"
says out "Subtracted: 0.00 ms of latency"
is_silent err
run 0 replay take
says out "the same as then"
run 0 progress --log log
says out "Today"
says out "paradiddle"
run 0 progress --log log --report progress.html
says progress.html "paradiddle: clean tempo over the days"
says progress.html "<h2 id=\"today\">Today</h2>"
run 2 progress --log log --report log
run 0 history --db db
says out "paradiddl"

# A folder with a session in it is not written over.
run 1 practice rock --drummer machine --fast --record take
says err "already a session"

# The same seed, the same session.
run 0 practice rock --bars 2 --minutes 1 --drummer "scatter=9ms" --fast --no-rest --seed 4 --record a
run 0 practice rock --bars 2 --minutes 1 --drummer "scatter=9ms" --fast --no-rest --seed 4 --record b
cmp -s a/decisions.txt b/decisions.txt || fail "the same seed makes other decisions"

# A plan.
printf 'name: Two\n\n[rock]\nmode: gap\ntempo: 100 bpm\nminutes: 1\n\n[funk]\nmode: quiet\ntempo: 90 bpm\nminutes: 1\n' >two.plan
run 0 practice two.plan --drummer "scatter=6ms" --fast --no-rest --latency 3.25
says out "Subtracted: 3.25 ms of latency"
says out "rock:"
says out "funk:"

# A band: a whole note and a bar's rest, in a MIDI file; in one sentence where it cannot be played.
printf 'MThd\0\0\0\006\0\0\0\001\0\140MTrk\0\0\0\015\0\220\060\144\203\0\200\060\0\0\377\057\0' >band.mid
if "$program" practice rock --band band.mid --drummer machine --fast --no-rest --minutes 0.5 \
  --record with-band >out 2>err; then
  says out "rock:"
  is_silent err
  run 0 replay with-band
  says out "the same as then"
  cmp -s band.mid with-band/band.mid || fail "the band's file is not kept with the session"
else
  grep -qE "FluidSynth|SoundFont" err || fail "practice --band: no reason is given"
  is_one_line err
  echo "skipped: $(cat err)"
fi
# What is between the beats swings as the chart does, and so does a straight file.
run 0 practice shuffle --subdivisions 4 --minutes 0.5 --drummer machine --fast --no-rest --record swung
says swung/plan.txt "subdivisions: 4"
says swung/decisions.txt "divide 4 -12.0 swing 0.6667 over 4"
run 0 replay swung
printf 'MThd\0\0\0\006\0\0\0\001\0\140MTrk\0\0\0\024\0\220\060\144\060\200\060\0\0\220\062\144\060\200\062\0\0\377\057\0' >straight.mid
"$program" practice shuffle --band straight.mid --drummer machine --fast --no-rest --minutes 0.5 >out 2>err
says err "straight.mid is straight: it swings as shuffle does, 67 %"

printf 'a shopping list' >no.mid
run 1 practice rock --band no.mid --drummer machine --fast
says err "no.mid: "
is_one_line err
run 2 practice rock --subdivisions 7 --drummer machine --fast
run 2 practice rock --soundfont band.mid --drummer machine --fast

# What goes wrong is one sentence.
run 1 practice no-such-chart --drummer machine --fast
run 2 practice rock --fast
says err "--drummer"
run 2 practice rock --drummer "scatter=purple" --fast
run 2 practice rock --from 500
run 1 practice rock --audio nothing:here
run 2 practice rock --sync sundial
run 2 practice rock --sync midi-clock --mode ladder --audio null
says err "tempo is the clock's"
run 2 practice rock --sync jack --audio null
says err "--audio jack"
run 2 practice rock --sync midi-clock --drummer machine --fast
run 1 practice missing.plan --drummer machine --fast
printf '[rock]\nmode: sideways\n' >bad.plan
run 1 practice bad.plan --drummer machine --fast
says err "Line 2"
run 1 replay nowhere
printf 'past\tnonsense\n' >bad.log
run 1 progress --log bad.log
says err "Line 1"
run 0 progress --log none-yet
says out "Nothing practised yet"

# Killed in the middle of a take: what was recorded replays, sound and all.
"$program" practice rock --from 140 --bars 2 --drummer "scatter=6ms" --sound --record killed \
  >/dev/null 2>&1 &
killed=$!
for _ in $(seq 600); do # until it has begun, however busy the machine is
  [ -s killed/session.txt ] && [ -s killed/events.txt ] && break
  sleep 0.2
done
sleep 3
kill -9 "$killed"
wait "$killed" 2>/dev/null
run 0 replay killed
says out "the same as then"

# Somebody else's clock is waited for.
"$program" practice rock --sync midi-clock --audio null >waiting 2>/dev/null &
waiting=$!
sleep 2
kill -INT "$waiting"
wait "$waiting" 2>/dev/null
grep -q "Waiting for the MIDI clock to start" waiting || fail "it does not say what it waits for"

run 0 calibrate --pretend 20
says out "Round trip: 20.00 ms"
finish
