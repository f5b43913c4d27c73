/* A plain kit made of oscillators and noise: enough to hear a chart or strokes by. */

let noise: AudioBuffer | null = null;

function noiseOf(context: BaseAudioContext): AudioBuffer {
  if (noise && noise.sampleRate === context.sampleRate) return noise;
  noise = context.createBuffer(1, context.sampleRate, context.sampleRate);
  const data = noise.getChannelData(0);
  let seed = 1;
  for (let i = 0; i < data.length; i++) {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    data[i] = seed / 2147483648 - 1;
  }
  return noise;
}

function fade(context: BaseAudioContext, to: AudioNode, at_s: number, gain: number, length_s: number): GainNode {
  const node = context.createGain();
  node.gain.setValueAtTime(Math.max(0.0001, gain), at_s);
  node.gain.exponentialRampToValueAtTime(0.0001, at_s + length_s);
  node.connect(to);
  return node;
}

function tone(context: BaseAudioContext, to: AudioNode, at_s: number, from_hz: number, to_hz: number, gain: number, length_s: number): AudioScheduledSourceNode {
  const source = context.createOscillator();
  source.frequency.setValueAtTime(from_hz, at_s);
  source.frequency.exponentialRampToValueAtTime(to_hz, at_s + length_s * 0.6);
  source.connect(fade(context, to, at_s, gain, length_s));
  source.start(at_s);
  source.stop(at_s + length_s);
  return source;
}

function hiss(context: BaseAudioContext, to: AudioNode, at_s: number, hz: number, gain: number, length_s: number, type: BiquadFilterType = 'highpass'): AudioScheduledSourceNode {
  const source = context.createBufferSource();
  source.buffer = noiseOf(context);
  source.loop = true;
  const filter = context.createBiquadFilter();
  filter.type = type;
  filter.frequency.value = hz;
  source.connect(filter).connect(fade(context, to, at_s, gain, length_s));
  source.start(at_s, (at_s * 0.37) % 0.9);
  source.stop(at_s + length_s);
  return source;
}

const TOM_HZ: Record<string, number> = { tom_high: 210, tom_mid: 150, tom_low: 100 };

/** One stroke of a drum at a time of the context; velocity 1 to 127. */
export function strike(context: BaseAudioContext, to: AudioNode, drum: string, velocity: number, at_s: number): AudioScheduledSourceNode[] {
  const gain = 0.7 * (velocity / 127) ** 1.6;
  if (drum === 'kick') return [tone(context, to, at_s, 150, 48, gain * 1.2, 0.28)];
  if (drum in TOM_HZ) return [tone(context, to, at_s, TOM_HZ[drum]! * 1.5, TOM_HZ[drum]!, gain, 0.35)];
  if (drum === 'cross_stick' || drum === 'cowbell') return [tone(context, to, at_s, 820, 640, gain * 0.6, 0.06)];
  if (drum.startsWith('snare') || drum === 'rimshot' || drum === 'clap')
    return [tone(context, to, at_s, 260, 180, gain * 0.5, 0.12), hiss(context, to, at_s, 1400, gain * 0.7, 0.18)];
  if (drum === 'hihat_open') return [hiss(context, to, at_s, 7000, gain * 0.5, 0.4)];
  if (drum.startsWith('hihat')) return [hiss(context, to, at_s, 8000, gain * 0.45, 0.06)];
  if (drum.startsWith('ride')) return [hiss(context, to, at_s, 6000, gain * 0.25, 0.5), tone(context, to, at_s, 3400, 3300, gain * 0.12, 0.3)];
  return [hiss(context, to, at_s, 4500, gain * 0.4, 0.9)];
}

export function click(context: BaseAudioContext, to: AudioNode, is_first: boolean, at_s: number): AudioScheduledSourceNode[] {
  return [tone(context, to, at_s, is_first ? 1760 : 1175, is_first ? 1700 : 1150, 0.35, 0.045)];
}

let shared: AudioContext | null = null;
export function audioContext(): AudioContext {
  shared ??= new AudioContext({ latencyHint: 'interactive' });
  if (shared.state === 'suspended') void shared.resume();
  return shared;
}
