/* Where each drum stands on the five lines, and the shape of its head (Weinberg's guide, PAS). */

export interface Place { key: string; line: number; head: string; is_open?: boolean }

const PLACES: Record<string, Place> = {
  kick: { key: 'f/4', line: 0.5, head: '' },
  snare: { key: 'c/5', line: 2.5, head: '' },
  snare_brush: { key: 'c/5', line: 2.5, head: 'S1' },
  cross_stick: { key: 'c/5', line: 2.5, head: 'X2' },
  rimshot: { key: 'c/5', line: 2.5, head: 'X3' },
  hihat: { key: 'g/5', line: 4.5, head: 'X2' },
  hihat_closed: { key: 'g/5', line: 4.5, head: 'X2' },
  hihat_open: { key: 'g/5', line: 4.5, head: 'X2', is_open: true },
  hihat_pedal: { key: 'd/4', line: -0.5, head: 'X2' },
  tom_high: { key: 'e/5', line: 3.5, head: '' },
  tom_mid: { key: 'd/5', line: 3, head: '' },
  tom_low: { key: 'a/4', line: 1.5, head: '' },
  ride: { key: 'f/5', line: 4, head: 'X2' },
  ride_bell: { key: 'f/5', line: 4, head: 'D2' },
  crash: { key: 'a/5', line: 5, head: 'X2' },
  splash: { key: 'b/5', line: 5.5, head: 'X2' },
  china: { key: 'c/6', line: 6, head: 'X3' },
  cowbell: { key: 'e/5', line: 3.5, head: 'T2' },
  tambourine: { key: 'b/4', line: 2, head: 'T2' },
  clap: { key: 'b/4', line: 2, head: 'X2' },
};
const OTHER: Place = { key: 'e/4', line: 0, head: '' };

export const placeOf = (drum: string): Place => PLACES[drum] ?? OTHER;
export const vexKey = (drum: string): string => {
  const { key, head } = placeOf(drum);
  return head ? `${key}/${head}` : key;
};
