/* One look at the clock a frame; who shows the bar is told only when the beat changes. */
import { app, streamNow } from '../state/app';
import { phaseOf, type Phase } from '../state/live';
import { createStore, useStore } from '../state/store';
import { beatAt } from './beats';

export interface Tick { bar: number; beat: number; at: number; phase: Phase; left_s: number | null }

const NO_TICK: Tick = { bar: 0, beat: 0, at: -1, phase: 'idle', left_s: null };
const store = createStore<Tick>(NO_TICK);

export function tick(): number | null {
  const stream_ms = streamNow();
  const next = tickOf(stream_ms);
  store.set((t) => (same(t, next) ? t : next));
  return stream_ms;
}

function tickOf(stream_ms: number | null): Tick {
  const { live } = app.get();
  const phase = phaseOf(live, stream_ms);
  const take = live.take;
  if (!take || stream_ms === null) return { ...NO_TICK, phase, left_s: leftOf(stream_ms) };
  const at = beatAt(take.beats, stream_ms);
  const beat = take.beats[Math.max(0, at)];
  return { bar: beat?.bar ?? 0, beat: beat?.beat ?? 0, at, phase, left_s: leftOf(stream_ms) };
}

/** Whole seconds of the take, or of the rest, that are left. */
function leftOf(stream_ms: number | null): number | null {
  const { live } = app.get();
  const until = live.rest?.until_ms ?? (live.judged ? null : live.take?.end_ms) ?? null;
  return stream_ms === null || until === null ? null : Math.max(0, Math.ceil((until - stream_ms) / 1000));
}

function same(a: Tick, b: Tick): boolean {
  return a.bar === b.bar && a.beat === b.beat && a.at === b.at && a.phase === b.phase && a.left_s === b.left_s;
}

export function useTick<T>(select: (tick: Tick) => T): T {
  return useStore(store, select);
}
