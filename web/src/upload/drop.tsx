/* A file may be dropped anywhere on the page. */
import { useEffect, useState } from 'preact/hooks';
import { go } from '../router';
import { sendFile } from './send';

export function DropAnywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const has = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (e: DragEvent) => has(e) && (e.preventDefault(), setOver(true));
    const onLeave = (e: DragEvent) => e.relatedTarget === null && setOver(false);
    const onDrop = (e: DragEvent) => {
      if (!has(e)) return;
      e.preventDefault();
      setOver(false);
      const file = e.dataTransfer?.files[0];
      if (file && !(e.target as Element | null)?.closest?.('[data-takes-files]')) (sendFile(file), go('upload'));
    };
    addEventListener('dragover', onOver);
    addEventListener('dragleave', onLeave);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragover', onOver);
      removeEventListener('dragleave', onLeave);
      removeEventListener('drop', onDrop);
    };
  }, []);
  return over ? <div class="drop-veil" aria-hidden="true"><p>Drop the recording or MIDI file</p></div> : null;
}
