#!/bin/sh
# A check that cannot fail checks nothing: builds a small house with one fault at a time and
# requires check.sh to name it.
#
#   faults.sh CC [ARG...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
yard=$(mktemp -d)
trap 'rm -rf "$yard"' EXIT
failures=0

# A sound house: base below, ear above.
raise_house() {
  rm -rf "$yard/house"
  mkdir -p "$yard/house/test"
  ln -s "$here" "$yard/house/test/layers"
  for room in base dsp ear io; do
    mkdir -p "$yard/house/src/$room/include/dt"
  done
  printf '#ifndef DT_FLOOR_H\n#define DT_FLOOR_H\n#include <stddef.h>\ntypedef size_t dt_floor;\n#endif\n' \
    >"$yard/house/src/base/include/dt/floor.h"
  printf '/* Listens. */\n#ifndef DT_LISTEN_H\n#define DT_LISTEN_H\n#include "dt/floor.h"\nint dt_listen(dt_floor f);\n#endif\n' \
    >"$yard/house/src/ear/include/dt/listen.h"
  printf '#include "dt/listen.h"\nint dt_listen(dt_floor f) { return (int)f; }\n' \
    >"$yard/house/src/ear/listen.c"
}

# expect WHAT SENTENCE CHECK...: the check fails and says SENTENCE ("" = it passes).
expect() {
  what=$1
  sentence=$2
  shift 2
  if HOUSE=$yard/house "$here/check.sh" "$@" >"$yard/said" 2>&1; then
    if [ -n "$sentence" ]; then
      echo "not noticed: $what" >&2
      failures=$((failures + 1))
    fi
  elif [ -z "$sentence" ] || ! grep -q "$sentence" "$yard/said"; then
    echo "wrong complaint about $what:" >&2
    cat "$yard/said" >&2
    failures=$((failures + 1))
  fi
  raise_house
}

# The fault is a line added to a file of the house.
add() { printf '%s\n' "$2" >>"$yard/house/src/$1"; }

raise_house
expect "a sound house" "" arrows
expect "sound headers" "" headers "$@"

add base/floor.c '#include "dt/listen.h"'
expect "an arrow that points up" "base may not see ear" arrows
add ear/listen.c '#include "../base/floor.h"'
expect "a window" "by the window" arrows
add ear/listen.c '#include "dt/nowhere.h"'
expect "a header nobody publishes" "no room publishes" arrows
add ear/listen.c '#include <dt/floor.h>'
expect "angle brackets" 'not <dt/floor.h>' arrows
add ear/listen.c '#include "secret.h"'
expect "another room's private header" "not in this room" arrows
for header in stdio.h time.h pthread.h unistd.h fcntl.h sys/stat.h; do
  add ear/listen.c "#include <$header>"
  expect "<$header> in a pure room" "may not include <$header>" arrows
done
add io/file.c '#include <stdio.h>'
expect "files in the room for files" "" arrows
mkdir "$yard/house/src/cellar"
add cellar/wine.c '#include <stddef.h>'
expect "an unknown room" "is not in" arrows

add ear/include/dt/bare.h 'int dt_bare(void);'
expect "a header without a guard" "has no guard" headers "$@"
add ear/include/dt/twice.h '#ifndef DT_FLOOR_H
#define DT_FLOOR_H
#endif'
expect "one guard in two headers" "the same guard" headers "$@"
add ear/include/dt/needy.h '#ifndef DT_NEEDY_H
#define DT_NEEDY_H
size_t dt_needy(void);
#endif'
expect "a header that needs another" "does not compile alone" headers "$@"
add base/include/dt/tall.h '#ifndef DT_TALL_H
#define DT_TALL_H
#include "dt/listen.h"
#endif'
expect "a header that sees up" "does not compile alone" headers "$@"

# compile ROOM CODE: a library of one object.
compile() {
  room=$1
  code=$2
  shift 2
  printf '%s\n' "$code" >"$yard/loud.c"
  "$@" -fno-builtin -c "$yard/loud.c" -o "$yard/loud.c.o"
  rm -f "$yard/libdt_$room.a"
  ar cr "$yard/libdt_$room.a" "$yard/loud.c.o"
}
compile ear 'int puts(const char*); int dt_x(void); int dt_x(void) { return puts("hi"); }' "$@"
expect "printing in a pure room" "loud.c calls puts" symbols "$yard/libdt_ear.a"
compile ear 'void* malloc(unsigned long); void* dt_x(void); void* dt_x(void) { return malloc(1); }' "$@"
expect "memory behind the allocator's back" "loud.c calls malloc" symbols "$yard/libdt_ear.a"
compile ear 'extern double sin(double); double dt_x(double); double dt_x(double x) { return sin(x); }' "$@"
expect "arithmetic" "" symbols "$yard/libdt_ear.a"
compile io 'int puts(const char*); int dt_x(void); int dt_x(void) { return puts("hi"); }' "$@"
expect "printing in the room for it" "" symbols "$yard/libdt_io.a"

if [ "$failures" -ne 0 ]; then
  exit 1
fi
echo "every fault is named"
