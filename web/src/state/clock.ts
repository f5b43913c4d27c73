/*
 * Three clocks: the page's (performance.now), the server's (monotonic) and the stream's. A pong ties
 * the first two, a clock message the last two. Of the last pongs the quickest one is believed: what
 * it waited on the way is the least (Cristian 1989).
 */

export interface ClockFit {
  readonly pongs: readonly { readonly rtt_ms: number; readonly offset_ms: number }[];
  /** server = page + offset; null: not known yet */
  readonly offset_ms: number | null;
  /** stream = server + shift */
  readonly shift_ms: number | null;
}

export const NO_CLOCK: ClockFit = { pongs: [], offset_ms: null, shift_ms: null };
const KEPT = 12;

export function withPong(
  fit: ClockFit, sent_ms: number, now_ms: number, pong: { server_ms: number; stream_ms: number | null },
): ClockFit {
  const rtt_ms = Math.max(0, now_ms - sent_ms);
  const pongs = [...fit.pongs, { rtt_ms, offset_ms: pong.server_ms - (sent_ms + rtt_ms / 2) }].slice(-KEPT);
  const best = pongs.reduce((a, b) => (b.rtt_ms < a.rtt_ms ? b : a));
  const shift_ms = pong.stream_ms === null ? fit.shift_ms : pong.stream_ms - pong.server_ms;
  return { pongs, offset_ms: best.offset_ms, shift_ms };
}

export function withClock(fit: ClockFit, clock: { stream_ms: number; server_ms: number }): ClockFit {
  return { ...fit, shift_ms: clock.stream_ms - clock.server_ms };
}

/** Where the stream is now, or null while nothing ties the clocks. */
export function streamAt(fit: ClockFit, now_ms: number): number | null {
  if (fit.offset_ms === null || fit.shift_ms === null) return null;
  return now_ms + fit.offset_ms + fit.shift_ms;
}
