/* Where the coach is on the ladder: the last takes as steps, the goal, the clean tempo and its interval. */
import type { JudgedMessage, LadderMessage, TakeMessage } from '../messages';
import { bpmText } from './glance';

const WIDTH = 320;
const HEIGHT = 130;
const STEPS = 16;

export function LadderPanel({ ladder, history, take }: { ladder: LadderMessage | null; history: readonly JudgedMessage[]; take: TakeMessage | null }) {
  const steps = history.slice(-STEPS);
  const asked = take?.bpm ?? ladder?.asked_bpm ?? null;
  return (
    <section class="ladder" aria-label="Tempo ladder">
      <dl class="figures">
        <div><dt>Tempo</dt><dd>{asked === null ? '–' : <>{bpmText(asked)} <small>bpm</small></>}</dd></div>
        <div><dt>Clean tempo</dt><dd>{cleanText(ladder)}</dd></div>
        {ladder?.goal_bpm != null && <div><dt>Goal</dt><dd>{bpmText(ladder.goal_bpm)} <small>bpm</small></dd></div>}
      </dl>
      <Steps steps={steps} ladder={ladder} asked={asked} />
    </section>
  );
}

function cleanText(ladder: LadderMessage | null) {
  if (!ladder || ladder.clean_bpm === null) return <small>can't tell yet</small>;
  const interval = ladder.low_bpm !== null && ladder.high_bpm !== null ? `${Math.round(ladder.low_bpm)} to ${Math.round(ladder.high_bpm)}` : '';
  return <>{bpmText(ladder.clean_bpm)} <small>bpm {interval && `(${interval})`}</small></>;
}

function Steps({ steps, ladder, asked }: { steps: readonly JudgedMessage[]; ladder: LadderMessage | null; asked: number | null }) {
  const all = [...steps.map((s) => s.bpm), asked, ladder?.clean_bpm, ladder?.low_bpm, ladder?.high_bpm].filter((v): v is number => v != null);
  if (!steps.length) return <p class="soft">Each take becomes a step here.</p>;
  const goal = ladder?.goal_bpm ?? null;
  const low = Math.min(...all) - 4;
  const high = Math.max(...all, goal !== null && goal < Math.max(...all) * 1.25 ? goal : 0) + 4;
  const y = (bpm: number) => HEIGHT - 8 - ((bpm - low) / (high - low)) * (HEIGHT - 16);
  const count = Math.max(6, steps.length + 1);
  const x = (i: number) => 12 + (i * (WIDTH - 24)) / (count - 1);
  const text = `${steps.length} takes, ${steps.filter((s) => s.clean).length} clean`;
  return (
    <svg class="steps" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text}>
      {ladder?.low_bpm != null && ladder.high_bpm != null && (
        <rect class="band" x="0" width={WIDTH} y={y(ladder.high_bpm)} height={Math.max(2, y(ladder.low_bpm) - y(ladder.high_bpm))} />
      )}
      {ladder?.clean_bpm != null && <line class="clean" x1="0" x2={WIDTH} y1={y(ladder.clean_bpm)} y2={y(ladder.clean_bpm)} />}
      {goal !== null && goal <= high && <line class="goal" x1="0" x2={WIDTH} y1={y(goal)} y2={y(goal)} />}
      <polyline class="path" points={[...steps.map((s, i) => `${x(i)},${y(s.bpm)}`), ...(asked === null ? [] : [`${x(steps.length)},${y(asked)}`])].join(' ')} />
      {steps.map((s, i) => <Step key={s.number} clean={s.clean} x={x(i)} y={y(s.bpm)} />)}
      {asked !== null && <circle class="now" cx={x(steps.length)} cy={y(asked)} r="6" />}
    </svg>
  );
}

function Step({ clean, x, y }: { clean: boolean; x: number; y: number }) {
  if (clean) return <circle class="is-clean" cx={x} cy={y} r="5" />;
  return <path class="is-not" d={`M${x - 5} ${y - 5} ${x + 5} ${y + 5}M${x + 5} ${y - 5} ${x - 5} ${y + 5}`} />;
}
