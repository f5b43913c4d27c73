/* What surrounds every page: navigation, banners, help, and the place to drop a file: anywhere. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LivePage } from './live/live_page';
import { Lazy } from './ui/lazy';
import { go, useRoute, type Route } from './router';
import { app, useApp } from './state/app';
import { isOn } from './state/live';
import { Guarded } from './ui/guarded';
import { Help } from './ui/help';
import { useKeys } from './ui/keys';
import { nextTheme } from './ui/prefs';
import { DropAnywhere } from './upload/drop';

const PAGES: { name: string; title: string; key: string }[] = [
  { name: 'live', title: 'Live', key: 'l' },
  { name: 'takes', title: 'Takes', key: 't' },
  { name: 'progress', title: 'Progress', key: 'p' },
  { name: 'charts', title: 'Charts', key: 'c' },
  { name: 'settings', title: 'Settings', key: 's' },
];

const LAZY: Record<string, () => Promise<ComponentType<{ route: Route }>>> = {
  takes: () => import('./take/takes_page').then((m) => m.TakesPage),
  take: () => import('./take/take_page').then((m) => m.TakePage),
  compare: () => import('./take/compare_page').then((m) => m.ComparePage),
  upload: () => import('./upload/upload_page').then((m) => m.UploadPage),
  progress: () => import('./progress/progress_page').then((m) => m.ProgressPage),
  plan: () => import('./progress/plan_page').then((m) => m.PlanPage),
  charts: () => import('./charts/charts_page').then((m) => m.ChartsPage),
  groove: () => import('./charts/groove_page').then((m) => m.GroovePage),
  settings: () => import('./settings/settings_page').then((m) => m.SettingsPage),
  calibrate: () => import('./settings/calibrate_page').then((m) => m.CalibratePage),
  pair: () => import('./settings/pair_page').then((m) => m.PairPage),
};

export function Shell() {
  const route = useRoute();
  const [help, setHelp] = useState(false);
  const is_session = useApp((s) => isOn(s.live)) && route.page === 'live';
  useKeys([
    ...PAGES.map(({ name, title, key }) => ({ key, label: title.toLowerCase(), run: () => go(name) })),
    { key: 'u', label: 'upload a recording', run: () => go('upload') },
    { key: 'd', label: 'theme: auto, light, dark, stage', run: nextTheme },
    { key: 'f', label: 'full screen', run: fullScreen },
    { key: '?', label: 'these keys', run: () => setHelp((h) => !h) },
  ]);
  useEffect(() => void (document.title = titleOf(route)), [route]);
  if (route.page === 'pair') return <Lazy key="pair" load={LAZY['pair']!} route={route} />;
  return (
    <>
      {!route.query.has('kiosk') && <Header route={route} is_session={is_session} onHelp={() => setHelp(true)} />}
      <Banners />
      <div id="content" tabIndex={-1}><Guarded><Content route={route} /></Guarded></div>
      {help && <Help close={() => setHelp(false)} />}
      <DropAnywhere />
    </>
  );
}

function Content({ route }: { route: Route }) {
  const load = LAZY[route.page];
  if (load) return <Lazy key={route.page} load={load} route={route} />;
  return <LivePage />;
}

function Header({ route, is_session, onHelp }: { route: Route; is_session: boolean; onHelp: () => void }) {
  const page = { take: 'takes', compare: 'takes', upload: 'takes', plan: 'progress', groove: 'charts', calibrate: 'settings' }[route.page] ?? route.page;
  return (
    <header class={`top${is_session ? ' is-session' : ''}`}>
      <a class="skip" href="#content" onClick={(e) => { e.preventDefault(); document.getElementById('content')?.focus(); }}>To the content</a>
      <a class="brand" href="#/live" aria-label="doubletime"><svg viewBox="0 0 64 40" aria-hidden="true"><path class="is-early" d="M28 4 4 20l24 16z" /><path class="is-late" d="m36 4 24 16-24 16z" /></svg><span>doubletime</span></a>
      <nav aria-label="Pages">
        {PAGES.map(({ name, title }) => <a key={name} href={`#/${name}`} aria-current={page === name ? 'page' : undefined}>{title}</a>)}
      </nav>
      <div class="tools">
        <button class="icon" onClick={nextTheme} aria-label="Change theme" title="Theme (D)"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3a9 9 0 1 0 0 18V3z" /><circle cx="12" cy="12" r="9" class="ring" /></svg></button>
        <button class="icon" onClick={onHelp} aria-label="Keys and help" title="Keys (?)">?</button>
      </div>
    </header>
  );
}

function Banners() {
  const connection = useApp((s) => s.connection);
  const away = useApp((s) => s.live.away);
  const troubles = useApp((s) => s.live.troubles);
  return (
    <div class="banners" role="alert">
      {connection === 'lost' && <p class="banner">The program does not answer; trying again. Nothing played is lost while it runs.</p>}
      {troubles.map((text) => <p key={text} class="banner is-trouble"><span>{text}</span><button class="icon" aria-label="Seen: put it away" onClick={() => seen(text)}>✕</button></p>)}
      {away && <p class="banner is-bad">{away.text || 'The device is away. Plug it in again; the session waits.'}</p>}
    </div>
  );
}

function seen(text: string): void {
  app.set((s) => ({ ...s, live: { ...s.live, troubles: s.live.troubles.filter((t) => t !== text) } }));
}

function fullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen?.().catch(() => undefined);
}

function titleOf(route: Route): string {
  const page = PAGES.find((p) => p.name === route.page)?.title;
  const words: Record<string, string> = { take: `Take ${route.args[0] ?? ''}`, compare: 'Compare', upload: 'Upload', plan: 'Plan', groove: 'Groove', calibrate: 'Calibrate', pair: 'Pair' };
  return `${page ?? words[route.page] ?? 'Live'} · doubletime`;
}
