import { useEffect, useRef } from 'preact/hooks';
import { allKeys, keyName } from './keys';
import { SideIcon } from './side_icon';

export function Help({ close }: { close: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => ref.current?.showModal(), []);
  return (
    <dialog ref={ref} class="help" aria-labelledby="help-title" onClose={close} onClick={(e) => e.target === ref.current && close()}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {allKeys().map((b) => <div key={b.key}><dt><kbd>{keyName(b.key)}</kbd></dt><dd>{b.label}</dd></div>)}
      </dl>
      <h2>Signs</h2>
      <ul class="legend">
        <li><SideIcon side="early" /> you were early: left, orange, minus</li>
        <li><SideIcon side="on" /> on time: green</li>
        <li><SideIcon side="late" /> you were late: right, blue, plus</li>
        <li><SideIcon side="none" /> belongs to no note</li>
      </ul>
      <form method="dialog"><button class="primary">Close</button></form>
    </dialog>
  );
}
