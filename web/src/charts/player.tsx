/* Hear a chart, at any tempo, with or without click; tells which bar sounds. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Chart } from '../api_types';
import { playChart, type ChartPlaying } from '../sound/chart_player';
import { useKeys } from '../ui/keys';

export function Player({ chart, onTick }: { chart: Chart; onTick: (tick: number | null) => void }) {
  const playing = useRef<ChartPlaying | null>(null);
  const [is_on, setOn] = useState(false);
  const [bpm, setBpm] = useState(Math.round(chart.bpm));
  const [with_click, setClick] = useState(true);
  const now = useRef({ bpm, with_click });
  now.current = { bpm, with_click };
  const stop = () => {
    playing.current?.stop();
    playing.current = null;
    setOn(false);
    onTick(null);
  };
  const toggle = () => {
    if (playing.current) return stop();
    playing.current = playChart(chart, () => now.current.bpm, () => now.current.with_click);
    setOn(true);
  };
  useEffect(() => stop, [chart]);
  useEffect(() => {
    if (!is_on) return;
    const timer = setInterval(() => playing.current && onTick(playing.current.tick()), 60);
    return () => clearInterval(timer);
  }, [is_on]);
  useKeys([
    { key: ' ', label: 'play or stop', run: toggle },
    { key: 'ArrowUp', label: 'one bpm faster', run: () => setBpm((b) => Math.min(400, b + 1)) },
    { key: 'ArrowDown', label: 'one bpm slower', run: () => setBpm((b) => Math.max(20, b - 1)) },
  ]);
  return (
    <div class="actions tight">
      <button class="primary" onClick={toggle}>{is_on ? 'Stop' : 'Play'}</button>
      <button onClick={() => setBpm(Math.max(20, bpm - 5))}>−5<span class="unseen"> bpm</span></button>
      <output aria-label="Tempo">{bpm} bpm</output>
      <button onClick={() => setBpm(Math.min(400, bpm + 5))}>+5<span class="unseen"> bpm</span></button>
      <button aria-pressed={with_click} onClick={() => setClick(!with_click)}>Click</button>
    </div>
  );
}
