/* A uPlot chart that follows the page's width and colours. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colours, type Colours } from './colours';

export interface PlotProps {
  label: string;
  height: number;
  data: uPlot.AlignedData;
  options: (c: Colours) => Omit<uPlot.Options, 'width' | 'height'>;
}

export function Plot(props: PlotProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const root = ref.current!;
    let plot = make(root, props);
    const again = () => {
      plot.destroy();
      plot = make(root, props);
    };
    const watcher = new ResizeObserver(() => root.clientWidth > 0 && plot.setSize({ width: root.clientWidth, height: props.height }));
    watcher.observe(root);
    addEventListener('colourschange', again);
    return () => {
      watcher.disconnect();
      removeEventListener('colourschange', again);
      plot.destroy();
    };
  }, [props.data]);
  return <div class="plot" role="img" aria-label={props.label} ref={ref} />;
}

function make(root: HTMLElement, { options, data, height }: PlotProps): uPlot {
  return new uPlot({ width: Math.max(200, root.clientWidth), height, ...options(colours()) }, data, root);
}

export function axisOf(c: Colours, more: uPlot.Axis): uPlot.Axis {
  return { stroke: c.soft, font: '13px system-ui, sans-serif', grid: { stroke: c.line, width: 1 }, ticks: { stroke: c.line, width: 1 }, ...more };
}
