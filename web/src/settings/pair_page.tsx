export function PairPage(_: { route: unknown }) { return <main tabIndex={-1}>PairPage</main>; }
