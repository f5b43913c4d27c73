/* Where in the take's beats the stream is. Pure. */
import type { Beat, TakeMessage } from '../messages';

/** Index of the beat that sounds at stream_ms: the last one not after it; -1 before the first. */
export function beatAt(beats: readonly Beat[], stream_ms: number): number {
  let low = 0;
  let high = beats.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beats[middle]!.at_ms <= stream_ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** 0..1 of the way from beat `at` to the next; the last beat is as long as the one before. */
export function phaseIn(beats: readonly Beat[], at: number, stream_ms: number): number {
  const here = beats[at];
  if (!here) return 0;
  const length = (beats[at + 1]?.at_ms ?? 2 * here.at_ms - (beats[at - 1]?.at_ms ?? here.at_ms - 500)) - here.at_ms;
  return Math.min(1, Math.max(0, (stream_ms - here.at_ms) / Math.max(1, length)));
}

/** How many beats the bar of beat `at` has. */
export function beatsInBar(beats: readonly Beat[], at: number): number {
  const bar = beats[at]?.bar;
  return bar === undefined ? 0 : beats.reduce((n, b) => n + (b.bar === bar ? 1 : 0), 0);
}

/** -1 and 1 by turns: the pendulum is at one side on each beat, between them on its way. */
export function swingAt(at: number, phase: number): number {
  const side = at % 2 === 0 ? -1 : 1;
  return side * Math.cos(Math.PI * phase);
}

/** Bars of the take as they stand in the chart, from 0. */
export function writtenBars(take: TakeMessage, barOfNote: (note: number) => number | null): number[] {
  const first = new Map<number, number>();
  for (const note of take.notes) {
    const written = first.has(note.bar) ? null : barOfNote(note.note);
    if (written !== null) first.set(note.bar, written);
  }
  const bars: number[] = [];
  for (let bar = 0; bar < take.bars; bar++) {
    const guess = take.loop_bars > 0 ? take.from_bar + (bar % take.loop_bars) : take.from_bar + bar;
    bars.push(first.get(bar) ?? guess);
  }
  return bars;
}
