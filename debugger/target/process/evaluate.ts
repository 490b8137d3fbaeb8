/**
 * Evaluation, through the engine: in a frame that is on the host's stack by the engine's own means,
 * in a suspended one on the values of its variables.
 *
 * A write is remembered by the agent as an intervention: every later run repeats it, so that the
 * moments after it stay reachable (a diversion).
 */

import type { Protocol } from 'devtools-protocol';
import { AGENT, type AgentFrame, type Intervention } from '../../agent/protocol.ts';
import { type Completion, type EvaluateOptions, TargetError, type Variable } from '../target.ts';
import { answerOf, type Connection, exceptionText } from './connection.ts';

type RemoteObject = Protocol.Runtime.RemoteObject;

/** Host time that an expression may take unless told otherwise, ms. */
const TIMEOUT_MS = 5000;
const GROUP = 'rumpus-evaluation';

interface Evaluated {
  readonly result: RemoteObject;
  readonly exceptionDetails?: Protocol.Runtime.ExceptionDetails;
}

class SideEffect extends TargetError {
  constructor() {
    super('this expression would change the target; evaluate it in the console');
  }
}

export class Evaluator {
  readonly #connection: () => Connection;
  readonly #callFrames: () => readonly Protocol.Debugger.CallFrame[];

  constructor(
    connection: () => Connection,
    callFrames: () => readonly Protocol.Debugger.CallFrame[],
  ) {
    this.#connection = connection;
    this.#callFrames = callFrames;
  }

  async evaluate(expression: string, options: EvaluateOptions): Promise<Variable> {
    if (expression.trim() === '') throw new TargetError('an expression is missing');
    const frame = options.frame ?? 0;
    const pure = { ...options, sideEffects: 'refused' } as const;
    const { changes, object } = await this.#tried(expression, options, pure);
    const kept = await this.#keep(expression, frame, object);
    if (changes) await this.#wrote(expression, frame);
    return kept;
  }

  /** Without side effects if that can be; an expression that has some is a write of the user's. */
  async #tried(
    expression: string,
    options: EvaluateOptions,
    pure: EvaluateOptions,
  ): Promise<{ changes: boolean; object: RemoteObject }> {
    try {
      return { changes: false, object: await this.#value(expression, pure) };
    } catch (error) {
      if (!(error instanceof SideEffect) || options.sideEffects === 'refused') throw error;
      return { changes: true, object: await this.#value(expression, options) };
    }
  }

  /** The engine's answer to an expression. Errors: TargetError with what it threw. */
  async #value(expression: string, options: EvaluateOptions): Promise<RemoteObject> {
    const { exceptionDetails, result } = await this.#run(expression, options);
    if (exceptionDetails === undefined) return result;
    const text = exceptionText(exceptionDetails);
    if (/^EvalError: Possible side-effect/.test(text)) throw new SideEffect();
    const missing = /^ReferenceError: ([\p{L}_$][\p{L}\p{N}_$]*) is not defined/u.exec(text);
    if (missing !== null) return this.#withKernelName(expression, missing[1], text, options);
    throw new TargetError(text);
  }

  /** A name that the frame does not have may be the kernel's. */
  async #withKernelName(
    expression: string,
    name: string,
    text: string,
    options: EvaluateOptions,
  ): Promise<RemoteObject> {
    const known = await this.#run(`${JSON.stringify(name)} in rumpus`, { sideEffects: 'refused' });
    if (known.result?.value !== true || expression.includes(`(${name}) =>`)) {
      throw new TargetError(text);
    }
    return this.#value(`((${name}) => (${expression}))(rumpus.${name})`, options);
  }

  async #run(expression: string, options: EvaluateOptions): Promise<Evaluated> {
    const known = options.frame === undefined ? undefined : await this.#frame(options.frame);
    const wanted = {
      objectGroup: GROUP,
      throwOnSideEffect: options.sideEffects === 'refused',
      timeout: options.timeoutMs ?? TIMEOUT_MS,
      silent: true,
    };
    const { client } = this.#connection();
    await this.#quiet(true);
    try {
      if (known !== undefined && known.native >= 0) {
        const { callFrameId } = this.#callFrames()[known.native];
        const inner = await this.#connection().ask<string>('inEngineNames', expression, known.id);
        return await client.send('Debugger.evaluateOnCallFrame', {
          callFrameId,
          expression: `(${inner}\n)`,
          ...wanted,
        });
      }
      const text =
        known === undefined
          ? `(${expression}\n)`
          : await this.#connection().ask<string>('evaluation', `${expression}\n`, known.id);
      // While paused, only what is evaluated in a frame can be ended. The outermost is run() of the
      // door, called from the global scope: it sees no names but global ones.
      const outermost = this.#callFrames().at(-1);
      if (outermost === undefined) {
        return await client.send('Runtime.evaluate', { expression: text, ...wanted });
      }
      const { callFrameId } = outermost;
      return await client.send('Debugger.evaluateOnCallFrame', {
        callFrameId,
        expression: text,
        ...wanted,
      });
    } catch (error) {
      throw evaluationError(error, wanted.timeout);
    } finally {
      await this.#quiet(false);
    }
  }

  /** While something is evaluated nothing is counted, and nothing can stop it. */
  async #quiet(on: boolean): Promise<void> {
    const expression = `${AGENT}.quiet(${on})`;
    await this.#connection().client.send('Runtime.evaluate', { expression });
  }

  #frame(id: number): Promise<AgentFrame> {
    return this.#connection().ask<AgentFrame>('frame', id);
  }

  async #keep(name: string, frame: number, object: RemoteObject): Promise<Variable> {
    return answerOf<Variable>(
      await this.#callDoor('keep', [{ value: name }, { value: frame }, argument(object)]),
    );
  }

  async #callDoor(
    method: string,
    parameters: readonly Protocol.Runtime.CallArgument[],
  ): Promise<string> {
    const { client } = this.#connection();
    const { result: door } = await client.send('Runtime.evaluate', {
      expression: AGENT,
      objectGroup: GROUP,
    });
    const { result, exceptionDetails } = await client.send('Runtime.callFunctionOn', {
      objectId: door.objectId,
      functionDeclaration: `function (...given) { return this.${method}(...given); }`,
      arguments: [...parameters],
      returnByValue: true,
    });
    await client.send('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    if (exceptionDetails !== undefined) throw new TargetError(exceptionText(exceptionDetails));
    return String(result.value);
  }

  async setVariable(handle: number, name: string, expression: string): Promise<Variable> {
    const connection = this.#connection();
    const frame = await connection.ask<number>('frameOfScope', handle);
    if (frame !== 0) return this.setExpression(name, expression, frame);
    const place = await connection.ask<{ expression: string; frame: number }>(
      'placeName',
      handle,
      name,
    );
    const options = { sideEffects: 'allowed', frame: place.frame || undefined } as const;
    const value = await this.#value(expression, options);
    const json = await this.#callDoor('assign', [
      { value: handle },
      { value: name },
      argument(value),
    ]);
    const written = answerOf<Variable>(json);
    if (place.expression !== '') {
      await this.#wrote(`${place.expression} = (${expression})`, place.frame);
    }
    return written;
  }

  async setExpression(expression: string, value: string, frame = 0): Promise<Variable> {
    const name = expression.trim();
    if (frame !== 0 && isName(name)) return this.#setLocal(name, value, frame);
    const options = { sideEffects: 'allowed', frame: frame || undefined } as const;
    const object = await this.#value(`${expression} = (${value})`, options);
    const kept = await this.#keep(expression, frame, object);
    await this.#wrote(`${expression} = (${value})`, frame);
    return kept;
  }

  async #setLocal(name: string, value: string, frame: number): Promise<Variable> {
    const object = await this.#value(value, { sideEffects: 'allowed', frame });
    await this.#writeLocal(name, object, await this.#frame(frame));
    const kept = await this.#keep(name, frame, object);
    await this.#callDoor('localWritten', [{ value: frame }, { value: name }, argument(object)]);
    await this.#wrote(`${name} = (${value})`, frame);
    return kept;
  }

  /** Writes a variable where it is: in the engine's frame, in the innermost scope that has it. */
  async #writeLocal(name: string, value: RemoteObject, known: AgentFrame): Promise<void> {
    const callFrame = this.#callFrames()[known.native];
    if (callFrame === undefined) {
      throw new TargetError(
        `${name} is a variable of a function that is suspended: the engine cannot write it`,
      );
    }
    const { client } = this.#connection();
    const generated = await this.#connection().ask<string>('inEngineNames', name, known.id);
    for (const [scopeNumber, { type, object }] of callFrame.scopeChain.entries()) {
      if (type === 'global' || type === 'script' || object.objectId === undefined) break;
      const request = { objectId: object.objectId, ownProperties: true };
      const { result } = await client.send('Runtime.getProperties', request);
      const variable = result.find((one) => one.name === generated);
      if (variable === undefined) continue;
      const { callFrameId } = callFrame;
      const newValue = argument(value);
      const write = { scopeNumber, variableName: variable.name, newValue, callFrameId };
      await client.send('Debugger.setVariableValue', write).catch(() => {
        throw new TargetError(
          `the engine has optimised the function of ${name} and cannot write it; debug with ` +
            '"exact": true, which keeps every variable',
        );
      });
      return;
    }
    throw new TargetError(`${name} is no variable of this frame`);
  }

  /** Has the write repeated by every later run. */
  async #wrote(code: string, frame: number): Promise<void> {
    const connection = this.#connection();
    const where = await connection.ask<Intervention>('standing', frame);
    await connection.ask('intervene', { ...where, code });
  }

  /** Repeats a write where the target stands. */
  async repeat({ code, lwp, frame }: Intervention): Promise<void> {
    const connection = this.#connection();
    const frames = frame < 0 ? [] : await connection.ask<AgentFrame[]>('stack', lwp);
    const known = frames[frame];
    const local = /^([\p{L}_$][\p{L}\p{N}_$]*) = \((.*)\)$/su.exec(code);
    if (local === null || known === undefined) {
      await this.#value(code, { sideEffects: 'allowed', frame: known?.id });
      return;
    }
    const object = await this.#value(local[2], { sideEffects: 'allowed', frame: known.id });
    await this.#writeLocal(local[1], object, known);
  }

  async writeMemory(memory: string, offset: number, bytes: Uint8Array): Promise<number> {
    const base64 = Buffer.from(bytes).toString('base64');
    const connection = this.#connection();
    type Again = { code: string; frame: number };
    const { code, frame } = await connection.ask<Again>('memoryWrite', memory, offset, base64);
    const written = await connection.ask<number>('writeMemory', memory, offset, base64);
    await this.#wrote(code, frame);
    return written;
  }

  async completions(text: string, column: number, frame: number): Promise<Completion[]> {
    const connection = this.#connection();
    const before = await connection.ask<string>('completionOf', text, column);
    const value =
      before === ''
        ? undefined
        : await this.#value(before, {
            sideEffects: 'refused',
            frame: frame || undefined,
            timeoutMs: 200,
          }).catch(() => undefined);
    const given = [{ value: text }, { value: column }, { value: frame }];
    const json = await this.#callDoor('complete', [
      ...given,
      value === undefined ? { value: undefined } : argument(value),
    ]);
    return answerOf<Completion[]>(json);
  }
}

function argument({ objectId, value, unserializableValue }: RemoteObject) {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value: value as unknown } : { unserializableValue };
}

function isName(expression: string): boolean {
  return /^\s*[\p{L}_$][\p{L}\p{N}_$]*\s*$/u.test(expression);
}

function evaluationError(error: unknown, timeoutMs: number): Error {
  if (error instanceof TargetError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/terminated|timed? ?out/i.test(message)) {
    return new TargetError(`the expression did not end within ${timeoutMs} ms`);
  }
  return new TargetError(message);
}
