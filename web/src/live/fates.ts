/* What became of the written notes lately: the newest time round the chart only. Pure. */
import type { StrokeMessage, TakeMessage } from '../messages';
import type { Fate } from '../notation/marks';

export function fatesOf(
  take: TakeMessage | null, strokes: readonly StrokeMessage[], bar: number, bars_round: number,
): ReadonlyMap<number, Fate> {
  const fates = new Map<number, Fate>();
  if (!take) return fates;
  for (let i = Math.max(0, strokes.length - 400); i < strokes.length; i++) {
    const stroke = strokes[i]!;
    const note = take.notes[stroke.note];
    if (!note || note.bar <= bar - bars_round) continue;
    fates.set(note.note, stroke.side);
  }
  return fates;
}
