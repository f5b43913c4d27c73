/* Numbers and words as the program says them: unit, sign, interval. */
import type { Estimate, Word } from '../api_types';

const MINUS = '−';

export function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/^-/, MINUS);
}

export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? MINUS : '+') + text;
}

/** "3.1 ms early": with the word, as a sign alone is read both ways. */
export function earlyLate(ms: number, digits = 1): string {
  const text = Math.abs(ms).toFixed(digits);
  if (Number(text) === 0) return 'on time';
  return `${text} ms ${ms < 0 ? 'early' : 'late'}`;
}

export function known(estimate: Estimate | null | undefined): estimate is Estimate & { value: number; low: number; high: number } {
  return estimate?.known === 'known' && estimate.value !== null;
}

export function unknownText(estimate: Estimate | null | undefined): string {
  return estimate?.known === 'cant_tell' ? "can't tell yet" : 'not testable';
}

export function between(estimate: Estimate, digits: number, unit: string, with_sign = true): string {
  if (!known(estimate)) return unknownText(estimate);
  const text = with_sign ? signed : fixed;
  return `${text(estimate.value, digits)} ${unit} (${text(estimate.low, digits)} to ${text(estimate.high, digits)})`;
}

export const WORDS: Record<Word, string> = {
  rushing: 'RUSHING', dragging: 'DRAGGING', scattered: 'SCATTERED', in_the_pocket: 'IN THE POCKET', cant_tell: "CAN'T TELL YET",
};

const DRUMS: Record<string, string> = {
  hihat: 'hi-hat', hihat_closed: 'hi-hat', hihat_open: 'open hi-hat', hihat_pedal: 'hi-hat pedal', tom_high: 'high tom',
  tom_mid: 'mid tom', tom_low: 'low tom', ride_bell: 'ride bell', cross_stick: 'cross-stick', snare_brush: 'brush',
};
export const drumName = (drum: string): string => DRUMS[drum] ?? drum.replace(/_/g, ' ');

/** Drums that a drummer thinks of as one voice. */
export function voiceOf(drum: string): string {
  if (/^(snare|cross_stick|rimshot|snare_brush)/.test(drum)) return 'snare';
  if (drum === 'hihat_pedal') return 'hi-hat pedal';
  if (drum.startsWith('hihat')) return 'hi-hat';
  if (drum.startsWith('tom')) return 'toms';
  if (drum.startsWith('ride')) return 'ride';
  if (/^(crash|splash|china)/.test(drum)) return 'crash';
  return drum === 'kick' ? 'kick' : 'other';
}
export const VOICES = ['crash', 'ride', 'hi-hat', 'toms', 'snare', 'kick', 'hi-hat pedal', 'other'];

/** The year only where it is another one. */
export function when(at_s: number, now = new Date()): string {
  const at = new Date(at_s * 1000);
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return at.toLocaleString('en-GB', { day: 'numeric', month: 'short', ...year, hour: '2-digit', minute: '2-digit' });
}

export function minutesSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** A name as the program wants it, out of a file's: "Walking Bass.mid" is walking-bass. */
export function nameOfFile(file: string, otherwise: string): string {
  return file.toLowerCase().replace(/\.[a-z]+$/, '').replace(/[^a-z0-9_-]+/g, '-').replace(/^[^a-z0-9]+/, '').slice(0, 47) || otherwise;
}
