import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { axisOf, Plot } from '../ui/plot';
import { fixed } from '../ui/words';
import type { TempoPoint, Verdict } from './verdict';

/** The band of the first beats is wide as the world: only points known to 6 % are drawn. */
export function curveOf(points: readonly TempoPoint[]): { time_s: number; bpm: number; low: number; high: number }[] {
  return points.flatMap((p) =>
    p.time_s !== null && p.bpm !== null && p.low !== null && p.high !== null && p.high - p.low < 0.12 * p.bpm
      ? [{ time_s: p.time_s, bpm: p.bpm, low: p.low, high: p.high }] : []);
}

export function TempoCurve({ verdict }: { verdict: Verdict }) {
  const points = useMemo(() => curveOf(verdict.study?.tempo_curve ?? []), [verdict]);
  const click = verdict.config.click_bpm;
  const data = useMemo<uPlot.AlignedData>(() => [
    points.map((p) => p.time_s), points.map((p) => p.low), points.map((p) => p.high), points.map(() => click), points.map((p) => p.bpm),
  ], [points, click]);
  if (points.length < 3) return <p class="soft">Too short for a curve.</p>;
  const first = points[0]!;
  const last = points.at(-1)!;
  return (
    <Plot label={`Tempo over the take: from ${fixed(first.bpm, 1)} to ${fixed(last.bpm, 1)} bpm`} height={230} data={data}
      options={(c) => ({
        cursor: { y: false },
        legend: { show: false },
        scales: { x: { time: false }, y: { range: (_, low, high) => rangeOf(low, high, first.bpm) } },
        axes: [axisOf(c, { label: 'seconds', labelSize: 22, size: 40 }), axisOf(c, { label: 'bpm', labelSize: 20, size: 52 })],
        bands: [{ series: [2, 1], fill: c.band }],
        series: [{}, { stroke: c.band, width: 1, points: { show: false } }, { stroke: c.band, width: 1, points: { show: false } }, { stroke: c.soft, width: 1, dash: [5, 4], points: { show: false } }, { stroke: c.ink, width: 2, points: { show: false } }],
      })} />
  );
}

/** At least 2 % either way, or the noise of a steady take fills the picture. */
function rangeOf(low: number, high: number, around: number): [number, number] {
  const room = around * 0.02;
  return [Math.min(low, around - room), Math.max(high, around + room)];
}
