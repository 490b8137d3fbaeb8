/**
 * Names of suspended generators. The engine does not say which function a generator runs, but the
 * frame lists do: the site at which frames[i] called frames[i + 1] is in that function; and all
 * generators of a function have its prototype.
 */

import { type Lwp, mi_switch, siteTable } from '../../../kernel/index.ts';

/** Gives the name of the function that a generator runs; '' when it is not known. */
export function generatorNames(lwps: readonly (Lwp | null)[]): (generator: object) => string {
  let names: Map<object, string> | undefined;
  return (generator) => {
    names ??= namesByPrototype(lwps);
    return names.get(Reflect.getPrototypeOf(generator) ?? generator) ?? '';
  };
}

function namesByPrototype(lwps: readonly (Lwp | null)[]): Map<object, string> {
  const names = new Map<object, string>([[mi_switch.prototype as object, 'mi_switch']]);
  for (const l of lwps) {
    if (l === null) continue;
    for (let i = 0; i < l.fp; i++) {
      const site = i + 1 < l.fp ? l.sites[i + 1] : l.site;
      const name = siteTable.position(site)?.function ?? '';
      const prototype = Reflect.getPrototypeOf(l.frames[i]);
      if (name !== '' && prototype !== null) names.set(prototype, name);
    }
  }
  return names;
}
