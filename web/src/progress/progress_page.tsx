/* How far you have come, and what to do today. */
import { useState } from 'preact/hooks';
import { api } from '../api';
import type { Progress } from '../api_types';
import { go } from '../router';
import { Calendar } from '../ui/calendar';
import { Select } from '../ui/field';
import { prefs } from '../ui/prefs';
import { useLoad } from '../ui/use_load';
import { CleanTempo } from './clean_tempo';

export function ProgressPage() {
  const progress = useLoad(() => api.progress(), []);
  return (
    <main tabIndex={-1}>
      <div class="title-row"><h1>Progress</h1><a class="button" href="#/plan">Practice plan</a></div>
      {progress.error && <p class="error" role="alert">{progress.error}</p>}
      {progress.value && <View progress={progress.value} />}
    </main>
  );
}

function View({ progress }: { progress: Progress }) {
  const today = new Date();
  const day = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, '0')}-${String(today.getDate()).padStart(2, '0')}`;
  return (
    <>
      <section class="card">
        <h2>Today</h2>
        {progress.today.length === 0 ? <p>Nothing is due. Play what you like.</p> : (
          <ul class="due">{progress.today.map((t) => <li key={t.text}><span>{t.text}</span>{t.chart && <button onClick={() => practise(t.chart!)}>Practise</button>}</li>)}</ul>
        )}
      </section>
      <Exercises progress={progress} />
      <section class="card"><h2>Calendar</h2><Calendar days={progress.days} today={day} /></section>
      <section class="card">
        <h2>Records</h2>
        {progress.records.length === 0 ? <p class="soft">None yet.</p> : (
          <ul class="records">{progress.records.map((r) => <li key={r.chart + r.text}>{r.text} <small class="soft">{new Date(r.at_s * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}</small></li>)}</ul>
        )}
      </section>
    </>
  );
}

function practise(chart: string): void {
  prefs.set({ start: { ...prefs.get().start, chart } });
  go('live');
}

function Exercises({ progress }: { progress: Progress }) {
  const [chosen, setChosen] = useState(progress.exercises[0]?.chart ?? '');
  const exercise = progress.exercises.find((e) => e.chart === chosen);
  if (!exercise) return <section class="card"><h2>Clean tempo</h2><p>Nothing practised yet. <a href="#/live">Begin</a>.</p></section>;
  return (
    <section class="card">
      <h2>Clean tempo</h2>
      <Select label="Exercise" value={chosen} set={setChosen} options={progress.exercises.map((e) => [e.chart, e.title])} />
      <CleanTempo key={chosen} exercise={exercise} />
      <p class="soft">Line: the tempo at which 85 of 100 takes are clean, with its 95 % band. Large dots: cold tests on a later day; filled: kept, hollow: lost.</p>
    </section>
  );
}
