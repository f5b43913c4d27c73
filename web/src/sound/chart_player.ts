/* Plays a chart by its notes: a quarter of a second is scheduled ahead, so tempo and stop are prompt. */
import type { Chart } from '../api_types';
import { audioContext, click, strike } from './kit';

const VELOCITY = { ghost: 35, normal: 90, accent: 115 } as const;
const AHEAD_S = 0.25;

export interface ChartPlaying { stop: () => void; tick: () => number }

/** Where a written tick sounds when off-beats swing: pairs of pair ticks, the first has share of it. */
export function swung(tick: number, pair: number, share: number): number {
  if (pair <= 0 || share === 0.5) return tick;
  const start = Math.floor(tick / pair) * pair;
  const at = (tick - start) / pair;
  return start + pair * (at < 0.5 ? at * 2 * share : share + (at - 0.5) * 2 * (1 - share));
}

/** All strokes of the chart once through, in ticks; graces and rolls written out. */
export function strokesOf(chart: Chart): { tick: number; drum: string; velocity: number }[] {
  return chart.notes.flatMap((n) => {
    const tick = swung(n.tick, chart.swing_pair, chart.swing);
    const velocity = VELOCITY[n.loud];
    const grace = (before: number) => ({ tick: tick - before, drum: n.drum, velocity: 45 });
    const main = { tick, drum: n.drum, velocity };
    if (n.ornament === 'flam') return [grace(50), main];
    if (n.ornament === 'drag') return [grace(120), grace(60), main];
    if (n.ornament !== 'roll') return [main];
    const spacing = n.roll_step > 0 ? n.roll_step : 80;
    return Array.from({ length: Math.max(1, Math.floor(n.length / spacing)) }, (_, i) => ({ tick: tick + i * spacing, drum: n.drum, velocity: velocity * 0.8 }));
  }).sort((a, b) => a.tick - b.tick);
}

export function playChart(chart: Chart, bpm: () => number, with_click: () => boolean): ChartPlaying {
  const context = audioContext();
  const out = context.createGain();
  out.connect(context.destination);
  const events = [...strokesOf(chart).map((s) => ({ ...s, is_click: false })), ...clicksOf(chart).map((c) => ({ ...c, is_click: true }))].sort((a, b) => a.tick - b.tick);
  let next = 0;
  let round = 0;
  let tick0 = 0;
  let time0 = context.currentTime + 0.1;
  let tempo = bpm();
  const seconds = (ticks: number) => (ticks / chart.ticks_per_quarter) * (60 / tempo);
  const fill = () => {
    if (bpm() !== tempo) {
      const now = context.currentTime + AHEAD_S;
      tick0 += ((now - time0) * tempo * chart.ticks_per_quarter) / 60;
      [time0, tempo] = [now, bpm()];
    }
    while (events.length) {
      const event = events[next]!;
      const at_s = time0 + seconds(round * chart.end_tick + event.tick - tick0);
      if (at_s > context.currentTime + AHEAD_S) return;
      if (!event.is_click) strike(context, out, event.drum, event.velocity, Math.max(context.currentTime, at_s));
      else if (with_click()) click(context, out, event.velocity > 100, Math.max(context.currentTime, at_s));
      if (++next === events.length) [next, round] = [0, round + 1];
    }
  };
  const timer = setInterval(fill, 50);
  fill();
  return {
    stop: () => (clearInterval(timer), out.disconnect()),
    tick: () => Math.max(0, tick0 + ((context.currentTime - time0) * tempo * chart.ticks_per_quarter) / 60) % chart.end_tick,
  };
}

function clicksOf(chart: Chart): { tick: number; drum: string; velocity: number }[] {
  return chart.bar_list.flatMap((bar) => {
    const beat = (4 * chart.ticks_per_quarter) / bar.denominator;
    return Array.from({ length: bar.numerator }, (_, i) => ({ tick: bar.tick + i * beat, drum: '', velocity: i === 0 ? 120 : 80 }));
  });
}
