#!/bin/sh
# Reports of many kinds of takes into a folder: what ./dev check page looks at.
# usage: report_pages.sh PROGRAM FOLDER [TAKE...]
set -eu
program=$1
folder=$2
shift 2
mkdir -p "$folder"
seed=11

# page NAME CHART BARS HOW [OPTION...]: a take of the virtual drummer, reported.
page() {
  name=$1 chart=$2 bars=$3 how=$4
  shift 4
  "$program" play "$chart" --bars "$bars" --as "$how" --seed $seed --quiet -o "$folder/$name.mid"
  "$program" judge "$folder/$name.mid" --quiet --report "$folder/$name.html" "$@"
}

human="scatter=9ms clock=4ms alpha=0.3 velocity=6"
page five-minutes rock16 115 "$human drift=+0.4bpm/min"
page fills funk-song 64 "$human fill=+0.4bpm ghost=70 miss=2% extra=1% wrong=1%" --chart funk-song
page hands paradiddle 48 "$human left=+14ms left.scatter=1.6x" --chart paradiddle
page swing jazz 64 "$human swing=60% swing.wobble=4%" --chart jazz
page rolls rolls 48 "bpm=140 $human" --chart rolls
page flams flams 24 "$human flam=15ms" --chart flams
page free shuffle 48 "clock=5ms scatter=8ms alpha=0" --free
page lost bossa-song 32 "$human skip=1 repeat=1" --chart bossa-song
page six-eight ballad-song 32 "$human" --chart ballad-song
printf 'time_s,drum,velocity\n' >"$folder/nothing.csv"
"$program" judge "$folder/nothing.csv" --quiet --report "$folder/nothing.html"
for take in "$@"; do
  "$program" judge "$take" --quiet --report "$folder/$(basename "$take").html"
done
