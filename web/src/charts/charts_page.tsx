/* The library and the player's own charts; one chart with notation and playback. */
import { useMemo, useState } from 'preact/hooks';
import { api, pathOf } from '../api';
import type { Chart, ChartLine } from '../api_types';
import { go, type Route } from '../router';
import { Score } from '../notation/score';
import { Field } from '../ui/field';
import { prefs } from '../ui/prefs';
import { useLoad } from '../ui/use_load';
import { Player } from './player';

export function ChartsPage({ route }: { route: Route }) {
  const name = route.args[0];
  return name ? <One key={name} name={name} /> : <List />;
}

export function searched(charts: readonly ChartLine[], words: string): ChartLine[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return charts.filter((c) => wanted.every((w) => `${c.name} ${c.title} ${c.tags} ${c.meter}`.toLowerCase().includes(w)));
}

const TAGS = 12;

/** The tags that most charts have, each once. */
export function commonTags(charts: readonly ChartLine[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of charts.flatMap((c) => c.tags.split(/[\s,]+/).filter(Boolean))) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, TAGS).map(([tag]) => tag);
}

function List() {
  const charts = useLoad(() => api.charts(), []);
  const [words, setWords] = useState('');
  const all = charts.value?.charts ?? [];
  const found = searched(all, words);
  return (
    <main tabIndex={-1}>
      <div class="title-row"><h1>Charts</h1><a class="button primary" href="#/groove">New groove</a></div>
      <Field label="Search in names, titles and tags" value={words} set={setWords} placeholder="shuffle beginner" />
      <div class="actions tight" role="group" aria-label="Kinds">
        {commonTags(all).map((tag) => <button key={tag} aria-pressed={words === tag} onClick={() => setWords(words === tag ? '' : tag)}>{tag}</button>)}
      </div>
      {charts.error && <p class="error" role="alert">{charts.error}</p>}
      <p class="soft" role="status">{found.length} {found.length === 1 ? 'chart' : 'charts'}</p>
      <ul class="chart-list">
        {found.map((c) => <li key={c.name}><a href={`#/charts/${encodeURIComponent(c.name)}`}><b>{c.title || c.name}</b><small>{c.meter} · {Math.round(c.bpm)} bpm · {c.bars} {c.bars === 1 ? 'bar' : 'bars'}{c.is_own && ' · own'}</small></a></li>)}
      </ul>
    </main>
  );
}

function One({ name }: { name: string }) {
  const chart = useLoad(() => api.chart(name), [name]);
  return (
    <main tabIndex={-1}>
      <p class="soft"><a href="#/charts">all charts</a></p>
      {chart.error && <p class="error" role="alert">{chart.error}</p>}
      {chart.value && <View chart={chart.value} name={name} />}
    </main>
  );
}

function View({ chart, name }: { chart: Chart; name: string }) {
  const [tick, setTick] = useState<number | null>(null);
  const bar = useMemo(() => (tick === null ? null : chart.bar_list.findLastIndex((b) => b.tick <= tick)), [tick, chart]);
  const file = pathOf(`/charts/${encodeURIComponent(name)}`);
  const practise = () => {
    prefs.set({ start: { ...prefs.get().start, chart: name } });
    go('live');
  };
  return (
    <>
      <h1>{chart.title || name}</h1>
      <p class="soft">{chart.meter} · {Math.round(chart.bpm)} bpm{chart.swing !== 0.5 && ` · swing ${Math.round(chart.swing * 100)} %`} · {chart.tags}</p>
      <Player chart={chart} onTick={setTick} />
      <section class="card"><Score chart={chart} current_bar={bar} /></section>
      <div class="actions">
        <button class="primary" onClick={practise}>Practise this</button>
        <a class="button" href={`#/groove/${encodeURIComponent(name)}`}>Edit</a>
        <a class="button" href={`${file}/midi`} download>MIDI</a>
        <a class="button" href={`${file}/musicxml`} download>MusicXML</a>
      </div>
      <section class="card"><h2>Text</h2><pre class="wide" tabIndex={0}>{chart.text}</pre></section>
    </>
  );
}
