/*
 * The suite on real Chromium. Without arguments over the fake server; E2E_URL=http://127.0.0.1:PORT/?token=..
 * over a running `doubletime serve` with a drummer. E2E_ONLY=regex runs some checks; E2E_OUT is where pictures go.
 */
import { join } from 'node:path';
import { serve } from '../fake/serve';
import { launch } from './browser';
import { finish, leaveOut } from './check';
import { flows } from './flows';
import { livePage } from './live';
import { memory, MEMORY } from './memory';
import { everyPage, type Target } from './pages';
import { weight } from './weight';

const out = process.env['E2E_OUT'] ?? join(process.cwd(), '../out/web');
const dist = join(process.cwd(), 'dist');
const given = process.env['E2E_URL'];
const fake = given ? null : await serve({ port: 0, dist, speed: { bars: 8, rest_ms: 1500, pause_ms: 1200 } });
const url = new URL(given ?? `http://127.0.0.1:${fake!.port}/`);
const takes = (process.env['E2E_TAKES_LIST'] ?? '1,2,3,4,5').split(',').map(Number);
const target: Target = { base: url.origin, query: url.search, out, takes, chart: process.env['E2E_CHART'] ?? 'funk', own_fake: !given };
const browser = await launch();
await weight(browser, target, dist);
await livePage(browser, target);
await everyPage(browser, target);
await flows(browser, target);
if (fake) await memory(browser, target, fake.feed);
else leaveOut(MEMORY, 'bench/stage_hours.py looks at the page over hours of the program');
await browser.close();
fake?.stop();
finish();
