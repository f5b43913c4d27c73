/* What a select of devices offers: none, what there is, and what was chosen but is away. */
import type { Devices } from '../api_types';

type Options = [string, string][];

function optionsOf(list: Devices['sound'], chosen: string | null, first: Options): Options {
  const known = list.map((d): [string, string] => [d.name, deviceText(d)]);
  const there = [...first, ...known];
  return chosen && !there.some(([name]) => name === chosen) ? [...there, [chosen, `${chosen} (away)`]] : there;
}

export const soundOptions = (devices: Devices, chosen: string | null): Options => optionsOf(devices.sound, chosen, [['', 'as the program finds it']]);

/** "any": whatever kit is there when it begins, so that it may be plugged in later. */
export const midiOptions = (devices: Devices, chosen: string | null): Options => optionsOf(devices.midi, chosen, [['', 'none: microphone'], ['any', 'any MIDI port']]);

function deviceText(d: Devices['sound'][number]): string {
  const text = d.text && d.text !== d.name ? `${d.text} (${d.name})` : d.name;
  return d.is_usable === false && d.note ? `${text}: ${d.note}` : text;
}
