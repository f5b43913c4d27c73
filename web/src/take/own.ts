/* How far each stroke was off, as it is shown. Pure. */
import type { Side } from '../messages';
import { sideOf } from '../ui/shapes';
import { known, voiceOf } from '../ui/words';
import type { JudgedStroke, Verdict } from './verdict';

/** Within this a stroke is drawn as on time; the report's page draws the same. */
export const ON_MS = 6;

export interface Offset { index: number; time_s: number; voice: string; offset_ms: number | null; side: Side }

/** With a click that was held, against the click; else against the player's own pulse. */
export function isAgainstClick(verdict: Verdict): boolean {
  return known(verdict.all.placement_ms) && !verdict.verdict.drift_found && !verdict.verdict.ahead_of_click;
}

export function offsetsOf(verdict: Verdict): Offset[] {
  const pulse = isAgainstClick(verdict) ? null : pulseOf(verdict.strokes);
  return verdict.strokes.map((s, index) => {
    const is_off = s.asynchrony_ms === null || s.outlier || s.ornament;
    const offset_ms = is_off ? null : s.asynchrony_ms! - (pulse ? pulse[index]! : 0);
    return { index, time_s: s.time_s, voice: voiceOf(s.drum), offset_ms, side: s.ornament ? 'none' : sideOf(offset_ms, ON_MS) };
  });
}

const AROUND_BEATS = 8;

/** The player's own pulse, as the mean asynchrony of the strokes within eight beats either way. */
export function pulseOf(strokes: readonly JudgedStroke[]): number[] {
  const counted = strokes.map((s) => (s.asynchrony_ms === null || s.beat === null || s.outlier || s.ornament ? null : { beat: s.beat, ms: s.asynchrony_ms }));
  const sums = [0];
  const counts = [0];
  counted.forEach((c, i) => (sums.push(sums[i]! + (c?.ms ?? 0)), counts.push(counts[i]! + (c ? 1 : 0))));
  let from = 0;
  let to = 0;
  let beat = counted.find((c) => c)?.beat ?? 0;
  return counted.map((c) => {
    beat = c?.beat ?? beat;
    while (from < strokes.length && (strokes[from]!.beat ?? beat) < beat - AROUND_BEATS) from++;
    while (to < strokes.length && (strokes[to]!.beat ?? beat) <= beat + AROUND_BEATS) to++;
    const count = counts[to]! - counts[from]!;
    return count > 0 ? (sums[to]! - sums[from]!) / count : 0;
  });
}

/** When each whole beat fell, from the strokes' places on the grid; between them straight lines. */
export function beatTimes(strokes: readonly JudgedStroke[]): { beat: number; time_s: number }[] {
  const places = strokes
    .filter((s): s is JudgedStroke & { beat: number; grid_time_s: number } => s.beat !== null && s.grid_time_s !== null)
    .map((s) => ({ beat: s.beat, time_s: s.grid_time_s }))
    .sort((a, b) => a.beat - b.beat)
    .filter((p, i, all) => i === 0 || p.beat > all[i - 1]!.beat + 1e-6);
  if (places.length < 2) return [];
  const beats: { beat: number; time_s: number }[] = [];
  let at = 0;
  for (let beat = Math.floor(places[0]!.beat); beat <= Math.ceil(places.at(-1)!.beat); beat++) {
    while (at + 2 < places.length && places[at + 1]!.beat < beat) at++;
    const [a, b] = [places[at]!, places[at + 1]!];
    beats.push({ beat, time_s: a.time_s + ((beat - a.beat) * (b.time_s - a.time_s)) / (b.beat - a.beat) });
  }
  return beats;
}

export function beatsPerBar(verdict: Verdict): number {
  const [numerator = 4, denominator = 4] = (verdict.config.meter ?? '4/4').split('/').map(Number);
  return (numerator * 4) / denominator;
}
