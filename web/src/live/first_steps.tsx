/* What to do next, for who has played nothing yet. */
import { api } from '../api';
import type { Devices } from '../api_types';
import { useLoad } from '../ui/use_load';

export function FirstSteps({ devices, onWatch }: { devices: Devices | null; onWatch: () => void }) {
  const takes = useLoad(() => api.takes('limit=1'), []);
  if (!takes.value || takes.value.takes.length > 0) return null;
  const is_bare = devices !== null && devices.midi.length === 0 && !devices.sound.some((d) => d.is_usable !== false);
  return (
    <section class="card first-steps">
      <h2>The first time</h2>
      <ol class="todo">
        <li><b>Plug in</b> an electronic kit by USB, or stand one microphone before the kit.{is_bare && <span class="error"> No sound device and no kit is found yet.</span>}</li>
        <li><b>Calibrate</b> once, a minute: then early and late mean you, not the cable.</li>
        <li><b>Start</b>. The coach counts in; every bar gets its word, every take its verdict.</li>
      </ol>
      <div class="actions">
        <a class="button primary" href="#/calibrate">Calibrate</a>
        <button onClick={onWatch}>No drum at hand: watch the simulated drummer</button>
        <a class="button" href="#/upload">I have a recording</a>
      </div>
    </section>
  );
}
