#!/bin/sh
# Every performance of the Groove MIDI Dataset is read and every note of it has a name.
#   groove_midi.sh PROGRAM       DT_DATA names the folder that holds groove-midi.tar.xz
set -eu
if [ -z "${DT_DATA:-}" ]; then
  echo "skipped: DT_DATA is not set (the folder that holds groove-midi.tar.xz)"
  exit 77
fi
if [ ! -f "$DT_DATA/groove-midi.tar.xz" ]; then
  echo "skipped: there is no groove-midi.tar.xz in DT_DATA"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar -xJf "$DT_DATA/groove-midi.tar.xz" -C "$folder"
find "$folder" -name '*.mid' | LC_ALL=C sort | "$1"
