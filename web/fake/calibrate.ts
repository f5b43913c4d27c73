/* What the guided measurements would say. */
import type { CalibrateMessage, PadGhost } from '../src/messages';
import type { Feed } from './feed';

const PADS: [string, string, number, PadGhost[]][] = [
  ['snare', 'the snare', 38, [{ note: 48, of: 38, times: 5, strokes: 5, within_ms: 4, threshold: 0.26 }]],
  ['kick', 'the kick', 36, [{ note: 36, of: 36, times: 5, strokes: 5, within_ms: 18, threshold: 0.38 }]],
  ['cross_stick', 'the cross-stick', 0, []], ['hihat_closed', 'the closed hi-hat', 42, []], ['tom_high', 'the high tom', 48, []], ['ride', 'the ride', 51, []],
];
const STROKES = 5;
const STEP_MS = 90;

let timers: NodeJS.Timeout[] = [];

export function calibrate(feed: Feed, what: string): void {
  timers = [];
  const later = (ms: number, run: () => void) => void timers.push(setTimeout(run, ms));
  const tell = (part: Partial<CalibrateMessage> & { state: string; say: string; share: number }) =>
    feed.put({ type: 'calibrate', what, drum: null, with: null, struck: null, wanted: null, level_db: null, latency_ms: null, low_ms: null, high_ms: null, ...part });
  if (what === 'level') for (let i = 0; i < 20; i++) later(i * 120, () => tell({ state: i < 19 ? 'measuring' : 'done', say: i < 19 ? 'Play as loud as you will.' : 'Good: your loudest strokes stay 8 dB below the top.', share: i / 19, level_db: -40 + i * 1.7 }));
  if (what === 'latency') {
    later(50, () => tell({ state: 'asking', say: 'Put the microphone where it will stand. Chirps will sound for 11 seconds.', share: 0 }));
    for (let i = 1; i < 10; i++) later(200 + i * 150, () => tell({ state: 'measuring', say: 'Listening to the chirps.', share: i / 10 }));
    later(1800, () => tell({ state: 'done', say: 'The round trip is 12.34 ms.', share: 1, latency_ms: 12.34, low_ms: 12.28, high_ms: 12.41 }));
  }
  if (what === 'pads') pads(feed, later, tell);
}

function pads(feed: Feed, later: (ms: number, run: () => void) => void, tell: (part: Partial<CalibrateMessage> & { state: string; say: string; share: number }) => void): void {
  const each_ms = (STROKES + 2) * STEP_MS;
  PADS.forEach(([drum, words, note, ghosts], p) => {
    for (let i = 0; i <= (note ? STROKES : 0); i++)
      later(50 + p * each_ms + i * STEP_MS, () => tell({ state: i ? 'measuring' : 'asking', say: `Strike ${words} 5 times, from soft to loud.`, drum, struck: i, wanted: STROKES, share: (p + i / STROKES) / (PADS.length + 1) }));
    later((p + 1) * each_ms, () => feed.put({ type: 'pad', drum, is_known: note > 0, text: note ? `note ${note}` : 'skipped', note: note || null, lowest: note ? 30 : null, typical: note ? 80 : null, same_as: null, ghosts }));
  });
  const end_ms = PADS.length * each_ms;
  later(end_ms + 50, () => tell({ state: 'asking', say: 'Strike the snare and the kick together, 8 times; change hands half-way.', drum: 'snare', with: 'kick', struck: 0, wanted: 8, share: 0.9 }));
  later(end_ms + 400, () => feed.put({ type: 'pad_delay', drum: 'kick', against: 'snare', times: 8, delay_ms: 2, low_ms: 1.96, high_ms: 2.04 }));
  later(end_ms + 500, () => tell({ state: 'done', say: '5 pads are learned; 2 kinds of notes that nobody strikes will be left out.', share: 1 }));
}

/** "end" and "cancel" both end it here. */
export function pressCalibrate(feed: Feed, key: string): void {
  if (key === 'skip') return;
  timers.forEach(clearTimeout);
  feed.put({ type: 'calibrate', what: 'pads', state: key === 'cancel' ? 'failed' : 'done', say: key === 'cancel' ? 'Cancelled: nothing is changed.' : 'What was found is kept.', drum: null, with: null, struck: null, wanted: null, share: 1, level_db: null, latency_ms: null, low_ms: null, high_ms: null });
}
