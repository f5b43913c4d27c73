#!/bin/sh
# The manual page and the completions, as their readers see them.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

run 0 --man
is_silent err
if command -v mandoc >/dev/null; then
  mandoc -Tlint out >complaints || fail "mandoc complains: $(cat complaints)"
  # Bold is a letter, a step back, and the letter again.
  mandoc -Tascii out | sed "s/.$(printf '\b')//g" >page
  grep -q 'tells a drummer the truth' page || fail "the page does not say what it is about"
else
  echo "mandoc is not installed: the manual page was not linted"
fi
run 0 --completions bash
cp out doubletime.bash
run 0 --completions zsh
cp out _doubletime
run 0 --completions fish
cp out doubletime.fish
for shell in zsh fish; do
  command -v $shell >/dev/null || {
    echo "$shell is not installed: its completion was not read"
    continue
  }
  file=_doubletime
  [ $shell = fish ] && file=doubletime.fish
  $shell -n $file || fail "$shell cannot read its completion"
done
if ! command -v bash >/dev/null; then
  echo "bash is not installed: its completion was not tried"
  finish
fi
PATH=$(dirname "$program"):$PATH
export PATH
# complete WORD...: what bash offers for the last word.
complete_words() {
  bash -c '
    compopt() { :; }
    . ./doubletime.bash
    COMP_WORDS=(doubletime "$@")
    COMP_CWORD=$#
    _doubletime
    printf "%s\n" "${COMPREPLY[@]}"' - "$@" >out 2>err || fail "bash: $*"
  what="completing: $*"
  is_silent err
}
complete_words j
says out judge
complete_words judge --te
says out --tempo
says_not out --json
complete_words judge take.mid --level p
says out player
says out pro
says_not out beginner
complete_words play sh
says out shuffle
complete_words judge --color n
says out never
complete_words judge --color always doub
says out doubletime.bash
complete_words selftest --
says out --seed
says out --quiet
says_not out --tempo
finish
