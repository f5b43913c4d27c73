/* One take: the verdict first, then where it comes from. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { api, pathOf } from '../api';
import type { TakeLine } from '../api_types';
import type { Route } from '../router';
import { useApp } from '../state/app';
import { useLoad } from '../ui/use_load';
import { when, WORDS } from '../ui/words';
import { clockLines, dynamicLines, fatigueLines, instrumentText, Key, Lines, rollLines, swingLines } from './figures';
import { Histograms } from './histogram';
import { isAgainstClick, offsetsOf } from './own';
import { PlacesMap } from './places_map';
import { TakeScore } from './take_score';
import { TempoCurve } from './tempo_curve';
import { Timeline } from './timeline';
import type { Verdict } from './verdict';
import type { View } from './view';

export function TakePage({ route }: { route: Route }) {
  const n = Number(route.args[0]);
  const sound_came = useApp((s) => s.live.sound_of === n);
  const line = useLoad(() => api.take(n), [n]);
  useEffect(() => void (sound_came && line.again()), [sound_came]);
  const verdict = useLoad(() => api.verdict(n), [n]);
  const error = verdict.error ?? line.error;
  if (error) return <main tabIndex={-1}><h1>Take {n}</h1><p class="error" role="alert">{error}</p></main>;
  if (!verdict.value || !line.value) return <main tabIndex={-1} aria-busy="true"><p class="soft">Loading the take…</p></main>;
  return <TakeView n={n} line={line.value} verdict={verdict.value} key={n} />;
}

function TakeView({ n, line, verdict }: { n: number; line: TakeLine; verdict: Verdict }) {
  const [view, setView] = useState<View>(() => firstView(verdict));
  const offsets = useMemo(() => offsetsOf(verdict), [verdict]);
  const study = verdict.study;
  return (
    <main class="take-page" tabIndex={-1}>
      <header class="take-head">
        <p class="soft">Take {n} · {line.chart ?? line.file ?? 'free'} · {when(line.taken_at_s)}{line.player && ` · ${line.player}`}</p>
        <h1 class={`word ${verdict.verdict.word}`}>{WORDS[verdict.verdict.word]} <b>{rest(verdict)}</b></h1>
      </header>
      <Key verdict={verdict} />
      {instrumentText(verdict) && <p class="soft instrument">{instrumentText(verdict)}</p>}
      {study && study.practise.length > 0 && (
        <section class="card"><h2>Practise</h2><ol class="todo">{study.practise.map((p) => <li key={p.text}>{p.text}{p.bars.length > 0 && <small>bars {p.bars.join(', ')}</small>}</li>)}</ol></section>
      )}
      <section class="card screen-only">
        <h2>Strokes</h2>
        <Timeline take={n} has_sound={line.has_sound ?? false} verdict={verdict} view={view} setView={setView}><TakeScore verdict={verdict} view={view} /></Timeline>
      </section>
      <section class="card"><h2>Per drum</h2><p class="soft">Milliseconds against {isAgainstClick(verdict) ? 'the click' : 'your own pulse'}.</p><Histograms offsets={offsets} voices={verdict.voices} against_click={isAgainstClick(verdict)} /></section>
      {study && <Studies verdict={verdict} />}
      <Actions n={n} />
    </main>
  );
}

function Studies({ verdict }: { verdict: Verdict }) {
  const study = verdict.study!;
  return (
    <>
      <section class="card"><h2>Tempo</h2><TempoCurve verdict={verdict} /></section>
      <section class="card"><h2>Places in the bar</h2><PlacesMap places={study.places} /></section>
      <div class="pair">
        <section class="card"><h2>Swing</h2><Lines caption={verdict.subdivision.text} lines={swingLines(study)} /></section>
        <section class="card"><h2>Dynamics and hands</h2><Lines caption="Loudness and limbs" lines={dynamicLines(study)} /></section>
        <section class="card"><h2>Rolls, flams and drags</h2><Lines caption={`${study.rolls.items.length} rolls, ${study.flams.flam_count} flams, ${study.flams.drag_count} drags`} lines={rollLines(study)} /></section>
        <section class="card"><h2>Clock or hands</h2><Lines caption="Where the spread comes from" lines={clockLines(study)} /></section>
        <section class="card"><h2>Tiring</h2><Lines caption={study.fatigue.minutes === null ? 'Over the take' : `Over ${study.fatigue.minutes.toFixed(1)} minutes`} lines={fatigueLines(study)} /></section>
      </div>
    </>
  );
}

/** The verdict line without its sign and word, which stand before it. */
function rest(verdict: Verdict): string {
  const text = verdict.verdict.text.replace(/^[^A-Z]*/, '');
  const word = WORDS[verdict.verdict.word];
  return text.startsWith(word) ? text.slice(word.length).trim() : text;
}

/** About four bars, from the first stroke. */
function firstView(verdict: Verdict): View {
  const from_s = Math.max(0, (verdict.strokes[0]?.time_s ?? 0) - 0.3);
  return { from_s, to_s: Math.min(verdict.take.duration_s, from_s + Math.max(4, 16 * (verdict.verdict.beat_s ?? 0.5))) };
}

function Actions({ n }: { n: number }) {
  const takes = useLoad(() => api.takes('limit=100'), []);
  const others = (takes.value?.takes ?? []).filter((t) => t.take !== n);
  return (
    <section class="card screen-only">
      <h2>More</h2>
      <div class="actions">
        <label class="field"><span>Compare with</span>
          <select onChange={(e) => e.currentTarget.value && (location.hash = `#/compare/${e.currentTarget.value}/${n}`)}>
            <option value="">choose a take</option>
            {others.map((t) => <option key={t.take} value={t.take}>{`take ${t.take}, ${t.chart ?? t.file ?? 'free'}, ${when(t.taken_at_s)}`}</option>)}
          </select>
        </label>
        <button onClick={() => print()}>Print</button>
        <a class="button" href={pathOf(`/takes/${n}/page?download=1`)} download>Save as one page</a>
        <a class="button" href={pathOf(`/takes/${n}/strokes?format=csv`)} download>Strokes as CSV</a>
        <a class="button" href={pathOf(`/takes/${n}/strokes?format=midi`)} download>MIDI</a>
      </div>
    </section>
  );
}
