/*
 * Slower, at the same pitch. Pieces of the sound are laid over each other at another spacing, each where it goes on best from
 * the one before (WSOLA: Verhelst & Roelands, ICASSP 1993). Around a stroke nothing is stretched: its attack is copied as it
 * was, to its time in the slow sound, so that it is heard once, and sharp.
 */
const PIECE_S = 0.03;
const SEARCH_S = 0.012;
const BEFORE_S = 0.004;
const ATTACK_S = 0.06;
const ATTACK_SHARE = 0.6;
const EDGE_S = 0.001;
const COARSE = 4;

export interface Slow { samples: Float32Array<ArrayBuffer>; rate_hz: number }

/** A stretch of the sound, in samples: [from, to) becomes [out_from, out_to). */
interface Stretch { from: number; to: number; out_from: number; out_to: number; is_attack: boolean }

export function slowDown({ samples, rate_hz }: Slow, onsets_s: readonly number[], times: number): Slow {
  const length = Math.round(samples.length * times);
  const out = new Float32Array(length);
  const weight = new Float32Array(length);
  const stretches = stretchesOf(samples.length, onsets_s.map((s) => Math.round(s * rate_hz)), rate_hz, times);
  const hop = Math.round((PIECE_S * rate_hz) / 2);
  const window = hann(2 * hop);
  const search = Math.round(SEARCH_S * rate_hz);
  const edge = Math.round(EDGE_S * rate_hz);
  let went_on = 0; // where the piece before would go on by itself
  for (let at = -hop, i = 0; at < length; at += hop) {
    const middle = Math.min(length - 1, Math.max(0, at + hop));
    while (i + 1 < stretches.length && middle >= stretches[i]!.out_to) i++;
    const pinned = attackIn(stretches, at, 2 * hop);
    const own = pinned < 0 ? i : pinned;
    const [first, end] = reach(stretches, own);
    const wanted = Math.round(sourceOf(stretches[own]!, pinned < 0 ? middle : at)) - (pinned < 0 ? hop : 0);
    const from = pinned < 0 ? nearest(samples, wanted, went_on, hop, between(wanted, search, first, end - 2 * hop)) : wanted;
    for (let n = 0; n < 2 * hop; n++) {
      const [to, source] = [at + n, from + n];
      if (to < 0 || to >= length || source < first || source >= end) continue;
      const share = window[n]! * Math.min(1, (source - first + 1) / edge, (end - source) / edge);
      out[to]! += share * (samples[source] ?? 0);
      weight[to]! += share;
    }
    went_on = from + hop;
  }
  // Where hardly anything could be laid it stays soft, and begins and ends softly.
  for (let n = 0; n < length; n++) out[n]! /= Math.max(0.4, weight[n]!);
  return { samples: out, rate_hz };
}

/** Attacks keep their length; what lies between them makes up for it. */
function stretchesOf(length: number, onsets: number[], rate_hz: number, times: number): Stretch[] {
  const list: Stretch[] = [];
  const before = Math.round(BEFORE_S * rate_hz);
  const strokes = onsets.filter((o, i) => o >= 0 && o < length && (i === 0 || o - onsets[i - 1]! > 2 * before)).sort((a, b) => a - b);
  let [from, out_from] = [0, 0];
  const add = (to: number, out_to: number, is_attack: boolean) => {
    if (to > from) list.push({ from, to, out_from, out_to, is_attack });
    [from, out_from] = [to, out_to];
  };
  strokes.forEach((onset, i) => {
    const next = strokes[i + 1] ?? length;
    const start = Math.max(from, onset - before);
    const attack = Math.min(Math.round(ATTACK_S * rate_hz), Math.round(ATTACK_SHARE * (next - onset)));
    const out_start = Math.max(out_from, Math.round(onset * times) - (onset - start));
    add(start, out_start, false);
    add(onset + attack, out_start + (onset + attack - start), true);
  });
  add(length, Math.max(out_from, Math.round(length * times)), false);
  return list;
}

const sourceOf = (s: Stretch, at: number): number => s.from + ((at - s.out_from) * (s.to - s.from)) / Math.max(1, s.out_to - s.out_from);

/** The first attack that a piece of the slow sound touches, -1 none: there it is the sound itself, shifted. */
function attackIn(stretches: Stretch[], at: number, size: number): number {
  return stretches.findIndex((s) => s.is_attack && s.out_to > at && s.out_from < at + size);
}

/** What a piece may be taken from: of the attacks beside it none, or it would be heard twice. */
function reach(stretches: Stretch[], own: number): [number, number] {
  let [first, end] = [0, Infinity];
  for (let i = own - 1; i >= 0; i--)
    if (stretches[i]!.is_attack) {
      first = stretches[own]!.is_attack ? stretches[i]!.to : Math.round((stretches[i]!.from + stretches[i]!.to) / 2);
      break;
    }
  for (let i = own + 1; i < stretches.length; i++)
    if (stretches[i]!.is_attack) {
      end = stretches[i]!.from;
      break;
    }
  return [first, end];
}

function between(wanted: number, search: number, low: number, high: number): [number, number] {
  const top = Math.min(high, wanted + search);
  return [Math.min(top, Math.max(low, wanted - search)), top];
}

/** The place from which a piece goes on most like the one before would have: coarsely first, then to the sample. */
function nearest(samples: Float32Array, wanted: number, went_on: number, size: number, [low, high]: [number, number]): number {
  const likeness = (from: number): number => {
    let [both, power] = [0, 1e-9];
    for (let n = 0; n < size; n += COARSE) {
      const here = samples[from + n] ?? 0;
      both += here * (samples[went_on + n] ?? 0);
      power += here * here;
    }
    return both / Math.sqrt(power);
  };
  const middle = Math.min(high, Math.max(low, wanted));
  let [best, most] = [middle, likeness(middle)];
  const look = (from: number) => {
    const is = likeness(from);
    if (is > most * (1 + 1e-6) + 1e-12) [best, most] = [from, is];
  };
  for (let from = low; from <= high; from += COARSE) look(from);
  const coarse = best;
  for (let from = Math.max(low, coarse - COARSE + 1); from <= Math.min(high, coarse + COARSE - 1); from++) look(from);
  return best;
}

function hann(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / size));
}
