/* One line of notation. VexFlow comes with the first one; notes are lit without drawing anew. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Chart } from '../api_types';
import type { Drawn } from './engrave';
import { clearHead, lightHead, type Fate } from './marks';
import type { BarPart } from './rhythm';

export interface StaffProps {
  chart: Chart;
  bars: BarPart[];
  width: number;
  show_meter?: boolean;
  /** fate of chart notes by index */
  fates?: ReadonlyMap<number, Fate>;
  current_bar?: number | null;
  /** drawn, but not shown yet: the next line is there at once */
  is_spare?: boolean;
}

export function Staff(props: StaffProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  useEffect(() => {
    let is_wanted = true;
    void draw(ref.current!, props, () => is_wanted).then((d) => d && setDrawn(d));
    return () => void (is_wanted = false);
  }, [props.chart, props.width, keyOf(props.bars), props.show_meter]);
  const lit = useMemo(() => new Map<number, Fate>(), [drawn]);
  useLayoutEffect(() => light(ref.current!, drawn, props.fates, lit), [drawn, props.fates]);
  const current = drawn?.bars.find((b) => b.bar === props.current_bar);
  return (
    <div class={props.is_spare ? 'staff is-spare' : 'staff'} aria-hidden={props.is_spare || undefined}>
      {current && <div class="staff-now" ref={(e) => { if (e) placeNow(e, current.x, current.width); }} />}
      <div ref={ref} class="staff-svg" />
    </div>
  );
}

const keyOf = (bars: BarPart[]): string => `${bars[0]?.bar}-${bars.length}`;

function placeNow(element: HTMLElement, x: number, width: number): void {
  element.style.left = `${x}px`;
  element.style.width = `${width}px`;
}

async function draw(into: HTMLElement, props: StaffProps, isWanted: () => boolean): Promise<Drawn | null> {
  const engraver = await import('./engrave');
  await engraver.ready();
  if (!isWanted() || props.width < 60 || !props.bars.length) return null;
  const show_hands = props.chart.notes.some((n) => n.hand);
  return engraver.engrave(into, props.chart, props.bars, {
    width: props.width, show_meter: props.show_meter ?? false, show_hands, first_of_line: true,
  });
}

/** Only what changed is touched: strokes come twenty a second. */
function light(root: HTMLElement, drawn: Drawn | null, fates: ReadonlyMap<number, Fate> | undefined, lit: Map<number, Fate>): void {
  const svg = root.querySelector('svg');
  if (!svg || !drawn) return;
  for (const index of [...lit.keys()]) if (fates?.get(index) !== lit.get(index)) unlight(svg, drawn, index, lit);
  for (const [index, fate] of fates ?? []) {
    const head = drawn.heads.get(index);
    if (!head || lit.has(index)) continue;
    lightHead(svg, head, fate, index);
    lit.set(index, fate);
  }
}

function unlight(svg: SVGSVGElement, drawn: Drawn, index: number, lit: Map<number, Fate>): void {
  lit.delete(index);
  const head = drawn.heads.get(index);
  if (head) clearHead(svg, head, index);
}
