export function TakesPage(_: { route: unknown }) { return <main tabIndex={-1}>TakesPage</main>; }
