import { describe, expect, it } from 'vitest';
import { readChart } from '../fake/chart_text';
import { texts, verdicts } from '../fake/data';
import { binsOf } from '../src/take/histogram';
import { barAt, fatesOfBars, firstBeat, playedChart, timeOf } from '../src/take/missed';
import { beatsPerBar, beatTimes, isAgainstClick, offsetsOf, pulseOf } from '../src/take/own';
import { curveOf } from '../src/take/tempo_curve';
import { clampView, firstAt, pan, withTime, zoom } from '../src/take/view';
import { instrumentText } from '../src/take/figures';
import { daysShown } from '../src/progress/clean_tempo';
import { spent, squaresOf } from '../src/ui/calendar';
import { earlyLate, nameOfFile, signed, voiceOf, when } from '../src/ui/words';

const verdict = (n: number) => verdicts.get(n)!;
const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;

describe('strokes of a take that drifts', () => {
  it('are shown against the own pulse: a rushing take is not all early', () => {
    const rushing = verdict(4);
    expect(isAgainstClick(rushing)).toBe(false);
    const shown = offsetsOf(rushing).flatMap((o) => o.offset_ms ?? []);
    expect(Math.abs(mean(shown))).toBeLessThan(2);
    expect(Math.max(...shown.map(Math.abs))).toBeLessThan(60);
  });
  it('are shown against the click where it was held', () => {
    const held = verdict(5);
    expect(isAgainstClick(held)).toBe(true);
    expect(offsetsOf(held)[10]!.offset_ms).toBe(held.strokes[10]!.asynchrony_ms);
  });
  it('have a pulse that follows a straight drift', () => {
    const strokes = Array.from({ length: 200 }, (_, i) => ({ ...verdict(5).strokes[0]!, beat: i, asynchrony_ms: -i * 2, outlier: false, ornament: false }));
    expect(pulseOf(strokes)[100]).toBeCloseTo(-200, 6);
  });
});

describe('the grid under the strokes', () => {
  it('has every beat at its time', () => {
    const beats = beatTimes(verdict(5).strokes);
    expect(beats[1]!.time_s - beats[0]!.time_s).toBeCloseTo(60 / 96, 3);
    expect(timeOf(beats, beats[3]!.beat + 0.5)).toBeCloseTo(beats[3]!.time_s + 30 / 96, 3);
  });
  it('begins bar 1 where the chart does, count-in or not', () => {
    const v = verdict(1);
    const first = firstBeat(v, beatsPerBar(v));
    expect(first).toBe(4);
    expect(barAt(beatTimes(v.strokes), 4, first, v.strokes[0]!.time_s + 0.1)).toBe(1);
  });
});

it('every note of every played bar gets its fate', () => {
  for (const n of [1, 2, 3, 4, 5]) {
    const v = verdict(n);
    const chart = readChart(texts.get(v.chart!.name)!.text);
    for (let first = 1; first + 3 <= v.chart!.bars.length; first += 4) {
      const played = playedChart(chart, v.chart!.bars.slice(first - 1, first + 3).map((b) => b.written - 1));
      expect(fatesOfBars(v, offsetsOf(v), played, first).size).toBe(played.chart.notes.length);
    }
  }
});

describe('zoom', () => {
  const view = { from_s: 2, to_s: 6 };
  it('keeps the place under the finger', () => {
    const near = zoom(view, 0.5, 3, 60);
    expect((3 - near.from_s) / (near.to_s - near.from_s)).toBeCloseTo(0.25);
  });
  it('never leaves the take and never shows nothing', () => {
    let seed = 3;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    let v = view;
    for (let i = 0; i < 500; i++) {
      v = random() < 0.5 ? zoom(v, Math.exp(random() * 4 - 2), random() * 70 - 5, 60) : pan(v, random() * 100 - 50, 60);
      expect(v.from_s).toBeGreaterThanOrEqual(0);
      expect(v.to_s).toBeLessThanOrEqual(60 + 1e-9);
      expect(v.to_s - v.from_s).toBeGreaterThanOrEqual(0.25 - 1e-9);
    }
    expect(clampView({ from_s: 0, to_s: 10 }, 0.1).to_s).toBeCloseTo(0.1);
  });
  it('moves to a stroke outside', () => {
    const moved = withTime(view, 20, 60);
    expect(moved.from_s).toBeLessThan(20);
    expect(moved.to_s).toBeGreaterThan(20);
    expect(withTime(view, 4, 60)).toBe(view);
  });
  it('finds the first stroke that is seen', () => {
    expect(firstAt([{ time_s: 1 }, { time_s: 2 }, { time_s: 2 }, { time_s: 3 }], 2)).toBe(1);
    expect(firstAt([], 2)).toBe(0);
  });
});

it('histograms count every stroke, far ones at the ends', () => {
  const bins = binsOf([-500, -1.9, 0, 1.9, 2.1, 61, 500]);
  expect(bins.reduce((a, b) => a + b, 0)).toBe(7);
  expect([bins[0], bins[15], bins[16], bins[30]]).toEqual([1, 3, 1, 2]);
});

it('draws no tempo that is not known', () => {
  const points = curveOf(verdict(4).study!.tempo_curve);
  expect(points.length).toBeGreaterThan(50);
  expect(Math.max(...points.map((p) => p.high - p.low))).toBeLessThan(15);
});

it('says early and late with the word, and no zero with a sign', () => {
  expect([earlyLate(-3.14), earlyLate(2), earlyLate(-0.04)]).toEqual(['3.1 ms early', '2.0 ms late', 'on time']);
  expect([signed(-0.04, 1), signed(1.25, 1), signed(-2, 0)]).toEqual(['0.0', '+1.3', '−2']);
  expect([voiceOf('hihat_open'), voiceOf('hihat_pedal'), voiceOf('tom_low'), voiceOf('rimshot'), voiceOf('clap')]).toEqual(['hi-hat', 'hi-hat pedal', 'toms', 'snare', 'other']);
});

it('the calendar ends today, on any weekday', () => {
  for (const day of ['2026-03-01', '2026-03-02', '2026-03-07', '2024-02-29']) {
    const squares = squaresOf([{ day, minutes: 20 }], day);
    expect(squares.at(-1)).toMatchObject({ day, minutes: 20, week: 25, row: (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7 });
    expect(squares[0]!.row).toBe(0);
  }
});

describe('what surrounds the numbers', () => {
  it('says what latency was taken off, and nothing of one that was not', () => {
    const take = { ...verdict(5), instrument: { jitter_ms: 0.05, bias_ms: 0, latency_ms: 12.5 } };
    expect(instrumentText(take)).toMatch(/^12\.50 ms of latency.*subtracted from every stroke/);
    expect(instrumentText({ ...take, instrument: { ...take.instrument, latency_ms: 0 } })).not.toMatch(/latency/);
  });
  it('draws no days that are to come', () => {
    const day_s = 86400;
    const [from_s, to_s] = daysShown([100 * day_s], 100.2 * day_s);
    expect(to_s).toBeLessThan(101.1 * day_s);
    expect(to_s - from_s).toBeGreaterThanOrEqual(14 * day_s);
    expect(daysShown([10 * day_s, 100 * day_s], 100.2 * day_s)[0]).toBeLessThan(10 * day_s);
  });
  it('speaks of time as people do', () => {
    expect([0.3, 1, 45, 90, 720].map(spent)).toEqual(['less than a minute', '1 minute', '45 minutes', '2 hours', '12 hours']);
  });
  it('names the year only where it is another one', () => {
    const at_s = new Date(2026, 10, 23, 12, 54).getTime() / 1000;
    expect(when(at_s, new Date(2026, 11, 1))).toBe('23 Nov, 12:54');
    expect(when(at_s, new Date(2027, 0, 1))).toMatch(/2026/);
  });
  it('makes a name of a file', () => {
    expect(nameOfFile('Walking Bass (12 bars).mid', 'x')).toBe('walking-bass-12-bars-');
    expect(nameOfFile('Übung.mid', 'x')).toBe('bung');
    expect(nameOfFile('…….mid', 'my-band')).toBe('my-band');
  });
});
