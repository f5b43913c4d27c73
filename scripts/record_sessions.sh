#!/bin/sh
# Records the example sessions of docs/sessions anew: one for each mode of `doubletime practice`,
# played by the simulated drummer. test/cli/sessions.sh replays them. Run it when the judge or the
# coach decides otherwise on purpose, and look at what changed.
#
#   scripts/record_sessions.sh build/doubletime
set -eu
program=$1
folder=docs/sessions
mkdir -p "$folder"
record() {
  name=$1
  shift
  rm -rf "${folder:?}/$name"
  "$program" practice "$@" --mode "$name" --no-rest --fast --seed 7 --record "$folder/$name" >"$folder/$name.txt"
  mv "$folder/$name.txt" "$folder/$name/said.txt"
}
record ladder paradiddle --from 100 --bars 4 --minutes 1.5 --drummer "scatter=7ms" --able 112
record gap rock --tempo 110 --minutes 1.5 --drummer "scatter=6ms clock=5ms"
record quiet rock --tempo 110 --minutes 1 --drummer "scatter=6ms"
record surprise rock --tempo 110 --minutes 1 --drummer "scatter=8ms"
record endurance rock --tempo 150 --minutes 1 --drummer "scatter=6ms fatigue=200%/min"
record trade rock --tempo 120 --minutes 1 --drummer "scatter=7ms"
record own rock --tempo 110 --minutes 1 --drummer "scatter=6ms drift=+6bpm/min"
record retention rock --tempo 110 --minutes 1 --drummer "scatter=7ms"
