/**
 * What a program or component says of its own concurrency, for who watches. Follows the Linux
 * kernel's KCSAN: Documentation/dev-tools/kcsan.rst.
 *
 *   const value = data_race(() => counter.value);      a race here is meant
 *   ASSERT_EXCLUSIVE_WRITER(ring, 'head');             others may read it now, and not write
 *   ASSERT_EXCLUSIVE_ACCESS(node, 'refs');             nobody else is at it now
 *   const r = atomic_begin('transfer'); …; atomic_end(r);  others see all of it or nothing
 *
 * With nobody watching they do nothing. Nothing here is counted or a scheduling point, in generators
 * and in plain functions alike.
 */

import { hooks } from '../../hooks.ts';
import { keyOf } from '../collections.ts';
import { current } from '../current.ts';

/**
 * Evaluates `expression`, whose accesses may race: what comes out is good whatever order they are
 * in. They are plain code, so the LWP is not preempted among them.
 */
export function data_race<T>(expression: () => T): T {
  const { accesses } = hooks;
  accesses.marked++;
  try {
    return expression();
  } finally {
    accesses.marked--;
  }
}

/** What others must not do to a variable. */
export type Exclusion = 'write' | 'access';

/** Nobody else writes this variable without being ordered with the running LWP, now or later. */
export function ASSERT_EXCLUSIVE_WRITER(object: object, key: unknown): void {
  exclusive(object, key, 'write');
}

/** Nobody else reads or writes this variable without being ordered with the running LWP. */
export function ASSERT_EXCLUSIVE_ACCESS(object: object, key: unknown): void {
  exclusive(object, key, 'access');
}

function exclusive(object: object, key: unknown, excluded: Exclusion): void {
  const { monitor } = hooks;
  const l = current.lwp;
  const variables = current.world?.variables;
  if (monitor === null || l === null || variables == null) return;
  monitor.asserts(l, variables.of(object, keyOf(object, key), l), excluded);
}

/** A region that others are to see as one step. */
export class AtomicRegion {
  name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Begins a region of the running LWP. Regions nest. */
export function atomic_begin(name: string): AtomicRegion {
  const region = new AtomicRegion(name);
  if (current.lwp !== null) hooks.monitor?.regionBegins(current.lwp, region);
  return region;
}

/** Ends it. */
export function atomic_end(region: AtomicRegion): void {
  if (current.lwp !== null) hooks.monitor?.regionEnds(current.lwp, region);
}
