/*
 * Keyboard only works everywhere: one table of keys, shown on `?`. Pages add theirs while they are
 * open; a key typed into a field, or with Ctrl, Alt or Meta, is nobody's.
 */
import { useEffect } from 'preact/hooks';

export interface Binding { key: string; label: string; run: () => void }

const layers: Binding[][] = [];

export function useKeys(bindings: Binding[]): void {
  useEffect(() => {
    layers.push(bindings);
    return () => void layers.splice(layers.indexOf(bindings), 1);
  });
}

export function allKeys(): Binding[] {
  const seen = new Set<string>();
  return [...layers].reverse().flat().filter((b) => !seen.has(b.key) && seen.add(b.key));
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.tagName) return false;
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}

/** Space on a button or link is the button's. */
function isControls(target: EventTarget | null, key: string): boolean {
  const element = target as HTMLElement | null;
  return (key === ' ' || key === 'Enter') && /^(BUTTON|A|SUMMARY)$/.test(element?.tagName ?? '');
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (isTyping(event.target) || isControls(event.target, event.key)) return;
  if (document.querySelector('dialog[open]') && event.key !== '?') return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const binding = allKeys().find((b) => b.key === key);
  if (!binding) return;
  event.preventDefault();
  binding.run();
}

export function listenToKeys(): void {
  addEventListener('keydown', onKey);
}

const NAMES: Record<string, string> = { ' ': 'Space', Escape: 'Esc', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };
export const keyName = (key: string): string => NAMES[key] ?? key.toUpperCase();
