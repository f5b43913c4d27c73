import { describe, expect, it } from 'vitest';
import { readChart } from '../fake/chart_text';
import { texts } from '../fake/data';
import { signAfter } from '../src/charts/grid';
import { addBar, addRow, blocksOf, dropBar, setSign, settingOf, stepOf, withSetting } from '../src/charts/rows';
import { strokesOf, swung } from '../src/sound/chart_player';

const TEXT = 'name: a\ntempo: 96 # slow\nstep: 1/8\n\n[Verse] x2\nhi-hat |x-x- x-x-| %\nkick   |X---|x---|\n\n[] fill\nsnare |gggg|\n';

describe('grid and text are one', () => {
  it('finds cells where they stand', () => {
    const [verse, fill] = blocksOf(TEXT);
    expect(verse!.rows.map((r) => r.bars.map((b) => b.length))).toEqual([[8, 1], [4, 4]]);
    expect(fill!.rows[0]!.bars[0]!.map((c) => c.sign).join('')).toBe('gggg');
    const cell = verse!.rows[0]!.bars[0]![4]!;
    expect(setSign(TEXT, cell, 'o').split('\n')[5]).toBe('hi-hat |x-x- o-x-| %');
  });
  it('changes nothing but the character it is about', () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 16807) % 2147483647) % n;
    for (const { text } of texts.values()) {
      const blocks = blocksOf(text);
      const cells = blocks.flatMap((b) => b.rows).filter((r) => !r.is_hands && !r.is_fill).flatMap((r) => r.bars.flat()).filter((c) => 'x-Xg'.includes(c.sign));
      const cell = cells[random(cells.length)];
      if (!cell) continue;
      const changed = setSign(text, cell, cell.sign === '-' ? 'x' : '-');
      expect(changed.length).toBe(text.length);
      expect([...changed].filter((sign, i) => sign !== text[i]).length).toBe(1);
      expect(setSign(changed, cell, cell.sign)).toBe(text);
    }
  });
  it('adds a drum and a bar that are empty and full', () => {
    const text = texts.get('funk')!.text;
    const more = addRow(addBar(text, blocksOf(text)[0]!), blocksOf(addBar(text, blocksOf(text)[0]!))[0]!, 'ride');
    const chart = readChart(more);
    expect(chart.bars).toBe(3);
    expect(chart.notes.length).toBe(readChart(text).notes.length);
    expect(readChart(dropBar(more, blocksOf(more)[0]!)).bars).toBe(2);
  });
  it('keeps the first bar', () => {
    const text = texts.get('paradiddle')!.text;
    expect(dropBar(text, blocksOf(text)[0]!)).toBe(text);
  });
  it('reads and writes settings, dollars too', () => {
    expect(settingOf(TEXT, 'tempo')).toBe('96');
    expect(settingOf(withSetting(TEXT, 'title', 'A $& B'), 'title')).toBe('A $& B');
    expect(withSetting(TEXT, 'tempo', '120')).toContain('\ntempo: 120\n');
  });
  it('knows steps', () => {
    expect([stepOf('1/16'), stepOf('1/8 triplets'), stepOf('240t'), stepOf('x')]).toEqual([1 / 16, 1 / 12, 1 / 16, null]);
  });
  it('goes round: stroke, accent, ghost, rest; a brush writes and takes back', () => {
    const row = { is_hands: false };
    expect(['-', 'x', 'X', 'g'].map((s) => signAfter(s, row, null))).toEqual(['x', 'X', 'g', '-']);
    expect([signAfter('-', row, 'o'), signAfter('o', row, 'o')]).toEqual(['o', '-']);
    expect(signAfter('R', { is_hands: true }, 'o')).toBe('L');
  });
});

describe('playback', () => {
  it('swings by pairs', () => {
    expect(swung(480, 960, 2 / 3)).toBeCloseTo(640);
    expect(swung(960, 960, 2 / 3)).toBe(960);
    expect(swung(480, 0, 0.5)).toBe(480);
  });
  it('writes out flams and rolls', () => {
    const chart = readChart('step: 1/4\n\nsnare |f-r~|\n');
    expect(strokesOf(chart).map((s) => s.tick).slice(0, 3)).toEqual([-50, 0, 1920]);
    expect(strokesOf(chart).length).toBe(2 + 16);
  });
});
