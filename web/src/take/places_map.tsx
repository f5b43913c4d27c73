/* Each drum at each place of the bar: how early or late it usually was. */
import { known, VOICES } from '../ui/words';
import type { Place } from './verdict';

export function PlacesMap({ places }: { places: Place[] }) {
  const ticks = [...new Map(places.map((p) => [p.bar_tick, p.name])).entries()].sort((a, b) => a[0] - b[0]);
  const voices = VOICES.filter((v) => places.some((p) => p.voice === v));
  if (!ticks.length) return <p class="soft">Nothing to show.</p>;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Places in the bar">
      <table class="map">
        <caption>Mean offset from your own pulse in ms: ◀ early, late ▶; dim: could be chance.</caption>
        <thead><tr><th scope="col">drum</th>{ticks.map(([tick, name]) => <th scope="col" key={tick}>{name}</th>)}</tr></thead>
        <tbody>
          {voices.map((voice) => (
            <tr key={voice}>
              <th scope="row">{voice}</th>
              {ticks.map(([tick]) => <PlaceCell key={tick} place={places.find((p) => p.voice === voice && p.bar_tick === tick)} />)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PlaceCell({ place }: { place: Place | undefined }) {
  if (!place || !known(place.offset_ms)) return <td />;
  const { value, low, high } = place.offset_ms;
  const is_sure = low > 0 || high < 0;
  const side = Math.abs(value) < 3 ? 'o' : value < 0 ? 'ce' : 'cl';
  const text = Math.abs(value).toFixed(0);
  const title = `${place.voice} on ${place.name}: ${value.toFixed(1)} ms (${low.toFixed(1)} to ${high.toFixed(1)}), ${place.count} strokes`;
  return <td class={`${is_sure ? side : ''} ${is_sure ? '' : 'dim'}`} title={title}>{side === 'ce' && '◀ '}{text}{side === 'cl' && ' ▶'}</td>;
}
