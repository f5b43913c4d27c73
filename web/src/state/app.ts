/* The page's state: the session as the server tells it, and how the page stands to the server. */
import { NO_CLOCK, streamAt, type ClockFit } from './clock';
import { NOTHING, type Live } from './live';
import { createStore, useStore } from './store';

export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

export interface App {
  readonly live: Live;
  readonly clock: ClockFit;
  readonly connection: Connection;
  readonly program: string;
}

export const app = createStore<App>({ live: NOTHING, clock: NO_CLOCK, connection: 'connecting', program: '' });

export function useApp<T>(select: (state: App) => T): T {
  return useStore(app, select);
}

export function streamNow(): number | null {
  return streamAt(app.get().clock, performance.now());
}
