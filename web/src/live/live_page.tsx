import { press } from '../state/socket';
import { streamNow, useApp } from '../state/app';
import { isOn, phaseOf } from '../state/live';
import { useKeys } from '../ui/keys';
import { prefs, usePrefs } from '../ui/prefs';
import { useWakeLock } from '../ui/wake';
import { minutesSeconds } from '../ui/words';
import { BeatClock } from './beat_clock';
import { glanceOf } from './glance';
import { LadderPanel } from './ladder_panel';
import { Lanes } from './lanes';
import { LiveScore } from './live_score';
import { StartPanel } from './start_panel';
import { useTick } from './ticker';
import { SpokenWord, WordPanel } from './word_panel';

export function LivePage() {
  const is_on = useApp((s) => isOn(s.live));
  const is_known = useApp((s) => s.live.session !== null || s.connection !== 'connecting');
  if (!is_known) return <main class="live"><p class="soft">Asking the program…</p></main>;
  return is_on ? <Session /> : <main class="start-page"><StartPanel /></main>;
}

function Session() {
  const numbers = usePrefs().numbers;
  useWakeLock(true);
  useKeys([
    { key: ' ', label: 'go, pause, or end the rest', run: () => press('go') },
    { key: 'a', label: 'the take again', run: () => press('again') },
    { key: 'n', label: 'next exercise', run: () => press('next') },
    { key: 'Escape', label: 'finish', run: () => press('finish') },
    { key: 'i', label: 'numbers during a take, or none', run: () => prefs.set({ numbers: !prefs.get().numbers }) },
  ]);
  return (
    <main class="live">
      <h1 class="unseen">Live</h1>
      <Words numbers={numbers} />
      <div class="clock-panel"><BeatClock /><Counter /></div>
      <div class="score-panel"><LiveScore /></div>
      <div class="lanes-panel"><Lanes /></div>
      <Coach />
      <Controls numbers={numbers} />
    </main>
  );
}

function Words({ numbers }: { numbers: boolean }) {
  const live = useApp((s) => s.live);
  useTick((t) => t.phase); // drawn again when it changes with the time; what it is now, the session says
  const phase = phaseOf(live, streamNow());
  const left_s = useTick((t) => (t.phase === 'rest' ? t.left_s : null));
  const count = useTick((t) => (t.phase === 'count_in' && t.at >= 0 ? t.beat + 1 : null));
  const glance = glanceOf(live, phase, left_s, numbers);
  return (
    <>
      <WordPanel glance={glance} count={count} />
      <SpokenWord glance={{ ...glance, figure: phase === 'rest' ? '' : glance.figure }} />
    </>
  );
}

function Counter() {
  const take = useApp((s) => s.live.take);
  const bar = useTick((t) => t.bar);
  const left_s = useTick((t) => t.left_s);
  if (!take) return null;
  return (
    <p class="counter">
      <span>take <b>{take.number}</b></span>
      {bar < 0 ? <span><b>count-in</b></span> : <span>bar <b>{Math.min(take.bars, bar + 1)}</b> of {take.bars}</span>}
      {left_s !== null && <span><b>{minutesSeconds(left_s)}</b></span>}
    </p>
  );
}

function Coach() {
  const { ladder, history, take, session } = useApp((s) => s.live);
  const tags = [take?.cold && 'cold test', take?.burst && 'above the clean tempo', pieceText(take?.piece)].filter(Boolean);
  return (
    <aside class="coach-panel">
      <p class="soft what">{[session?.title ?? take?.chart, take?.mode ?? session?.mode, ...tags].filter(Boolean).join(' · ')}</p>
      <LadderPanel ladder={ladder} history={history} take={take} />
    </aside>
  );
}

const PIECES: Record<string, string> = {
  from_bar: 'from the bar that went wrong', loop: 'a loop', slow_loop: 'a slow loop', right: 'right hand', left: 'left hand',
};
const pieceText = (piece: string | undefined): string | undefined => (piece ? PIECES[piece] : undefined);

function Controls({ numbers }: { numbers: boolean }) {
  const is_paused = useApp((s) => s.live.pause !== null || s.live.rest !== null);
  return (
    <nav class="controls" aria-label="Session">
      <button class="primary" onClick={() => press('go')}>{is_paused ? 'Go' : 'Pause'}</button>
      <button onClick={() => press('again')}>Again</button>
      <button onClick={() => press('next')}>Next</button>
      <button onClick={() => press('finish')}>Finish</button>
      <button aria-pressed={numbers} onClick={() => prefs.set({ numbers: !numbers })}>Numbers</button>
    </nav>
  );
}
