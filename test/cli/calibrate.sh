#!/bin/sh
# calibrate and the setup: what is learned once is used from then on.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

XDG_DATA_HOME=$yard/data
export XDG_DATA_HOME

# An e-kit, pad by pad; the map can be read by judge and by practice.
run 0 calibrate --pads --pretend 20 --kit-map my.kit --setup setup
says out "Strike the snare 5 times"
says out "crosstalk: note 48 came along 5 times in 5 strokes, at most at 20 %"
says out "triggers twice: 5 times in 5 strokes"
says out "the kick comes +2.00 ms after the snare"
says out "my.kit: 11 pads"
is_silent err
says my.kit "38 snare"
says my.kit "#: ghost 48 of 38 within 10 ms below"
says my.kit "# cross_stick: not measured"
says my.kit "kick after snare, struck together: +2.00 ms"
run 0 play rock --bars 4 -o take.mid
run 0 judge take.mid --kit-map my.kit
is_silent err # nothing in it is a ghost
printf '#: ghost 36 of 42 within 10 ms below 1\n' >all.kit
run 0 judge take.mid --kit-map all.kit
says err "nobody struck"
printf '#: ghost 42 of 380 within 10 ms below 1\n' >bad.kit
run 1 judge take.mid --kit-map bad.kit
says err "bad.kit: Line 1"
says setup "kit_map $yard/my.kit"
says setup "midi any"

# The round trip is kept with its day and its device, and an older one goes.
run 0 calibrate --pretend 20 --setup setup
says out "Round trip: 20.00 ms"
says out "Kept"
run 0 calibrate --pretend 30 --setup setup
[ "$(grep -c '^latency' setup)" -eq 1 ] || fail "two latencies of one device: $(cat setup)"
grep -q "^latency 30.00 $(date +%Y-%m-%d) 48000 256 null$" setup || fail "setup: $(cat setup)"
says setup "kit_map $yard/my.kit"

# practice takes all of it, and says so in a line.
play_setup() {
  run "$1" practice rock --bars 2 --minutes 1 --drummer machine --fast --no-rest --setup setup \
    --record "$2"
}
play_setup 0 take
says err "Subtracting 30.00 ms of latency, measured on $(date +%Y-%m-%d) on null"
is_one_line err
says take/session.txt "latency_frames 1440"
cmp -s my.kit take/kit.txt || fail "the kit's map is not recorded as it is"
run 0 replay take
says out "the same as then"

# What is given goes before what was set up.
run 0 practice rock --bars 2 --minutes 1 --drummer machine --fast --no-rest --setup setup \
  --latency 5 --record given
says err "Subtracting 5.00 ms of latency, as given"
says given/session.txt "latency_frames 240"

# Measured with other blocks: told.
sed -i 's/48000 256 null/48000 64 null/' setup
play_setup 0 other
says err "calibrate again"

# A kit's map that is gone, or wrong; a damaged setup: one sentence.
mv my.kit away.kit
play_setup 1 none
says err "my.kit"
is_one_line err
printf '31 bathtub\n' >my.kit
play_setup 1 none2
says err "my.kit: Line 1"
is_one_line err
for damage in 'nonsense' 'latency x' 'latency 5 2026-11-23 48000 256' 'latency 9999 2026-11-23 1 1 x' \
  'latency nan 2026-11-23 48000 256 null' 'device ' 'latency 5 2026-99-23 48000 256 null'; do
  printf 'doubletime setup 1\nmidi any\n%s\n' "$damage" >setup
  play_setup 1 none3
  says err "setup: Line 3 is damaged"
  is_one_line err
  run 1 calibrate --pretend 20 --setup setup
  says err "Line 3"
done
printf 'something else\n' >setup
play_setup 1 none4
says err "Line 1"
: >setup
play_setup 1 none5
says err "Line 1"

# A simulated drummer and a pretended device leave nothing behind where no place is named.
run 0 calibrate --pretend 20
says out "--latency 20.00"
run 0 practice rock --bars 2 --minutes 1 --drummer machine --fast --no-rest
is_silent err
[ ! -e data/doubletime/setup ] || fail "a setup was made of nothing: $(cat data/doubletime/setup)"

run 2 calibrate --pads
says err "--kit-map"
run 2 calibrate --midi any
says err "--pads"
run 2 calibrate --pads --kit-map -
run 1 calibrate --pads --pretend 20 --kit-map no-such-folder/my.kit
finish
