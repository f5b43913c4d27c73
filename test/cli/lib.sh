# What the command-line tests share; sourced with the program's path as the first argument.
# shellcheck shell=sh
set -u
program=$(realpath "$1")
yard=$(mktemp -d)
trap 'rm -rf "$yard"' EXIT
cd "$yard" || exit 1
unset NO_COLOR
LC_ALL=C
export LC_ALL
failures=0

fail() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n' "$*"
}

# run STATUS ARGUMENT...: runs the program; its output is in $yard/out and $yard/err.
run() {
  wanted=$1
  shift
  "$program" "$@" >out 2>err </dev/null
  got=$?
  [ "$got" -eq "$wanted" ] || {
    fail "doubletime $*: exit status $got, not $wanted"
    sed 's/^/  /' err
  }
  what="doubletime $*"
}

# After run: says / is_silent about a stream (out or err).
says() { grep -qF -- "$2" "$1" || { fail "$what: no '$2' on std$1:"; sed 's/^/  /' "$1"; }; }
says_not() { ! grep -qF -- "$2" "$1" || fail "$what: '$2' on std$1"; }
# A container may have the program that makes terminals, but none to give.
has_terminal() {
  script -qec true /dev/null </dev/null >/dev/null 2>&1 && return
  echo "no terminal can be made: what is printed on one was not tested"
  return 1
}

is_silent() { [ ! -s "$1" ] || { fail "$what: std$1 is not empty:"; sed 's/^/  /' "$1"; }; }
is_one_line() { [ "$(wc -l <"$1")" -eq 1 ] || { fail "$what: std$1 is not one line:"; sed 's/^/  /' "$1"; }; }

finish() {
  [ "$failures" -eq 0 ] || exit 1
  echo "all good"
  exit 0
}
