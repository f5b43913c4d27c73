/*
 * How fast the page is: from a stroke's arrival to the frame that shows it, and the length of
 * frames. Shown in the settings, read by the suite. Bounded.
 */
import type { StrokeMessage as Stroke } from '../messages';

const KEPT = 4096;
const waiting: { at_ms: number; arrived_ms: number }[] = [];
export const measured = { arrival_to_frame_ms: [] as number[], stroke_to_frame_ms: [] as number[], frame_ms: [] as number[] };
let frame_at = 0;

function keep(list: number[], value: number): void {
  if (list.length >= KEPT) list.splice(0, KEPT / 2);
  list.push(value);
}

export function noteArrival(stroke: Stroke): void {
  if (waiting.length < KEPT) waiting.push({ at_ms: stroke.at_ms, arrived_ms: performance.now() });
}

/** Called by the live canvas once a frame has been drawn; stream_ms: where the stream is now. */
export function noteFrame(now_ms: number, stream_ms: number | null): void {
  if (frame_at > 0 && now_ms - frame_at < 1000) keep(measured.frame_ms, now_ms - frame_at);
  frame_at = now_ms;
  if (!waiting.length) return;
  const drawn = performance.now();
  for (const stroke of waiting.splice(0)) {
    keep(measured.arrival_to_frame_ms, drawn - stroke.arrived_ms);
    if (stream_ms !== null) keep(measured.stroke_to_frame_ms, stream_ms + (drawn - now_ms) - stroke.at_ms);
  }
}

export function quantile(values: readonly number[], share: number): number | null {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

export function resetPerf(): void {
  waiting.length = 0;
  measured.arrival_to_frame_ms.length = measured.stroke_to_frame_ms.length = measured.frame_ms.length = 0;
  frame_at = 0;
}
