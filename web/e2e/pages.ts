/* Every page: a picture in light and dark, on a phone and a desktop; no console error, no axe violation. */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { axe, open, overflow, tabsInView, type Look, type Size } from './browser';
import { check, expect } from './check';

export interface Target { base: string; query: string; out: string; takes: number[]; chart: string; own_fake: boolean }

export const urlOf = (t: Target, hash: string): string => `${t.base}/${t.query}#/${hash}`;

const LOOKS: [Size, Look][] = [['desktop', 'light'], ['phone', 'dark'], ['desktop', 'dark'], ['phone', 'light']];
const AXE_LOOKS = 3;

export async function everyPage(browser: Browser, target: Target): Promise<void> {
  mkdirSync(target.out, { recursive: true });
  const [a, b] = [target.takes[0] ?? 1, target.takes.at(-1) ?? 1];
  const pages: [name: string, hash: string, ready: string][] = [
    ['start', 'live', '.start'], ['takes', 'takes', 'table.list'], ['take', `take/${a}`, '.staff svg, .timeline'], ['compare', `compare/${a}/${b}`, 'table.list'],
    ['upload', 'upload', '.file-button'], ['progress', 'progress', '.calendar'], ['plan', 'plan', 'textarea'], ['charts', 'charts', '.chart-list li'],
    ['chart', `charts/${target.chart}`, '.staff svg'], ['groove', `groove/${target.chart}`, '.cell'], ['settings', 'settings', '.fields'], ['calibrate', 'calibrate', '.big-say'],
  ];
  for (const [at, [size, look]] of LOOKS.entries()) {
    const seen = await open(browser, urlOf(target, 'live'), size, look);
    for (const [name, hash, ready] of pages) {
      await check(`${name} ${size} ${look}`, async () => {
        seen.errors.length = 0;
        await seen.page.evaluate((h) => void (location.hash = h), `#/${hash}`);
        await seen.page.waitForSelector(ready);
        if (/^(take|chart|groove)$/.test(name)) await seen.page.waitForSelector('.staff svg');
        await seen.page.waitForTimeout(400);
        await seen.page.screenshot({ path: `${target.out}/${name}-${size}-${look}.png`, fullPage: true });
        expect(seen.errors.length === 0, seen.errors.join('\n'));
        expect((await overflow(seen.page)) <= 0, 'the page is wider than the screen');
        expect((await tabsInView(seen.page)) === '', await tabsInView(seen.page));
        const wrong = at < AXE_LOOKS ? await axe(seen.page) : [];
        expect(wrong.length === 0, wrong.join('\n'));
      });
    }
    await seen.context.close();
  }
}
