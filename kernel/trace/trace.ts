/**
 * Trace points. A disabled one is a compare with null; an enabled one writes 8 words.
 */

import { hooks } from '../hooks.ts';
import { current } from '../world/current.ts';
import type { EventKind } from './ring.ts';

/** Whether anybody traces: guard for points whose arguments cost something. */
export function tracing(): boolean {
  return current.world !== null && current.world.ring !== null;
}

/** Writes an event of the running LWP. */
export function trace(kind: EventKind, a = 0, b = 0, c = 0, d = 0): void {
  const w = current.world;
  if (w === null || w.ring === null) return;
  const l = current.lwp;
  const head = l === null ? kind : kind | (l.cpu.index << 8) | (l.kernel.id << 16);
  w.ring.put(hooks.printIcount(), head, l === null ? 0 : l.id, a, b, c, d);
}

/** The ring's index for a string; 0 when nobody traces. */
export function traceString(text: string): number {
  const w = current.world;
  return w === null || w.ring === null ? 0 : w.ring.intern(text);
}
