/* The history, newest first. */
import { useState } from 'preact/hooks';
import { api, say } from '../api';
import type { TakeLine, Word } from '../api_types';
import { useLoad } from '../ui/use_load';
import { Select } from '../ui/field';
import { earlyLate, known, signed, when, WORDS } from '../ui/words';

export function TakesPage() {
  const [word, setWord] = useState('');
  const [more, setMore] = useState<TakeLine[]>([]);
  const [next, setNext] = useState<number | null | undefined>(undefined);
  const [error, setError] = useState<string | null>(null);
  const query = `limit=50${word ? `&word=${word}` : ''}`;
  const first = useLoad(() => api.takes(query), [query]);
  const takes = [...(first.value?.takes ?? []), ...more];
  const following = next === undefined ? (first.value?.next ?? null) : next;
  const load = () => api.takes(`${query}&before=${following}`).then((l) => (setMore([...more, ...l.takes]), setNext(l.next)), (e: unknown) => setError(say(e)));
  return (
    <main tabIndex={-1}>
      <div class="title-row"><h1>Takes</h1><a class="button" href="#/upload">Upload a recording</a></div>
      <div class="fields"><Select label="Verdict" value={word} options={[['', 'all'], ...(Object.entries(WORDS) as [Word, string][])]} set={(w) => (setWord(w), setMore([]), setNext(undefined))} /></div>
      {(first.error ?? error) && <p class="error" role="alert">{first.error ?? error}</p>}
      {first.value && takes.length === 0 && <p>No takes yet. <a href="#/live">Practise</a>, or drop a recording on this page.</p>}
      {takes.length > 0 && <Table takes={takes} />}
      {following !== null && <button onClick={load}>Older takes</button>}
    </main>
  );
}

function Table({ takes }: { takes: TakeLine[] }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Takes">
      <table class="list takes">
        <thead><tr><th scope="col">Take</th><th scope="col">When</th><th scope="col">What</th><th scope="col">Verdict</th><th scope="col">Tempo</th><th scope="col">Placement</th><th scope="col">Drift</th><th scope="col">Scatter</th></tr></thead>
        <tbody>{takes.map((t) => <Line key={t.take} take={t} />)}</tbody>
      </table>
    </div>
  );
}

function Line({ take }: { take: TakeLine }) {
  return (
    <tr>
      <th scope="row"><a class="row-link" href={`#/take/${take.take}`}>{take.take}</a></th>
      <td class="when">{when(take.taken_at_s)}</td>
      <td class="what">{take.chart ?? take.file ?? '–'}</td>
      <td class={`word-cell ${take.word}`}>{WORDS[take.word]}</td>
      <td class="n tempo">{take.tempo_bpm === null ? '–' : `${take.tempo_bpm.toFixed(1)} bpm`}</td>
      <td class="n placement">{known(take.placement_ms) ? earlyLate(take.placement_ms.value) : '–'}</td>
      <td class="n drift">{known(take.drift_bpm_per_min) ? `${signed(take.drift_bpm_per_min.value, 1)} bpm/min` : '–'}</td>
      <td class="n scatter">{known(take.scatter_ms) ? `${take.scatter_ms.value.toFixed(1)} ms` : '–'}</td>
    </tr>
  );
}
