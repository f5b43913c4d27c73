/* A block of the text as a grid; a touch changes the character it stands for. */
import { addBar, addRow, dropBar, setSign, type Block, type Cell, type Row } from './rows';

/** What a touch makes of a cell: nothing, a stroke, an accent, a ghost note. */
const NEXT: Record<string, string> = { '-': 'x', '.': 'x', x: 'X', X: 'g', g: '-' };
const NAMES: Record<string, string> = { '-': 'rest', '.': 'rest', x: 'stroke', X: 'accent', g: 'ghost note', o: 'open', O: 'open accent', f: 'flam', F: 'flam accent', d: 'drag', D: 'drag accent', r: 'roll', R: 'roll accent', z: 'buzz', Z: 'buzz accent', '~': 'roll goes on', '%': 'the bar before again' };
const DRUMS = ['hi-hat', 'snare', 'kick', 'ride', 'bell', 'crash', 'high tom', 'mid tom', 'low tom', 'pedal', 'cross-stick', 'cowbell'];

export interface GridProps { text: string; block: Block; brush: string | null; set: (text: string) => void; now: number | null }

export function Grid({ text, block, brush, set, now }: GridProps) {
  const rows = block.rows.filter((r) => !r.is_fill);
  const steps_per_beat = Math.max(1, Math.round(0.25 / block.step));
  const missing = DRUMS.filter((d) => !block.rows.some((r) => r.name === d));
  const bars = rows[0]?.bars.length ?? 0;
  return (
    <div>
      <div class="groove-grid" tabIndex={0} role="region" aria-label={block.head || 'Grid'}>
        <table><tbody>
          {rows.map((row) => (
            <tr key={row.line}><th scope="row">{row.name}</th>
              {row.bars.map((bar, b) => bar.map((cell, i) => <GridCell key={cell.column} row={row} cell={cell} place={`bar ${b + 1}, step ${i + 1}`} is_bar={i === 0 && b > 0} is_beat={i % steps_per_beat === 0} is_now={now !== null && now === b * bar.length + i}
                touch={() => set(setSign(text, cell, signAfter(cell.sign, row, brush)))} />))}
            </tr>
          ))}
        </tbody></table>
      </div>
      <div class="actions tight">
        <label class="field"><span class="unseen">Add a drum</span>
          <select value="" onChange={(e) => e.currentTarget.value && set(addRow(text, block, e.currentTarget.value))}>
            <option value="">add a drum…</option>{missing.map((d) => <option key={d} value={d}>{d}</option>)}
          </select>
        </label>
        <button onClick={() => set(addBar(text, block))}>Add a bar</button>
        <button disabled={bars < 2} onClick={() => set(dropBar(text, block))}>Drop the last bar</button>
      </div>
    </div>
  );
}

export function signAfter(sign: string, row: Pick<Row, 'is_hands'>, brush: string | null): string {
  if (row.is_hands) return { '-': 'R', R: 'L', L: '-' }[sign] ?? '-';
  if (brush !== null) return sign === brush ? '-' : brush;
  return NEXT[sign] ?? '-';
}

interface CellProps { row: Row; cell: Cell; place: string; is_bar: boolean; is_beat: boolean; is_now: boolean; touch: () => void }

function GridCell({ row, cell, place, is_bar, is_beat, is_now, touch }: CellProps) {
  const { sign } = cell;
  const is_off = sign === '-' || sign === '.';
  const look = is_off ? '' : sign === 'g' ? 'ghost' : sign !== sign.toLowerCase() && !row.is_hands ? 'accent' : 'on';
  const name = row.is_hands ? sign : (NAMES[sign] ?? sign);
  return (
    <td>
      <button class={`cell ${look} ${is_bar ? 'is-bar' : is_beat ? 'is-beat' : ''} ${is_now ? 'now' : ''}`} onClick={touch} disabled={sign === '%' || sign === '~'} aria-label={`${row.name}, ${place}: ${name}`}>
        {is_off ? '' : sign}
      </button>
    </td>
  );
}
