/* The chart's bars that are seen in the timeline, their notes lit as they were played. */
import { useMemo } from 'preact/hooks';
import { api } from '../api';
import type { Chart } from '../api_types';
import { Score } from '../notation/score';
import { useLoad } from '../ui/use_load';
import { barAt, fatesOfBars, firstBeat, playedChart } from './missed';
import { beatsPerBar, beatTimes, offsetsOf } from './own';
import type { Verdict } from './verdict';
import type { View } from './view';

const MOST_BARS = 4;

export function TakeScore({ verdict, view }: { verdict: Verdict; view: View }) {
  const name = verdict.chart?.name ?? null;
  const chart = useLoad(() => (name ? api.chart(name) : Promise.resolve(null)), [name]);
  return chart.value && verdict.chart ? <Seen verdict={verdict} chart={chart.value} view={view} /> : null;
}

function Seen({ verdict, chart, view }: { verdict: Verdict; chart: Chart; view: View }) {
  const offsets = useMemo(() => offsetsOf(verdict), [verdict]);
  const beats = useMemo(() => beatTimes(verdict.strokes), [verdict]);
  const per_bar = beatsPerBar(verdict);
  const bars = verdict.chart!.bars;
  const middle = barAt(beats, per_bar, firstBeat(verdict, per_bar), (view.from_s + view.to_s) / 2);
  const first = Math.max(1, Math.min(bars.length - MOST_BARS + 1, middle - 1));
  const played = useMemo(() => playedChart(chart, bars.slice(first - 1, first - 1 + MOST_BARS).map((b) => b.written - 1)), [chart, verdict, first]);
  const fates = useMemo(() => fatesOfBars(verdict, offsets, played, first), [verdict, played, first]);
  return (
    <>
      <p class="soft">{chart.title || chart.name}: bars {first} to {Math.min(bars.length, first + MOST_BARS - 1)} as you played them.</p>
      <Score chart={played.chart} fates={fates} current_bar={Math.min(bars.length, Math.max(1, middle)) - first} />
    </>
  );
}
