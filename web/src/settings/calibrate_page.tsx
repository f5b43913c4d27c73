export function CalibratePage(_: { route: unknown }) { return <main tabIndex={-1}>CalibratePage</main>; }
