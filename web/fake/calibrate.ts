/* What the guided measurements would say. */
import type { Feed } from './feed';

const PADS = ['kick', 'snare', 'hihat_closed', 'tom_high', 'ride'];

export function calibrate(feed: Feed, what: string): void {
  const say = (ms: number, part: { state: string; say: string; drum?: string; share: number; level_db?: number; latency_ms?: number }) =>
    setTimeout(() => feed.put({ type: 'calibrate', what, drum: null, level_db: null, latency_ms: null, low_ms: null, high_ms: null, ...part,
      ...(part.latency_ms ? { low_ms: part.latency_ms - 0.06, high_ms: part.latency_ms + 0.07 } : {}) }), ms);
  if (what === 'level') for (let i = 0; i < 20; i++) say(i * 120, { state: i < 19 ? 'measuring' : 'done', say: i < 19 ? 'Play as loud as you will.' : 'Good: your loudest strokes stay 8 dB below the top.', share: i / 19, level_db: -40 + i * 1.7 });
  if (what === 'latency') {
    say(50, { state: 'asking', say: 'Put the microphone where it will stand. Chirps will sound for 11 seconds.', share: 0 });
    for (let i = 1; i < 10; i++) say(200 + i * 150, { state: 'measuring', say: 'Listening to the chirps.', share: i / 10 });
    say(1800, { state: 'done', say: 'The round trip is 12.34 ms, between 12.28 and 12.41; its jitter is 0.05 ms.', share: 1, latency_ms: 12.34 });
  }
  if (what === 'pads') PADS.forEach((drum, i) => say(100 + i * 500, { state: 'asking', say: `Strike the ${drum.replace('_', ' ')} five times, from soft to loud.`, drum, share: i / PADS.length }));
  if (what === 'pads') say(100 + PADS.length * 500, { state: 'done', say: 'Five pads are learned; note 48 is crosstalk of the snare and will be left out.', share: 1 });
}
