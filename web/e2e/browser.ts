/* Chromium, headless, with every console error and page error kept. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'];

export const SIZES = { desktop: [1440, 900], phone: [360, 740], phone_side: [740, 360], tablet: [820, 1180], wide: [1920, 1080] } as const;
export type Size = keyof typeof SIZES;
export type Look = 'light' | 'dark' | 'stage';

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ARGS });

export interface Seen { page: Page; context: BrowserContext; errors: string[] }

export async function open(browser: Browser, url: string, size: Size = 'desktop', look: Look = 'light', allowed: RegExp[] = []): Promise<Seen> {
  const [width, height] = SIZES[size];
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: look === 'light' ? 'light' : 'dark', hasTouch: size.startsWith('phone') || size === 'tablet' });
  context.setDefaultTimeout(60000);
  if (look === 'stage') await context.addInitScript(() => localStorage.setItem('doubletime', '{"theme":"stage","own_theme":true}'));
  const page = await context.newPage();
  const errors: string[] = [];
  const keep = (text: string) => void (allowed.some((a) => a.test(text)) || errors.push(text));
  page.on('console', (m) => m.type() === 'error' && keep(`${m.text()} ${m.location().url}`));
  page.on('pageerror', (e) => keep(String(e.stack ?? e)));
  await page.goto(url);
  return { page, context, errors };
}

/** Violations of axe-core, each as one line. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run: (o: unknown) => Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] }> } }).axe;
    return (await run.run({ resultTypes: ['violations'] })).violations;
  });
  return found.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${(n.failureSummary ?? '').split('\n').slice(1, 3).join(' ')}`));
}

/** Nothing sticks out of the page sideways. */
export const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** '' where every tab can be touched, at the top of the page and at its end; else which cannot. */
export async function tabsInView(page: Page): Promise<string> {
  return page.evaluate(() => {
    const outside = (where: string) =>
      [...document.querySelectorAll('.top nav a')].filter((a) => {
        if (getComputedStyle(a.closest('.top')!).display === 'none') return false; // a phone on its side, in a session
        const box = a.getBoundingClientRect();
        const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        return box.left < 0 || box.right > innerWidth + 0.5 || box.top < 0 || box.bottom > innerHeight || box.height < 44 || !(hit && a.contains(hit));
      }).map((a) => `${a.textContent} is out of view at ${where}`);
    const before = scrollY;
    scrollTo(0, 0);
    const top = outside('the top');
    scrollTo(0, document.documentElement.scrollHeight);
    const end = outside('the end');
    scrollTo(0, before);
    return [...top, ...end].join('; ');
  });
}
