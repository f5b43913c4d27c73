/* The tablet's door: six digits, then the live page. */
import { useState } from 'preact/hooks';
import { api, say } from '../api';

export function PairPage() {
  const given = new URLSearchParams(location.hash.slice(1)).get('code') ?? new URLSearchParams(location.search).get('code') ?? '';
  const [code, setCode] = useState(given.replace(/\D/g, '').slice(0, 6));
  const [error, setError] = useState<string | null>(null);
  const pair = () => api.pair(code).then(() => location.replace(`${location.origin}/#/live`), (e: unknown) => setError(say(e)));
  return (
    <main class="pair-page" tabIndex={-1}>
      <h1>doubletime</h1>
      <form class="card" onSubmit={(e) => { e.preventDefault(); void pair(); }}>
        <label class="field"><span>The six digits on the first screen</span>
          <input inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxLength={6} value={code} onInput={(e) => setCode(e.currentTarget.value.replace(/\D/g, ''))} />
        </label>
        {error && <p class="error" role="alert">{error}</p>}
        <div class="actions"><button class="primary big" disabled={code.length !== 6}>Let me in</button></div>
      </form>
    </main>
  );
}
