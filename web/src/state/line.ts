/*
 * The numbered line of messages: once each, in order, without a hole. Pure; the socket asks it what
 * to do with every frame.
 */
import type { HelloMessage } from '../messages';

export interface Line {
  readonly epoch: string;
  /** the newest seq that was seen; 0: none, the next one begins the line */
  readonly last: number;
}

export const NEW_LINE: Line = { epoch: '', last: 0 };

export interface Step {
  readonly line: Line;
  readonly act: 'apply' | 'drop' | 'resume';
}

/** What the first frame changes: after another start of the server, or too long away, all is forgotten. */
export function greeted(line: Line, hello: HelloMessage): { line: Line; is_fresh: boolean } {
  const can_resume = line.epoch === hello.epoch && line.last > 0 && line.last >= hello.oldest
    && line.last <= hello.newest;
  if (can_resume) return { line, is_fresh: false };
  return { line: { epoch: hello.epoch, last: 0 }, is_fresh: true };
}

/** seq null: a frame outside the line (the state as it is now, a pong). */
export function step(line: Line, seq: number | null): Step {
  if (seq === null) return { line, act: 'apply' };
  if (line.last > 0 && seq <= line.last) return { line, act: 'drop' };
  if (line.last > 0 && seq > line.last + 1) return { line, act: 'resume' };
  return { line: { ...line, last: seq }, act: 'apply' };
}
