/* What to play: chart, mode, tempi, device, or a simulated drummer. */
import { useState } from 'preact/hooks';
import { api, say } from '../api';
import type { ChartLine, Devices, Settings } from '../api_types';
import { useApp } from '../state/app';
import { useKeys } from '../ui/keys';
import { prefs, usePrefs } from '../ui/prefs';
import { useLoad } from '../ui/use_load';
import { Field, Select } from '../ui/field';
import { BandFields } from './band_fields';
import { FirstSteps } from './first_steps';
import { sumOf } from './glance';
import { CLICKS, clicksText, DRUMMERS, INITIAL, MODES, modeText, requestOf, type Choice } from './start_request';

export function StartPanel() {
  const charts = useLoad(() => api.charts(), []);
  const devices = useLoad(() => api.devices(), []);
  const progress = useLoad(() => api.progress(), []);
  const settings = useLoad(() => api.settings(), []);
  const [own_level, setLevel] = useState<string | null>(null);
  const level = own_level ?? settings.value?.level ?? 'player';
  const chooseLevel = (chosen: string) => {
    setLevel(chosen);
    void api.putSettings({ level: chosen }).catch(() => undefined); // a tablet may not: then it holds for this page
  };
  const choice = { ...INITIAL, ...usePrefs().start } as Choice;
  const [error, setError] = useState<string | null>(null);
  const set = (change: Partial<Choice>) => prefs.set({ start: { ...choice, ...change } as Choice });
  const begin = (plan: boolean, change: Partial<Choice> = {}) => {
    setError(null);
    api.begin(plan ? { plan: true } : requestOf({ ...choice, ...change } as Choice, settings.value && { level, tone: settings.value.tone })).catch((e: unknown) => setError(say(e)));
  };
  useKeys([{ key: ' ', label: 'start', run: () => begin(false) }]);
  const chosen = charts.value?.charts.find((c) => c.name === choice.chart);
  const today = progress.value?.today ?? [];
  return (
    <>
      <LastWord />
      <FirstSteps devices={devices.value} onWatch={() => begin(false, { input: 'drummer', drummer: INITIAL.drummer })} />
      <form class="card start" onSubmit={(e) => { e.preventDefault(); begin(false); }}>
        <h1>Practise</h1>
        <div class="fields">
          <ChartField charts={charts.value?.charts ?? []} value={choice.chart} set={(chart) => set({ chart })} />
          <Select label="Mode" value={choice.mode} options={MODES} set={(mode) => set({ mode })} hint={modeText(choice.mode)} is_wide />
          {choice.mode === 'ladder' ? <LadderFields choice={choice} set={set} /> : (
            <Field label="Tempo, bpm" type="number" value={choice.tempo} placeholder="by your clean tempo" set={(tempo) => set({ tempo })} />
          )}
          <Field label="Minutes" type="number" value={choice.minutes} set={(minutes) => set({ minutes })} />
          <Select label="Level" value={level} options={[['beginner', 'beginner'], ['player', 'player'], ['pro', 'pro']]} set={chooseLevel} />
          <Select label="Limbs" value={choice.limbs} options={[['all', 'all'], ['hands', 'hands'], ['right', 'right hand'], ['left', 'left hand'], ['feet', 'feet']]} set={(limbs) => set({ limbs })} />
          <Select label="Who plays" value={choice.input} options={inputs(devices.value)} set={(input) => set({ input })} hint={choice.input === 'setup' ? setUpText(settings.value) : undefined} />
          {choice.input === 'drummer' && <Select label="How he plays" value={choice.drummer} options={drummers(choice.drummer)} set={(drummer) => set({ drummer })} />}
          <Select label="Click" value={choice.clicks} options={CLICKS} set={(clicks) => set({ clicks })} hint={clicksText(choice.clicks, chosen?.meter)} />
          <BandFields band={choice.band} level_db={choice.band_db} set={(change) => set(change as Partial<Choice>)} />
        </div>
        {error && <p class="error" role="alert">{error}</p>}
        <div class="actions">
          <button class="primary big" type="submit">Start</button>
          <button type="button" onClick={() => begin(true)}>Start the plan</button>
          <a class="button" href="#/calibrate">Calibrate</a>
        </div>
      </form>
      {today.length > 0 && (
        <section class="card">
          <h2>Today</h2>
          <ul class="due">{today.map((t) => <li key={t.text}><span>{t.text}</span>{t.chart && <button onClick={() => set({ chart: t.chart! })}>Choose</button>}</li>)}</ul>
        </section>
      )}
    </>
  );
}

function LastWord() {
  const done = useApp((s) => s.live.done?.text ?? s.live.session?.text ?? null);
  const history = useApp((s) => s.live.history);
  const clean_bpm = useApp((s) => s.live.ladder?.clean_bpm ?? null);
  if (!done) return null;
  const last = history.findLast((j) => j.take !== null)?.take ?? null;
  return (
    <section class="card done" role="status">
      <p><b>{done}</b>{history.length > 0 && ` ${sumOf(history, clean_bpm)}`}</p>
      {last !== null && <a class="button" href={`#/take/${last}`}>See the last take</a>}
      {history.length > 1 && <a class="button" href="#/takes">All takes</a>}
    </section>
  );
}

function LadderFields({ choice, set }: { choice: Choice; set: (change: Partial<Choice>) => void }) {
  return (
    <>
      <Field label="From, bpm" type="number" value={choice.from} placeholder="as the coach says" set={(from) => set({ from })} />
      <Field label="To, bpm" type="number" value={choice.to} placeholder="no top" set={(to) => set({ to })} />
    </>
  );
}

function ChartField({ charts, value, set }: { charts: ChartLine[]; value: string; set: (name: string) => void }) {
  const chosen = charts.find((c) => c.name === value);
  return (
    <div class="field wide">
      <label class="field">
        <span>Chart</span>
        <input list="chart-names" value={value} onInput={(e) => set(e.currentTarget.value)} autocomplete="off" />
        <datalist id="chart-names">{charts.map((c) => <option key={c.name} value={c.name}>{c.title}</option>)}</datalist>
      </label>
      <small class="soft">{chosen ? `${chosen.title}, ${chosen.meter}, ${Math.round(chosen.bpm)} bpm` : 'type to search'}; <a href="#/charts">all charts</a></small>
    </div>
  );
}

function inputs(devices: Devices | null): [string, string][] {
  const ports = (devices?.midi ?? []).map((d): [string, string] => [`midi:${d.name}`, d.text || d.name]);
  return [['setup', 'as set up'], ['midi:any', 'me: e-kit, any MIDI'], ...ports.map(([key, text]): [string, string] => [key, `me: ${text}`]), ['microphone', 'me: microphone'], ['drummer', 'simulated drummer']];
}

function setUpText(settings: Settings | null): string | undefined {
  if (!settings) return undefined;
  return !settings.midi ? 'microphone' : settings.midi === 'any' ? 'electronic kit' : settings.midi;
}

const drummers = (words: string): [string, string][] => (DRUMMERS.some(([key]) => key === words) ? DRUMMERS : [...DRUMMERS, [words, words]]);
