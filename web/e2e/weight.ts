/* What the page weighs on the wire, and how soon it is seen. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { open } from './browser';
import { check, expect } from './check';
import { urlOf, type Target } from './pages';

const LIMIT = 600e3;

export function weigh(dist: string): { total: number; lines: string[] } {
  const files = (readdirSync(dist, { recursive: true, withFileTypes: true })).filter((f) => f.isFile()).map((f) => join(f.parentPath ?? f.path, f.name));
  const sizes = files.map((name) => ({ name, size: /\.woff2$/.test(name) ? readFileSync(name).length : gzipSync(readFileSync(name), { level: 9 }).length }));
  sizes.sort((a, b) => b.size - a.size);
  return { total: sizes.reduce((s, f) => s + f.size, 0), lines: sizes.slice(0, 6).map((f) => `${f.name.replace(dist, '')} ${f.size}`) };
}

export async function weight(browser: Browser, target: Target, dist: string): Promise<void> {
  await check('the whole page weighs less than 600 kB compressed', async () => {
    const { total, lines } = weigh(dist);
    expect(total < LIMIT, `${total} bytes: ${lines.join(', ')}`);
    return `${total} bytes: ${lines.join(', ')}`;
  });
  await check('first paint comes within a second', async () => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const seen = await open(browser, urlOf(target, 'live'));
      await seen.page.waitForSelector('.start');
      times.push(await seen.page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 1e9));
      await seen.context.close();
    }
    const sorted = times.sort((a, b) => a - b);
    const text = `first contentful paint, 5 loads: ${sorted.map((t) => t.toFixed(0)).join(' ')} ms (load of the machine ${loadavg()[0]!.toFixed(1)} on ${cpus().length} cores)`;
    expect(sorted[2]! < 1000, text);
    return text;
  });
}
