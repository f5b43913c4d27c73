/* A canvas that is as sharp as the screen and is told when its size or the colours change. */
import { useEffect, useRef } from 'preact/hooks';

export interface Surface { g: CanvasRenderingContext2D; width: number; height: number }

export interface CanvasProps {
  class: string;
  label: string;
  /** Draws once; called on every change of size or colours. */
  draw?: (surface: Surface) => void;
  /** Called each frame while the page is seen. */
  frame?: (surface: Surface, now_ms: number) => void;
}

export function Canvas(props: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => run(ref.current!, latest), []);
  useEffect(() => redraw(ref.current!, props));
  return <canvas ref={ref} class={props.class} role="img" aria-label={props.label} />;
}

function surfaceOf(canvas: HTMLCanvasElement): Surface | null {
  const scale = Math.min(3, devicePixelRatio || 1);
  const { clientWidth: width, clientHeight: height } = canvas;
  const g = canvas.getContext('2d');
  if (!g || width < 2 || height < 2) return null;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  g.setTransform(scale, 0, 0, scale, 0, 0);
  return { g, width, height };
}

function redraw(canvas: HTMLCanvasElement, { draw }: CanvasProps): void {
  const surface = draw ? surfaceOf(canvas) : null;
  if (!surface || !draw) return;
  surface.g.clearRect(0, 0, surface.width, surface.height);
  draw(surface);
}

function run(canvas: HTMLCanvasElement, latest: { current: CanvasProps }): () => void {
  let asked = 0;
  let surface = surfaceOf(canvas);
  const resized = () => {
    surface = surfaceOf(canvas);
    redraw(canvas, latest.current);
  };
  const loop = (now_ms: number) => {
    if (surface) latest.current.frame?.(surface, now_ms);
    asked = requestAnimationFrame(loop);
  };
  const watcher = new ResizeObserver(resized);
  watcher.observe(canvas);
  addEventListener('colourschange', resized);
  if (latest.current.frame) asked = requestAnimationFrame(loop);
  return () => {
    watcher.disconnect();
    removeEventListener('colourschange', resized);
    cancelAnimationFrame(asked);
  };
}
