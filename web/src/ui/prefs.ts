/* What this screen remembers for itself: theme, numbers, the last session's choices. */
import { createStore, useStore } from '../state/store';

export type Theme = 'auto' | 'light' | 'dark' | 'stage';
export interface Prefs { theme: Theme; numbers: boolean; start: Record<string, string> }

const KEY = 'doubletime';
const INITIAL: Prefs = { theme: 'auto', numbers: false, start: {} };

function read(): Prefs {
  try {
    return { ...INITIAL, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Prefs>) };
  } catch {
    return INITIAL;
  }
}

const store = createStore<Prefs>(read());

export const prefs = {
  get: store.get,
  set(change: Partial<Prefs>): void {
    store.set((p) => ({ ...p, ...change }));
    try {
      localStorage.setItem(KEY, JSON.stringify(store.get()));
    } catch { /* a private window keeps nothing */ }
    applyTheme();
  },
};

export function usePrefs(): Prefs {
  return useStore(store, (p) => p);
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = store.get().theme;
  dispatchEvent(new Event('themechange'));
}

export const THEMES: Theme[] = ['auto', 'light', 'dark', 'stage'];
export function nextTheme(): void {
  const at = THEMES.indexOf(store.get().theme);
  prefs.set({ theme: THEMES[(at + 1) % THEMES.length]! });
}
