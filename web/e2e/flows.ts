/* What a new user does: upload, edit, plan, calibrate, pair. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import type { Browser } from 'playwright-core';
import { axe, open } from './browser';
import { check, expect } from './check';
import { urlOf, type Target } from './pages';

/** In the page: a recording that takes a while to be heard, a stroke every half second. */
function dropHalfAnHour(): void {
  const rate_hz = 16000;
  const count = rate_hz * 1800;
  const wave = new DataView(new ArrayBuffer(44 + 2 * count));
  const text = (at: number, of: string) => [...of].forEach((c, i) => wave.setUint8(at + i, c.charCodeAt(0)));
  text(0, 'RIFF'), text(8, 'WAVEfmt '), text(36, 'data');
  for (const [at, value] of [[4, 36 + 2 * count], [16, 16], [24, rate_hz], [28, 2 * rate_hz], [40, 2 * count]] as const) wave.setUint32(at, value, true);
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]] as const) wave.setUint16(at, value, true);
  for (let from = 0; from < count; from += rate_hz / 2)
    for (let i = 0; i < 800; i++) wave.setInt16(44 + 2 * (from + i), 20000 * Math.exp(-i / 150) * (((i * 7919) % 200) / 100 - 1), true);
  const data = new DataTransfer();
  data.items.add(new File([wave.buffer], 'slow.wav'));
  dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}

/** Four bars of 4/4, a note a beat. */
function walkingBass(): Buffer {
  const notes = Array.from({ length: 16 }, (_, i) => [0, 0x90, 36 + (i % 12), 80, 0x83, 0x60, 0x80, 36 + (i % 12), 0]).flat();
  const track = [0, 0xff, 0x58, 4, 4, 2, 24, 8, ...notes, 0, 0xff, 0x2f, 0];
  return Buffer.from([0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 1, 0xe0, 0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, track.length, ...track]);
}

export async function flows(browser: Browser, target: Target): Promise<void> {
  const seen = await open(browser, urlOf(target, 'upload'), 'desktop', 'light', [/\b(404|409|422|403)\b/]);
  const { page } = seen;
  const sound = process.env['E2E_SOUND'] ?? join(tmpdir(), 'doubletime-e2e.wav');
  if (!process.env['E2E_SOUND']) writeFileSync(sound, Buffer.alloc(400000));
  const junk = join(tmpdir(), 'doubletime-e2e.txt');
  writeFileSync(junk, 'no sound at all');
  await check('upload: a file that is none says so in one sentence', async () => {
    await page.setInputFiles('input[type=file]', junk);
    await page.waitForSelector('.error');
    return (await page.textContent('.error')) ?? '';
  });
  await check('upload: a recording becomes a take, with progress', async () => {
    await page.setInputFiles('input[type=file]', sound);
    await page.waitForSelector('progress, .word');
    await page.screenshot({ path: `${target.out}/upload-progress.png` });
    await page.waitForSelector('h1.word');
    expect(/#\/take\/\d+/.test(page.url()), page.url());
  });
  await check('upload: a file may be dropped on any page, and cancelled', async () => {
    await page.evaluate(() => void (location.hash = '#/charts'));
    await page.waitForSelector('.chart-list');
    await page.evaluate(dropHalfAnHour);
    await page.waitForSelector('[role=status]:has-text("Hearing")');
    await page.screenshot({ path: `${target.out}/upload-hearing.png` });
    await page.click('button:has-text("Cancel")');
    await page.waitForSelector('.file-button');
  });
  await check('take: a click on a stroke tells it and plays two bars', async () => {
    const n = target.takes[0] ?? 1;
    await page.evaluate((take) => void (location.hash = `#/take/${take}`), n);
    await page.waitForFunction((take) => document.querySelector('.take-head')?.textContent?.startsWith(`Take ${take} `), n); // not the one that was open
    await page.waitForSelector('.timeline');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.selected');
    await page.keyboard.press('h');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
    await page.keyboard.press('+');
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${target.out}/take-selected.png` });
    return (await page.textContent('.selected')) ?? '';
  });
  await check('take: prints to one A4 page', async () => {
    const pdf = await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true });
    writeFileSync(`${target.out}/take.pdf`, pdf);
    const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
    expect(pages === 1, `${pages} pages`);
  });
  await check('band: a MIDI file is added, chosen, and asked for; a wrong one says why', async () => {
    await page.evaluate(() => void (location.hash = '#/live'));
    await page.waitForSelector('.start');
    await page.setInputFiles('.start input[type=file]', { name: 'Letter.mid', mimeType: 'audio/midi', buffer: Buffer.from('Dear teacher') });
    await page.waitForSelector('.start .error');
    await page.setInputFiles('.start input[type=file]', { name: 'Walking Bass.mid', mimeType: 'audio/midi', buffer: walkingBass() });
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLSelectElement>('.start select')].some((s) => s.value === 'walking-bass'));
    await page.selectOption('label:has-text("Band, beside the click") select', '-6');
    await page.screenshot({ path: `${target.out}/start-band.png` });
    const asked = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/session'));
    await page.route('**/api/v1/session', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 202, body: '{}' }) : route.continue()));
    await page.click('.start button[type=submit]');
    const body = (await asked).postDataJSON() as { band: string; band_level_db: number };
    await page.unroute('**/api/v1/session');
    const wrong = await axe(page);
    await page.selectOption('label:has-text("Band") select >> nth=0', '');
    expect(body.band === 'walking-bass' && body.band_level_db === -6, JSON.stringify(body));
    expect(wrong.length === 0, wrong.join('\n'));
  });
  await check('click: what is between the beats is chosen, said, and asked for', async () => {
    await page.evaluate(() => void (location.hash = '#/live'));
    await page.waitForSelector('.start');
    await page.selectOption('label:has-text("Click") select >> nth=0', '4');
    await page.waitForSelector('.start small:has-text("swing with the chart")');
    await page.screenshot({ path: `${target.out}/start-click.png` });
    const asked = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/session'));
    await page.route('**/api/v1/session', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 202, body: '{}' }) : route.continue()));
    await page.click('.start button[type=submit]');
    const body = (await asked).postDataJSON() as { subdivisions?: number };
    await page.unroute('**/api/v1/session');
    const wrong = await axe(page);
    await page.selectOption('label:has-text("Click") select >> nth=0', '1');
    expect(body.subdivisions === 4, JSON.stringify(body));
    expect(wrong.length === 0, wrong.join('\n'));
  });
  await check('groove: a touch on the grid changes the text, and it is kept', async () => {
    await page.evaluate(() => void (location.hash = '#/groove'));
    await page.waitForSelector('.cell');
    const before = await page.inputValue('textarea');
    await page.click('[aria-label="snare, bar 1, step 1: rest"]');
    await page.waitForFunction((text) => document.querySelector('textarea')?.value !== text, before);
    const after = await page.inputValue('textarea');
    expect(before !== after && after.includes('|x---X---'), after);
    await page.waitForSelector('.staff svg');
    await page.click('button:has-text("Keep")');
    await page.waitForSelector('[role=status]:has-text("Kept as my-groove")');
    await page.screenshot({ path: `${target.out}/groove-kept.png`, fullPage: true });
  });
  await check('groove: a mistake in the text is told with its line', async () => {
    await page.fill('textarea', (await page.inputValue('textarea')).replace('snare       |', 'snare       |-'));
    await page.waitForSelector('.error');
    return (await page.textContent('.error')) ?? '';
  });
  await check('plan: a mistake is told with its line, and undone', async () => {
    await page.evaluate(() => void (location.hash = '#/plan'));
    await page.waitForSelector('textarea');
    const text = await page.inputValue('textarea');
    await page.fill('textarea', `${text}\nnonsense here\n`);
    await page.click('button:has-text("Keep")');
    await page.waitForSelector('.error');
    const said = (await page.textContent('.error')) ?? '';
    await page.click('button:has-text("Undo")');
    return said;
  });
  await check('calibrate: pads, one by one, and what was found of each', async () => {
    await page.evaluate(() => void (location.hash = '#/settings'));
    await page.waitForSelector('.fields');
    await page.evaluate(() => void (location.hash = '#/calibrate'));
    await page.waitForSelector('.big-say');
    await page.selectOption('select >> nth=1', { index: 1 });
    await page.waitForFunction(() => (document.querySelectorAll('select')[1] as HTMLSelectElement).selectedIndex === 1);
    await page.click('button:has-text("Next")');
    await page.click('.steps-list button:has-text("Pads")');
    await page.click('button:has-text("Begin")');
    await page.waitForSelector('.dots .on');
    await page.screenshot({ path: `${target.out}/calibrate-pads.png` });
    await page.waitForSelector('td:has-text("note 48 beside 38")');
    await page.reload(); // in the middle of it: what was found is still there, and it goes on
    await page.waitForSelector('td:has-text("note 48 beside 38")');
    await page.waitForSelector('td:has-text("its second trigger")');
    await page.waitForSelector('button.primary:has-text("Next")');
    await page.screenshot({ path: `${target.out}/calibrate-pads-done.png`, fullPage: true });
    expect(/\+2\.0\d ms/.test((await page.textContent('tr:has-text("kick") >> td >> nth=3')) ?? ''), 'the kick’s delay is not told');
    const wrong = await axe(page);
    await page.evaluate(() => fetch('/api/v1/settings', { method: 'PUT', body: '{"midi": null}', headers: { 'Content-Type': 'application/json' } })); // a microphone again
    expect(wrong.length === 0, wrong.join('\n'));
    return (await page.textContent('.big-say')) ?? '';
  });
  await check('settings: theme and level are kept by the program', async () => {
    const settings = () => page.evaluate(async () => (await (await fetch('/api/v1/settings')).json()) as { theme: string; level: string });
    await page.evaluate(() => void (location.hash = '#/settings'));
    await page.click('button:has-text("dark")');
    await page.selectOption('label:has-text("Level") select', 'pro');
    await page.waitForFunction(async () => {
      const kept = (await (await fetch('/api/v1/settings')).json()) as { theme: string; level: string };
      return kept.theme === 'dark' && kept.level === 'pro';
    });
    const other = await open(browser, urlOf(target, 'live'));
    await other.page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await other.page.waitForFunction(() => (document.querySelector('.start') as HTMLElement | null)?.textContent?.includes('Level') && [...document.querySelectorAll<HTMLSelectElement>('.start select')].some((s) => s.value === 'pro'));
    const asked = other.page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/session'));
    await other.page.route('**/api/v1/session', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 202, body: '{}' }) : route.continue()));
    await other.page.click('.start button[type=submit]');
    const body = (await asked).postDataJSON() as { level: string; tone: string };
    await other.context.close();
    expect(body.level === 'pro' && body.tone === 'plain', JSON.stringify(body));
    await page.click('button:has-text("as the system")');
    await page.selectOption('label:has-text("Level") select', 'player');
    await page.waitForFunction(async () => ((await (await fetch('/api/v1/settings')).json()) as { theme: string }).theme === 'auto');
    return JSON.stringify(await settings());
  });
  await check('calibrate: device, level, latency, each with what was found', async () => {
    await page.evaluate(() => void (location.hash = '#/calibrate'));
    await page.click('button:has-text("Next")');
    await page.click('button:has-text("Begin")');
    await page.waitForSelector('.meter');
    await page.screenshot({ path: `${target.out}/calibrate-level.png` });
    await page.waitForSelector('button.primary:has-text("Next")');
    await page.click('button.primary:has-text("Next")');
    await page.click('button:has-text("Begin")');
    // A loaded machine may lose a chirp, and says so: then it is measured again, as the page offers.
    for (let i = 0; i < 3; i++) {
      await page.waitForSelector('button:has-text("Measure again")');
      if (await page.$('.code')) break;
      expect(/lost|again/i.test((await page.textContent('.big-say')) ?? ''), (await page.textContent('.big-say')) ?? '');
      await page.click('button:has-text("Measure again")');
    }
    const found = (await page.textContent('.code')) ?? '';
    await page.screenshot({ path: `${target.out}/calibrate-latency.png` });
    expect(target.own_fake ? found.includes('12.34') : /\b1[23]\.\d\d\b/.test(found), found); // the simulated device's is 12.5 ms
    return found;
  });
  await check('pairing: the first page shows a code, the tablet types it', async () => {
    await page.evaluate(() => void (location.hash = '#/settings'));
    await page.click('button:has-text("Show a code")');
    const code = (await page.textContent('.code'))!.trim();
    const address = target.own_fake ? `${target.base}/pair` : (await page.textContent('.guide b'))!.trim();
    await page.screenshot({ path: `${target.out}/pairing-first.png`, fullPage: true });
    const tablet = await open(browser, address, 'tablet', 'dark', [/403/]);
    await tablet.page.fill('input', code === '000000' ? '000001' : '000000');
    await tablet.page.click('button');
    await tablet.page.waitForSelector('.error');
    await tablet.page.screenshot({ path: `${target.out}/pair-tablet-dark.png` });
    await tablet.page.fill('input', code);
    await tablet.page.click('button');
    await tablet.page.waitForSelector('.start, .word-panel');
    await tablet.page.screenshot({ path: `${target.out}/paired-tablet-dark.png` });
    const errors = tablet.errors;
    await tablet.context.close();
    expect(errors.length === 0, errors.join('\n'));
  });
  await check('keyboard: every page is one key away', async () => {
    for (const [key, hash] of [['t', 'takes'], ['p', 'progress'], ['c', 'charts'], ['s', 'settings'], ['u', 'upload'], ['l', 'live']] as const) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press(key);
      await page.waitForFunction((h) => location.hash === `#/${h}`, hash);
    }
  });
  await check('no console error in these flows', async () => expect(seen.errors.length === 0, seen.errors.join('\n')));
  await seen.context.close();
}
