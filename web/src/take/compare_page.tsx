/* Two takes: what really changed, and what may be noise. */
import { api } from '../api';
import type { Change, Comparison } from '../api_types';
import type { Route } from '../router';
import { useLoad } from '../ui/use_load';
import { fixed, signed } from '../ui/words';

export function ComparePage({ route }: { route: Route }) {
  const [a, b] = [Number(route.args[0]), Number(route.args[1])];
  const loaded = useLoad(() => api.compare(a, b), [a, b]);
  return (
    <main tabIndex={-1}>
      <p class="soft"><a href={`#/take/${a}`}>take {a}</a> against <a href={`#/take/${b}`}>take {b}</a></p>
      {loaded.error && <p class="error" role="alert">{loaded.error}</p>}
      {loaded.value ? <Result comparison={loaded.value} /> : !loaded.error && <p class="soft" aria-busy="true">Comparing…</p>}
    </main>
  );
}

const RESULTS: Record<string, string> = { real_change: 'REAL CHANGE', noise: 'NO REAL CHANGE' };

function Result({ comparison }: { comparison: Comparison }) {
  const is_real = comparison.result === 'real_change';
  return (
    <>
      <h1 class="word">{RESULTS[comparison.result] ?? comparison.result.toUpperCase().replace(/_/g, ' ')}</h1>
      <p class="soft">{is_real ? 'At least one number moved farther than noise moves it.' : 'Every difference may be noise: play more bars before you believe it.'}</p>
      <div class="wide" tabIndex={0} role="region" aria-label="Changes">
        <table class="list">
          <thead><tr><th scope="col">Drum</th><th scope="col">Number</th><th scope="col">{comparison.a.name}</th><th scope="col">{comparison.b.name}</th><th scope="col">Change</th><th scope="col">Real?</th></tr></thead>
          <tbody>{comparison.changes.map((c) => <Line key={`${c.voice} ${c.number}`} change={c} />)}</tbody>
        </table>
      </div>
    </>
  );
}

const NAMES: Record<string, [name: string, unit: string]> = {
  placement_ms: ['placement', 'ms'], placement_own_ms: ['placement against own pulse', 'ms'], drift_bpm_per_min: ['drift', 'bpm a minute'], scatter_ms: ['scatter', 'ms'],
};

function Line({ change }: { change: Change }) {
  const [name, unit] = NAMES[change.number] ?? [change.number, ''];
  const value = (v: number | null) => (v === null ? '–' : `${fixed(v, 1)} ${unit}`);
  return (
    <tr class={change.real ? 'is-real' : ''}>
      <th scope="row">{change.voice}</th><td>{name}</td><td class="n">{value(change.a)}</td><td class="n">{value(change.b)}</td>
      <td class="n">{changeText(change, unit)}</td>
      <td>{change.known !== 'known' ? "can't tell yet" : change.real ? <b>● real</b> : '○ may be noise'}</td>
    </tr>
  );
}

function changeText(change: Change, unit: string): string {
  if (change.change === null || change.low === null || change.high === null) return '–';
  const percent = (ratio: number) => signed(100 * (ratio - 1), 0);
  if (change.is_ratio) return `${percent(change.change)} % (${percent(change.low)} to ${percent(change.high)})`;
  return `${signed(change.change, 1)} ${unit} (${signed(change.low, 1)} to ${signed(change.high, 1)})`;
}
