/* The numbered line of messages to every page, as src/stage does it. */
import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Message } from '../src/messages';

type Body = Message extends infer M ? (M extends { type: string } ? Omit<M, 'seq'> : never) : never;

export class Feed {
  readonly epoch = randomBytes(6).toString('hex');
  private frames: string[] = [];
  private pages = new Set<WebSocket>();
  /** what was said of a kit that is being learned, for pages that come in the middle of it */
  private learned: Body[] = [];
  newest = 0;
  /** the state as it is, without numbers */
  snapshot: () => Body[] = () => [];
  onPress: (key: string) => void = () => undefined;
  streamNow: () => number | null = () => null;

  get count(): number {
    return this.pages.size;
  }

  put(body: Body): void {
    const frame = JSON.stringify({ v: 1, seq: ++this.newest, ...body });
    this.frames.push(frame);
    if (this.frames.length > 20000) this.frames.splice(0, 10000);
    for (const page of this.pages) page.send(frame);
    if (body.type === 'calibrate') this.learned = [...(body.share === 0 ? [] : this.learned.filter((b) => b.type !== 'calibrate')), body];
    if (body.type === 'pad' || body.type === 'pad_delay') this.learned.push(body);
  }

  private get oldest(): number {
    return this.newest - this.frames.length;
  }

  join(page: WebSocket): void {
    page.send(JSON.stringify({ v: 1, type: 'hello', program: '0.1.0 (fake)', epoch: this.epoch, oldest: this.oldest, newest: this.newest }));
    page.on('message', (data) => this.hear(page, JSON.parse(String(data)) as Record<string, unknown>));
    page.on('close', () => this.pages.delete(page));
  }

  private hear(page: WebSocket, frame: Record<string, unknown>): void {
    if (frame['type'] === 'resume') this.resume(page, String(frame['epoch']), Number(frame['after']));
    if (frame['type'] === 'press') this.onPress(String(frame['key']));
    if (frame['type'] === 'ping')
      page.send(JSON.stringify({ v: 1, type: 'pong', t_ms: frame['t_ms'], server_ms: performance.now(), stream_ms: this.streamNow() }));
  }

  private resume(page: WebSocket, epoch: string, after: number): void {
    if (epoch === this.epoch && after > 0 && after >= this.oldest)
      for (const frame of this.frames.slice(after - this.oldest)) page.send(frame);
    else for (const body of [...this.snapshot(), ...this.learned]) page.send(JSON.stringify({ v: 1, ...body }));
    this.pages.add(page);
  }
}
