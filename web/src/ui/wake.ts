/* Keeps the screen on while a session runs, where the browser can. */
import { useEffect } from 'preact/hooks';

export function useWakeLock(is_wanted: boolean): void {
  useEffect(() => {
    if (!is_wanted || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let is_over = false;
    const take = async () => {
      if (document.visibilityState !== 'visible') return;
      lock = await navigator.wakeLock.request('screen').catch(() => null);
      if (is_over) void lock?.release();
    };
    void take();
    document.addEventListener('visibilitychange', take);
    return () => {
      is_over = true;
      document.removeEventListener('visibilitychange', take);
      void lock?.release();
    };
  }, [is_wanted]);
}
