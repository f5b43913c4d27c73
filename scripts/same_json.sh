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

judge_twice() {
  what="judge $*"
  "$one" judge "$@" --quiet --json "$yard/1.json"
  "$one" judge "$@" --quiet --json "$yard/2.json"
  "$other" judge "$@" --quiet --json "$yard/3.json"
  same "$yard/1.json" "$yard/2.json" "$what, run twice"
  same "$yard/1.json" "$yard/3.json" "$what, built twice"
}

manner="bpm=110 bars=8 drift=+2bpm/min scatter=9ms clock=4ms swing=62% seed=3"
for ending in wav mid; do
  for groove in rock flams; do
    take=$yard/$groove.$ending
    "$one" play "$groove" --as "$manner" --quiet -o "$take" --truth "$yard/1.csv"
    "$other" play "$groove" --as "$manner" --quiet -o "$yard/other.$ending" --truth "$yard/2.csv"
    same "$take" "$yard/other.$ending" "play $groove to $ending"
    same "$yard/1.csv" "$yard/2.csv" "the truth of $groove"
    judge_twice "$take" --free
    judge_twice "$take" --tempo 110
  done
done
for take in "$@"; do
  judge_twice "$take"
done
echo "$count pairs of files, byte for byte the same"
