/**
 * Poison: makes any later use of a freed object a finding, with what it was and where it was freed.
 *
 * The fields of a freed record become accessors that end the run with verdict `use-after-free`.
 * After the end of the run, and to tools, they show the last values. Only with `lockdebug` on.
 */

import { current } from '../world/current.ts';
import { freedText, reportFreed } from '../world/detect/freed.ts';
import type { World } from '../world/world.ts';
import { fail } from './subr_prf.ts';

/** What freed bytes are filled with: 0xdeadbeef, as in NetBSD's subr_kmem.c. */
const POISON_BYTES = [0xde, 0xad, 0xbe, 0xef];

/** Fills freed bytes. */
export function poisonBytes(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = POISON_BYTES[i & 3];
}

/** Poisons a freed record; `name` is the pool's. */
export function poisonObject(w: World, object: object, name: string): void {
  for (const field of Object.keys(object)) {
    const value: unknown = (object as Record<string, unknown>)[field];
    const use = (does: 'read' | 'write'): void => {
      if (current.world !== w || w.outcome !== null || current.lwp === null) return;
      const how = does === 'read' ? 'read' : 'written';
      const freed = freedText(w, object) ?? '';
      const message = `${name}.${field} is ${how} after the ${name} was freed ${freed}`;
      reportFreed(w, object, name, { verdict: 'use-after-free', message, does });
      fail('use-after-free', message);
    };
    Object.defineProperty(object, field, {
      configurable: true,
      enumerable: true,
      get: () => {
        use('read');
        return value;
      },
      set: () => use('write'),
    });
  }
}
