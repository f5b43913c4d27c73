export function ComparePage(_: { route: unknown }) { return <main tabIndex={-1}>ComparePage</main>; }
