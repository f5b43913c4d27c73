/* The fake server: node .build/fake.mjs [port]. Serves dist/ with the program's guards on the page. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { WebSocketServer } from 'ws';
import type { SessionRequest } from '../src/api_types';
import { answer, refuse, type Answer } from './answers';
import { calibrate, pressCalibrate } from './calibrate';
import { readChart } from './chart_text';
import { texts } from './data';
import { Feed } from './feed';
import { FakeSession, type Speed } from './session';

const CSP = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.webmanifest': 'application/manifest+json' };

export interface FakeOptions { port: number; dist: string; speed: Speed }

export function serve({ port, dist, speed }: FakeOptions) {
  const feed = new Feed();
  let session: FakeSession | null = null;
  let uploads = 0;
  const cancelled = new Set<string>();
  feed.snapshot = () => (session?.state === 'running' ? session.snapshot() : [{ type: 'session', state: 'idle', chart: null, title: null, mode: null, device: null, recorded: null, text: null }]);
  feed.streamNow = () => (session?.state === 'running' ? session.now() : null);
  feed.onPress = (key) => session?.state === 'running' && session.press(key);

  async function api(request: IncomingMessage, url: URL): Promise<Answer> {
    const path = url.pathname.slice('/api/v1'.length);
    const method = request.method ?? 'GET';
    if (path === '/uploads') return upload(request);
    const body = Buffer.concat(await request.toArray() as Buffer[]);
    if (path === '/session' && method === 'POST') return begin(JSON.parse(body.toString()) as SessionRequest);
    if (path === '/session' && method === 'DELETE') return session?.end('Stopped.'), ok(null, 204);
    if (path === '/status') return ok({ program: '0.1.0 (fake)', schema: 1, session: session?.state ?? 'idle', pages: feed.count, listen: '192.168.1.20', is_first_page: true, devices: [], counters: { xruns: 0, dropped: 0 } });
    if (path === '/calibrate') return calibrate(feed, (JSON.parse(body.toString()) as { what: string }).what), ok(null, 202);
    if (path === '/calibrate/key') return pressCalibrate(feed, (JSON.parse(body.toString()) as { key: string }).key), ok({ running: false });
    if (path.startsWith('/uploads/') && method === 'DELETE') return cancelUpload(path.slice(9));
    if (path === '/fake/device') return feed.put({ type: 'device', is_away: url.searchParams.get('away') === '1', text: 'The e-kit TD-17 went away. Plug it in again; the session waits.' }), ok(null, 204);
    if (path === '/fake/trouble') return feed.put({ type: 'trouble', text: 'This session is not recorded: there is less than 1 GiB left on the disk.' }), ok(null, 204);
    return answer({ method, path, query: url.searchParams, body });
  }

  function begin(request: SessionRequest): Answer {
    if (session?.state === 'running') return refuse(409, 'A session runs already. Finish it first.');
    const chart = texts.get(request.plan ? 'paradiddle' : (request.chart ?? ''));
    if (!chart) return refuse(422, `No chart is called '${request.chart}'; doubletime charts lists them all.`);
    session = new FakeSession(feed, readChart(chart.text), request, speed);
    return ok(null, 202);
  }

  async function upload(request: IncomingMessage): Promise<Answer> {
    let size = 0;
    for await (const part of request) size += (part as Buffer).length;
    const id = `u${++uploads}`;
    const name = new URL(request.url!, 'http://x').searchParams.get('name') ?? '';
    const tell = (state: string, share: number, ms: number, take: number | null = null, text: string | null = null) =>
      setTimeout(() => cancelled.has(id) || feed.put({ type: 'upload', upload: id, state, share, take, text }), ms);
    const each_ms = /slow/.test(name) ? 10000 : 120;
    if (/\.txt$/.test(name)) tell('failed', 1, 400, null, `${name}: this is neither a sound file nor a MIDI file (${size} bytes).`);
    else {
      for (let i = 0; i <= 10; i++) tell('hearing', i / 10, 50 + i * each_ms);
      tell('judging', 0.5, 10.5 * each_ms);
      tell('done', 1, 12 * each_ms, 1);
    }
    return ok({ upload: id }, 202);
  }

  function cancelUpload(id: string): Answer {
    cancelled.add(id);
    feed.put({ type: 'upload', upload: id, state: 'cancelled', share: 0, take: null, text: null });
    return ok(null, 204);
  }

  const server = createServer((request, reply) => void respond(request, reply));
  async function respond(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname.startsWith('/api/v1/')) {
      const got = await api(request, url).catch((e: Error) => refuse(400, e.message));
      reply.writeHead(got.status, { 'Content-Type': got.type, 'Cache-Control': 'no-store' }).end(got.body);
      return;
    }
    file(url.pathname, reply);
  }
  function file(path: string, reply: ServerResponse): void {
    const name = join(dist, path === '/' || path === '/pair' ? 'index.html' : path);
    if (path.includes('..') || !existsSync(name)) return void reply.writeHead(404).end();
    const head: Record<string, string> = { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };
    const body = readFileSync(name);
    if (extname(name) === '.woff2') return void reply.writeHead(200, head).end(body);
    reply.writeHead(200, { ...head, 'Content-Encoding': 'gzip' }).end(gzipSync(body));
  }
  const sockets = new WebSocketServer({ server, path: '/api/v1/live', handleProtocols: (offered) => [...offered][0] ?? false });
  sockets.on('connection', (page) => feed.join(page));
  return new Promise<{ port: number; feed: Feed; stop: () => void }>((resolve) =>
    server.listen(port, '127.0.0.1', () => {
      const at = server.address() as { port: number };
      resolve({ port: at.port, feed, stop: () => (session?.end('Stopped.'), sockets.clients.forEach((c) => c.terminate()), server.close(), server.closeAllConnections()) });
    }));
}

const ok = (value: unknown, status = 200): Answer => ({ status, type: 'application/json', body: status === 204 ? '' : JSON.stringify(value ?? {}) });
