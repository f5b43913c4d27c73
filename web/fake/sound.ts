/* A recording made of a verdict's strokes: noise and thumps, as WAV and as an envelope. */
const RATE = 16000;

interface Struck { time_s: number; drum: string; velocity: number | null }

export function synthesise(strokes: Struck[], duration_s: number): Float32Array {
  const samples = new Float32Array(Math.ceil((duration_s + 0.5) * RATE));
  let seed = 1;
  for (const { time_s, drum, velocity } of strokes) {
    const is_low = drum === 'kick' || drum.startsWith('tom');
    const loud = ((velocity ?? 90) / 127) ** 2 * 0.8;
    const length = Math.round((is_low ? 0.18 : 0.06) * RATE);
    const from = Math.round(time_s * RATE);
    for (let i = 0; i < length && from + i < samples.length; i++) {
      seed = (seed * 1664525 + 1013904223) >>> 0;
      const noise = seed / 2147483648 - 1;
      const tone = Math.sin((2 * Math.PI * (drum === 'kick' ? 60 : 130) * i) / RATE);
      samples[from + i]! += (is_low ? tone : noise) * loud * Math.exp((-6 * i) / length);
    }
  }
  return samples;
}

export function wavOf(samples: Float32Array): Buffer {
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write('WAVEfmt ', 8);
  [[16, 4], [1, 2], [1, 2], [RATE, 4], [RATE * 2, 4], [2, 2], [16, 2]].reduce((at, [value, size]) => (data.writeUIntLE(value!, at, size!), at + size!), 16);
  data.write('data', 36);
  data.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((s, i) => data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, s)) * 32767), 44 + i * 2));
  return data;
}

export function envelope(samples: Float32Array, from_s: number, to_s: number, points: number) {
  const low: number[] = [];
  const high: number[] = [];
  for (let i = 0; i < points; i++) {
    const from = Math.floor((from_s + ((to_s - from_s) * i) / points) * RATE);
    const to = Math.max(from + 1, Math.floor((from_s + ((to_s - from_s) * (i + 1)) / points) * RATE));
    let least = 0;
    let most = 0;
    for (let at = Math.max(0, from); at < Math.min(to, samples.length); at++) {
      least = Math.min(least, samples[at]!);
      most = Math.max(most, samples[at]!);
    }
    low.push(Number(least.toFixed(4)));
    high.push(Number(most.toFixed(4)));
  }
  return { from_s, to_s, low, high };
}
