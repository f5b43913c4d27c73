#!/bin/sh
# A mistake on the command line: exit status 2, one sentence on standard error, nothing else.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

refused() {
  sentence=$1
  shift
  run 2 "$@"
  is_silent out
  is_one_line err
  says err "$sentence"
}

refused "name a command" 
# Every command is named there, and completed after `help`.
"$program" help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' >commands
[ "$(wc -l <commands)" -ge 15 ] || fail "help lists $(wc -l <commands) commands"
"$program" --completions bash >completions
while read -r name; do
  "$program" 2>&1 | grep -qw "$name" || fail "the message without a command does not name $name"
  grep "echo judge" completions | grep -qw "$name" || fail "help $name is not completed"
done <commands
refused "did you mean judge?" jugde take.mid
refused "there is no command 'xylophone'" xylophone
refused "did you mean --tempo?" judge take.mid --tmepo 120
refused "did you mean --quiet?" --quite judge take.mid
refused "there is no option -z" judge -z take.mid
refused "--tempo takes a number from 20 to 400, not '19'" judge take.mid --tempo 19
refused "--tempo needs BPM after it" judge take.mid --tempo
refused "--meter takes a metre" judge take.mid --meter 4/5
refused "did you mean pro?" judge take.mid --level por
refused "choose one" judge take.mid --free --tempo 120
refused "--start needs --tempo" judge take.mid --start 1
refused "--kit knows gm, roland, alesis, yamaha, not 'gretsch'" judge take.mid --kit gretsch
refused "two outputs to standard output: --json and --csv" judge take.mid --json - --csv -
refused "two outputs to same.txt: --midi and --labels" judge take.mid --midi same.txt --labels same.txt
refused "name a TAKE" judge
refused "'b.mid' is too much" judge a.mid b.mid
refused "--color takes auto, always or never" judge --color sometimes
refused "name a chart" play -o take.mid
refused "did you mean rock?" play rokc -o take.mid
refused "say where to with -o" play rock
refused "must end in .wav, .flac or .mid" play rock -o take.ogg
refused "--as: " play rock -o take.mid --as drift=3parsec
refused "two outputs to standard output: --output and --truth" play rock -o - --truth -
refused "takes options only" selftest now
refused "there is no command 'jugde'" help jugde
[ -z "$(find . -name '*.mid*')" ] || fail "a refused command wrote a file"

# Help and version are asked for: standard output, exit status 0.
for ask in --help -h help "help judge" "judge --help" "play -h" "selftest --help --nonsense"; do
  # shellcheck disable=SC2086 # words
  run 0 $ask
  says out "Usage: doubletime"
  is_silent err
done
run 0 --version
says out "doubletime "
is_one_line out
run 0 version
is_one_line out
run 0 judge --version
is_one_line out
finish
