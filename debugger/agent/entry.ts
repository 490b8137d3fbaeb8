/**
 * Where a target's process starts. One that is to watch fields has its image patched before any of
 * it is loaded; any other goes on to main.ts at once.
 */

import type { TargetOrders } from './protocol.ts';

function orders(): Partial<TargetOrders> {
  return JSON.parse(process.env['RUMPUS_TARGET'] ?? '{}') as Partial<TargetOrders>;
}

async function start(): Promise<void> {
  const { fields = [], elements = false } = orders();
  if (fields.length > 0 || elements) {
    const { watchImage } = await import('./data/image.ts');
    watchImage({ fields, elements });
  }
  await import('./main.ts');
}

start().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.send?.({ kind: 'refused', message });
  process.exitCode = 2;
  process.disconnect?.();
});
