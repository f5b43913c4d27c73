/* A recording in, a take out: sent, heard, judged; then the take's own page. */
import { useEffect, useState } from 'preact/hooks';
import { api, say } from '../api';
import type { UploadMessage } from '../messages';
import { go } from '../router';
import { useApp } from '../state/app';
import { Field } from '../ui/field';
import { useLoad } from '../ui/use_load';
import { forgetSending, sendFile, useSending, type Sending, type Wishes } from './send';

export function UploadPage() {
  const sending = useSending();
  const uploads = useApp((s) => s.live.uploads);
  const upload = sending?.upload ? (uploads[sending.upload] ?? null) : null;
  const take = upload?.state === 'done' ? upload.take : null;
  useEffect(() => {
    if (take === null) return;
    forgetSending();
    go(`take/${take}`);
  }, [take]);
  return (
    <main class="upload-page" tabIndex={-1}>
      <h1>Upload</h1>
      {sending && !sending.error && !isOver(upload) ? <Progress sending={sending} upload={upload} /> : <Choose error={errorOf(sending, upload)} />}
    </main>
  );
}

const isOver = (upload: UploadMessage | null): boolean => upload?.state === 'failed' || upload?.state === 'cancelled';

function errorOf(sending: Sending | null, upload: UploadMessage | null): string | null {
  if (upload?.state === 'failed') return upload.text ?? 'The file could not be judged.';
  return sending?.error ?? null;
}

function Choose({ error }: { error: string | null }) {
  const [wishes, setWishes] = useState<Wishes>({});
  const charts = useLoad(() => api.charts(), []);
  return (
    <section class="card">
      <p>Drop a recording (WAV, FLAC, MP3, Ogg, Opus, AIFF) or a MIDI file anywhere on the page. It stays on this computer.</p>
      {error && <p class="error" role="alert">{error}</p>}
      <div class="fields">
        <label class="field wide">
          <span>Chart that was played, if there was one</span>
          <input list="upload-charts" value={wishes.chart ?? ''} onInput={(e) => setWishes({ ...wishes, chart: e.currentTarget.value })} />
          <datalist id="upload-charts">{charts.value?.charts.map((c) => <option key={c.name} value={c.name}>{c.title}</option>)}</datalist>
        </label>
        <Field label="Tempo you meant, bpm" type="number" placeholder="found in the strokes" value={wishes.bpm ?? ''} set={(bpm) => setWishes({ ...wishes, bpm })} />
      </div>
      <div class="actions">
        <label class="button primary big file-button">
          Choose a file
          <input type="file" accept="audio/*,.mid,.midi,.flac,.opus,.csv" onChange={(e) => e.currentTarget.files?.[0] && sendFile(e.currentTarget.files[0], wishes)} />
        </label>
      </div>
    </section>
  );
}

const STATES: Record<string, string> = { receiving: 'Sending', hearing: 'Hearing the strokes', judging: 'Judging', done: 'Done' };

function Progress({ sending, upload }: { sending: Sending; upload: UploadMessage | null }) {
  const [error, setError] = useState<string | null>(null);
  const is_sending = sending.upload === null;
  const share = is_sending ? sending.sent / Math.max(1, sending.size) : (upload?.share ?? 0);
  const state = is_sending ? 'receiving' : (upload?.state ?? 'hearing');
  const cancel = () => {
    if (!sending.upload) return sending.cancel();
    api.dropUpload(sending.upload).then(forgetSending, (e: unknown) => setError(say(e)));
  };
  return (
    <section class="card progress-card">
      <h2>{sending.file}</h2>
      <p role="status">{STATES[state] ?? state}</p>
      <progress max={1} value={share} aria-label={STATES[state] ?? state}>{Math.round(share * 100)} %</progress>
      <p class="soft">{(sending.size / 1e6).toFixed(1)} MB</p>
      {error && <p class="error" role="alert">{error}</p>}
      <div class="actions"><button onClick={cancel}>Cancel</button></div>
    </section>
  );
}
