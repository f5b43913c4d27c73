/* A lane for each drum: the middle is the grid, early is left of it, late right; newest strongest. */
import type { StrokeMessage } from '../messages';
import { app, streamNow } from '../state/app';
import { Canvas, type Surface } from '../ui/canvas';
import { colours } from '../ui/colours';
import { prefs } from '../ui/prefs';
import { drawMark, sideColour } from '../ui/shapes';
import { voiceOf, VOICES } from '../ui/words';
import { noteFrame } from './perf';

const SCALE_MS = 60;
const FADE_MS = 3500;
const NAME_PX = 84;

export function Lanes() {
  return <Canvas class="lanes" label="Strokes per drum, early to the left, late to the right" frame={frame} />;
}

function frame(surface: Surface, now_ms: number): void {
  const stream_ms = streamNow();
  const { live } = app.get();
  const voices = voicesOf(live.take?.notes ?? live.strokes);
  surface.g.clearRect(0, 0, surface.width, surface.height);
  drawLanes(surface, voices);
  drawStrokes(surface, voices, live.strokes, stream_ms);
  noteFrame(now_ms, stream_ms);
}

let seen: { notes: readonly { drum: string }[]; voices: string[] } | null = null;
function voicesOf(notes: readonly { drum: string }[]): string[] {
  if (seen?.notes === notes) return seen.voices;
  const there = new Set(notes.map((n) => voiceOf(n.drum)));
  const voices = VOICES.filter((v) => there.has(v));
  seen = { notes, voices: voices.length ? voices : ['snare'] };
  return seen.voices;
}

const rowOf = (i: number, count: number, height: number): number => ((i + 0.5) * (height - 22)) / count;
const xOf = (ms: number, width: number): number => {
  const half = (width - NAME_PX - 20) / 2;
  return NAME_PX + half + 6 + (Math.max(-SCALE_MS, Math.min(SCALE_MS, ms)) / SCALE_MS) * half;
};

function drawLanes({ g, width, height }: Surface, voices: string[]): void {
  const c = colours();
  g.font = '600 14px system-ui, sans-serif';
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  voices.forEach((voice, i) => {
    const y = rowOf(i, voices.length, height);
    g.fillStyle = c.soft;
    g.fillText(voice, 4, y);
    g.strokeStyle = c.line;
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(NAME_PX, y);
    g.lineTo(width - 8, y);
    g.stroke();
  });
  const middle = xOf(0, width);
  g.strokeStyle = c.good;
  g.lineWidth = 2;
  g.beginPath();
  g.moveTo(middle, 2);
  g.lineTo(middle, height - 22);
  g.stroke();
  drawLegend(g, width, height);
}

function drawLegend(g: CanvasRenderingContext2D, width: number, height: number): void {
  const c = colours();
  const numbers = prefs.get().numbers ? ` ${SCALE_MS} ms` : '';
  const y = height - 9;
  g.font = '600 13px system-ui, sans-serif';
  g.fillStyle = c.early;
  g.textAlign = 'left';
  g.fillText(`◀ early${numbers}`, NAME_PX, y);
  g.fillStyle = c.late;
  g.textAlign = 'right';
  g.fillText(`late${numbers} ▶`, width - 6, y);
}

function drawStrokes(surface: Surface, voices: string[], strokes: readonly StrokeMessage[], stream_ms: number | null): void {
  const { g, width, height } = surface;
  const c = colours();
  for (let i = Math.max(0, strokes.length - 120); i < strokes.length; i++) {
    const stroke = strokes[i]!;
    const row = voices.indexOf(voiceOf(stroke.drum));
    if (row < 0) continue;
    const age = stream_ms === null ? 0 : Math.max(0, stream_ms - stroke.at_ms);
    if (age > FADE_MS) continue;
    g.globalAlpha = Math.max(0.12, 1 - age / FADE_MS);
    g.fillStyle = g.strokeStyle = sideColour(stroke.side, c);
    g.lineWidth = 2;
    const r = 6 + 4 * Math.max(0, 1 - age / 220);
    const x = stroke.asynchrony_ms === null ? width - 14 : xOf(stroke.asynchrony_ms, width);
    drawMark(g, stroke.side, x, rowOf(row, voices.length, height), r);
  }
  g.globalAlpha = 1;
}
