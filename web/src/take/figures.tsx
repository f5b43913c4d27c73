/* Tables of numbers with their intervals. */
import type { ComponentChildren } from 'preact';
import type { Estimate } from '../api_types';
import { between, fixed, known, signed, unknownText } from '../ui/words';
import type { Study, Verdict } from './verdict';

export function Key({ verdict }: { verdict: Verdict }) {
  const { all } = verdict;
  const moves = verdict.verdict.drift_found || verdict.verdict.ahead_of_click;
  const place = known(all.placement_ms) && !moves ? all.placement_ms : null;
  return (
    <dl class="key">
      <Card name="Placement" value={place ? sided(place.value) : moves ? 'moves with your tempo' : null} estimate={place ?? (moves ? undefined : all.placement_ms)} digits={1} unit="ms" note={whyNoPlace(verdict)} />
      <Card name="Drift" value={known(all.drift_bpm_per_min) ? `${signed(all.drift_bpm_per_min.value, 1)} bpm/min` : null} estimate={all.drift_bpm_per_min} digits={1} unit="bpm/min" />
      <Card name="Scatter" value={known(all.scatter_ms) ? `${all.scatter_ms.value.toFixed(1)} ms` : null} estimate={all.scatter_ms} digits={1} unit="ms"
        note={verdict.tolerance.scatter_ms === null ? undefined : `tight for ${verdict.config.level}: up to ${verdict.tolerance.scatter_ms.toFixed(1)} ms`} />
      <Card name="Tempo" value={known(all.tempo_bpm) ? `${all.tempo_bpm.value.toFixed(1)} bpm` : null} note={verdict.subdivision.text} />
      {verdict.chart && <Card name="Notes" value={`${verdict.chart.hit_count} of ${verdict.chart.notes.length}`} note={`${verdict.chart.missed_count} missed, ${verdict.chart.wrong_count} on another drum, ${verdict.chart.extra_count} too many`} />}
    </dl>
  );
}

/** Placement is against a click: without one there is nothing to be early or late against. */
function whyNoPlace(verdict: Verdict): string | undefined {
  return verdict.config.grid === 'free' && !known(verdict.all.placement_ms) ? 'there was no click to be early or late against' : undefined;
}

/** What the instrument itself did to the numbers, and that it was taken off. */
export function instrumentText({ instrument }: Verdict): string {
  const { latency_ms, jitter_ms } = instrument;
  const parts = [
    latency_ms ? `${latency_ms.toFixed(2)} ms of latency, as calibrated, are subtracted from every stroke` : null,
    jitter_ms !== null ? `${jitter_ms.toFixed(2)} ms of the instrument’s own jitter ${latency_ms ? '' : 'are subtracted '}from every spread` : null,
  ].filter(Boolean);
  return parts.length ? `${parts.join('; ')}.` : '';
}

function sided(ms: number): string {
  const text = Math.abs(ms).toFixed(1);
  return text === '0.0' ? '0 ms' : ms < 0 ? `◀ ${text} ms early` : `${text} ms late ▶`;
}

interface CardProps { name: string; value: string | null; estimate?: Estimate; digits?: number; unit?: string; note?: string | undefined }

function Card({ name, value, estimate, digits = 1, unit = '', note }: CardProps) {
  const sign = name === 'Scatter' ? fixed : signed;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value ?? <span class="soft">{unknownText(estimate)}</span>}
        {estimate && known(estimate) && <small>95 %: {sign(estimate.low, digits)} to {sign(estimate.high, digits)} {unit}</small>}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}

type Line = [name: string, estimate: Estimate, digits: number, unit: string];

/** What has a direction has a sign; sizes have none. */
const hasSign = (name: string, unit: string): boolean => /a minute|^bpm|^dB/.test(unit) ? !/roll speed|unevenness/.test(name) : /left hand/.test(name);

/** Only what is known; what is not has one line below. */
export function Lines({ lines, caption, children }: { lines: Line[]; caption: string; children?: ComponentChildren }) {
  const there = lines.filter(([, e]) => known(e));
  const waiting = lines.filter(([, e]) => e.known === 'cant_tell').map(([name]) => name);
  return (
    <>
      {there.length > 0 && (
        <table><caption>{caption}</caption><tbody>
          {there.map(([name, e, digits, unit]) => <tr key={name}><th scope="row">{name}</th><td>{between(e, digits, unit, hasSign(name, unit))}</td></tr>)}
        </tbody></table>
      )}
      {children}
      {!there.length && !waiting.length && <p class="soft">Nothing of this in the take.</p>}
      {waiting.length > 0 && <p class="soft">Can't tell yet: {waiting.join(', ')}.</p>}
    </>
  );
}

export const swingLines = ({ swing }: Study): Line[] => [
  ['ratio, long to short', swing.all.ratio, 2, ': 1'], ['short note', swing.all.short_ms, 0, 'ms'],
  ...swing.voices.map((v): Line => [`${v.voice}, ratio`, v.ratio, 2, ': 1']),
];
export const rollLines = ({ rolls, flams }: Study): Line[] => [
  ['unevenness of rolls', rolls.cv_pct, 1, '%'], ['roll speed', rolls.strokes_per_min, 0, 'strokes a minute'],
  ['flam', flams.flam_ms, 0, 'ms'], ['flam, spread', flams.flam_sd_ms, 0, 'ms'], ['drag', flams.drag_ms, 0, 'ms'],
];
export const dynamicLines = ({ dynamics, hands }: Study): Line[] => [
  ['accents against the others', dynamics.accent_db, 1, 'dB'], ['ghost notes against the others', dynamics.ghost_db, 1, 'dB'], ['unevenness', dynamics.evenness_db, 1, 'dB'],
  ['crescendo', dynamics.crescendo_db_per_min, 1, 'dB a minute'], ['backbeat', dynamics.backbeat_db, 1, 'dB'],
  ['left hand later', hands.left_later_ms, 1, 'ms'], ['left hand louder', hands.left_louder_db, 1, 'dB'],
];
export const fatigueLines = ({ fatigue }: Study): Line[] => [
  ['scatter', fatigue.scatter_pct_per_min, 0, '% a minute'], ['tempo', fatigue.drift_bpm_per_min, 2, 'bpm a minute'],
  ['roll speed', fatigue.roll_rate_per_min, 0, 'strokes a minute, each minute'], ['level', fatigue.level_db_per_min, 1, 'dB a minute'],
];
export const clockLines = ({ timekeeper, unison, fills }: Study): Line[] => [
  ['your clock', timekeeper.clock_ms, 1, 'ms'], ['your hands', timekeeper.motor_ms, 1, 'ms'], ['correction a beat', timekeeper.correction, 2, ''],
  ['strokes meant together', unison.spread_ms, 1, 'ms'], ['tempo inside fills', fills.inside_bpm, 1, 'bpm'], ['tempo after fills', fills.gain_bpm, 1, 'bpm'],
];
