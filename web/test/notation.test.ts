import { describe, expect, it } from 'vitest';
import { readChart } from '../fake/chart_text';
import { texts } from '../fake/data';
import { barsOf, barTicks, groupOf, groupsOf, type Group } from '../src/notation/rhythm';
import { systemsOf } from '../src/notation/systems';
import { windowOf } from '../src/notation/score';

const lengthOf = (group: Group): number => group.cells.reduce((sum, c) => sum + ((c.dotted ? 1.5 : 1) * 3840) / c.value, 0) * (group.tuplet ? group.tuplet.occupied / group.tuplet.notes : 1);
const at = (...ticks: number[]) => ticks.map((t, index) => ({ at: t, index }));

describe('notes are written as drummers read them', () => {
  it('sixteenths and what lies between', () => {
    expect(groupOf(at(0, 720), 960).cells.map((c) => [c.value, c.dotted])).toEqual([[8, true], [16, false]]);
    expect(groupOf(at(240), 960).cells.map((c) => [c.value, c.dotted, c.notes.length])).toEqual([[16, false, 0], [8, true, 1]]);
  });
  it('triplets as triplets, not as thirty-seconds', () => {
    expect(groupOf(at(0, 320, 640), 960)).toMatchObject({ tuplet: { notes: 3, occupied: 2 }, cells: [{ value: 8 }, { value: 8 }, { value: 8 }] });
    expect(groupOf(at(0, 160, 320, 480, 640, 800), 960).tuplet).toEqual({ notes: 6, occupied: 4 });
    expect(groupOf(at(0, 640), 960).cells.map((c) => c.value)).toEqual([4, 8]);
  });
  it('two drums at once as one chord', () => {
    expect(groupOf([{ at: 0, index: 3 }, { at: 0, index: 4 }], 960).cells[0]!.notes).toEqual([3, 4]);
  });
  it('beats of any metre', () => {
    expect(groupsOf(6, 8).map((g) => g.ticks)).toEqual([1440, 1440]);
    expect(groupsOf(7, 8).map((g) => g.ticks)).toEqual([960, 960, 1440]);
    expect(groupsOf(5, 4).map((g) => g.ticks)).toEqual([960, 960, 960, 960, 960]);
    expect(groupsOf(3, 8).map((g) => g.ticks)).toEqual([1440]);
  });
});

describe('every chart of the library', () => {
  for (const [name, { text }] of texts) {
    it(`${name}: each bar is full and no note is lost`, () => {
      const chart = readChart(text);
      const bars = barsOf(chart);
      const written = bars.flatMap((b) => [...b.hands, ...b.feet]).flatMap((g) => g.cells).flatMap((c) => c.notes);
      expect(written.sort((a, b) => a - b)).toEqual(chart.notes.map((_, i) => i));
      for (const bar of bars)
        for (const voice of [bar.hands, bar.feet])
          if (voice.length) expect(voice.reduce((sum, g) => sum + lengthOf(g), 0)).toBeCloseTo(barTicks(bar.numerator, bar.denominator), 6);
    });
  }
});

it('lines hold at least a bar and at most four', () => {
  const bars = barsOf(readChart(texts.get('funk-song')!.text));
  for (const width of [200, 360, 900, 2400]) {
    const systems = systemsOf(bars, width);
    expect(systems.flat()).toEqual(bars);
    expect(Math.max(...systems.map((s) => s.length))).toBeLessThanOrEqual(4);
  }
});

it('shows the line that is played and the next', () => {
  const lines = [[0, 1], [2, 3], [4, 5]];
  expect(windowOf(lines, 2, 2)).toEqual([1, 2]);
  expect(windowOf(lines, 5, 2)).toEqual([1, 2]);
  expect(windowOf(lines, null, 1)).toEqual([0]);
});
