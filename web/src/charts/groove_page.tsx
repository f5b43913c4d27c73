/* The groove editor: grid and text are one; MIDI and MusicXML in and out. */
import { useEffect, useState } from 'preact/hooks';
import { api, ApiError, pathOf, say } from '../api';
import type { Chart } from '../api_types';
import { go, type Route } from '../router';
import { Score } from '../notation/score';
import { Field } from '../ui/field';
import { useLoad } from '../ui/use_load';
import { nameOfFile } from '../ui/words';
import { Grid } from './grid';
import { Player } from './player';
import { blocksOf, settingOf, withSetting } from './rows';

const EMPTY = `name: my-groove
title: My groove
tempo: 100
meter: 4/4
step: 1/16

hi-hat      |x-x-x-x-x-x-x-x-|
snare       |----X-------X---|
kick        |x-------x-x-----|
`;

export function GroovePage({ route }: { route: Route }) {
  const name = route.args[0];
  const chart = useLoad(() => (name ? api.chart(name) : Promise.resolve(null)), [name]);
  if (chart.error) return <main tabIndex={-1}><p class="error" role="alert">{chart.error}</p></main>;
  if (name && !chart.value) return <main tabIndex={-1} aria-busy="true"><p class="soft">Loading…</p></main>;
  return <Editor key={name ?? ''} start={chart.value ? ownText(chart.value) : EMPTY} is_own={chart.value?.is_own ?? false} />;
}

/** A chart of the library is kept under a name of one's own. */
function ownText(chart: Chart): string {
  return chart.is_own ? chart.text : withSetting(chart.text, 'name', `my-${chart.name}`.slice(0, 47));
}

function Editor({ start, is_own }: { start: string; is_own: boolean }) {
  const [text, setText] = useState(start);
  const [chart, setChart] = useState<Chart | null>(null);
  const [said, setSaid] = useState<{ text: string; is_bad: boolean } | null>(null);
  const [brush, setBrush] = useState<string | null>(null);
  const [tick, setTick] = useState<number | null>(null);
  const name = settingOf(text, 'name') ?? '';
  const blocks = blocksOf(text);
  useEffect(() => {
    const timer = setTimeout(() => api.readChart(text).then((c) => (setChart(c), setSaid(null)), (e: unknown) => setSaid({ text: mistake(e), is_bad: true })), 250);
    return () => clearTimeout(timer);
  }, [text]);
  const keep = () => api.putChart(name, text).then(() => setSaid({ text: `Kept as ${name}.`, is_bad: false }), (e: unknown) => setSaid({ text: mistake(e), is_bad: true }));
  const read = (file: File | undefined) => file && api.readChart(file).then((c) => setText(c.name ? c.text : withSetting(c.text, 'name', nameOfFile(file.name, 'my-groove'))), (e: unknown) => setSaid({ text: mistake(e), is_bad: true }));
  const drop = () => api.dropChart(name).then(() => go('charts'), (e: unknown) => setSaid({ text: say(e), is_bad: true }));
  return (
    <main tabIndex={-1} data-takes-files onDragOver={(e) => e.preventDefault()} onDrop={(e) => { e.preventDefault(); void read(e.dataTransfer?.files[0]); }}>
      <p class="soft"><a href="#/charts">all charts</a></p>
      <h1>Groove</h1>
      <div class="fields">
        {(['name', 'title', 'tempo', 'meter', 'swing'] as const).map((key) => (
          <Field key={key} label={key} value={settingOf(text, key) ?? ''} set={(value) => setText(withSetting(text, key, value))} placeholder={{ swing: 'straight', meter: '4/4' }[key as string] ?? ''} />
        ))}
      </div>
      {said && <p class={said.is_bad ? 'error' : 'text-on'} role={said.is_bad ? 'alert' : 'status'}>{said.text}</p>}
      {chart && <Player chart={chart} onTick={setTick} />}
      <section class="card">
        <Brushes brush={brush} set={setBrush} />
        {blocks.map((b) => <Grid key={b.first_line} text={text} block={b} brush={brush} set={setText} now={blocks.length === 1 && tick !== null ? Math.floor(tick / (b.step * 3840)) : null} />)}
        {blocks.length === 0 && <p>No bars yet.</p>}
      </section>
      {chart && <section class="card"><Score chart={chart} /></section>}
      <section class="card">
        <label class="field"><span>The same as text</span><textarea rows={12} spellcheck={false} value={text} onInput={(e) => setText(e.currentTarget.value)} /></label>
        <div class="actions">
          <button class="primary" onClick={keep} disabled={!name || (said?.is_bad ?? false)}>Keep</button>
          <label class="button file-button">Open MIDI, MusicXML or text<input type="file" accept=".mid,.midi,.musicxml,.xml,.txt" onChange={(e) => void read(e.currentTarget.files?.[0])} /></label>
          {is_own && <a class="button" href={pathOf(`/charts/${encodeURIComponent(name)}/midi`)} download>Save as MIDI</a>}
          {is_own && <button onClick={drop}>Remove</button>}
        </div>
      </section>
    </main>
  );
}

function mistake(error: unknown): string {
  const line = error instanceof ApiError && error.line ? ` (line ${error.line})` : '';
  return say(error) + (say(error).toLowerCase().includes('line') ? '' : line);
}

const BRUSHES: [string | null, string][] = [[null, 'in turn'], ['x', 'stroke'], ['X', 'accent'], ['g', 'ghost'], ['o', 'open'], ['f', 'flam'], ['d', 'drag'], ['r', 'roll']];

function Brushes({ brush, set }: { brush: string | null; set: (brush: string | null) => void }) {
  return (
    <div class="actions tight" role="group" aria-label="What a touch writes">
      {BRUSHES.map(([sign, name]) => <button key={name} aria-pressed={brush === sign} onClick={() => set(sign)}>{sign ?? '↻'} {name}</button>)}
    </div>
  );
}
