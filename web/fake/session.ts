/* A session without a drummer: takes, strokes in real time, a ladder that goes up and down. */
import type { Chart, SessionRequest } from '../src/api_types';
import type { PartNote, Side, TakeMessage } from '../src/messages';
import { Feed } from './feed';

export interface Speed { bars: number; rest_ms: number; pause_ms: number }

const LIMIT_MS = 12;

export class FakeSession {
  private timers = new Set<NodeJS.Timeout>();
  private started = performance.now();
  private take: Omit<TakeMessage, 'seq'> | null = null;
  private seed = 7;
  private number = 0;
  private bpm: number;
  private trials: boolean[] = [];
  private is_paused = false;
  state: 'running' | 'ended' = 'running';

  constructor(private feed: Feed, private chart: Chart, private request: SessionRequest, private speed: Speed) {
    this.bpm = request.from_bpm ?? request.tempo_bpm ?? chart.bpm * 0.7;
    feed.put({ type: 'session', state: 'starting', ...this.what(), text: null });
    feed.put({ type: 'session', state: 'running', ...this.what(), text: null });
    this.every(250, () => this.clock());
    this.clock();
    this.after(300, () => this.begin());
  }

  now(): number {
    return performance.now() - this.started;
  }

  what() {
    return { chart: this.chart.name, title: this.chart.title, mode: this.request.mode ?? 'ladder', device: 'simulated drummer', recorded: null };
  }

  snapshot() {
    return [{ type: 'session' as const, state: 'running' as const, ...this.what(), text: null }, ...(this.take ? [this.take] : [])];
  }

  press(key: string): void {
    if (key === 'finish') return this.end('The plan is done. You played 3 clean takes; clean tempo 96 bpm.');
    if (key === 'go') return this.is_paused ? this.goOn() : this.pause();
    this.clearTake();
    this.begin();
  }

  end(text: string): void {
    this.stopTimers();
    this.state = 'ended';
    this.feed.put({ type: 'done', text });
    this.feed.put({ type: 'session', state: 'ended', ...this.what(), text });
  }

  private pause(): void {
    this.clearTake();
    this.is_paused = true;
    this.feed.put({ type: 'pause', text: 'Space goes on.' });
  }

  private goOn(): void {
    this.is_paused = false;
    this.begin();
  }

  private begin(): void {
    const beat_ms = 60000 / this.bpm;
    const bars = this.speed.bars;
    const [numerator, denominator] = [this.chart.bar_list[0]!.numerator, this.chart.bar_list[0]!.denominator];
    const pulse_ms = (beat_ms * 4) / denominator;
    const start_ms = this.now() + 250;
    const first_ms = start_ms + pulse_ms * numerator;
    const beats = Array.from({ length: (bars + 1) * numerator }, (_, i) => ({
      at_ms: start_ms + i * pulse_ms, bar: Math.floor(i / numerator) - 1, beat: i % numerator,
    }));
    const notes = this.notes(first_ms, beat_ms, bars);
    this.take = {
      type: 'take', number: ++this.number, chart: this.chart.name, mode: this.request.mode ?? 'ladder', piece: 'whole',
      say: this.number === 1 ? `${this.bpm.toFixed(0)} bpm, ${bars} bars.` : `Up to ${this.bpm.toFixed(1)} bpm.`, bpm: this.bpm, bars,
      count_in_bars: 1, from_bar: 0, loop_bars: 0, burst: false, cold: false, start_ms, first_ms, end_ms: first_ms + bars * numerator * pulse_ms, beats, notes,
    };
    this.feed.put(this.take);
    this.play(first_ms, beat_ms, bars, numerator * pulse_ms);
  }

  private notes(first_ms: number, beat_ms: number, bars: number): PartNote[] {
    const notes: PartNote[] = [];
    for (let bar = 0; bar < bars; bar++) {
      const written = bar % this.chart.bars;
      const round = Math.floor(bar / this.chart.bars) * this.chart.end_tick;
      const from = this.chart.bar_list[written]!.tick;
      const to = this.chart.bar_list[written + 1]?.tick ?? this.chart.end_tick;
      this.chart.notes.forEach((n, note) => {
        if (n.tick >= from && n.tick < to) notes.push({ at_ms: first_ms + ((round + n.tick) / 960) * beat_ms, bar, note, drum: n.drum, velocity: 90 });
      });
    }
    return notes;
  }

  private play(first_ms: number, beat_ms: number, bars: number, bar_ms: number): void {
    const lean = [-16, 1, 14, 0, 2, -1];
    const sums: number[][] = Array.from({ length: bars }, () => []);
    this.take!.notes.forEach((note, i) => {
      if (this.random() < 0.015) return;
      const late_ms = (lean[(note.bar + this.number) % lean.length] ?? 0) + this.gauss() * 8;
      sums[note.bar]!.push(late_ms);
      this.at(note.at_ms + late_ms, () => this.stroke(note, i, late_ms, first_ms, beat_ms));
    });
    for (let bar = 0; bar < bars; bar++) this.at(first_ms + (bar + 1) * bar_ms + 30, () => this.bar(bar, sums[bar]!));
    this.at(this.take!.end_ms + 200, () => this.judge());
  }

  private stroke(note: PartNote, index: number, late_ms: number, first_ms: number, beat_ms: number): void {
    const side: Side = late_ms < -LIMIT_MS ? 'early' : late_ms > LIMIT_MS ? 'late' : 'on';
    this.feed.put({
      type: 'stroke', at_ms: this.now(), drum: note.drum, velocity: note.velocity, asynchrony_ms: late_ms, side, note: index, bar: note.bar,
      beat: ((note.at_ms - first_ms) / beat_ms) % 4,
    });
  }

  private bar(bar: number, lates: number[]): void {
    const mean_ms = lates.reduce((a, b) => a + b, 0) / Math.max(1, lates.length);
    const [word, tint] = mean_ms < -8 ? (['EARLY', 'early'] as const) : mean_ms > 8 ? (['LATE', 'late'] as const) : (['GOOD', 'good'] as const);
    this.feed.put({ type: 'bar', bar, written: bar % this.chart.bars, word, tint, mean_ms, missed: 0, extra: 0 });
  }

  private judge(): void {
    const clean = this.number % 3 !== 0;
    this.trials.push(clean);
    const stored = 1 + ((this.number - 1) % 5);
    this.feed.put({
      type: 'judged', number: this.number, take: stored, clean, stopped: false, word: clean ? 'CLEAN' : 'RUSHING', figure: clean ? this.bpm.toFixed(0) : '+1.6',
      unit: 'bpm', tint: clean ? 'good' : 'bad', bpm: this.bpm, placement_ms: -3.1, drift_percent: 0.4, scatter_ms: 8.2, missed: 0, extra: 0,
    });
    this.bpm = Math.max(30, this.bpm + (clean ? 2.5 : -2.5));
    this.feed.put({ type: 'ladder', clean_bpm: this.bpm + 6, low_bpm: this.bpm - 2, high_bpm: this.bpm + 15, asked_bpm: this.bpm, goal_bpm: this.request.to_bpm ?? null, trials: this.trials.length });
    this.after(this.speed.pause_ms, () => this.rest());
  }

  private rest(): void {
    this.take = null;
    this.feed.put({ type: 'rest', until_ms: this.now() + this.speed.rest_ms, text: `Rest ${Math.round(this.speed.rest_ms / 1000)} seconds. Shake out your hands.` });
    this.after(this.speed.rest_ms, () => this.begin());
  }

  private clock(): void {
    this.feed.put({ type: 'clock', stream_ms: this.now(), server_ms: performance.now() });
  }

  private random(): number {
    this.seed = (this.seed * 1103515245 + 12345) & 0x7fffffff;
    return this.seed / 0x7fffffff;
  }

  private gauss(): number {
    return this.random() + this.random() + this.random() + this.random() - 2;
  }

  private at(stream_ms: number, run: () => void): void {
    this.after(Math.max(0, stream_ms - this.now()), run);
  }

  private after(ms: number, run: () => void): void {
    const timer = setTimeout(() => (this.timers.delete(timer), run()), ms);
    this.timers.add(timer);
  }

  private every(ms: number, run: () => void): void {
    const timer = setInterval(run, ms);
    this.timers.add(timer);
  }

  private stopTimers(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private clearTake(): void {
    this.stopTimers();
    this.every(250, () => this.clock());
    this.take = null;
  }
}
