/* When and where notes of the chart were left out, and what became of a bar's notes. Pure. */
import type { Chart, ChartBar, ChartNote } from '../api_types';
import type { Fate } from '../notation/marks';
import { voiceOf } from '../ui/words';
import type { Offset } from './own';
import type { Verdict } from './verdict';

export function missedOf(verdict: Verdict, beats: readonly { beat: number; time_s: number }[]): { time_s: number; voice: string }[] {
  if (!verdict.chart || beats.length < 2) return [];
  return verdict.chart.notes
    .filter((n) => n.fate !== 'hit' && n.beat !== null)
    .map((n) => ({ time_s: timeOf(beats, n.beat!), voice: voiceOf(n.drum) }));
}

export function timeOf(beats: readonly { beat: number; time_s: number }[], beat: number): number {
  const at = Math.min(beats.length - 2, Math.max(0, Math.floor(beat - beats[0]!.beat)));
  const [a, b] = [beats[at]!, beats[at + 1]!];
  return a.time_s + ((beat - a.beat) / (b.beat - a.beat)) * (b.time_s - a.time_s);
}

/** The beat on which bar 1 begins: a recording may have bars before it. */
export function firstBeat(verdict: Verdict, beats_per_bar: number): number {
  const first = verdict.chart?.notes.find((n) => n.bar === 1 && n.beat !== null)?.beat ?? 0;
  return Math.floor(first / beats_per_bar + 1e-6) * beats_per_bar;
}

/** The chart as these bars were played: what was repeated stands there as often. */
export function playedChart(chart: Chart, written: readonly number[]): { chart: Chart; starts: number[] } {
  const starts: number[] = [];
  const notes: ChartNote[] = [];
  const bar_list: ChartBar[] = [];
  let tick = 0;
  for (const bar of written) {
    const from = chart.bar_list[bar]!;
    const to = chart.bar_list[bar + 1]?.tick ?? chart.end_tick;
    starts.push(notes.length);
    bar_list.push({ ...from, tick });
    for (const n of chart.notes) if (n.tick >= from.tick && n.tick < to) notes.push({ ...n, tick: n.tick - from.tick + tick });
    tick += to - from.tick;
  }
  return { chart: { ...chart, bar_list, notes, end_tick: tick }, starts };
}

/**
 * The fates of played bars first, first + 1 ... (from 1) by index into the notes of playedChart.
 * Both lists are in the order of the music; a note finds the next one of its drum in the bar.
 */
export function fatesOfBars(verdict: Verdict, offsets: readonly Offset[], played: { chart: Chart; starts: number[] }, first: number): ReadonlyMap<number, Fate> {
  const fates = new Map<number, Fate>();
  played.starts.forEach((start, i) => {
    const end = played.starts[i + 1] ?? played.chart.notes.length;
    const waiting = Array.from({ length: end - start }, (_, k) => start + k);
    for (const note of verdict.chart?.notes ?? []) {
      if (note.bar !== first + i) continue;
      const at = waiting.findIndex((w) => played.chart.notes[w]!.drum === note.drum);
      if (at < 0) continue;
      const [index] = waiting.splice(at, 1);
      fates.set(index!, note.fate !== 'hit' || note.stroke === null ? 'missed' : (offsets[note.stroke]?.side ?? 'none'));
    }
  });
  return fates;
}

/** The bar, from 1, that is played at a time. */
export function barAt(beats: readonly { beat: number; time_s: number }[], beats_per_bar: number, first_beat: number, time_s: number): number {
  const last = beats.findLast((b) => b.time_s <= time_s);
  return last ? Math.floor((last.beat - first_beat) / beats_per_bar) + 1 : 1;
}
