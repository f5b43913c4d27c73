/* Loads a page's code when it is first wanted. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Route } from '../router';

type Page = ComponentType<{ route: Route }>;

export function Lazy({ load, route }: { load: () => Promise<Page>; route: Route }) {
  const [page, setPage] = useState<{ Page: Page } | null>(null);
  const [error, setError] = useState(false);
  useEffect(() => {
    load().then((Page) => setPage({ Page }), () => setError(true));
  }, []);
  if (error) return <main tabIndex={-1}><p class="error" role="alert">This part of the page could not be loaded. Load it again.</p></main>;
  if (!page) return <main tabIndex={-1} aria-busy="true"><p class="soft">Loading…</p></main>;
  return <page.Page route={route} />;
}
