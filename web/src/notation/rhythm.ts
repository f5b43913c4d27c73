/*
 * From ticks to notation: each bar into beams' groups, each group into notes, dots, rests and
 * tuplets. Pure. Hands have their stems up, feet down.
 */
import type { Chart, ChartNote } from '../api_types';

export interface Cell {
  /** 1 whole, 4 quarter, 8 eighth ... */
  value: number;
  dotted: boolean;
  /** indices into chart.notes; none: a rest */
  notes: number[];
}
export interface Group { cells: Cell[]; tuplet: { notes: number; occupied: number } | null }
export interface BarPart { bar: number; numerator: number; denominator: number; section: string | null; hands: Group[]; feet: Group[] }

const QUARTER = 960;
/* Coarse first; triplets before thirty-seconds. */
const UNITS = [960, 480, 240, 320, 160, 120, 80, 60];
const TRIPLET_UNITS = new Set([320, 160, 80]);
const LENGTHS = [16, 12, 8, 6, 4, 3, 2, 1];

export function isFoot(drum: string): boolean {
  return drum === 'kick' || drum === 'hihat_pedal';
}

export function barTicks(numerator: number, denominator: number): number {
  return (numerator * 4 * QUARTER) / denominator;
}

/** Where a bar's groups begin and how long they are. */
export function groupsOf(numerator: number, denominator: number): { at: number; ticks: number }[] {
  const total = barTicks(numerator, denominator);
  const is_compound = denominator === 8 && numerator % 3 === 0;
  const step = is_compound ? 1440 : QUARTER;
  const groups: { at: number; ticks: number }[] = [];
  for (let at = 0; at < total; at += step) groups.push({ at, ticks: Math.min(step, total - at) });
  const last = groups[groups.length - 1];
  const before = groups[groups.length - 2];
  if (!is_compound && denominator === 8 && last && before && last.ticks === QUARTER / 2) {
    before.ticks += last.ticks;
    groups.pop();
  }
  return groups;
}

export function barsOf(chart: Chart, ticks_per_quarter = chart.ticks_per_quarter): BarPart[] {
  const scale = QUARTER / ticks_per_quarter;
  let next = 0;
  return chart.bar_list.map((bar, at) => {
    const start = bar.tick;
    const end = chart.bar_list[at + 1]?.tick ?? chart.end_tick;
    const inside: { index: number; note: ChartNote; at: number }[] = [];
    for (; next < chart.notes.length && chart.notes[next]!.tick < end; next++)
      inside.push({ index: next, note: chart.notes[next]!, at: (chart.notes[next]!.tick - start) * scale });
    const part = (feet: boolean) => voiceOf(bar, inside.filter((n) => isFoot(n.note.drum) === feet));
    return { bar: at, numerator: bar.numerator, denominator: bar.denominator, section: at === 0 || chart.bar_list[at - 1]!.section !== bar.section ? bar.section : null, hands: part(false), feet: part(true) };
  });
}

interface Placed { index: number; at: number }

function voiceOf(bar: { numerator: number; denominator: number }, notes: Placed[]): Group[] {
  if (!notes.length) return [];
  return groupsOf(bar.numerator, bar.denominator).map((g) => {
    const inside = notes.filter((n) => n.at >= g.at - 0.5 && n.at < g.at + g.ticks - 0.5);
    return groupOf(inside.map((n) => ({ index: n.index, at: n.at - g.at })), g.ticks);
  });
}

export function groupOf(notes: Placed[], ticks: number): Group {
  const fits = (unit: number) => ticks % unit === 0 && notes.every((n) => Math.abs(n.at - Math.round(n.at / unit) * unit) < 1);
  const unit = UNITS.find(fits) ?? 60;
  const value = TRIPLET_UNITS.has(unit) ? { 320: 8, 160: 16, 80: 32 }[unit]! : 3840 / unit;
  const count = Math.floor(ticks / unit);
  const onsets = new Map<number, number[]>();
  for (const n of notes) {
    const at = Math.min(count - 1, Math.round(n.at / unit));
    onsets.set(at, [...(onsets.get(at) ?? []), n.index]);
  }
  const tuplet = TRIPLET_UNITS.has(unit) ? { notes: count, occupied: (count * 2) / 3 } : null;
  return { cells: cellsOf(onsets, count, value, tuplet !== null), tuplet };
}

function cellsOf(onsets: Map<number, number[]>, count: number, value: number, is_tuplet: boolean): Cell[] {
  const cells: Cell[] = [];
  const starts = [...new Set([0, ...onsets.keys()])].sort((a, b) => a - b);
  starts.forEach((start, i) => {
    let left = (starts[i + 1] ?? count) - start;
    let notes = onsets.get(start) ?? [];
    while (left > 0) {
      const length = LENGTHS.find((l) => l <= left && isWritable(l, value, is_tuplet))!;
      cells.push(cellOf(length, value, notes));
      left -= length;
      notes = [];
    }
  });
  return cells;
}

const isDotted = (length: number): boolean => length === 3 || length === 6 || length === 12;

function isWritable(length: number, value: number, is_tuplet: boolean): boolean {
  if (isDotted(length)) return !is_tuplet && (value * 2) / (length / 1.5) >= 2;
  return value / length >= 1;
}

function cellOf(length: number, value: number, notes: number[]): Cell {
  if (isDotted(length)) return { value: value / (length / 1.5), dotted: true, notes };
  return { value: value / length, dotted: false, notes };
}
