#!/bin/sh
# The same take gives the same bytes: on a second run, and from a program built by another compiler
# with sanitizers.
#
#   same_json.sh PROGRAM OTHER_PROGRAM [TAKE...]
set -eu

one=$1
other=$2
shift 2
yard=$(mktemp -d)
trap 'rm -rf "$yard"' EXIT
count=0

same() {
  cmp "$1" "$2" || {
    echo "not the same bytes: $3" >&2
    exit 1
  }
  count=$((count + 1))
}

# play CHART MANNER TAKE: the same strokes and the same truth from both programs.
play() {
  "$one" play "$1" --as "$2" --quiet -o "$3" --truth "$yard/1.csv"
  "$other" play "$1" --as "$2" --quiet -o "$yard/other.${3##*.}" --truth "$yard/2.csv"
  same "$3" "$yard/other.${3##*.}" "play $1 to ${3##*.}"
  same "$yard/1.csv" "$yard/2.csv" "the truth of $1"
}

# The full judgement and the report's page.
judge_twice() {
  what="judge $*"
  "$one" judge "$@" --quiet --json "$yard/1.json" --report "$yard/1.html"
  "$one" judge "$@" --quiet --json "$yard/2.json" --report "$yard/2.html"
  "$other" judge "$@" --quiet --json "$yard/3.json" --report "$yard/3.html"
  for kind in json html; do
    same "$yard/1.$kind" "$yard/2.$kind" "$kind of $what, run twice"
    same "$yard/1.$kind" "$yard/3.$kind" "$kind of $what, built twice"
  done
}

manner="drift=+2bpm/min scatter=9ms clock=4ms seed=3"
for ending in wav mid; do
  for groove in rock flams; do
    play "$groove" "bpm=110 bars=8 swing=62% $manner" "$yard/$groove.$ending"
    judge_twice "$yard/$groove.$ending" --free
    judge_twice "$yard/$groove.$ending" --tempo 110
  done
done
# Fills, rolls, hands, ghost notes and repeats, with every mistake that can be made.
faults="left=+8ms left.velocity=-15 velocity=8 miss=3% extra=3% wrong=3% skip=1"
for chart in rock-song funk-half-open jazz-song paradiddle five-stroke-roll drag; do
  play "$chart" "bars=24 $faults $manner" "$yard/$chart.mid"
  judge_twice "$yard/$chart.mid" --chart "$chart"
done
play rock-verse-chorus "bars=16 $faults $manner" "$yard/rock-verse-chorus.wav"
judge_twice "$yard/rock-verse-chorus.wav" --chart rock-verse-chorus
for take in "$@"; do
  judge_twice "$take"
done
echo "$count pairs of files, byte for byte the same"
