/* The server's HTTP API (../docs/api.md). Every failure is one sentence in an ApiError. */
import type {
  Bands, Chart, ChartLine, Comparison, Devices, PairingCode, Plan, Progress, SessionRequest, Settings, Status, TakeLine, TakeList,
  Wave,
} from './api_types';
import type { Verdict } from './take/verdict';

export class ApiError extends Error {
  constructor(readonly status: number, text: string, readonly line: number | null = null) {
    super(text);
  }
}

const BASE = '/api/v1';
export const pathOf = (path: string): string => BASE + path;

async function ask(method: string, path: string, body?: BodyInit, type?: string): Promise<Response> {
  let reply: Response;
  try {
    const headers = type ? { 'Content-Type': type } : undefined;
    reply = await fetch(pathOf(path), { method, body, headers, credentials: 'same-origin' });
  } catch {
    throw new ApiError(0, 'The program does not answer. Is doubletime serve still running?');
  }
  if (reply.ok) return reply;
  throw await errorOf(reply);
}

async function errorOf(reply: Response): Promise<ApiError> {
  try {
    const { error } = (await reply.json()) as { error: { text: string; line?: number } };
    return new ApiError(reply.status, error.text, error.line ?? null);
  } catch {
    return new ApiError(reply.status, `The program answered ${reply.status}.`);
  }
}

async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await ask(method, path, body === undefined ? undefined : JSON.stringify(body), body === undefined ? undefined : 'application/json');
  if (reply.status === 204 || reply.headers.get('content-length') === '0') return undefined as T;
  return (await reply.json()) as T;
}

const name = encodeURIComponent;

export const api = {
  status: () => json<Status>('GET', '/status'),
  takes: (query = 'limit=50') => json<TakeList>('GET', `/takes?${query}`),
  take: (n: number) => json<TakeLine>('GET', `/takes/${n}`),
  verdict: (n: number) => json<Verdict>('GET', `/takes/${n}/verdict`),
  wave: (n: number, from_s: number, to_s: number, points: number) =>
    json<Wave>('GET', `/takes/${n}/wave?from_s=${from_s.toFixed(3)}&to_s=${to_s.toFixed(3)}&points=${points}`),
  sound: async (n: number) => (await ask('GET', `/takes/${n}/sound`)).arrayBuffer(),
  compare: (a: number, b: number) => json<Comparison>('GET', `/compare?a=${a}&b=${b}`),
  charts: () => json<{ charts: ChartLine[] }>('GET', '/charts'),
  chart: (n: string) => json<Chart>('GET', `/charts/${name(n)}`),
  putChart: async (n: string, text: string) => {
    await ask('PUT', `/charts/${name(n)}`, text, 'text/plain; charset=utf-8');
  },
  dropChart: (n: string) => json<void>('DELETE', `/charts/${name(n)}`),
  readChart: async (body: BodyInit) =>
    (await (await ask('POST', '/charts/read', body, 'application/octet-stream')).json()) as Chart,
  progress: () => json<Progress>('GET', '/progress'),
  plan: () => json<Plan>('GET', '/plan'),
  putPlan: async (text: string) => {
    await ask('PUT', '/plan', text, 'text/plain; charset=utf-8');
  },
  begin: (request: SessionRequest) => json<void>('POST', '/session', request),
  end: () => json<void>('DELETE', '/session'),
  dropUpload: (id: string) => json<void>('DELETE', `/uploads/${name(id)}`),
  devices: () => json<Devices>('GET', '/devices'),
  bands: () => json<Bands>('GET', '/bands'),
  putBand: async (n: string, file: File) => {
    await ask('PUT', `/bands/${name(n)}`, file, 'audio/midi');
  },
  dropBand: (n: string) => json<void>('DELETE', `/bands/${name(n)}`),
  settings: () => json<Settings>('GET', '/settings'),
  putSettings: (settings: Partial<Settings>) => json<void>('PUT', '/settings', settings),
  calibrate: (what: string) => json<void>('POST', '/calibrate', { what }),
  calibrateKey: (key: 'skip' | 'end' | 'cancel') => json<void>('POST', '/calibrate/key', { key }),
  pair: (code: string) => json<void>('POST', '/pair', { code }),
  newCode: () => json<PairingCode>('POST', '/pairing', {}),
};

export const say = (error: unknown): string => (error instanceof Error ? error.message : String(error));
