export function PlanPage(_: { route: unknown }) { return <main tabIndex={-1}>PlanPage</main>; }
