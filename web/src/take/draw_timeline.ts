/* The timeline on its canvas: sound above, a lane for each drum below, over the beats. */
import type { Wave } from '../api_types';
import type { Surface } from '../ui/canvas';
import { colours } from '../ui/colours';
import { drawMark, sideColour } from '../ui/shapes';
import type { Offset } from './own';
import { firstAt, type View } from './view';

export interface Scene {
  view: View; wave: Wave | null; offsets: Offset[]; voices: string[]; beats: { beat: number; time_s: number }[];
  beats_per_bar: number; first_beat: number; missed: { time_s: number; voice: string }[]; selected: number | null; playhead_s: number | null;
}

export const NAMES_PX = 66;
export const TOP_PX = 20;
const WAVE_SHARE = 0.34;

export const timeToX = (view: View, time_s: number, width: number): number =>
  NAMES_PX + ((time_s - view.from_s) / (view.to_s - view.from_s)) * (width - NAMES_PX);
export const xToTime = (view: View, x: number, width: number): number =>
  view.from_s + ((x - NAMES_PX) / (width - NAMES_PX)) * (view.to_s - view.from_s);

export function laneY(scene: Scene, voice: string, height: number): number {
  const top = scene.wave ? TOP_PX + (height - TOP_PX) * WAVE_SHARE : TOP_PX;
  return top + ((scene.voices.indexOf(voice) + 0.5) * (height - top)) / Math.max(1, scene.voices.length);
}

export function drawTimeline(surface: Surface, scene: Scene): void {
  surface.g.clearRect(0, 0, surface.width, surface.height);
  drawBeats(surface, scene);
  if (scene.wave) drawWave(surface, scene, scene.wave);
  drawNames(surface, scene);
  drawMissed(surface, scene);
  drawStrokes(surface, scene);
  if (scene.playhead_s !== null) drawPlayhead(surface, scene, scene.playhead_s);
}

function drawBeats({ g, width, height }: Surface, scene: Scene): void {
  const c = colours();
  const shown = scene.beats.filter((b) => b.time_s >= scene.view.from_s && b.time_s <= scene.view.to_s);
  const is_dense = shown.length > width / 14;
  const every = Math.max(1, Math.ceil((shown.length / scene.beats_per_bar) * (46 / width)));
  g.font = '600 12px system-ui, sans-serif';
  g.textBaseline = 'top';
  g.textAlign = 'left';
  for (const { beat, time_s } of shown) {
    const in_bar = (((beat - scene.first_beat) % scene.beats_per_bar) + scene.beats_per_bar) % scene.beats_per_bar;
    const is_first = in_bar < 1e-6;
    if (is_dense && !is_first) continue;
    const x = timeToX(scene.view, time_s, width);
    g.strokeStyle = is_first ? c.soft : c.line;
    g.lineWidth = is_first ? 1.5 : 1;
    g.beginPath();
    g.moveTo(x, is_first ? 0 : TOP_PX);
    g.lineTo(x, height);
    g.stroke();
    const bar = Math.round((beat - scene.first_beat) / scene.beats_per_bar);
    g.fillStyle = c.soft;
    if (is_first && bar % every === 0) g.fillText(`${bar + 1}`, x + 4, 3);
  }
}

function drawWave({ g, width, height }: Surface, scene: Scene, wave: Wave): void {
  const c = colours();
  const room = (height - TOP_PX) * WAVE_SHARE - 4;
  const middle = TOP_PX + room / 2;
  const count = wave.low.length;
  g.fillStyle = c.soft;
  g.beginPath();
  for (let i = 0; i < count; i++) {
    const x = timeToX(scene.view, wave.from_s + ((wave.to_s - wave.from_s) * i) / count, width);
    if (x < NAMES_PX || x > width) continue;
    const high = middle - wave.high[i]! * (room / 2);
    const low = middle - wave.low[i]! * (room / 2);
    g.rect(x, high, Math.max(1, (width - NAMES_PX) / count), Math.max(1, low - high));
  }
  g.fill();
}

function drawNames({ g, width, height }: Surface, scene: Scene): void {
  const c = colours();
  g.fillStyle = c.card;
  g.fillRect(0, 0, NAMES_PX, height);
  g.font = '600 13px system-ui, sans-serif';
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  g.fillStyle = c.soft;
  g.strokeStyle = c.line;
  g.lineWidth = 1;
  for (const voice of scene.voices) {
    const y = laneY(scene, voice, height);
    g.fillText(voice, 2, y, NAMES_PX - 6);
    g.beginPath();
    g.moveTo(NAMES_PX, y);
    g.lineTo(width, y);
    g.stroke();
  }
}

function drawMissed({ g, width, height }: Surface, scene: Scene): void {
  const c = colours();
  g.strokeStyle = c.bad;
  g.lineWidth = 2;
  for (const { time_s, voice } of scene.missed) {
    const x = timeToX(scene.view, time_s, width);
    if (x < NAMES_PX || x > width) continue;
    const y = laneY(scene, voice, height);
    g.strokeRect(x - 5, y - 5, 10, 10);
  }
}

function drawStrokes({ g, width, height }: Surface, scene: Scene): void {
  const c = colours();
  const { view, offsets } = scene;
  const per_px = (view.to_s - view.from_s) / (width - NAMES_PX);
  const r = Math.min(8, Math.max(3, 0.055 / per_px));
  for (let i = firstAt(offsets, view.from_s); i < offsets.length && offsets[i]!.time_s <= view.to_s; i++) {
    const stroke = offsets[i]!;
    const x = timeToX(view, stroke.time_s, width);
    const y = laneY(scene, stroke.voice, height);
    g.fillStyle = g.strokeStyle = sideColour(stroke.side, c);
    g.lineWidth = 1.5;
    drawMark(g, stroke.side, x, y, r);
    if (stroke.index === scene.selected) ring(g, x, y, r + 6, c.ink);
  }
}

function ring(g: CanvasRenderingContext2D, x: number, y: number, r: number, colour: string): void {
  g.strokeStyle = colour;
  g.lineWidth = 2.5;
  g.beginPath();
  g.arc(x, y, r, 0, 2 * Math.PI);
  g.stroke();
}

function drawPlayhead({ g, width, height }: Surface, scene: Scene, time_s: number): void {
  const x = timeToX(scene.view, time_s, width);
  if (x < NAMES_PX || x > width) return;
  g.strokeStyle = colours().ink;
  g.lineWidth = 2;
  g.beginPath();
  g.moveTo(x, 0);
  g.lineTo(x, height);
  g.stroke();
}

/** The stroke nearest to a point, within reach of a finger; null none. */
export function strokeNear(scene: Scene, x: number, y: number, width: number, height: number): number | null {
  let best: number | null = null;
  let nearest = 24;
  for (const stroke of scene.offsets) {
    if (stroke.time_s < scene.view.from_s || stroke.time_s > scene.view.to_s) continue;
    const far = Math.hypot(timeToX(scene.view, stroke.time_s, width) - x, (laneY(scene, stroke.voice, height) - y) * 0.6);
    if (far < nearest) [nearest, best] = [far, stroke.index];
  }
  return best;
}
