/* The start panel's choices as the server wants them. Pure. */
import type { SessionRequest } from '../api_types';

export interface Choice {
  [key: string]: string;
  chart: string; mode: string; from: string; to: string; tempo: string; minutes: string; limbs: string; clicks: string;
  input: string; drummer: string; band: string; band_db: string;
}

export const INITIAL: Choice = {
  chart: 'paradiddle', mode: 'ladder', from: '', to: '', tempo: '', minutes: '10', limbs: 'all', clicks: '1',
  input: 'setup', drummer: 'scatter=8ms', band: '', band_db: '0',
};

const MODE_TEXTS: Record<string, string> = {
  ladder: 'The tempo goes up when you are clean and down when not.', gap: 'Silent bars that get longer: is your own pulse right?',
  quiet: 'The click fades while you deserve it.', surprise: 'Tempo jumps, dropped clicks, double-time on cue.', endurance: 'One tempo, held.',
  trade: 'Four bars you, four bars the click.', own: 'No click: your own time.', retention: 'Cold: the tempo of last time, at once.',
};
export const MODES: [string, string][] = Object.keys(MODE_TEXTS).map((mode) => [mode, mode]);
export const modeText = (mode: string): string => MODE_TEXTS[mode] ?? '';

/** How the simulated drummer plays, for who has no drum at hand. */
export const DRUMMERS: [string, string][] = [
  ['scatter=8ms', 'on a good day'], ['scatter=18ms miss=3% extra=1%', 'on a bad day'], ['scatter=8ms drift=+4bpm/min', 'he rushes'], ['scatter=8ms drift=-4bpm/min', 'he drags'],
];

/** Clicks in each beat; the program's own is one. */
export const CLICKS: [string, string][] = [['1', 'on the beats'], ...[2, 3, 4, 5, 6].map((n): [string, string] => [String(n), `${n} in each beat`])];

/** What becomes of them with this chart; a beat of 6/8, 9/8, 12/8 is three eighths. */
export function clicksText(clicks: string, meter: string | undefined): string | undefined {
  const [numerator = 4, denominator = 4] = (meter ?? '').split('/').filter(Boolean).map(Number);
  const is_compound = denominator >= 8 && numerator > 3 && numerator % 3 === 0;
  if (clicks === '1') return undefined;
  if (is_compound && Number(clicks) % 3 !== 0) return `in ${meter} only 3 and 6 divide the beat: on the beats`;
  return Number(clicks) % 2 === 0 ? 'swing with the chart' : undefined;
}

const number = (text: string): number | null => (text.trim() === '' || !Number.isFinite(Number(text)) ? null : Number(text));

/** Level and tone are the settings'; without them the program's own. */
export function requestOf(choice: Choice, settings: { level: string; tone: string } | null): SessionRequest {
  const is_ladder = choice.mode === 'ladder';
  return {
    chart: choice.chart.trim(),
    mode: choice.mode,
    ...(is_ladder ? { from_bpm: number(choice.from), to_bpm: number(choice.to) } : { tempo_bpm: number(choice.tempo) }),
    minutes: number(choice.minutes) ?? 10,
    ...(settings ? { level: settings.level, tone: settings.tone } : {}),
    limbs: choice.limbs,
    ...(choice.clicks !== '1' ? { subdivisions: Number(choice.clicks) } : {}),
    ...inputOf(choice),
    ...bandOf(choice),
  };
}

function inputOf({ input, drummer }: Choice): Partial<SessionRequest> {
  if (input === 'drummer') return { drummer };
  if (input === 'microphone') return { midi: 'none' };
  return input.startsWith('midi:') ? { midi: input.slice(5) } : {};
}

/** '': as the command line says, and none where it says nothing. */
function bandOf({ band, band_db }: Choice): Partial<SessionRequest> {
  if (band === 'none') return { band };
  return { ...(band ? { band } : {}), ...(number(band_db) ? { band_level_db: number(band_db)! } : {}) };
}
