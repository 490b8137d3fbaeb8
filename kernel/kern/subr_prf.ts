/**
 * panic(9), KASSERT(9) and printf(9). Follows NetBSD sys/kern/subr_prf.c and sys/lib/libkern.h.
 *
 * panic() ends the world, not the host: it concludes the run with the stack still in place (so
 * that a core can show it) and unwinds to the scheduler loop.
 */

import type { Verdict } from '../verdict.ts';
import { curkernel, current, curworld } from '../world/current.ts';
import { conclude, unwindWorld } from '../world/outcome.ts';
import { hooks } from '../hooks.ts';

/** Lines of the message buffer that are kept. */
const DMESG_MAX = 1000;

/** Ends the run with verdict `panic`. */
export function panic(message: string): never {
  return fail('panic', message);
}

/** Ends the run with verdict `kassert` unless `condition` holds. */
export function KASSERT(condition: unknown, message: string): asserts condition {
  if (!condition) fail('kassert', message);
}

/** Ends the run with a verdict of its own: for detectors. */
export function fail(verdict: Verdict, message: string): never {
  printf(`${verdict}: ${message}\n`);
  conclude(curworld(), verdict, message, current.lwp, { site: hooks.site });
  unwindWorld();
}

/** Writes to the kernel's message buffer and console. Takes no locks and never sleeps here. */
export function printf(text: string): void {
  const k = curkernel();
  for (const line of text.split('\n')) if (line !== '') k.dmesg.push(line);
  if (k.dmesg.length > DMESG_MAX) k.dmesg.splice(0, k.dmesg.length - DMESG_MAX);
  k.world.observer.console?.(text);
}
