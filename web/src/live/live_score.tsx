/* The chart that is played, its notes lit as they are struck. */
import { useMemo } from 'preact/hooks';
import { api } from '../api';
import type { Chart } from '../api_types';
import { Score } from '../notation/score';
import { useApp } from '../state/app';
import { useLoad } from '../ui/use_load';
import { useMedia } from '../ui/use_media';
import { writtenBars } from './beats';
import { fatesOf } from './fates';
import { useTick } from './ticker';

export function LiveScore() {
  const name = useApp((s) => s.live.take?.chart ?? s.live.session?.chart ?? null);
  const chart = useLoad(() => (name ? api.chart(name) : Promise.resolve(null)), [name]);
  return chart.value ? <Played chart={chart.value} /> : <div class="score is-empty" />;
}

function Played({ chart }: { chart: Chart }) {
  const take = useApp((s) => s.live.take);
  const strokes = useApp((s) => s.live.strokes);
  const bar = useTick((t) => Math.max(0, t.bar));
  const is_on = useTick((t) => t.phase === 'playing' || t.phase === 'count_in');
  const written = useMemo(() => (take ? writtenBars(take, (n) => barOf(chart, n)) : []), [take, chart]);
  const round = useMemo(() => Math.max(1, new Set(written).size), [written]);
  const fates = useMemo(() => fatesOf(take, strokes, bar, round), [take, strokes, bar, round]);
  const is_small = useMedia('(max-width: 46rem), (max-height: 44rem)');
  const lines = is_small ? 1 : chart.bar_list.length > 4 ? 2 : undefined;
  return <Score chart={chart} fates={fates} current_bar={is_on ? (written[bar] ?? null) : null} lines={lines} />;
}

function barOf(chart: Chart, note: number): number | null {
  const tick = chart.notes[note]?.tick;
  if (tick === undefined) return null;
  let bar = 0;
  while (bar + 1 < chart.bar_list.length && chart.bar_list[bar + 1]!.tick <= tick) bar++;
  return bar;
}
