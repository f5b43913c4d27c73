import type { Glance } from './glance';
import { SideIcon } from '../ui/side_icon';

/** The word on the side it speaks of: early left, late right. */
export function WordPanel({ glance, count }: { glance: Glance; count: number | null }) {
  return (
    <section class={`word-panel is-${glance.tint} side-${glance.side}`} aria-label="How it goes">
      <p class={`big-word len-${lengthClass(glance.word)}`}>
        {glance.side !== 'none' && <SideIcon side={glance.side} />}
        <span>{glance.word}</span>
      </p>
      <p class="big-number">
        {count === null ? <b>{glance.figure}</b> : <b class="count">{count}</b>}
        <span>{count === null ? glance.unit : `${glance.figure} ${glance.unit}`}</span>
      </p>
      <p class="say">{glance.say}</p>
    </section>
  );
}

function lengthClass(word: string): string {
  return word.length <= 5 ? 'short' : word.length <= 7 ? 'middle' : 'long';
}

/** Said aloud when it changes: the word and its number, not every stroke. */
export function SpokenWord({ glance }: { glance: Glance }) {
  return <p class="unseen" role="status" aria-live="polite">{`${glance.word} ${glance.figure} ${glance.unit}`.trim()}</p>;
}
