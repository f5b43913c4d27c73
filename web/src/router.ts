/* Pages by the address's hash: #/live, #/take/12, #/charts/funk?... The tablet's door is the path /pair. */
import { useEffect, useState } from 'preact/hooks';

export interface Route { page: string; args: string[]; query: URLSearchParams }

export function readRoute(hash: string, pathname: string): Route {
  if (/\/pair\/?$/.test(pathname)) return { page: 'pair', args: [], query: new URLSearchParams() };
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', ...args] = path.split('/').map(decodePart);
  return { page: page || 'live', args: args.filter(Boolean), query: new URLSearchParams(query) };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useRoute(): Route {
  const read = () => readRoute(location.hash, location.pathname);
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const changed = () => setRoute(read());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}

export function go(to: string): void {
  location.hash = `#/${to}`;
}
