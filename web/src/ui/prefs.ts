/* What this screen remembers for itself: theme, numbers, the last session's choices. */
import { api } from '../api';
import { createStore, useStore } from '../state/store';

export type Theme = 'auto' | 'light' | 'dark' | 'stage';
/** own_theme: this screen may not change the settings, or wants to look otherwise than they say. */
export interface Prefs { theme: Theme; own_theme: boolean; numbers: boolean; start: Record<string, string> }

const KEY = 'doubletime';
const INITIAL: Prefs = { theme: 'auto', own_theme: false, numbers: false, start: {} };

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
  chooseTheme(THEMES[(at + 1) % THEMES.length]!);
}

/** At once, and into the settings; a tablet, which may not change those, keeps it for itself. */
export function chooseTheme(theme: Theme): void {
  prefs.set({ theme });
  if (!store.get().own_theme) api.putSettings({ theme }).catch(() => prefs.set({ own_theme: true }));
}

/** What the settings say, unless this screen has a theme of its own. */
export async function followTheme(): Promise<void> {
  if (store.get().own_theme) return;
  const theme = (await api.settings().catch(() => null))?.theme as Theme | undefined;
  if (theme && THEMES.includes(theme) && theme !== store.get().theme) prefs.set({ theme });
}
