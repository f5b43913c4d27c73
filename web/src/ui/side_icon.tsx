import type { Side } from '../messages';

const PATHS: Record<Side, string> = {
  early: 'M1 8 13 1v14z',
  late: 'M15 8 3 1v14z',
  on: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z',
  none: 'M3 2 8 7l5-5 1 1-5 5 5 5-1 1-5-5-5 5-1-1 5-5-5-5z',
};

export function SideIcon({ side }: { side: Side }) {
  return (
    <svg class={`side-icon is-${side}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[side]} />
    </svg>
  );
}
