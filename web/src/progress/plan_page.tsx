/* The practice plan, as text, checked by the program as it is kept. */
import { useState } from 'preact/hooks';
import { api, ApiError, say } from '../api';
import type { Plan } from '../api_types';
import { Select } from '../ui/field';
import { MODES, modeText } from '../live/start_request';
import { useLoad } from '../ui/use_load';

export function PlanPage() {
  const plan = useLoad(() => api.plan(), []);
  return (
    <main tabIndex={-1}>
      <h1>Practice plan</h1>
      {plan.error && <p class="error" role="alert">{plan.error}</p>}
      {plan.value && <Editor key={plan.value.text} plan={plan.value} again={plan.again} />}
    </main>
  );
}

const EXAMPLE = `# A quarter of an hour: hands, then a groove, then your own time.
name: Every day

[paradiddle]
mode: ladder
from: 80 bpm
minutes: 5

[rock]
mode: gap
minutes: 5

[funk]
mode: own
minutes: 5
`;

function Editor({ plan, again }: { plan: Plan; again: () => void }) {
  const [text, setText] = useState(plan.text);
  const [said, setSaid] = useState<{ text: string; is_bad: boolean } | null>(null);
  const keep = () =>
    api.putPlan(text).then(
      () => (setSaid({ text: 'Kept.', is_bad: false }), again()),
      (e: unknown) => setSaid({ text: say(e) + (e instanceof ApiError && e.line ? ` (line ${e.line})` : ''), is_bad: true }),
    );
  return (
    <div class="editor">
      <section class="card">
        <h2>Exercises</h2>
        {plan.exercises.length === 0 && <p>None yet: add one below{!text.trim() && <>, or <button onClick={() => setText(EXAMPLE)}>begin with an example</button></>}.</p>}
        <ol class="todo">{plan.exercises.map((e, i) => <li key={i}><b>{e.chart}</b> {e.mode}{e.minutes !== null && `, ${e.minutes} minutes`}</li>)}</ol>
        <Add add={(exercise) => setText(`${text.trimEnd()}\n\n${exercise}\n`)} />
      </section>
      <section class="card">
        <label class="field"><span>The plan as text; a line that begins with # is a comment</span>
          <textarea rows={18} spellcheck={false} value={text} onInput={(e) => setText(e.currentTarget.value)} />
        </label>
        {said && <p class={said.is_bad ? 'error' : 'text-on'} role={said.is_bad ? 'alert' : 'status'}>{said.text}</p>}
        <div class="actions"><button class="primary" disabled={text === plan.text} onClick={keep}>Keep</button><button disabled={text === plan.text} onClick={() => setText(plan.text)}>Undo</button></div>
      </section>
    </div>
  );
}

function Add({ add }: { add: (text: string) => void }) {
  const charts = useLoad(() => api.charts(), []);
  const [chart, setChart] = useState('');
  const [mode, setMode] = useState('ladder');
  return (
    <div class="fields">
      <label class="field"><span>Chart</span>
        <input list="plan-charts" value={chart} onInput={(e) => setChart(e.currentTarget.value)} />
        <datalist id="plan-charts">{charts.value?.charts.map((c) => <option key={c.name} value={c.name}>{c.title}</option>)}</datalist>
      </label>
      <Select label="Mode" value={mode} options={MODES} set={setMode} hint={modeText(mode)} />
      <div class="field"><span>&nbsp;</span><button disabled={!chart.trim()} onClick={() => add(`[${chart.trim()}]\nmode: ${mode}\nminutes: 10`)}>Add to the plan</button></div>
    </div>
  );
}
