#!/bin/sh
# Checks the house against test/layers/rooms.txt.
#
#   check.sh arrows                every #include in src/ points down, pure rooms stay pure
#   check.sh headers CC [ARG...]   every header has its guard and compiles alone, seeing only the
#                                  rooms its own room may see
#   check.sh symbols LIB...        no object of a pure room calls a file, clock, thread or malloc
#
# HOUSE names the folder that holds src/ and test/layers/rooms.txt; default: this checkout.
set -eu

house=${HOUSE:-$(cd "$(dirname "$0")/../.." && pwd)}
table=test/layers/rooms.txt
cd "$house"

arrows() {
  find src -name '*.[ch]' | LC_ALL=C sort | xargs awk -v table="$table" -f test/layers/arrows.awk
}

# The rooms that room $1 may see, itself included.
seen_by() {
  awk -v room="$1" '$1 == "room" && $2 == room { for (i = 4; i <= NF; i++) print $i; print room }' \
    "$table"
}

# Headers that are made at build time, into folder $1.
make_headers() {
  awk '$1 == "made" { print $3, $4 }' "$table" | while read -r header script; do
    [ ! -f "$script" ] || python3 "$script" --h "$1/$header"
  done
}

headers() {
  bad=0
  count=0
  made=$(mktemp -d)
  trap 'rm -rf "$made"' EXIT
  make_headers "$made"
  for header in $(find src -name '*.h' | LC_ALL=C sort); do
    count=$((count + 1))
    if ! awk -f test/layers/guard.awk "$header"; then
      bad=1
    fi
    room=${header#src/}
    room=${room%%/*}
    includes="-Isrc/$room -I$made"
    for below in $(seen_by "$room"); do
      includes="$includes -Isrc/$below/include"
    done
    # A body that several files include (_body.h) has functions that nobody calls here.
    # shellcheck disable=SC2046,SC2086 # lists of words
    if ! printf '#include "%s"\ntypedef int dt_not_empty;\n' "$header" |
      "$@" -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -Wno-unused-function -fsyntax-only -I. $includes \
        $(pkg-config --cflags sndfile samplerate sqlite3 jansson 2>/dev/null) -x c -; then
      echo "$header: does not compile alone" >&2
      bad=1
    fi
  done
  guards=$(find src -name '*.h' -exec awk '$1 == "#ifndef" { print $2; exit }' {} \; |
    LC_ALL=C sort | uniq -d)
  if [ -n "$guards" ]; then
    echo "the same guard in two headers: $guards" >&2
    bad=1
  fi
  echo "$count headers"
  return "$bad"
}

symbols() {
  for lib in "$@"; do
    room=${lib##*/libdt_}
    room=${room%.a}
    if awk -v room="$room" '$1 == "room" && $2 == room && $3 == "pure" { found = 1 }
        END { exit !found }' "$table"; then
      nm -A -u "$lib" | awk -v table="$table" -v room="$room" -f test/layers/symbols.awk
    fi
  done
}

what=${1:-arrows}
[ $# -eq 0 ] || shift
case $what in
arrows) arrows ;;
headers) headers "${@:-cc}" ;;
symbols) symbols "$@" ;;
*)
  echo "usage: check.sh arrows | headers CC [ARG...] | symbols LIB..." >&2
  exit 2
  ;;
esac
