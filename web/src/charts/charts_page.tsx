export function ChartsPage(_: { route: unknown }) { return <main tabIndex={-1}>ChartsPage</main>; }
