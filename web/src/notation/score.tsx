/* A chart as notation, all of it or a window of lines. */
import { useMemo } from 'preact/hooks';
import type { Chart } from '../api_types';
import { useWidth } from '../ui/use_width';
import type { Fate } from './marks';
import { barsOf } from './rhythm';
import { Staff } from './staff';
import { systemsOf } from './systems';

export interface ScoreProps {
  chart: Chart;
  fates?: ReadonlyMap<number, Fate>;
  current_bar?: number | null;
  /** how many lines, from the one with current_bar; undefined: all */
  lines?: number;
  /** bars from..to (excluded) only */
  from_bar?: number;
  to_bar?: number;
}

export function Score(props: ScoreProps) {
  const [ref, width] = useWidth();
  const bars = useMemo(() => barsOf(props.chart), [props.chart]);
  const wanted = bars.slice(props.from_bar ?? 0, props.to_bar ?? bars.length);
  const systems = useMemo(() => systemsOf(wanted, width), [bars, width, props.from_bar, props.to_bar]);
  const shown = windowOf(systems.map((s) => s.map((b) => b.bar)), props.current_bar ?? null, props.lines);
  const spare = shown.length < systems.length ? [((shown.at(-1) ?? 0) + 1) % systems.length].filter((at) => !shown.includes(at)) : [];
  return (
    <div class="score" ref={ref}>
      {width > 0 && [...shown, ...spare].map((at) => (
        <Staff key={`${systems[at]![0]!.bar}`} is_spare={spare.includes(at)} chart={props.chart} bars={systems[at]!} width={Math.min(width, fillOf(systems[at]!.length, width))}
          show_meter={at === 0 || changesMeter(systems, at)} fates={props.fates} current_bar={props.current_bar} />
      ))}
    </div>
  );
}

/** A single short bar is not drawn across a wide screen. */
function fillOf(bars: number, width: number): number {
  return Math.min(width, 160 + bars * 620);
}

function changesMeter(systems: { numerator: number; denominator: number }[][], at: number): boolean {
  const before = systems[at - 1]?.at(-1);
  const now = systems[at]?.[0];
  return before?.numerator !== now?.numerator || before?.denominator !== now?.denominator;
}

/** The line that is played and those after it; from the end back where there are none after. */
export function windowOf(systems: number[][], current: number | null, lines: number | undefined): number[] {
  const all = systems.map((_, i) => i);
  if (!lines || lines >= systems.length) return all;
  const at = Math.max(0, systems.findIndex((bars) => current !== null && bars.includes(current)));
  const from = Math.min(at, systems.length - lines);
  return all.slice(from, from + lines);
}
