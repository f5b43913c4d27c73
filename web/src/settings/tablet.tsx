/* The code that lets a tablet on the music stand in. */
import { useState } from 'preact/hooks';
import { api, say } from '../api';
import type { PairingCode, Status } from '../api_types';

export function Tablet({ status }: { status: Status }) {
  const [code, setCode] = useState<PairingCode | null>(null);
  const [error, setError] = useState<string | null>(null);
  const show = () => api.newCode().then((c) => (setCode(c), setError(null)), (e: unknown) => setError(say(e)));
  return (
    <section class="card">
      <h2>Tablet</h2>
      {status.listen === null ? <p>This program answers on this computer only. Start it with <code>doubletime serve --listen ADDRESS</code> to let a tablet in.</p>
        : !status.is_first_page ? <p>Codes are shown on the first page only, the one at the computer.</p>
          : <button onClick={show}>{code ? 'Another code' : 'Show a code'}</button>}
      {error && <p class="error" role="alert">{error}</p>}
      {code && (
        <div class="guide" role="status">
          <div><p>On the tablet open <b>{code.address}</b> and type</p><p class="code">{code.code}</p><p class="soft">Good for one device and {Math.round(code.seconds / 60)} minutes.</p></div>
          {code.qr && <div class="qr"><img alt={`QR code of ${code.address}`} src={code.qr} /></div>}
        </div>
      )}
    </section>
  );
}
