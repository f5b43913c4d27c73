export function GroovePage(_: { route: unknown }) { return <main tabIndex={-1}>GroovePage</main>; }
