/*
 * Sends a recording as it is, with progress and cancel. XMLHttpRequest, because fetch tells nothing
 * of what has been sent. Large files are not read into memory: the browser streams them.
 */
import { pathOf } from '../api';
import { createStore, useStore } from '../state/store';

export interface Sending {
  file: string; size: number; sent: number; upload: string | null; error: string | null; cancel: () => void;
}

const store = createStore<Sending | null>(null);
export const useSending = (): Sending | null => useStore(store, (s) => s);
export const forgetSending = (): void => store.set(() => null);

export interface Wishes { chart?: string; bpm?: string; grid?: string }

export function sendFile(file: File, wishes: Wishes = {}): void {
  store.get()?.cancel();
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ name: file.name });
  for (const [key, value] of Object.entries(wishes)) if (value) query.set(key, value);
  const change = (part: Partial<Sending>) => store.set((s) => (s ? { ...s, ...part } : s));
  store.set(() => ({ file: file.name, size: file.size, sent: 0, upload: null, error: null, cancel: () => request.abort() }));
  request.upload.onprogress = (e) => change({ sent: e.loaded });
  request.onload = () => change(answerOf(request));
  request.onerror = () => change({ error: 'The connection broke while the file was being sent.' });
  request.onabort = () => store.set(() => null);
  request.open('POST', pathOf(`/uploads?${query.toString()}`));
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  request.send(file);
}

function answerOf(request: XMLHttpRequest): Partial<Sending> {
  try {
    const answer = JSON.parse(request.responseText) as { upload?: string; error?: { text: string } };
    if (answer.upload) return { upload: answer.upload };
    return { error: answer.error?.text ?? `The program answered ${request.status}.` };
  } catch {
    return { error: `The program answered ${request.status}.` };
  }
}
