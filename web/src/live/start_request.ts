/* The start panel's choices as the server wants them. Pure. */
import type { SessionRequest } from '../api_types';

export interface Choice {
  [key: string]: string;
  chart: string; mode: string; from: string; to: string; tempo: string; minutes: string; limbs: string;
  input: string; drummer: string;
}

export const INITIAL: Choice = {
  chart: 'paradiddle', mode: 'ladder', from: '', to: '', tempo: '', minutes: '10', limbs: 'all',
  input: 'setup', drummer: 'scatter=8ms',
};

export const MODES: [string, string][] = [
  ['ladder', 'ladder: the tempo goes up and down'], ['gap', 'gap: silent bars that lengthen'],
  ['quiet', 'quiet: the click fades as you deserve it'], ['surprise', 'surprise'], ['endurance', 'endurance: hold it'],
  ['trade', 'trade: four bars each'], ['own', 'own: no click'], ['retention', 'retention: cold'],
];

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
    ...inputOf(choice),
  };
}

function inputOf({ input, drummer }: Choice): Partial<SessionRequest> {
  if (input === 'drummer') return { drummer };
  if (input === 'microphone') return { midi: 'none' };
  return input.startsWith('midi:') ? { midi: input.slice(5) } : {};
}
