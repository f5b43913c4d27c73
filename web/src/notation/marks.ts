/* Lights notes of drawn notation: colour on the head, and a shape beside it on its own side. */
import type { Side } from '../messages';
import type { Head } from './engrave';

const NS = 'http://www.w3.org/2000/svg';
const PATH: Record<string, string> = {
  early: 'M-11 0 -3 -5 -3 5z', late: 'M11 0 3 -5 3 5z', on: 'M-6 9h12',
  missed: 'M-5 -5 5 5M5 -5 -5 5',
};

export type Fate = Side | 'missed';

const SHIFT: Record<string, number> = { early: -6, late: 6 };

export function lightHead(svg: SVGSVGElement, head: Head, fate: Fate, index: number): void {
  if (fate === 'none') return;
  head.element?.classList.add(`is-${fate}`);
  const mark = document.createElementNS(NS, 'path');
  mark.setAttribute('d', PATH[fate]!);
  mark.setAttribute('transform', `translate(${head.x + (SHIFT[fate] ?? 0)} ${head.y})`);
  mark.setAttribute('class', `mark is-${fate}`);
  mark.dataset['note'] = String(index);
  svg.append(mark);
}

export function clearHead(svg: SVGSVGElement, head: Head, index: number): void {
  head.element?.classList.remove('is-early', 'is-on', 'is-late', 'is-missed');
  svg.querySelector(`.mark[data-note="${index}"]`)?.remove();
}
