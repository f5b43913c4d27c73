/* Zoomable sound and strokes: wheel, drag, pinch, buttons and keys; a click hears two bars. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import type { Wave } from '../api_types';
import { Canvas } from '../ui/canvas';
import { useKeys } from '../ui/keys';
import { SideIcon } from '../ui/side_icon';
import { drumName, earlyLate, VOICES } from '../ui/words';
import { drawTimeline, NAMES_PX, strokeNear, xToTime, type Scene } from './draw_timeline';
import { play, type Playing } from './listen';
import { firstBeat, missedOf } from './missed';
import { beatsPerBar, beatTimes, offsetsOf } from './own';
import type { Verdict } from './verdict';
import { clampView, pan, withTime, zoom, type View } from './view';

export interface TimelineProps { take: number; has_sound: boolean; verdict: Verdict; view: View; setView: (view: View) => void; children?: ComponentChildren }

export function Timeline({ take, has_sound, verdict, view, setView, children }: TimelineProps) {
  const duration_s = Math.max(1, verdict.take.duration_s);
  const offsets = useMemo(() => offsetsOf(verdict), [verdict]);
  const beats = useMemo(() => beatTimes(verdict.strokes), [verdict]);
  const missed = useMemo(() => missedOf(verdict, beats), [verdict, beats]);
  const voices = useMemo(() => VOICES.filter((v) => offsets.some((o) => o.voice === v)), [offsets]);
  const [selected, setSelected] = useState<number | null>(null);
  const [with_click, setClick] = useState(true);
  const [slow, setSlow] = useState(false);
  const wave = useWave(has_sound ? take : null, view);
  const playing = useRef<Playing | null>(null);
  const scene: Scene = { view, wave, offsets, voices, beats, beats_per_bar: beatsPerBar(verdict), first_beat: firstBeat(verdict, beatsPerBar(verdict)), missed, selected, playhead_s: null };
  const stop = () => (playing.current?.stop(), (playing.current = null));
  useEffect(() => stop, [take]);
  const choose = (index: number | null, hear: boolean) => {
    setSelected(index);
    const stroke = index === null ? null : verdict.strokes[index];
    if (!stroke) return;
    setView(withTime(view, stroke.time_s, duration_s));
    if (hear) void hearAround(stroke.time_s);
  };
  const hearAround = async (time_s: number) => {
    stop();
    const bar_s = (verdict.verdict.beat_s ?? 0.5) * scene.beats_per_bar;
    playing.current = await play({
      take, has_sound, verdict, from_s: Math.max(0, time_s - bar_s), to_s: Math.min(duration_s, time_s + bar_s), with_click, rate: slow ? 0.5 : 1,
      beats: beats.map((b) => ({ time_s: b.time_s, is_first: (b.beat - scene.first_beat) % scene.beats_per_bar === 0 })),
    });
  };
  const middle = (view.from_s + view.to_s) / 2;
  const near = (by: number) => choose(Math.min(offsets.length - 1, Math.max(0, (selected ?? -1) + by)), false);
  useKeys([
    { key: 'ArrowLeft', label: 'the stroke before', run: () => near(-1) },
    { key: 'ArrowRight', label: 'the stroke after', run: () => near(1) },
    { key: 'Enter', label: 'hear two bars around it', run: () => choose(selected ?? 0, true) },
    { key: '+', label: 'nearer', run: () => setView(zoom(view, 0.5, middle, duration_s)) },
    { key: '-', label: 'farther', run: () => setView(zoom(view, 2, middle, duration_s)) },
    { key: 'h', label: 'half speed', run: () => setSlow((s) => !s) },
  ]);
  return (
    <div class="timeline-box">
      <div class="timeline-frame" ref={useGestures({ scene, duration_s, setView, choose })}>
        <Canvas class="timeline" label={`Sound and ${offsets.length} strokes over the beats; arrow keys walk from stroke to stroke`}
          draw={(s) => drawTimeline(s, scene)} frame={(s) => playing.current && drawPlaying(s, scene, playing)} />
      </div>
      <div class="actions tight">
        <button onClick={() => setView(zoom(view, 0.5, middle, duration_s))} aria-label="Nearer">+</button>
        <button onClick={() => setView(zoom(view, 2, middle, duration_s))} aria-label="Farther">−</button>
        <button onClick={() => setView(pan(view, (view.from_s - view.to_s) * 0.8, duration_s))} aria-label="Back">←</button>
        <button onClick={() => setView(pan(view, (view.to_s - view.from_s) * 0.8, duration_s))} aria-label="Forward">→</button>
        <button onClick={() => setView(clampView({ from_s: 0, to_s: duration_s }, duration_s))}>All</button>
        <button aria-pressed={slow} onClick={() => setSlow(!slow)}>Half speed</button>
        <button aria-pressed={with_click} onClick={() => setClick(!with_click)}>Click</button>
        <button onClick={() => (playing.current ? stop() : choose(selected ?? 0, true))}>Hear</button>
      </div>
      <Selected verdict={verdict} scene={scene} />
      {children}
    </div>
  );
}

function drawPlaying(surface: Parameters<typeof drawTimeline>[0], scene: Scene, playing: { current: Playing | null }): void {
  const playhead_s = playing.current?.at() ?? null;
  if (playhead_s === null) playing.current = null;
  drawTimeline(surface, { ...scene, playhead_s });
}

function Selected({ verdict, scene }: { verdict: Verdict; scene: Scene }) {
  const stroke = scene.selected === null ? null : verdict.strokes[scene.selected];
  const offset = scene.selected === null ? null : scene.offsets[scene.selected];
  if (!stroke || !offset) return <p class="soft" role="status">Click a stroke, or walk with the arrow keys, to hear two bars around it.</p>;
  const bar = stroke.beat === null ? '' : placeText(stroke.beat - scene.first_beat, scene.beats_per_bar);
  return (
    <p class="selected" role="status">
      <SideIcon side={offset.side} /> <b>{drumName(stroke.drum)}</b> {bar} at {stroke.time_s.toFixed(2)} s:
      {' '}{offset.offset_ms === null ? 'belongs to no place of the grid' : `you were ${earlyLate(offset.offset_ms)}`}{stroke.velocity !== null && `, velocity ${Math.round(stroke.velocity)}`}
    </p>
  );
}

function placeText(beat: number, per_bar: number): string {
  const in_bar = ((beat % per_bar) + per_bar) % per_bar;
  return `bar ${Math.floor(beat / per_bar) + 1}, beat ${(in_bar + 1).toFixed(2).replace(/\.?0+$/, '')}`;
}

function useWave(take: number | null, view: View): Wave | null {
  const [wave, setWave] = useState<Wave | null>(null);
  const [none, setNone] = useState(false);
  useEffect(() => {
    if (none || take === null) return;
    const timer = setTimeout(() => void api.wave(take, view.from_s, view.to_s, 1200).then(setWave, () => setNone(true)), wave ? 120 : 0);
    return () => clearTimeout(timer);
  }, [take, view.from_s, view.to_s]);
  return wave;
}

interface Gestures { scene: Scene; duration_s: number; setView: (view: View) => void; choose: (index: number | null, hear: boolean) => void }

function useGestures(gestures: Gestures) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(gestures);
  latest.current = gestures;
  useEffect(() => listen(ref.current!, latest), []);
  return ref;
}

function listen(element: HTMLElement, latest: { current: Gestures }): () => void {
  const fingers = new Map<number, number>();
  let moved = 0;
  const place = (e: MouseEvent) => ({ x: e.clientX - element.getBoundingClientRect().left, y: e.clientY - element.getBoundingClientRect().top });
  const onWheel = (e: WheelEvent) => {
    const { scene, duration_s, setView } = latest.current;
    if (!e.ctrlKey && !e.shiftKey && Math.abs(e.deltaY) > Math.abs(e.deltaX) && !e.altKey && !element.matches(':focus-within, :hover')) return;
    e.preventDefault();
    const seen = scene.view.to_s - scene.view.from_s;
    if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) setView(pan(scene.view, (e.deltaX / element.clientWidth) * seen, duration_s));
    else setView(zoom(scene.view, Math.exp(e.deltaY / 300), xToTime(scene.view, place(e).x, element.clientWidth), duration_s));
  };
  const onDown = (e: PointerEvent) => {
    fingers.set(e.pointerId, place(e).x);
    moved = 0;
    element.setPointerCapture(e.pointerId);
  };
  const onMove = (e: PointerEvent) => {
    const before = fingers.get(e.pointerId);
    if (before === undefined) return;
    const { scene, duration_s, setView } = latest.current;
    const { x } = place(e);
    moved += Math.abs(x - before);
    const seen = scene.view.to_s - scene.view.from_s;
    const other = [...fingers].find(([id]) => id !== e.pointerId)?.[1];
    if (other === undefined) setView(pan(scene.view, ((before - x) / (element.clientWidth - NAMES_PX)) * seen, duration_s));
    else setView(zoom(scene.view, Math.max(8, Math.abs(before - other)) / Math.max(8, Math.abs(x - other)), xToTime(scene.view, other, element.clientWidth), duration_s));
    fingers.set(e.pointerId, x);
  };
  const onUp = (e: PointerEvent) => {
    if (!fingers.delete(e.pointerId) || moved > 6) return;
    const { scene, choose } = latest.current;
    const { x, y } = place(e);
    choose(strokeNear(scene, x, y, element.clientWidth, element.clientHeight), true);
  };
  const onCancel = (e: PointerEvent) => void fingers.delete(e.pointerId);
  element.addEventListener('wheel', onWheel, { passive: false });
  element.addEventListener('pointerdown', onDown);
  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerup', onUp);
  element.addEventListener('pointercancel', onCancel);
  return () => undefined;
}
