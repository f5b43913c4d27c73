/* Keeps the socket open, resumes after a loss, and feeds the store. */
import { readMessage, seqOf, SUBPROTOCOL, writeMessage } from '../messages';
import type { HelloMessage, Key, Message, PageMessage } from '../messages';
import { noteArrival } from '../live/perf';
import { app } from './app';
import { NO_CLOCK, withClock, withPong } from './clock';
import { greeted, NEW_LINE, step, type Line } from './line';
import { NOTHING, reduce } from './live';

const PING_EVERY_MS = 5000;
const SILENT_TOO_LONG_MS = 15000;

let socket: WebSocket | null = null;
let line: Line = NEW_LINE;
let retry_ms = 250;
let heard_ms = 0;
let pinging = 0;
let losses = 0;

export function connect(): void {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const opened = new WebSocket(`${scheme}://${location.host}/api/v1/live`, SUBPROTOCOL);
  socket = opened;
  opened.onopen = () => onOpen(opened);
  opened.onmessage = (event) => onFrame(opened, String(event.data));
  opened.onclose = () => onClose(opened);
}

function onOpen(opened: WebSocket): void {
  heard_ms = performance.now();
  send({ type: 'resume', epoch: line.epoch, after: line.last });
  pingOften(opened);
  clearInterval(pinging);
  pinging = window.setInterval(() => (isSilent() ? opened.close() : ping()), PING_EVERY_MS);
  app.set((s) => ({ ...s, connection: 'open' }));
}

function pingOften(opened: WebSocket): void {
  for (let i = 0; i < 5; i++) setTimeout(() => socket === opened && ping(), 20 + i * 110);
}

function isSilent(): boolean {
  return performance.now() - heard_ms > SILENT_TOO_LONG_MS;
}

function onClose(closed: WebSocket): void {
  if (socket !== closed) return;
  socket = null;
  losses++;
  clearInterval(pinging);
  app.set((s) => ({ ...s, connection: 'lost' }));
  setTimeout(connect, retry_ms);
  retry_ms = Math.min(5000, retry_ms * 1.7);
}

function onFrame(from: WebSocket, text: string): void {
  if (from !== socket) return;
  heard_ms = performance.now();
  const message = readMessage(text);
  if (message?.type === 'hello') return onHello(from, message);
  const next = step(line, seqOf(text));
  line = next.line;
  if (next.act === 'resume') return from.close();
  if (next.act === 'apply' && message) apply(message);
}

function onHello(from: WebSocket, hello: HelloMessage): void {
  retry_ms = 250;
  const met = greeted(line, hello);
  line = met.line;
  const fresh = { live: { ...NOTHING, uploads: app.get().live.uploads }, clock: NO_CLOCK };
  app.set((s) => ({ ...s, program: hello.program, ...(met.is_fresh ? fresh : {}) }));
  pingOften(from);
}

function apply(message: Message): void {
  if (message.type === 'pong')
    return app.set((s) => ({ ...s, clock: withPong(s.clock, message.t_ms, heard_ms, message) }));
  if (message.type === 'clock') return app.set((s) => ({ ...s, clock: withClock(s.clock, message) }));
  if (message.type === 'stroke') noteArrival(message);
  app.set((s) => ({ ...s, live: reduce(s.live, message) }));
}

function ping(): void {
  send({ type: 'ping', t_ms: performance.now() });
}

function send(frame: PageMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(writeMessage(frame));
}

export function press(key: Key): void {
  send({ type: 'press', key });
}

/** For the suite: how the line stands, and what a lost connection does. */
export const probe = { line: () => line, cut: () => socket?.close(), losses: () => losses };
