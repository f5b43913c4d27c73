/* Devices, level, tone, theme; the tablet's code; how fast this page is. */
import { useState } from 'preact/hooks';
import { api, say } from '../api';
import type { Devices, Settings } from '../api_types';
import { Select } from '../ui/field';
import { chooseTheme, prefs, THEMES, usePrefs, type Theme } from '../ui/prefs';
import { useLoad } from '../ui/use_load';
import { midiOptions, soundOptions } from './devices';
import { PageSpeed } from './page_speed';
import { Tablet } from './tablet';

export function SettingsPage() {
  const settings = useLoad(() => api.settings(), []);
  const devices = useLoad(() => api.devices(), []);
  const status = useLoad(() => api.status(), []);
  const error = settings.error ?? devices.error;
  return (
    <main tabIndex={-1}>
      <div class="title-row"><h1>Settings</h1><a class="button primary" href="#/calibrate">Calibrate</a></div>
      {error && <p class="error" role="alert">{error}</p>}
      {settings.value && devices.value && <Instrument settings={settings.value} devices={devices.value} again={settings.again} />}
      <Screen />
      {status.value && <Tablet status={status.value} />}
      <PageSpeed />
      {status.value && <p class="soft">doubletime {status.value.program}, messages of version {status.value.schema}, {status.value.pages} {status.value.pages === 1 ? 'page' : 'pages'} open.</p>}
    </main>
  );
}

function Instrument({ settings, devices, again }: { settings: Settings; devices: Devices; again: () => void }) {
  const [error, setError] = useState<string | null>(null);
  const put = (change: Partial<Settings>) => api.putSettings(change).then(() => (setError(null), again()), (e: unknown) => setError(say(e)));
  return (
    <section class="card">
      <h2>Instrument</h2>
      <div class="fields">
        <Select label="Sound" value={settings.audio ?? ''} options={soundOptions(devices, settings.audio)} set={(audio) => put({ audio: audio || null })} />
        <Select label="E-kit by MIDI" value={settings.midi ?? ''} options={midiOptions(devices, settings.midi)} set={(midi) => put({ midi: midi || null })} />
        <Select label="Level: how tight is tight" value={settings.level} options={[['beginner', 'beginner'], ['player', 'player'], ['pro', 'pro']]} set={(level) => put({ level })} />
        <Select label="How the coach speaks" value={settings.tone} options={[['plain', 'plain'], ['kind', 'kind'], ['stern', 'stern']]} set={(tone) => put({ tone })} />
      </div>
      {error && <p class="error" role="alert">{error}</p>}
      <p>{settings.latency_ms === null ? <>Latency: not measured. <a href="#/calibrate">Calibrate</a> before you trust placement.</> : <>Latency: <b>{settings.latency_ms.toFixed(2)} ms</b>{settings.latency_low_ms !== null && settings.latency_high_ms !== null && ` (${settings.latency_low_ms.toFixed(2)} to ${settings.latency_high_ms.toFixed(2)})`}{settings.latency_day && `, measured on ${settings.latency_day}`}</>}{settings.kit && <> · kit map <b>{settings.kit}</b></>}</p>
    </section>
  );
}

const THEME_WORDS: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark', stage: 'stage: dim' };

function Screen() {
  const { theme, numbers } = usePrefs();
  return (
    <section class="card">
      <h2>This screen</h2>
      <div class="actions" role="group" aria-label="Theme">
        {THEMES.map((t) => <button key={t} aria-pressed={theme === t} onClick={() => chooseTheme(t)}>{THEME_WORDS[t]}</button>)}
        <button aria-pressed={numbers} onClick={() => prefs.set({ numbers: !numbers })}>Numbers during a take</button>
      </div>
    </section>
  );
}
