import type { Estimate } from '../api_types';
import type { Offset } from './own';
import { ON_MS } from './own';
import { between, known, unknownText } from '../ui/words';
import type { VoiceTiming } from './verdict';

const BINS = 31;
const BIN_MS = 4;
const WIDTH = 248;
const FLOOR = 74;

export function binsOf(offsets: readonly number[]): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const ms of offsets) {
    const bin = Math.floor(ms / BIN_MS + 0.5) + (BINS - 1) / 2;
    const at = Math.min(BINS - 1, Math.max(0, bin));
    bins[at] = bins[at]! + 1;
  }
  return bins;
}

export function Histograms({ offsets, voices, against_click }: { offsets: Offset[]; voices: VoiceTiming[]; against_click: boolean }) {
  return (
    <div class="grid">
      {voices.map((v) => <Histogram key={v.voice} timing={v} place={against_click ? v.placement_ms : v.placement_own_ms} offsets={offsets.filter((o) => o.voice === v.voice && o.offset_ms !== null).map((o) => o.offset_ms!)} />)}
    </div>
  );
}

function Histogram({ timing, place, offsets }: { timing: VoiceTiming; place: Estimate; offsets: number[] }) {
  if (offsets.length < 4) return null;
  const bins = binsOf(offsets);
  const most = Math.max(...bins);
  const middle = (BINS - 1) / 2;
  const on = Math.floor((ON_MS + BIN_MS / 2) / BIN_MS) - 1;
  const classOf = (i: number) => (i < middle - on ? 'e' : i > middle + on ? 'l' : 'o');
  return (
    <figure>
      <svg class="chart" viewBox={`0 0 ${WIDTH} 92`} role="img" aria-label={`${timing.voice}: ${offsets.length} strokes by milliseconds early or late`}>
        {bins.map((n, i) => n > 0 && <rect class={classOf(i)} key={i} x={i * 8} width="7" y={FLOOR - Math.max(1, (64 * n) / most)} height={Math.max(1, (64 * n) / most)} />)}
        <path class="g" d={`M0 ${FLOOR}h${WIDTH}M${WIDTH / 2} 4v${FLOOR - 4}`} />
        <text x="0" y="89">◀ early</text><text x={WIDTH / 2} y="89" text-anchor="middle">0</text><text x={WIDTH} y="89" text-anchor="end">late ▶ 60 ms</text>
      </svg>
      <figcaption><b>{timing.voice}</b> {known(place) ? between(place, 1, 'ms') : unknownText(place)}, scatter {known(timing.scatter_ms) ? `${timing.scatter_ms.value.toFixed(1)} ms` : unknownText(timing.scatter_ms)}</figcaption>
    </figure>
  );
}
