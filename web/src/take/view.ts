/* The part of the take that is seen. Pure. */
export interface View { from_s: number; to_s: number }

const SHORTEST_S = 0.25;

export function clampView(view: View, duration_s: number): View {
  const length = Math.min(Math.max(view.to_s - view.from_s, SHORTEST_S), duration_s);
  const from_s = Math.min(Math.max(0, view.from_s), duration_s - length);
  return { from_s, to_s: from_s + length };
}

/** factor < 1 comes nearer; around_s stays where it is on the screen. */
export function zoom(view: View, factor: number, around_s: number, duration_s: number): View {
  return clampView({ from_s: around_s - (around_s - view.from_s) * factor, to_s: around_s + (view.to_s - around_s) * factor }, duration_s);
}

export function pan(view: View, by_s: number, duration_s: number): View {
  return clampView({ from_s: view.from_s + by_s, to_s: view.to_s + by_s }, duration_s);
}

/** Moves as little as shows the time with some room. */
export function withTime(view: View, time_s: number, duration_s: number): View {
  const room = (view.to_s - view.from_s) * 0.15;
  if (time_s < view.from_s + room) return pan(view, time_s - room - view.from_s, duration_s);
  if (time_s > view.to_s - room) return pan(view, time_s + room - view.to_s, duration_s);
  return view;
}

/** First index whose time is not before. */
export function firstAt(times: readonly { time_s: number }[], time_s: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]!.time_s < time_s) low = middle + 1;
    else high = middle;
  }
  return low;
}
