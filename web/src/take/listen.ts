/* Two bars around a stroke: the recording, or the strokes themselves where none is kept. */
import { api } from '../api';
import { audioContext, click, strike } from '../sound/kit';
import { slowDown } from '../sound/slow';
import type { Verdict } from './verdict';

export interface Wish { take: number; has_sound: boolean; verdict: Verdict; from_s: number; to_s: number; beats: { time_s: number; is_first: boolean }[]; with_click: boolean; rate: number }
export interface Playing { stop: () => void; at: () => number | null }

const LONGEST_S = 900;
const sounds = new Map<number, Promise<AudioBuffer | null>>();

/** The whole recording, decoded once; null where none is kept, or it is too long to hold. */
function soundOf(take: number, duration_s: number): Promise<AudioBuffer | null> {
  if (duration_s > LONGEST_S) return Promise.resolve(null);
  if (!sounds.has(take)) {
    sounds.clear();
    sounds.set(take, api.sound(take).then((bytes) => audioContext().decodeAudioData(bytes)).catch(() => null));
  }
  return sounds.get(take)!;
}

export async function play(wish: Wish): Promise<Playing> {
  const context = audioContext();
  const sound = wish.has_sound ? await soundOf(wish.take, wish.verdict.take.duration_s) : null;
  const out = context.createGain();
  out.connect(context.destination);
  const piece = sound && recordingOf(context, out, sound, wish);
  const began = context.currentTime + 0.06; // making a slow piece took its time before
  const at = (time_s: number) => began + (time_s - wish.from_s) / wish.rate;
  const sources: AudioScheduledSourceNode[] = piece ? [piece] : strokes(context, out, wish, at);
  piece?.start(began, wish.rate === 1 ? Math.max(0, wish.from_s) : 0, (wish.to_s - wish.from_s) / wish.rate);
  if (wish.with_click)
    for (const b of wish.beats) if (b.time_s >= wish.from_s && b.time_s < wish.to_s) sources.push(...click(context, out, b.is_first, at(b.time_s)));
  const end = began + (wish.to_s - wish.from_s) / wish.rate;
  return {
    stop: () => (sources.forEach((s) => s.stop()), out.disconnect()),
    at: () => (context.currentTime > end ? null : wish.from_s + (context.currentTime - began) * wish.rate),
  };
}

function recordingOf(context: AudioContext, out: AudioNode, sound: AudioBuffer, wish: Wish): AudioBufferSourceNode {
  const source = context.createBufferSource();
  source.buffer = wish.rate === 1 ? sound : slowPiece(context, sound, wish);
  source.connect(out);
  return source;
}

/** The piece that is heard, slower and at its pitch; its strokes stay sharp, and where the click has them. */
function slowPiece(context: AudioContext, sound: AudioBuffer, wish: Wish): AudioBuffer {
  const { sampleRate } = sound;
  const from = Math.max(0, Math.round(wish.from_s * sampleRate));
  const to = Math.min(sound.length, Math.max(from + 1, Math.round(wish.to_s * sampleRate)));
  const mono = new Float32Array(to - from);
  for (let c = 0; c < sound.numberOfChannels; c++) sound.getChannelData(c).subarray(from, to).forEach((x, i) => (mono[i]! += x / sound.numberOfChannels));
  const onsets_s = wish.verdict.strokes.map((s) => s.time_s - from / sampleRate).filter((s) => s >= 0 && s * sampleRate < mono.length);
  const slow = slowDown({ samples: mono, rate_hz: sampleRate }, onsets_s, 1 / wish.rate);
  const made = context.createBuffer(1, Math.max(1, slow.samples.length), sampleRate);
  made.copyToChannel(slow.samples, 0);
  return made;
}

function strokes(context: AudioContext, out: AudioNode, wish: Wish, at: (time_s: number) => number): AudioScheduledSourceNode[] {
  return wish.verdict.strokes
    .filter((s) => s.time_s >= wish.from_s && s.time_s < wish.to_s)
    .flatMap((s) => strike(context, out, s.drum, s.velocity ?? 90, at(s.time_s)));
}
