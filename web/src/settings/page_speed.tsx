import { useEffect, useState } from 'preact/hooks';
import { measured, quantile } from '../live/perf';

/** From a stroke to the frame that shows it, measured on the live page. */
export function PageSpeed() {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 2000);
    return () => clearInterval(timer);
  }, []);
  const ms = (list: readonly number[], share: number) => quantile(list, share)?.toFixed(1) ?? '–';
  return (
    <section class="card">
      <h2>This page's speed</h2>
      {measured.frame_ms.length === 0 ? <p class="soft">Measured while a session runs on the live page.</p> : (
        <table>
          <caption>{measured.stroke_to_frame_ms.length} strokes, {measured.frame_ms.length} frames</caption>
          <thead><tr><th scope="col">what, ms</th><th scope="col">half below</th><th scope="col">99 % below</th></tr></thead>
          <tbody>
            <tr><th scope="row">stroke to frame</th><td>{ms(measured.stroke_to_frame_ms, 0.5)}</td><td>{ms(measured.stroke_to_frame_ms, 0.99)}</td></tr>
            <tr><th scope="row">arrival to frame</th><td>{ms(measured.arrival_to_frame_ms, 0.5)}</td><td>{ms(measured.arrival_to_frame_ms, 0.99)}</td></tr>
            <tr><th scope="row">length of a frame</th><td>{ms(measured.frame_ms, 0.5)}</td><td>{ms(measured.frame_ms, 0.99)}</td></tr>
          </tbody>
        </table>
      )}
    </section>
  );
}
