/*
 * A text groove's bars, found where they stand in the text, so that a cell of the grid is a
 * character of the text: the text is the one truth, the grid a view of it. Pure. docs/charts.md.
 */

export interface Cell { line: number; column: number; sign: string }
export interface Row { line: number; name: string; is_hands: boolean; is_fill: boolean; bars: Cell[][] }
/** Rows that stand together: they sound together. */
export interface Block { first_line: number; last_line: number; head: string; rows: Row[]; step: number }

export const STROKES = 'xXgoOfFdDrRzZ';

const ROW = /^(\s*)([^|#:[\]]+?)\s*:?\s*\|(.*)$/;

/** What a step lasts as a share of a whole note, of "1/16", "1/8 triplets" or "240t". */
export function stepOf(text: string): number | null {
  const ticks = /^(\d+)\s*t$/.exec(text.trim());
  if (ticks) return Number(ticks[1]) / 3840;
  const match = /^(\d+)\s*\/\s*(\d+)\s*(triplets)?$/.exec(text.trim());
  if (!match || Number(match[2]) === 0) return null;
  return (Number(match[1]) / Number(match[2])) * (match[3] ? 2 / 3 : 1);
}

export function rowOf(text: string, line: number): Row | null {
  const match = ROW.exec(text.replace(/#.*$/, ''));
  if (!match) return null;
  const name = match[2]!.trim().toLowerCase();
  const from = text.indexOf('|') + 1;
  const bars: Cell[][] = [[]];
  for (let column = from; column < text.length && text[column] !== '#'; column++) {
    const sign = text[column]!;
    if (sign === '|') bars.push([]);
    else if (!/\s/.test(sign)) bars[bars.length - 1]!.push({ line, column, sign });
  }
  if (!bars[bars.length - 1]!.length) bars.pop();
  return { line, name, is_hands: /^hands\b/.test(name), is_fill: name === 'fill', bars };
}

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let step = 1 / 16;
  let head = '';
  let open: Block | null = null;
  text.split('\n').forEach((raw, line) => {
    const row = rowOf(raw, line);
    if (row) {
      if (!open) blocks.push((open = { first_line: line, last_line: line, head, rows: [], step }));
      open.rows.push(row);
      open.last_line = line;
      return;
    }
    if (!raw.trim().startsWith('#')) open = null;
    const setting = /^\s*step\s*:\s*([^#]+)/i.exec(raw);
    if (setting) step = stepOf(setting[1]!) ?? step;
    if (/^\s*\[/.test(raw)) head = raw.trim();
  });
  return blocks;
}

export function setSign(text: string, cell: { line: number; column: number }, sign: string): string {
  const lines = text.split('\n');
  const line = lines[cell.line] ?? '';
  lines[cell.line] = line.slice(0, cell.column) + sign + line.slice(cell.column + 1);
  return lines.join('\n');
}

/** A line for another drum below the block's last drum, empty. */
export function addRow(text: string, block: Block, name: string): string {
  const model = block.rows.find((r) => !r.is_hands && !r.is_fill);
  if (!model) return text;
  const bars = model.bars.map((bar) => '-'.repeat(bar.length === 1 && bar[0]!.sign === '%' ? longestBar(block) : bar.length));
  const lines = text.split('\n');
  const at = block.rows.filter((r) => !r.is_hands && !r.is_fill).at(-1)!.line + 1;
  lines.splice(at, 0, `${name.padEnd(11)} |${bars.join('|')}|`);
  return lines.join('\n');
}

/** One more bar of the same length in every line of the block, empty. */
export function addBar(text: string, block: Block): string {
  const length = longestBar(block);
  const lines = text.split('\n');
  for (const row of block.rows) lines[row.line] = `${lines[row.line]!.replace(/\s*(#.*)?$/, '').replace(/\|?$/, '|')}${'-'.repeat(length)}|`;
  return lines.join('\n');
}

/** Without the last bar of the block; the first one stays. */
export function dropBar(text: string, block: Block): string {
  if (block.rows.some((r) => r.bars.length < 2)) return text;
  const lines = text.split('\n');
  for (const row of block.rows) {
    const last = row.bars.at(-1)!;
    lines[row.line] = lines[row.line]!.slice(0, last[0]!.column);
  }
  return lines.join('\n');
}

function longestBar(block: Block): number {
  return Math.max(1, ...block.rows.flatMap((r) => r.bars.map((b) => b.length)));
}

/** The value of a setting above the first bars, and the text with another one. */
export function settingOf(text: string, key: string): string | null {
  return new RegExp(`^\\s*${key}\\s*:\\s*([^#\\n]*)`, 'im').exec(text)?.[1]?.trim() ?? null;
}

export function withSetting(text: string, key: string, value: string): string {
  const line = new RegExp(`^\\s*${key}\\s*:.*$`, 'im');
  if (line.test(text)) return text.replace(line, () => `${key}: ${value}`);
  return `${key}: ${value}\n${text}`;
}
