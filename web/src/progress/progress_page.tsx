export function ProgressPage(_: { route: unknown }) { return <main tabIndex={-1}>ProgressPage</main>; }
