/**
 * The scopes of a suspended generator one by one, from the inside out.
 *
 *   const reader = scopeReader();
 *   for (let i = 0; i < reader.count(generator); i++) reader.scope(generator, i);
 *
 * The inspector gives all scopes of a generator or none, each as a new object; that of the whole
 * bundle has two thousand names, takes 0.3 ms and is the same for every frame. The functions that
 * the engine has for the tests of its own debugger make one scope at a time, as the same kind of
 * object. Where an engine has them no more, scopeReader() gives null, and the inspector is asked.
 *
 * They can be named only in code that is compiled while a flag is set, and the engine may forget
 * what it compiled; so a reader is made for each use, and is not kept.
 */

import { setFlagsFromString } from 'node:v8';
import type { LiveScope } from './inspect.ts';

export interface ScopeReader {
  count(generator: object): number;
  /** The n-th scope, the innermost being 0. */
  scope(generator: object, index: number): LiveScope;
}

type Read = (generator: object, index: number) => readonly [type: number, object: object];

/** The engine's numbers for kinds of scopes, in the inspector's words. */
const KINDS = [
  ...['Global', 'Local', 'With', 'Closure', 'Catch', 'Block', 'Script', 'Eval', 'Module'],
];
/** The functions are in parentheses so that the engine compiles them at once. */
const SOURCE = `return [
  (function (generator) { return %GetGeneratorScopeCount(generator); }),
  (function (generator, index) { return %GetGeneratorScopeDetails(generator, index); }),
];`;

/** Null when the engine does not offer it. */
export function scopeReader(): ScopeReader | null {
  setFlagsFromString('--allow-natives-syntax');
  try {
    const [count, read] = new Function(SOURCE)() as [ScopeReader['count'], Read];
    const scope = (generator: object, index: number) => {
      const [type, object] = read(generator, index);
      return { description: KINDS[type] ?? '', object };
    };
    return { count, scope };
  } catch {
    // A function of the engine's that is not there is a syntax error.
    return null;
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}
