/* Eight hours of messages in minutes: the page's heap must not grow with them. Fake server only. */
import type { Browser } from 'playwright-core';
import { open } from './browser';
import { check, expect } from './check';
import { urlOf, type Target } from './pages';
import type { Feed } from '../fake/feed';

const TAKES = Number(process.env['E2E_TAKES'] ?? 120);
const STROKES = 300;

export const MEMORY = 'memory stays flat over many takes';

export async function memory(browser: Browser, target: Target, feed: Feed): Promise<void> {
  await check(MEMORY, async () => {
    const seen = await open(browser, urlOf(target, 'live'));
    const cdp = await seen.context.newCDPSession(seen.page);
    await seen.page.waitForSelector('.start');
    feed.put({ type: 'session', state: 'running', chart: target.chart, title: 'Long', mode: 'ladder', device: null, recorded: null, text: null });
    const heaps: number[] = [];
    for (let i = 0; i < TAKES; i++) {
      await takeOf(feed, target.chart, i);
      await new Promise((r) => setTimeout(r, 120));
      if (i % (TAKES / 4) === TAKES / 4 - 1) heaps.push(await heapOf(cdp));
    }
    // A loaded machine may be behind: what is looked at is what has arrived in the end.
    await seen.page.waitForFunction((newest) => (globalThis as unknown as { doubletime: { probe: { line(): { last: number } } } }).doubletime.probe.line().last >= newest - 2, feed.newest, { timeout: 120000 });
    const last = await seen.page.evaluate(() => (globalThis as unknown as { doubletime: { probe: { line(): { last: number } } } }).doubletime.probe.line().last);
    feed.put({ type: 'session', state: 'ended', chart: null, title: null, mode: null, device: null, recorded: null, text: null });
    await seen.context.close();
    const grown = heaps.at(-1)! - heaps[0]!;
    expect(last >= feed.newest - 2, `seen ${last} of ${feed.newest}`);
    expect(grown < 3e6, `heap grew by ${grown} bytes`);
    return `${TAKES * STROKES} strokes; heap after each quarter ${heaps.map((h) => (h / 1e6).toFixed(1)).join(' ')} MB`;
  });
}

async function heapOf(cdp: { send: (m: 'HeapProfiler.collectGarbage' | 'Runtime.getHeapUsage') => Promise<unknown> }): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  return ((await cdp.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
}

async function takeOf(feed: Feed, chart: string, number: number): Promise<void> {
  const at = number * 30000;
  feed.put({ type: 'take', number, chart, mode: 'ladder', piece: 'whole', say: '', bpm: 100, bars: 8, count_in_bars: 1, from_bar: 0, loop_bars: 0, burst: false, cold: false, start_ms: at, first_ms: at + 2400, end_ms: at + 22000, beats: [], notes: [] });
  for (let i = 0; i < STROKES; i++) {
    feed.put({ type: 'stroke', at_ms: at + i * 60, drum: 'snare', velocity: 90, asynchrony_ms: (i % 30) - 15, side: 'on', note: -1, bar: 0, beat: 0 });
    if (i % 50 === 0) await new Promise((r) => setTimeout(r, 5));
  }
  feed.put({ type: 'judged', number, take: null, clean: true, stopped: false, word: 'CLEAN', figure: '100', unit: 'bpm', tint: 'good', bpm: 100, placement_ms: 0, drift_percent: 0, scatter_ms: 5, missed: 0, extra: 0 });
}
