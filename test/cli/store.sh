#!/bin/sh
# Saving, listing, comparing, carrying away: what the player sees of the store.
# shellcheck source=test/cli/lib.sh
. "$(dirname "$0")/lib.sh"

TZ=UTC
XDG_DATA_HOME=$yard/data
export TZ XDG_DATA_HOME

# Nothing yet: no mistake, and nothing is made.
run 0 history
says out "No takes yet: doubletime judge FILE --save"
run 0 history --json -
says out '"matching": 0'
run 1 compare 1 2
is_one_line err
says err "no takes yet"
[ ! -e data ] || fail "looking made a database"

for seed in 1 2 3; do
  run 0 play rock --as "scatter=$((4 * seed))ms" --bars 24 --seed $seed -o $seed.mid --quiet
  run 0 judge $seed.mid --save --player Ana --at "2026-03-0$seed 18:30"
  says err "$seed.mid: saved as take $seed"
  says out "IN THE POCKET"
done
[ -f data/doubletime/doubletime.db ] || fail "no database in XDG_DATA_HOME"
[ -z "$(find data -name '*-wal')" ] || fail "a write-ahead log is left"
run 0 judge 1.mid --save
says err "is there already, as take 1"

run 0 history
[ "$(grep -c 'IN THE POCKET' out)" -eq 3 ] || fail "not three takes"
sed -n 2p out | grep -q '^ *3 2026-03-03 Ana ' || fail "the newest is not first: $(sed -n 2p out)"
[ "$(awk 'length > 80' out | wc -l)" -eq 0 ] || fail "a line is wider than a terminal"
run 0 history --since 2026-03-02 --until 2026-03-02
says out "1 of 1 takes"
run 0 history --player Nobody
says out "No take is like that."
run 0 history --word rushing --drum kick
says out "No take is like that."
run 0 history --limit 1 --json -
says out '"take": 3'
says out '"matching": 3'
says_not out '"take": 2'

run 0 compare 1 3
says out "REAL CHANGE  from take 1 to take 3"
says out "all: scatter"
[ "$(awk 'length > 80' out | wc -l)" -eq 0 ] || fail "a line is wider than a terminal"
run 0 compare 1 1.mid
says out "NO REAL CHANGE"
run 0 compare 1.mid 2.mid --json - --seed 5
says out '"seed": "5"'
says out '"result": "real_change"'
run 1 compare 1 9
says err "There is no take 9; the highest number is 3"
run 2 compare 1
says err "two takes"
run 2 compare 1 2 3
says err "too much"

# Away and back: the same bytes.
run 0 export -o one.jsonl
says err "3 takes written"
run 0 import one.jsonl --db other.db
says err "3 takes stored, 0 were there already"
run 0 import one.jsonl --db other.db
says err "0 takes stored, 3 were there already"
run 0 export --db other.db
cmp -s out one.jsonl || fail "export, import, export gives other bytes"
run 0 import 3.mid --player Ben --at 2025-01-01 --db other.db
says err "there already"
"$program" import - --db piped.db <one.jsonl 2>err || fail "import - fails"
run 0 history --db piped.db
says out "3 of 3 takes"
tr -d '\n' <one.jsonl >glued.jsonl
run 1 import glued.jsonl --db glued.db
is_one_line err
says err "line 1: This is not JSON"
(sed -n 1p one.jsonl && echo '{"schema":"doubletime.take/1"}' && sed -n 2p one.jsonl) >bad.jsonl
run 1 import bad.jsonl --db bad.db
says err "line 2: "
says err "(1 takes before it are stored)"

# The world.
run 1 history --db nowhere.db
is_one_line err
says err "There is no such database"
run 1 history --db 1.mid
is_one_line err
says err "no doubletime database"
run 1 judge 1.mid --save --db folder/x.db
is_one_line err
says err "no such folder"
run 2 judge 1.mid --player Ana
says err "--save"
run 2 judge 1.mid --save --at yesterday
says err "--at takes"
run 2 history --since 2026-02-31
says err "--since takes a day"
[ -w /dev/full ] && {
  "$program" export >/dev/full 2>err
  [ $? -eq 1 ] || fail "a full disk goes unnoticed by export"
}
XDG_DATA_HOME=relative
HOME=
run 1 judge 1.mid --save
says err "--db"
finish
