/* Enough of docs/charts.md to answer as the server does; the program's own parser is the judge. */
import { blocksOf, settingOf, stepOf, type Row } from '../src/charts/rows';
import type { Chart, ChartBar, ChartNote } from '../src/api_types';

const DRUMS: Record<string, string> = {
  'hi-hat': 'hihat_closed', hh: 'hihat_closed', 'open hi-hat': 'hihat_open', pedal: 'hihat_pedal', 'high tom': 'tom_high',
  'mid tom': 'tom_mid', 'low tom': 'tom_low', 'floor tom': 'tom_low', bell: 'ride_bell', 'cross-stick': 'cross_stick',
  brush: 'snare_brush', 'any hi-hat': 'hihat', bd: 'kick', sn: 'snare', sd: 'snare',
};
const drumOf = (name: string): string => DRUMS[name] ?? name.replace(/[ -]/g, '_');
const METER_EACH = /^\s*(meter|metre)\s*:\s*(\d+)\/(\d+)/i;

export class ChartError extends Error {
  constructor(text: string, readonly line: number) {
    super(text);
  }
}

export function readChart(text: string, is_own = false): Chart {
  const bars: ChartBar[] = [];
  const notes: ChartNote[] = [];
  let tick = 0;
  for (const block of blocksOf(text)) {
    const [numerator, denominator] = meterAt(text, block.first_line);
    const bar_ticks = (numerator * 3840) / denominator;
    const count = Math.max(...block.rows.map((r) => r.bars.length));
    const section = /^\[([^\]-]+)\]/.exec(block.head)?.[1] ?? null;
    for (let bar = 0; bar < count; bar++) {
      check(block.rows, bar, block.step, bar_ticks);
      bars.push({ tick, numerator, denominator, section: bar === 0 && section !== lastSection(bars) ? section : null });
      for (const row of block.rows) if (!row.is_hands && !row.is_fill) notes.push(...notesOf(row, bar, block.step * 3840, tick, block.rows));
      tick += bar_ticks;
    }
  }
  if (!bars.length) throw new ChartError('The chart has no bars: write a drum and its steps between bar lines, as in "snare |x---|".', 1);
  notes.sort((a, b) => a.tick - b.tick || a.drum.localeCompare(b.drum));
  const meter = meterAt(text, blocksOf(text)[0]!.first_line).join('/');
  return {
    name: settingOf(text, 'name') ?? '', title: settingOf(text, 'title') ?? '', tags: settingOf(text, 'tags') ?? '', text, is_own,
    bars: bars.length, bpm: Number(settingOf(text, 'tempo') ?? 120), meter, ticks_per_quarter: 960, end_tick: tick, swing: 0.5, swing_pair: 960,
    step: (stepOf(settingOf(text, 'step') ?? '1/16') ?? 1 / 16) * 3840, bar_list: bars, notes,
  };
}

const lastSection = (bars: ChartBar[]): string | null => bars.findLast((b) => b.section)?.section ?? null;

function meterAt(text: string, line: number): [number, number] {
  let meter: [number, number] = [4, 4];
  text.split('\n').slice(0, line).forEach((l) => {
    const match = METER_EACH.exec(l);
    if (match) meter = [Number(match[2]), Number(match[3])];
  });
  return meter;
}

function check(rows: Row[], bar: number, step: number, bar_ticks: number): void {
  for (const row of rows) {
    const cells = row.bars[bar];
    if (!cells || (cells.length === 1 && cells[0]!.sign === '%')) continue;
    const want = Math.round(bar_ticks / (step * 3840));
    if (cells.length !== want) throw new ChartError(`Line ${row.line + 1}: bar ${bar + 1} has ${cells.length} steps, it needs ${want}.`, row.line + 1);
    const wrong = cells.find((c) => !/[xXgoOfFdDrRzZ~.\-LKH%]/.test(c.sign));
    if (wrong) throw new ChartError(`Line ${row.line + 1}, column ${wrong.column + 1}: '${wrong.sign}' means nothing here.`, row.line + 1);
  }
}

function cellsOf(row: Row, bar: number): string[] {
  const cells = row.bars[bar] ?? [];
  if (cells.length === 1 && cells[0]!.sign === '%' && bar > 0) return cellsOf(row, bar - 1);
  return cells.map((c) => c.sign);
}

function notesOf(row: Row, bar: number, step: number, at: number, rows: Row[]): ChartNote[] {
  const signs = cellsOf(row, bar);
  const hands = rows.find((r) => r.is_hands && (r.name === 'hands' || r.name === `hands ${row.name}`));
  const letters = hands ? cellsOf(hands, bar) : [];
  return signs.flatMap((sign, i): ChartNote[] => {
    if (sign === '-' || sign === '.' || sign === '~') return [];
    let steps = 1;
    while (signs[i + steps] === '~') steps++;
    const low = sign.toLowerCase();
    const is_open = low === 'o';
    const hand = letters[i] && letters[i] !== '-' ? letters[i]! : null;
    return [{
      tick: at + i * step, drum: is_open ? 'hihat_open' : drumOf(row.name), loud: sign === 'g' ? 'ghost' : sign !== low ? 'accent' : 'normal',
      ornament: low === 'f' ? 'flam' : low === 'd' ? 'drag' : low === 'r' || low === 'z' ? 'roll' : 'plain', hand,
      length: low === 'r' || low === 'z' ? steps * step : 0, roll_step: low === 'r' ? 120 : 0,
    }];
  });
}
