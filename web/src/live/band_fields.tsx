/* The band: a bass and comping line of a MIDI file that plays along. */
import { useState } from 'preact/hooks';
import { api, say } from '../api';
import { Select } from '../ui/field';
import { useLoad } from '../ui/use_load';
import { nameOfFile } from '../ui/words';

export interface BandFieldsProps { band: string; level_db: string; set: (change: { band?: string; band_db?: string }) => void }

export function BandFields({ band, level_db, set }: BandFieldsProps) {
  const loaded = useLoad(() => api.bands(), []);
  const [error, setError] = useState<string | null>(null);
  const bands = loaded.value;
  if (!bands) return null;
  const add = (file: File | undefined) => {
    if (!file) return;
    const name = nameOfFile(file.name, 'my-band');
    api.putBand(name, file).then(() => (setError(null), set({ band: name }), loaded.again()), (e: unknown) => setError(say(e)));
  };
  const names = bands.bands.map((b): [string, string] => [b.name, b.name]);
  const options: [string, string][] = bands.given ? [['', bands.given], ['none', 'none'], ...names] : [['', 'none'], ...names];
  const chosen = options.some(([key]) => key === band) ? band : '';
  const bars = bands.bands.find((b) => b.name === chosen);
  const is_none = chosen === 'none' || (chosen === '' && !bands.given);
  return (
    <>
      <div class="field">
        <Select label="Band" value={chosen} options={options} set={(name) => set({ band: name })} hint={is_none ? undefined : (bands.text ?? undefined)} />
        <label class="file-button add-file">{bars && `${bars.bars} ${bars.bars === 1 ? 'bar' : 'bars'}; `}<u>add a MIDI file</u><input type="file" accept=".mid,.midi" onChange={(e) => add(e.currentTarget.files?.[0])} /></label>
      </div>
      {!is_none && <Select label="Band, beside the click" value={level_db} options={[['6', 'louder: +6 dB'], ['0', 'as it is'], ['-6', 'softer: −6 dB'], ['-12', 'much softer: −12 dB']]} set={(db) => set({ band_db: db })} />}
      {error && <p class="error wide" role="alert">{error}</p>}
    </>
  );
}
