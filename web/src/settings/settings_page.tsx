export function SettingsPage(_: { route: unknown }) { return <main tabIndex={-1}>SettingsPage</main>; }
