/* Loads something from the server; what was asked for before is forgotten. */
import { useEffect, useState } from 'preact/hooks';
import { say } from '../api';

export interface Loaded<T> { value: T | null; error: string | null; again: () => void }

export function useLoad<T>(load: () => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; error: string | null }>({ value: null, error: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let is_wanted = true;
    setState((s) => ({ value: round ? s.value : null, error: null }));
    load().then(
      (value) => is_wanted && setState({ value, error: null }),
      (error) => is_wanted && setState({ value: null, error: say(error) }),
    );
    return () => void (is_wanted = false);
  }, [...keys, round]);
  return { ...state, again: () => setRound((r) => r + 1) };
}
