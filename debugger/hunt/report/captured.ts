/**
 * Values of captured variables, which no object holds: the engine's own inspector reads them in the
 * frame that is about to access them.
 */

import type { Debugger, Runtime } from 'node:inspector';
import { Inspector } from '../../../corefiles/index.ts';
import { siteTable } from '../../../kernel/index.ts';
import { renamesIn } from '../../../tracer/index.ts';
import { UNSEEN } from './values.ts';

export class CapturedValues {
  #inspector: Inspector | undefined;

  /** What the variable of an access site has now; UNSEEN where the engine does not say. */
  valueAt(site: number): unknown {
    const position = siteTable.position(site);
    const name = siteTable.accessName(site);
    if (position === undefined || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return UNSEEN;
    this.#inspector ??= new Inspector();
    const inspector = this.#inspector;
    const names = [...(renamesIn(position.path).get(name) ?? []), name];
    let value: unknown = UNSEEN;
    inspector.pausedHere((frames) => {
      const frame = frames.find(({ functionName }) => bareName(functionName) === position.function);
      if (frame !== undefined) value = valueIn(inspector, frame, names);
    });
    return value;
  }

  close(): void {
    this.#inspector?.close();
  }
}

function bareName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function valueIn(
  inspector: Inspector,
  { callFrameId }: Debugger.CallFrame,
  names: readonly string[],
): unknown {
  for (const expression of names) {
    const { result, exceptionDetails } = inspector.post('Debugger.evaluateOnCallFrame', {
      callFrameId,
      expression,
      silent: true,
      throwOnSideEffect: true,
    }) as Debugger.EvaluateOnCallFrameReturnType;
    if (exceptionDetails === undefined) return remoteValue(inspector, result);
  }
  return UNSEEN;
}

function remoteValue(
  inspector: Inspector,
  { type, value, objectId, unserializableValue }: Runtime.RemoteObject,
): unknown {
  if (objectId !== undefined) return inspector.live([objectId])[0];
  if (unserializableValue === undefined || type === 'bigint') return value;
  return Number(unserializableValue);
}
