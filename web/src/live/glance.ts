/* What is read from two metres in half a second: a word, a number, a colour, a side. Pure. */
import type { JudgedMessage, Side, Tint } from '../messages';
import type { Live, Phase } from '../state/live';
import { earlyLate, fixed, minutesSeconds } from '../ui/words';

export interface Glance { word: string; side: Side; tint: Tint; figure: string; unit: string; say: string }

const PLAIN: Glance = { word: '', side: 'none', tint: 'plain', figure: '', unit: '', say: '' };

export function glanceOf(live: Live, phase: Phase, left_s: number | null, with_numbers: boolean): Glance {
  const take = live.take;
  const tempo = take ? { figure: bpmText(take.bpm), unit: 'bpm' } : {};
  switch (phase) {
    case 'idle':
      return { ...PLAIN, word: 'READY', say: live.session?.text ?? '' };
    case 'ready':
      return { ...PLAIN, word: 'LISTEN', say: live.session?.text ?? live.session?.title ?? '' };
    case 'count_in':
      return { ...PLAIN, ...tempo, word: 'PLAY', say: take?.say ?? '' };
    case 'playing':
      return { ...playing(live, with_numbers, tempo), ...(live.stop ? stopped(live) : {}) };
    case 'judged':
      return judged(live);
    case 'rest':
      return { ...PLAIN, word: 'REST', figure: left_s === null ? '' : minutesSeconds(left_s), say: live.rest?.text ?? '' };
    case 'paused':
      return { ...PLAIN, ...tempo, word: 'PAUSED', say: live.pause || 'Space goes on.' };
    case 'done':
      return { ...PLAIN, word: 'DONE', tint: 'good', say: live.done?.text ?? '' };
  }
}

function playing(live: Live, with_numbers: boolean, tempo: Partial<Glance>): Glance {
  const bar = live.bars.at(-1);
  const take_say = live.take?.say ?? '';
  if (!bar) return { ...PLAIN, ...tempo, word: 'PLAY', say: take_say };
  const number = with_numbers && bar.mean_ms !== null ? figureOfMean(bar.mean_ms) : tempo;
  return { ...PLAIN, ...number, word: bar.word, side: sideOfTint(bar.tint), tint: bar.tint }; // what the coach said was said in the count-in
}

function figureOfMean(mean_ms: number): Partial<Glance> {
  const [figure = '', ...unit] = earlyLate(mean_ms, 0).split(' ');
  return Number.isNaN(Number(figure)) ? { figure: '0', unit: 'ms' } : { figure, unit: unit.join(' ') };
}

function stopped(live: Live): Partial<Glance> {
  return { word: 'AGAIN', tint: 'bad', side: 'none', say: live.stop?.text ?? '' };
}

function judged(live: Live): Glance {
  const j = live.judged;
  if (!j) return PLAIN;
  const say = live.stop?.text || (live.take?.say ?? '');
  return { word: j.word, side: sideOfTint(j.tint), tint: j.tint, figure: j.figure, unit: j.unit, say };
}

export function sideOfTint(tint: Tint): Side {
  if (tint === 'early' || tint === 'late') return tint;
  return tint === 'good' ? 'on' : 'none';
}

/** 96, but 81.5. */
export function bpmText(bpm: number): string {
  return fixed(bpm, Math.abs(bpm - Math.round(bpm)) < 0.05 ? 0 : 1);
}

/** What a session came to, in a sentence. */
export function sumOf(history: readonly JudgedMessage[], clean_bpm: number | null): string {
  const clean = history.filter((j) => j.clean).length;
  const takes = `${history.length} ${history.length === 1 ? 'take' : 'takes'}, ${clean} clean.`;
  return clean_bpm === null ? takes : `${takes} Clean tempo ${bpmText(clean_bpm)} bpm.`;
}
