/* The style sheet's colours, for what is drawn on a canvas; read again when the theme changes. */

export interface Colours {
  paper: string; card: string; ink: string; soft: string; line: string; early: string; late: string;
  good: string; bad: string; band: string;
}
const NAMES = ['paper', 'card', 'ink', 'soft', 'line', 'early', 'late', 'good', 'bad', 'band'] as const;

let current: Colours | null = null;

export function colours(): Colours {
  if (current) return current;
  const style = getComputedStyle(document.documentElement);
  const read = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return (current = Object.fromEntries(read) as unknown as Colours);
}

export function watchColours(): void {
  const forget = () => {
    current = null;
    dispatchEvent(new Event('colourschange'));
  };
  addEventListener('themechange', forget);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', forget);
}
