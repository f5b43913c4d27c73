/* Which bars stand on one line of a given width. Pure. */
import type { BarPart } from './rhythm';

const NOTE_PX = 27;
const BAR_PX = 44;
const CLEF_PX = 64;

export function roomOf(bar: BarPart): number {
  const cells = (groups: BarPart['hands']) => groups.reduce((sum, g) => sum + g.cells.length, 0);
  return BAR_PX + NOTE_PX * Math.max(4, cells(bar.hands), cells(bar.feet));
}

/** At least one bar a line, at most four; lines of a long chart are filled alike. */
export function systemsOf(bars: BarPart[], width: number): BarPart[][] {
  const systems: BarPart[][] = [];
  let line: BarPart[] = [];
  let used = CLEF_PX;
  for (const bar of bars) {
    const room = roomOf(bar);
    const is_full = line.length >= 4 || used + room > width || (bar.section !== null && line.length >= 2);
    if (line.length && is_full) {
      systems.push(line);
      line = [];
      used = CLEF_PX;
    }
    line.push(bar);
    used += room;
  }
  return line.length ? [...systems, line] : systems;
}
