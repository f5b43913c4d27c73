#!/bin/sh
# Records what the fake server answers with, from the real program: sh fake/record.sh ../build/doubletime
set -eu
program=$(realpath "${1:?which doubletime}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
take() { # chart bpm bars seed words
  "$program" play "$1" --tempo "$2" --bars "$3" --seed "$4" --as "$5" -q -o "$1.mid"
  "$program" judge "$1.mid" --chart "$1" --save --at "2026-03-0$6 18:30" --db h.db -q
  "$program" judge "$1.mid" --chart "$1" -q --json "$6.json"
}
take funk-song 96 24 3 "player snare=+16ms backbeat=+10ms fill.rush=5%" 1
take jazz 140 24 5 "player swing=60% ride.swing=60% swing.wobble=4%" 2
take six-stroke-roll 84 48 7 "player left.velocity=-30 left=+12ms fatigue=60%/min" 3
take funk-song 96 24 11 "player drift=+2.5bpm/min" 4
take funk-song 96 24 12 "player" 5
"$program" history --db h.db --limit 0 --json history.json -q
"$program" compare 1 5 --db h.db --json compare.json -q
"$program" charts --json charts.json -q
mkdir texts
for name in $(node -e 'for (const c of JSON.parse(require("fs").readFileSync("charts.json")).charts) console.log(c.name)'); do
  "$program" charts "$name" --export - > "texts/$name"
done
node - "$here/data" <<'JS'
const fs = require('fs');
const to = process.argv[2];
const read = (name) => JSON.parse(fs.readFileSync(name, 'utf8'));
const write = (name, value) => fs.writeFileSync(`${to}/${name}.json`, JSON.stringify(value) + '\n');
for (const n of [1, 2, 3, 4, 5]) write(`verdict-${n}`, read(`${n}.json`));
write('history', read('history.json').takes);
write('compare', read('compare.json'));
const charts = read('charts.json').charts;
write('charts', charts.map((c) => ({ ...c, text: fs.readFileSync(`texts/${c.name}`, 'utf8') })));
JS
