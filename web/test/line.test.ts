import { describe, expect, it } from 'vitest';
import { greeted, NEW_LINE, step, type Line } from '../src/state/line';
import type { HelloMessage } from '../src/messages';

const hello = (part: Partial<HelloMessage>): HelloMessage => ({ type: 'hello', program: 'x', epoch: 'e1', oldest: 0, newest: 100, ...part });
const seen = (last: number): Line => ({ epoch: 'e1', last });

describe('no message is lost or shown twice', () => {
  it('takes messages in order and begins anywhere', () => {
    expect(step(NEW_LINE, 812)).toEqual({ line: { epoch: '', last: 812 }, act: 'apply' });
    expect(step(seen(812), 813).act).toBe('apply');
  });
  it('drops what it has seen already', () => {
    expect(step(seen(812), 812).act).toBe('drop');
    expect(step(seen(812), 4).act).toBe('drop');
  });
  it('asks again when there is a hole, without moving on', () => {
    expect(step(seen(812), 814)).toEqual({ line: seen(812), act: 'resume' });
  });
  it('lets the state as it is through, which has no number', () => {
    expect(step(seen(812), null)).toEqual({ line: seen(812), act: 'apply' });
  });
});

describe('after a lost connection', () => {
  it('goes on where it was when the server still knows', () => {
    expect(greeted(seen(50), hello({ oldest: 20 }))).toEqual({ line: seen(50), is_fresh: false });
  });
  it('forgets all after another start of the server', () => {
    expect(greeted(seen(50), hello({ epoch: 'e2' }))).toEqual({ line: { epoch: 'e2', last: 0 }, is_fresh: true });
  });
  it('forgets all when it was away too long', () => {
    expect(greeted(seen(50), hello({ oldest: 60 })).is_fresh).toBe(true);
  });
  it('does not believe a server that is behind it', () => {
    expect(greeted(seen(500), hello({ newest: 100 })).is_fresh).toBe(true);
  });
});

it('thousand random cuts lose and double nothing', () => {
  let seed = 20261123;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  let line: Line = { epoch: 'e1', last: 0 };
  const got: number[] = [];
  for (let newest = 0; got.at(-1) !== 5000; ) {
    const from = random() < 0.2 ? Math.max(0, line.last - 3) : line.last;
    const to = Math.min(5000, from + Math.ceil(random() * 12));
    for (let seq = from + 1; seq <= to; seq++) {
      if (random() < 0.05) continue; // a hole: what comes after must be refused
      const next = step(line, seq);
      line = next.line;
      if (next.act === 'apply') got.push(seq);
      if (next.act === 'resume') break;
    }
    newest = Math.max(newest, to);
  }
  expect(got).toEqual(Array.from({ length: 5000 - got[0]! + 1 }, (_, i) => got[0]! + i));
});
