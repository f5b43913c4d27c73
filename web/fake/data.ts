/* What the fake server knows, recorded by record.sh. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChartLine, Comparison, TakeLine } from '../src/api_types';
import type { Verdict } from '../src/take/verdict';
import { readChart } from './chart_text';

const folder = process.env['FAKE_DATA'] ?? join(process.cwd(), 'fake/data');
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T;

export const verdicts = new Map([1, 2, 3, 4, 5].map((n) => [n, read<Verdict>(`verdict-${n}`)]));
export const takes = read<TakeLine[]>('history');
export const comparison = read<Comparison>('compare');

interface Listed { name: string; title: string; tags: string; text: string }
const BUSY = `name: busy\ntitle: Twenty strokes a second\ntempo: 150\nmeter: 4/4\nstep: 1/16\n\nhi-hat |xxxxxxxxxxxxxxxx|\nsnare |--x-x-x-x-x-x-x-|\nkick |x---x---x---x---|\n`;
const listed = [...read<Listed[]>('charts'), { name: 'busy', title: 'Twenty strokes a second', tags: 'test', text: BUSY }];
export const texts = new Map(listed.map((c) => [c.name, { text: c.text, is_own: false }]));

export function lineOf(name: string): ChartLine | null {
  const kept = texts.get(name);
  if (!kept) return null;
  try {
    const { title, tags, bars, bpm, meter } = readChart(kept.text);
    return { name, title, tags, bars, bpm, meter, is_own: kept.is_own };
  } catch {
    return { name, title: name, tags: '', bars: 1, bpm: 120, meter: '4/4', is_own: kept.is_own };
  }
}

export function progress(now_s: number) {
  const day = 86400;
  let seed = 5;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const exercise = (chart: string, title: string, from: number, gain: number, count: number) => ({
    chart, title,
    points: Array.from({ length: count }, (_, i) => {
      const bpm = from + gain * (1 - Math.exp(-i / 9)) + (random() - 0.5) * 5;
      const wide = 4 + 12 * Math.exp(-i / 4);
      return { at_s: now_s - (count - i) * 2.1 * day, bpm, low_bpm: bpm - wide, high_bpm: bpm + wide, is_cold: i % 6 === 5, is_clean: i % 12 !== 11 };
    }),
  });
  const days = Array.from({ length: 120 }, (_, i) => ({
    day: new Date((now_s - (119 - i) * day) * 1000).toISOString().slice(0, 10), minutes: random() < 0.3 ? 0 : Math.round(random() * 55),
  }));
  return {
    exercises: [exercise('paradiddle', 'Single paradiddle', 92, 48, 34), exercise('funk', 'Funk with ghost notes', 70, 26, 21), exercise('doubles', 'Double stroke open roll', 84, 30, 12)],
    today: [{ chart: 'paradiddle', text: 'Single paradiddle: last played 3 days ago; begin with a cold test at 136 bpm.' }, { chart: 'doubles', text: 'Double stroke open roll: it was on a plateau; two bars slowly, hands alone.' }, { chart: null, text: '21 of 45 minutes are left today.' }],
    days,
    records: [{ chart: 'paradiddle', text: 'clean at 141 bpm', at_s: now_s - 4 * day }, { chart: 'funk', text: 'eight silent bars, back on the beat', at_s: now_s - 9 * day }],
  };
}

export const PLAN = `name: Tuesday
ceiling: 45 min
tone: plain

[paradiddle]
mode: ladder
from: 90 bpm
to: 220 bpm
minutes: 10

[funk]
mode: gap
tempo: 96 bpm
minutes: 8
`;
