import { options, render } from 'preact';
import './css/base.css';
import './css/live.css';
import './css/pages.css';
import './css/print.css';
import { Shell } from './shell';
import { connect, probe } from './state/socket';
import { app } from './state/app';
import { measured, quantile, resetPerf } from './live/perf';
import { watchColours } from './ui/colours';
import { listenToKeys } from './ui/keys';
import { applyTheme, followTheme } from './ui/prefs';

/* However many messages come, at most one drawing a frame; a hidden page has no frames. */
options.debounceRendering = (draw) => void (document.hidden ? setTimeout(draw, 50) : requestAnimationFrame(draw));
applyTheme();
watchColours();
listenToKeys();
if (!/\/pair\/?$/.test(location.pathname)) {
  connect();
  void followTheme();
}
render(<Shell />, document.getElementById('page')!);

/* For measurements from outside: docs/page.md. */
Object.assign(globalThis, { doubletime: { app, probe, measured, quantile, resetPerf } });
