import { describe, expect, it } from 'vitest';
import { slowDown } from '../src/sound/slow';

const RATE_HZ = 48000;

/** The strongest tone between two, to a hundredth of a hertz, by a sum over a long window. */
function pitchOf(samples: Float32Array, from_hz: number, to_hz: number): number {
  const n = samples.length;
  const power = (hz: number): number => {
    let [re, im] = [0, 0];
    const step = (2 * Math.PI * hz) / RATE_HZ;
    for (let i = 0; i < n; i++) {
      const w = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n);
      re += w * samples[i]! * Math.cos(step * i);
      im += w * samples[i]! * Math.sin(step * i);
    }
    return re * re + im * im;
  };
  let best = from_hz;
  for (let width = to_hz - from_hz, middle = (from_hz + to_hz) / 2; width > 0.01; width /= 6, middle = best) {
    let most = -1;
    for (let i = -8; i <= 8; i++) {
      const hz = middle + (i * width) / 16;
      const is = power(hz);
      if (is > most) [most, best] = [is, hz];
    }
  }
  return best;
}

const tone = (hz: number, seconds: number): Float32Array<ArrayBuffer> => Float32Array.from({ length: seconds * RATE_HZ }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ));

/** Drum-like: a click, then a tone that dies away. */
function drums(onsets_s: number[], seconds: number, hz: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(seconds * RATE_HZ);
  for (const onset of onsets_s)
    for (let i = 0; i < 0.25 * RATE_HZ; i++) {
      const at = Math.round(onset * RATE_HZ) + i;
      if (at < samples.length) samples[at]! += 0.7 * Math.exp(-i / (0.04 * RATE_HZ)) * Math.sin((2 * Math.PI * hz * i) / RATE_HZ) + (i < 96 ? 0.3 * (1 - i / 96) * (i % 2 ? 1 : -1) : 0);
    }
  return samples;
}

/** Where clicks are: steep rises of what is above 10 kHz. */
function clicksOf(samples: Float32Array): number[] {
  const found: number[] = [];
  let quiet_until = -1;
  for (let i = 2; i < samples.length; i++) {
    const bend = Math.abs(samples[i]! - 2 * samples[i - 1]! + samples[i - 2]!);
    if (bend > 0.25 && i > quiet_until) {
      found.push(i / RATE_HZ);
      quiet_until = i + 0.004 * RATE_HZ;
    }
  }
  return found;
}

describe('half speed', () => {
  it('keeps the pitch', () => {
    for (const hz of [110, 440, 1234.5]) {
      const slow = slowDown({ samples: tone(hz, 0.5), rate_hz: RATE_HZ }, [], 2);
      expect(slow.samples.length).toBe(RATE_HZ);
      const inner = slow.samples.subarray(RATE_HZ / 4, 0.6 * RATE_HZ);
      const heard = pitchOf(inner, hz * 0.4, hz * 1.6);
      expect(Math.abs(1200 * Math.log2(heard / hz)), `${hz} Hz is heard as ${heard}`).toBeLessThan(5);
    }
  });
  it('keeps a tone as loud as it was', () => {
    const slow = slowDown({ samples: tone(440, 0.5), rate_hz: RATE_HZ }, [], 2).samples.subarray(RATE_HZ / 4, (3 * RATE_HZ) / 4);
    const rms = Math.sqrt(slow.reduce((s, x) => s + x * x, 0) / slow.length);
    expect(Math.abs(20 * Math.log10(rms / (0.5 / Math.SQRT2)))).toBeLessThan(0.5);
  });
  it('has every stroke once, at twice its time', () => {
    const onsets = [0.1, 0.35, 0.6, 0.65, 0.7, 0.75, 1.1, 1.3, 1.32, 1.7];
    const slow = slowDown({ samples: drums(onsets, 2, 200), rate_hz: RATE_HZ }, onsets, 2);
    const heard = clicksOf(slow.samples);
    expect(heard.map((at) => (at / 2).toFixed(3)).join(' ')).toBe(onsets.map((at) => at.toFixed(3)).join(' '));
    heard.forEach((at, i) => expect(Math.abs(at - 2 * onsets[i]!), `stroke ${i} at ${at}`).toBeLessThan(0.001));
  });
  it('keeps the drum’s pitch too', () => {
    const onsets = [0.2, 0.7, 1.2];
    const slow = slowDown({ samples: drums(onsets, 1.6, 200), rate_hz: RATE_HZ }, onsets, 2);
    const ring = slow.samples.subarray(0.44 * RATE_HZ, 0.6 * RATE_HZ);
    const heard = pitchOf(ring, 80, 320);
    expect(Math.abs(1200 * Math.log2(heard / 200)), `${heard} Hz`).toBeLessThan(35);
  });
  it('is quick enough to be made at a click', () => {
    const onsets = Array.from({ length: 32 }, (_, i) => i / 8);
    const sound = { samples: drums(onsets, 4, 200), rate_hz: RATE_HZ };
    const began = process.cpuUsage();
    slowDown(sound, onsets, 2);
    expect(process.cpuUsage(began).user / 1000, 'ms of the processor').toBeLessThan(800);
  });
});
