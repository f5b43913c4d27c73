/* Lights notes of drawn notation: colour on the head, and a shape beside it on its own side. */
import type { Side } from '../messages';
import type { Head } from './engrave';

const NS = 'http://www.w3.org/2000/svg';
const PATH: Record<string, string> = {
  early: 'M-11 0 -3 -5 -3 5z', late: 'M11 0 3 -5 3 5z', on: 'M-6 9h12',
  missed: 'M-5 -5 5 5M5 -5 -5 5',
};

export type Fate = Side | 'missed';

export function lightHead(svg: SVGSVGElement, head: Head, fate: Fate): void {
  head.element?.classList.remove('is-early', 'is-on', 'is-late', 'is-missed');
  if (fate === 'none') return;
  head.element?.classList.add(`is-${fate}`);
  const mark = document.createElementNS(NS, 'path');
  mark.setAttribute('d', PATH[fate]!);
  const [dx, dy] = fate === 'early' ? [-6, 0] : fate === 'late' ? [6, 0] : fate === 'on' ? [0, 0] : [0, 0];
  mark.setAttribute('transform', `translate(${head.x + dx} ${head.y + dy})`);
  mark.setAttribute('class', `mark is-${fate}`);
  svg.append(mark);
}

export function clearMarks(svg: SVGSVGElement): void {
  for (const mark of svg.querySelectorAll('.mark')) mark.remove();
  for (const head of svg.querySelectorAll('.is-early, .is-on, .is-late, .is-missed'))
    head.classList.remove('is-early', 'is-on', 'is-late', 'is-missed');
}
