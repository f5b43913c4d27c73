/* A suite without a framework: named checks, each timed, all run, one report. */
const results: { name: string; ok: boolean; text: string; ms: number }[] = [];

export async function check(name: string, run: () => Promise<string | void>): Promise<void> {
  const only = process.env['E2E_ONLY'];
  if (only && !new RegExp(only).test(name)) return;
  const began = performance.now();
  try {
    const text = (await run()) ?? '';
    results.push({ name, ok: true, text, ms: performance.now() - began });
  } catch (error) {
    results.push({ name, ok: false, text: String((error as Error).message ?? error).slice(0, 1500), ms: performance.now() - began });
  }
  const last = results.at(-1)!;
  console.log(`${last.ok ? 'ok  ' : 'FAIL'} ${last.name} (${(last.ms / 1000).toFixed(1)} s)${last.text ? `: ${last.text}` : ''}`);
}

const left_out: string[] = [];

/** A check that cannot be made over this server: named, never passed over in silence. */
export function leaveOut(name: string, why: string): void {
  const only = process.env['E2E_ONLY'];
  if (only && !new RegExp(only).test(name)) return;
  left_out.push(name);
  console.log(`left out: ${name}: ${why}`);
}

export function expect(is: boolean, text: string): void {
  if (!is) throw new Error(text);
}

export function finish(): never {
  const failed = results.filter((r) => !r.ok);
  for (const { name, text } of failed) console.log(`failed: ${name}: ${text}`);
  if (left_out.length) console.log(`${left_out.length} left out, named above`);
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exit(failed.length ? 1 : 0);
}
