/* The clock that swings: at one side on every beat, with the bar's beats below. */
import { app } from '../state/app';
import { Canvas, type Surface } from '../ui/canvas';
import { colours } from '../ui/colours';
import { beatAt, beatsInBar, phaseIn, swingAt } from './beats';
import { tick } from './ticker';

const still = matchMedia('(prefers-reduced-motion: reduce)');

export function BeatClock() {
  return <Canvas class="beat-clock" label="Beat clock" frame={frame} />;
}

function frame(surface: Surface): void {
  const stream_ms = tick();
  const { g, width, height } = surface;
  g.clearRect(0, 0, width, height);
  const take = app.get().live.take;
  const at = take && stream_ms !== null ? beatAt(take.beats, stream_ms) : -1;
  const is_running = take !== null && stream_ms !== null && at >= 0 && stream_ms < take.end_ms + 400 && !app.get().live.judged;
  const phase = is_running ? phaseIn(take.beats, at, stream_ms) : 0.5;
  if (!still.matches) drawPendulum(surface, is_running ? swingAt(at, phase) : 0, is_running ? phase : 1);
  if (is_running) drawBeats(surface, beatsInBar(take.beats, at), take.beats[at]!.beat, phase);
}

function drawPendulum({ g, width, height }: Surface, swing: number, phase: number): void {
  const c = colours();
  const length = Math.min(height * 0.74, width * 0.9);
  const x0 = width / 2;
  const y0 = height * 0.04;
  const angle = swing * 0.62;
  const x = x0 + Math.sin(angle) * length;
  const y = y0 + Math.cos(angle) * length;
  g.lineCap = 'round';
  g.strokeStyle = c.line;
  g.lineWidth = 3;
  g.beginPath();
  g.arc(x0, y0, length, Math.PI / 2 - 0.62, Math.PI / 2 + 0.62);
  g.stroke();
  g.strokeStyle = c.soft;
  g.lineWidth = 4;
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x, y);
  g.stroke();
  g.fillStyle = c.ink;
  g.beginPath();
  g.arc(x, y, Math.max(7, length * 0.075) * (1 + 0.5 * Math.max(0, 1 - phase * 5)), 0, 2 * Math.PI);
  g.fill();
}

function drawBeats({ g, width, height }: Surface, count: number, now: number, phase: number): void {
  const c = colours();
  const y = Math.min(height * 0.92, height - 14);
  const step = Math.min(34, (width * 0.9) / Math.max(1, count));
  for (let i = 0; i < count; i++) {
    const x = width / 2 + (i - (count - 1) / 2) * step;
    const is_now = i === now;
    const r = Math.min(step * 0.36, i === 0 ? 9 : 7) * (is_now ? 1 + 0.35 * Math.max(0, 1 - phase * 4) : 1);
    g.beginPath();
    g.arc(x, y, r, 0, 2 * Math.PI);
    g.lineWidth = 2;
    g.strokeStyle = c.soft;
    g.fillStyle = c.ink;
    if (is_now) g.fill();
    else g.stroke();
  }
}
