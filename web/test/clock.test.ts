import { expect, it } from 'vitest';
import { NO_CLOCK, streamAt, withClock, withPong } from '../src/state/clock';

it('knows the stream to the quickest answer, not the last', () => {
  // The server is 5,000 ms ahead; one answer waited 80 ms on its way back.
  let fit = withPong(NO_CLOCK, 1000, 1001, { server_ms: 6000.5, stream_ms: null });
  fit = withPong(fit, 2000, 2080, { server_ms: 7000.5, stream_ms: null });
  expect(streamAt(fit, 3000)).toBeNull();
  fit = withClock(fit, { stream_ms: 1500, server_ms: 8000 });
  expect(streamAt(fit, 3000)).toBeCloseTo(3000 + 5000 - 6500, 6);
});

it('is not fooled by a server that answers out of order', () => {
  const fit = withPong(NO_CLOCK, 1000, 990, { server_ms: 6000, stream_ms: 100 });
  expect(fit.pongs[0]!.rtt_ms).toBe(0);
});
