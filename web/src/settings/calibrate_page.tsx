/* The guided flow: device, level, latency, pads. Each step says what to do and what was found. */
import { useEffect, useState } from 'preact/hooks';
import { api, say } from '../api';
import type { Settings } from '../api_types';
import type { CalibrateMessage, PadDelayMessage, PadMessage } from '../messages';
import { go, type Route } from '../router';
import { useApp } from '../state/app';
import { Select } from '../ui/field';
import { useLoad, type Loaded } from '../ui/use_load';
import { drumName } from '../ui/words';
import { midiOptions, soundOptions } from './devices';

const STEPS = ['device', 'level', 'latency', 'pads', 'done'] as const;
type Step = (typeof STEPS)[number];
const TITLES: Record<Step, string> = { device: 'Device', level: 'Level', latency: 'Latency', pads: 'Pads', done: 'Done' };

/** The step is part of the address, so that a reload stays where it is; a measurement that runs comes first. */
export function CalibratePage({ route }: { route: Route }) {
  const settings = useLoad(() => api.settings(), []);
  const running = useApp((s) => (s.live.calibrate && !isOver(s.live.calibrate) ? s.live.calibrate.what : null));
  const by_midi = settings.value ? settings.value.midi !== null : running === 'pads';
  const steps = STEPS.filter((s) => (by_midi ? s !== 'level' : s !== 'pads'));
  const asked = route.args[0] ?? running ?? 'device';
  const step: Step = steps.find((s) => s === asked) ?? 'device';
  useEffect(() => void (step === 'device' && settings.again()), [step]); // another page may have chosen meanwhile
  const to = (s: Step) => go(`calibrate/${s}`);
  const next = () => to(steps[Math.min(steps.length - 1, steps.indexOf(step) + 1)]!);
  return (
    <main tabIndex={-1}>
      <h1>Calibrate</h1>
      <ol class="steps-list" aria-label="Steps">
        {steps.map((s, i) => <li key={s}><button aria-pressed={s === step} aria-current={s === step ? 'step' : undefined} onClick={() => to(s)}>{i + 1}. {TITLES[s]}</button></li>)}
      </ol>
      {step === 'device' && <DeviceStep settings={settings} next={next} />}
      {step === 'level' && <Measure key="level" what="level" next={next} about="So that your loudest strokes are not cut and your ghost notes are heard. Play as you will play, loud strokes too." />}
      {step === 'latency' && <Measure key="latency" what="latency" next={next} about="Chirps go out of the loudspeaker and come back through the microphone, or a cable. The time they take is subtracted from every stroke, once. It takes 11 seconds; be quiet meanwhile." />}
      {step === 'pads' && <Measure key="pads" what="pads" next={next} about="You strike each pad five times, from soft to loud; then snare and others together. What a pad hears of its neighbour is left out from then on." />}
      {step === 'done' && <section class="card"><p class="big-say">Ready. What was measured is remembered for this device.</p><div class="actions"><a class="button primary big" href="#/live">Practise</a><a class="button" href="#/settings">Settings</a></div></section>}
    </main>
  );
}

const isOver = (told: CalibrateMessage): boolean => told.state === 'done' || told.state === 'failed';

function DeviceStep({ settings, next }: { settings: Loaded<Settings>; next: () => void }) {
  const devices = useLoad(() => api.devices(), []);
  const [error, setError] = useState<string | null>(null);
  if (!devices.value || !settings.value) return <section class="card" aria-busy="true"><p class="soft">{devices.error ?? settings.error ?? 'Looking for devices…'}</p></section>;
  const put = (change: { audio?: string | null; midi?: string | null }) => api.putSettings(change).then(settings.again, (e: unknown) => setError(say(e)));
  return (
    <section class="card">
      <p class="big-say">What do you play on?</p>
      <div class="fields">
        <Select label="Sound device" value={settings.value.audio ?? ''} options={soundOptions(devices.value, settings.value.audio)} set={(audio) => put({ audio: audio || null })} />
        <Select label="Electronic kit" value={settings.value.midi ?? ''} options={midiOptions(devices.value, settings.value.midi)} set={(name) => put({ midi: name || null })} />
      </div>
      {error && <p class="error" role="alert">{error}</p>}
      <p class="soft">Not by Bluetooth: its delay wobbles, and no calibration can take that away.</p>
      <div class="actions"><button class="primary big" onClick={next}>Next</button></div>
    </section>
  );
}

function Measure({ what, about, next }: { what: string; about: string; next: () => void }) {
  const told = useApp((s) => s.live.calibrate);
  const [error, setError] = useState<string | null>(null);
  const [is_begun, setBegun] = useState(false);
  const is_running = told?.what === what && !isOver(told); // begun here, before a reload, or on another screen
  useEffect(() => void (is_running && setBegun(true)), [is_running]);
  const now = (is_begun || is_running) && told?.what === what ? told : null;
  const is_over = now !== null && isOver(now);
  const begin = () => (setBegun(true), api.calibrate(what).then(() => setError(null), (e: unknown) => (setError(say(e)), setBegun(false))));
  const press = (key: 'skip' | 'end' | 'cancel') => void api.calibrateKey(key).catch((e: unknown) => setError(say(e)));
  return (
    <section class="card">
      <p>{about}</p>
      {error && <p class="error" role="alert">{error}</p>}
      {now && <Found now={now} />}
      {what === 'pads' && <PadsFound />}
      <div class="actions">
        {now && !is_over && what === 'pads' && <button class="big" onClick={() => press('skip')}>I have none: skip</button>}
        {now && !is_over && what === 'pads' && <button onClick={() => press('end')}>Enough, keep these</button>}
        {now && !is_over && <button onClick={() => press(what === 'level' ? 'end' : 'cancel')}>{what === 'level' ? 'Enough' : 'Cancel'}</button>}
        {(!now || is_over) && <button class={is_over && now?.state === 'done' ? '' : 'primary big'} onClick={begin}>{is_over ? 'Measure again' : 'Begin'}</button>}
        {(!now || is_over) && <button class={now?.state === 'done' ? 'primary big' : ''} onClick={next}>{now?.state === 'done' ? 'Next' : 'Skip'}</button>}
      </div>
    </section>
  );
}

function Found({ now }: { now: CalibrateMessage }) {
  return (
    <>
      <p class={`big-say ${now.state === 'failed' ? 'text-bad' : ''}`} role="status">{now.say}</p>
      {now.drum && <p class="code pad-name">{drumName(now.drum)}{now.with && ` + ${drumName(now.with)}`}</p>}
      {now.wanted !== null && now.struck !== null && <Strokes struck={now.struck} wanted={now.wanted} />}
      {now.what === 'level' && <Level db={now.level_db} />}
      {now.latency_ms !== null && <p class="code">{now.latency_ms.toFixed(2)} <small>ms</small></p>}
      {now.low_ms !== null && now.high_ms !== null && <p>between {now.low_ms.toFixed(2)} and {now.high_ms.toFixed(2)} ms</p>}
      {now.state !== 'done' && now.state !== 'failed' && <progress max={1} value={now.share} aria-label="How far">{Math.round(now.share * 100)} %</progress>}
    </>
  );
}

/** So many dots as strokes are wanted: seen from behind the kit. */
function Strokes({ struck, wanted }: { struck: number; wanted: number }) {
  return <p class="dots" role="img" aria-label={`${struck} of ${wanted} strokes`}>{Array.from({ length: wanted }, (_, i) => <span key={i} class={i < struck ? 'on' : ''} />)}</p>;
}

function PadsFound() {
  const pads = useApp((s) => s.live.pads);
  const delays = useApp((s) => s.live.pad_delays);
  if (pads.length === 0) return null;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="What was found">
      <table>
        <caption>Newest first. Delays are told, not subtracted: the lead of your hands is in them.</caption>
        <thead><tr><th>Pad</th><th>Note</th><th>Softest, typical</th><th>Left out from now on</th><th>Later than the snare</th></tr></thead>
        <tbody>{[...pads].reverse().map((p) => <PadRow key={p.drum} pad={p} delay={delays.find((d) => d.drum === p.drum) ?? null} />)}</tbody>
      </table>
    </div>
  );
}

function PadRow({ pad, delay }: { pad: PadMessage; delay: PadDelayMessage | null }) {
  if (!pad.is_known) return <tr><th scope="row">{drumName(pad.drum)}</th><td colSpan={4} class="soft">skipped</td></tr>;
  const ghosts = pad.ghosts.map((g) => `${g.note === g.of ? 'its second trigger' : `note ${g.note} beside ${g.of}`}, within ${Math.ceil(g.within_ms)} ms and below ${Math.round(g.threshold * 100)} %`);
  return (
    <tr>
      <th scope="row">{drumName(pad.drum)}</th>
      <td>{pad.same_as ? `as ${drumName(pad.same_as)}, which keeps it` : pad.note}</td>
      <td>{pad.lowest}, {pad.typical?.toFixed(0)}</td>
      <td>{ghosts.join('; ') || 'nothing'}</td>
      <td>{delay === null ? '' : delay.delay_ms === null ? 'too few strokes' : `${delay.delay_ms >= 0 ? '+' : '−'}${Math.abs(delay.delay_ms).toFixed(2)} ms (${delay.low_ms?.toFixed(2)} to ${delay.high_ms?.toFixed(2)})`}</td>
    </tr>
  );
}

/** Null: silence, which is told too: a microphone that is off is what most people meet first. */
function Level({ db }: { db: number | null }) {
  const share = db === null ? 0 : Math.min(1, Math.max(0, (db + 60) / 60));
  return (
    <>
      <div class="meter" role="meter" aria-label="Level" aria-valuemin={-60} aria-valuemax={0} aria-valuenow={db === null ? -60 : Math.round(db)} aria-valuetext={levelText(db)}><div class={db !== null && db > -1 ? 'hot' : ''} ref={(e) => { if (e) e.style.transform = `scaleX(${share})`; }} /></div>
      <p>{levelText(db)}</p>
    </>
  );
}

function levelText(db: number | null): string {
  if (db === null) return 'Nothing is heard yet: is the microphone plugged in and turned up?';
  return `${db.toFixed(0)} dB${db > -1 ? ': too loud, turn it down' : ''}`;
}
