/* Two bars around a stroke: the recording, or the strokes themselves where none is kept. */
import { api } from '../api';
import { audioContext, click, strike } from '../sound/kit';
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
  const began = context.currentTime + 0.06;
  const at = (time_s: number) => began + (time_s - wish.from_s) / wish.rate;
  const sources = sound ? [recording(context, out, sound, wish, began)] : strokes(context, out, wish, at);
  if (wish.with_click)
    for (const b of wish.beats) if (b.time_s >= wish.from_s && b.time_s < wish.to_s) sources.push(...click(context, out, b.is_first, at(b.time_s)));
  const end = began + (wish.to_s - wish.from_s) / wish.rate;
  return {
    stop: () => (sources.forEach((s) => s.stop()), out.disconnect()),
    at: () => (context.currentTime > end ? null : wish.from_s + (context.currentTime - began) * wish.rate),
  };
}

function recording(context: AudioContext, out: AudioNode, sound: AudioBuffer, wish: Wish, began: number): AudioScheduledSourceNode {
  const source = context.createBufferSource();
  source.buffer = sound;
  source.playbackRate.value = wish.rate;
  source.connect(out);
  source.start(began, Math.max(0, wish.from_s), wish.to_s - wish.from_s);
  return source;
}

function strokes(context: AudioContext, out: AudioNode, wish: Wish, at: (time_s: number) => number): AudioScheduledSourceNode[] {
  return wish.verdict.strokes
    .filter((s) => s.time_s >= wish.from_s && s.time_s < wish.to_s)
    .flatMap((s) => strike(context, out, s.drum, s.velocity ?? 90, at(s.time_s)));
}
