export function TakePage(_: { route: unknown }) { return <main tabIndex={-1}>TakePage</main>; }
