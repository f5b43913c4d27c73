import { useEffect, useRef, useState } from 'preact/hooks';

/** The width of an element in whole pixels; 0 before it is laid out. */
export function useWidth(): [{ current: HTMLDivElement | null }, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current!;
    const look = () => setWidth(Math.floor(element.clientWidth));
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    look();
    return () => watcher.disconnect();
  }, []);
  return [ref, width];
}
