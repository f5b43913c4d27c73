/* The clean tempo of one exercise over the days, with its interval; cold tests as squares. */
import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { ProgressExercise } from '../api_types';
import { axisOf, Plot } from '../ui/plot';

const DAY_S = 86400;

/** From the first day to today, two weeks at least: what is to come is not drawn. */
export function daysShown(at_s: readonly number[], now_s: number): [number, number] {
  const end_s = Math.max(now_s, ...at_s) + DAY_S / 2;
  return [Math.min(end_s - 14 * DAY_S, Math.min(...at_s) - DAY_S / 2), end_s];
}

const dayText = (at_s: number): string => new Date(at_s * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });

export function CleanTempo({ exercise }: { exercise: ProgressExercise }) {
  const { points } = exercise;
  const data = useMemo<uPlot.AlignedData>(() => {
    const warm = (pick: (p: ProgressExercise['points'][number]) => number | null) => points.map((p) => (p.is_cold ? null : pick(p)));
    return [
      points.map((p) => p.at_s), warm((p) => p.low_bpm), warm((p) => p.high_bpm), warm((p) => p.bpm),
      points.map((p) => (p.is_cold && p.is_clean ? p.bpm : null)), points.map((p) => (p.is_cold && !p.is_clean ? p.bpm : null)),
    ];
  }, [points]);
  const last = points.findLast((p) => !p.is_cold);
  return (
    <>
    {last && <p>Last: <b>{Math.round(last.bpm)} bpm</b>{last.low_bpm !== null && last.high_bpm !== null && ` (${Math.round(last.low_bpm)} to ${Math.round(last.high_bpm)})`}, {dayText(last.at_s)}.</p>}
    <Plot label={`Clean tempo of ${exercise.title}${last ? `, last ${Math.round(last.bpm)} bpm` : ''}`} height={240} data={data}
      options={(c) => ({
        legend: { show: false },
        cursor: { y: false },
        scales: { x: { time: true, range: () => daysShown(points.map((p) => p.at_s), Date.now() / 1000) } },
        axes: [axisOf(c, { values: (_, at_s) => at_s.map(dayText) }), axisOf(c, { label: 'bpm', labelSize: 20, size: 50 })],
        bands: [{ series: [2, 1], fill: c.band }],
        series: [
          {}, { stroke: c.band, width: 1, spanGaps: true, points: { show: false } }, { stroke: c.band, width: 1, spanGaps: true, points: { show: false } },
          { stroke: c.ink, width: 2, spanGaps: true, points: { show: true, size: 6, fill: c.ink } },
          { stroke: c.good, width: 0, paths: () => null, points: { show: true, size: 11, stroke: c.good, fill: c.good } },
          { stroke: c.bad, width: 0, paths: () => null, points: { show: true, size: 11, stroke: c.bad, fill: c.paper, width: 2.5 } },
        ],
      })} />
    </>
  );
}
