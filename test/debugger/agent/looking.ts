/** Runs a program up to its panic, and looks at the live world there, before it is unwound. */

import { fileURLToPath } from 'node:url';
import {
  Handles,
  type How,
  generatorNames,
  variableOf,
  variables,
} from '../../../debugger/agent/values/index.ts';
import { DEFAULT_SPEC, execute, loadProgram } from '../../../debugger/index.ts';
import type { Page, Variable } from '../../../debugger/target/index.ts';
import { curworld, type World } from '../../../kernel/index.ts';

const standing = fileURLToPath(new URL('./programs/standing.ts', import.meta.url));

/** What `look` gives, which runs with the stack of the panic still in place. */
export async function atPanic<T>(look: (w: World, handles: Handles) => T): Promise<T> {
  const loaded = await loadProgram(standing);
  const seen: { value: T }[] = [];
  const thrown: unknown[] = [];
  const failed = () => {
    try {
      const w = curworld();
      seen.push({ value: look(w, new Handles({ generatorName: generatorNames(w.lwps) })) });
    } catch (error) {
      thrown.push(error);
    }
  };
  const { outcome } = execute(loaded, DEFAULT_SPEC, { observer: { failed } });
  if (thrown.length > 0) throw thrown[0];
  if (seen.length !== 1) throw new Error(`${outcome.verdict}: ${outcome.message}`);
  return seen[0].value;
}

export const UNTRACED: How = { evaluateName: 'it', trail: null };

/** A value as it is shown under the name `it`. */
export function shown(value: unknown, handles = new Handles(), how = UNTRACED): Variable {
  return variableOf(handles, 'it', value, how);
}

/** What is inside of a value. */
export function insideOf(value: unknown, page: Page = {}, handles = new Handles()): Variable[] {
  return variables(handles, handles.add(value, UNTRACED), page);
}

/** Variables as `name = value`. */
export function lines(list: readonly Variable[]): string[] {
  return list.map(({ name, value }) => `${name} = ${value}`);
}
