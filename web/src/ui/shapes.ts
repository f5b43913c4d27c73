/*
 * Early is orange, on the left, a triangle that points left; late is blue, on the right, one that
 * points right; on is green and round. Never the colour alone.
 */
import type { Side } from '../messages';
import type { Colours } from './colours';

export const SIDE_WORD: Record<Side, string> = { early: 'you were early', on: 'on time', late: 'you were late', none: 'extra' };

export function sideOf(asynchrony_ms: number | null, limit_ms: number): Side {
  if (asynchrony_ms === null) return 'none';
  if (Math.abs(asynchrony_ms) <= limit_ms) return 'on';
  return asynchrony_ms < 0 ? 'early' : 'late';
}

export function sideColour(side: Side, c: Colours): string {
  return { early: c.early, on: c.good, late: c.late, none: c.soft }[side];
}

/** One mark of radius r at x, y. */
export function drawMark(g: CanvasRenderingContext2D, side: Side, x: number, y: number, r: number): void {
  g.beginPath();
  if (side === 'early' || side === 'late') {
    const to = side === 'early' ? -1 : 1;
    g.moveTo(x + to * r * 1.2, y);
    g.lineTo(x - to * r * 0.8, y - r);
    g.lineTo(x - to * r * 0.8, y + r);
    g.closePath();
    g.fill();
  } else if (side === 'on') {
    g.arc(x, y, r, 0, 2 * Math.PI);
    g.fill();
  } else {
    g.moveTo(x - r * 0.7, y - r * 0.7);
    g.lineTo(x + r * 0.7, y + r * 0.7);
    g.moveTo(x + r * 0.7, y - r * 0.7);
    g.lineTo(x - r * 0.7, y + r * 0.7);
    g.stroke();
  }
}
