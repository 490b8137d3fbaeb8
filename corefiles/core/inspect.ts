/**
 * The engine's own inspector, on the thread that it inspects: the only way to see the frames and
 * locals of code that is not written to show them.
 *
 *   const inspector = new Inspector();
 *   const suspended = inspector.generators(generators, () => true);
 *   const frames = inspector.pausedHere();
 *   inspector.close();
 *
 * Requests on the same thread are answered before they return. Attached only when a run has
 * failed, so nothing is paid before. What a request answers is a description; the objects
 * themselves come through a function that the engine calls with them (`take`), so that they keep
 * their identity, and nothing of a kernel goes through the protocol.
 *
 * Differs  Between engines: Node 20 gives a variable that is not initialised yet, or whose value an
 *          optimised frame no longer has, as undefined; 22 throws when it is read.
 */

import { type Debugger, type Runtime, Session } from 'node:inspector';

const TAKE = Symbol.for('rumpus.core.take');
const TAKER = "function (...values) { globalThis[Symbol.for('rumpus.core.take')](values); }";
const GROUP = 'rumpus-core';

/** A scope of a suspended generator, with live values: description is `Local (name)` and so on. */
export interface LiveScope {
  readonly description: string;
  readonly object: object;
}

/** A suspended generator. */
export interface LiveGenerator {
  /** Where it stands, in generated code; undefined when the engine does not say. */
  readonly location: Debugger.Location | undefined;
  /** Its `this`; undefined for none. */
  readonly receiver: unknown;
  readonly scopes: readonly LiveScope[];
}

/** What is known of a script. */
export interface ScriptInfo {
  readonly url: string;
  readonly sourceMapUrl: string;
}

export class Inspector {
  readonly scripts = new Map<string, ScriptInfo>();
  readonly #session = new Session();
  #taken: unknown[] = [];

  constructor() {
    this.#session.connect();
    this.#session.on('Debugger.scriptParsed', ({ params }) => {
      this.scripts.set(params.scriptId, {
        url: params.url,
        sourceMapUrl: params.sourceMapURL ?? '',
      });
    });
    Object.defineProperty(globalThis, TAKE, {
      configurable: true,
      value: (values: unknown[]) => {
        this.#taken = values;
      },
    });
    this.post('Debugger.enable');
  }

  close(): void {
    Reflect.deleteProperty(globalThis, TAKE);
    this.#session.disconnect();
  }

  /** One request, answered at once. */
  post(method: string, params: object = {}): unknown {
    let answer: unknown;
    let failure: Error | null = new Error(`${method} was not answered`);
    this.#session.post(method, params, (error, result) => {
      failure = error;
      answer = result;
    });
    if (failure !== null) throw failure;
    return answer;
  }

  /** The objects themselves, by the names that the protocol has for them. */
  live(ids: readonly string[]): unknown[] {
    if (ids.length === 0) return [];
    this.#taken = [];
    this.post('Runtime.callFunctionOn', {
      objectId: ids[0],
      functionDeclaration: TAKER,
      arguments: ids.map((objectId) => ({ objectId })),
    });
    return this.#taken;
  }

  /** Names in the protocol for objects of ours. */
  #namesFor(objects: readonly object[]): string[] {
    Object.defineProperty(globalThis, Symbol.for('rumpus.core.given'), {
      configurable: true,
      value: objects,
    });
    const expression = "globalThis[Symbol.for('rumpus.core.given')]";
    const { result } = this.post('Runtime.evaluate', {
      expression,
      objectGroup: GROUP,
    }) as Runtime.EvaluateReturnType;
    Reflect.deleteProperty(globalThis, Symbol.for('rumpus.core.given'));
    const { result: elements } = this.#propertiesOf(result.objectId ?? '');
    const own = elements.filter((one) => one.enumerable);
    return own.map((one) => one.value?.objectId ?? '');
  }

  #propertiesOf(objectId: string): Runtime.GetPropertiesReturnType {
    const request = { objectId, ownProperties: true };
    return this.post('Runtime.getProperties', request) as Runtime.GetPropertiesReturnType;
  }

  /** Locations and scopes of suspended generators, as long as `more(count so far)` says so. */
  generators(objects: readonly object[], more: (count: number) => boolean): LiveGenerator[] {
    if (objects.length === 0) return [];
    const locations: (Debugger.Location | undefined)[] = [];
    const scopeLists: string[] = [];
    const receivers: string[] = [];
    for (const id of this.#namesFor(objects)) {
      if (!more(scopeLists.length)) break;
      const { internalProperties } = this.#propertiesOf(id);
      const internal = (name: string) =>
        internalProperties?.find((property) => property.name === name)?.value;
      locations.push(internal('[[GeneratorLocation]]')?.value as Debugger.Location | undefined);
      scopeLists.push(internal('[[Scopes]]')?.objectId ?? '');
      receivers.push(internal('[[GeneratorReceiver]]')?.objectId ?? '');
    }
    const known = [...new Set([...scopeLists, ...receivers])].filter((id) => id !== '');
    const taken = new Map<string, unknown>();
    for (const [i, object] of this.live(known).entries()) taken.set(known[i], object);
    this.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    return locations.map((location, i) => ({
      location,
      receiver: taken.get(receivers[i]),
      scopes: Array.prototype.slice.call(taken.get(scopeLists[i]) ?? []) as LiveScope[],
    }));
  }

  /** Calls `use` with the frames of the host's stack, this function's own first. */
  pausedHere(use: (frames: readonly Debugger.CallFrame[]) => void): void {
    let failure: unknown;
    const listener = (message: { params: Debugger.PausedEventDataType }) => {
      try {
        use(message.params.callFrames);
      } catch (error) {
        failure = error;
      }
    };
    this.#session.on('Debugger.paused', listener);
    try {
      // biome-ignore lint/suspicious/noDebugger: this is how a stack is shown to its own thread.
      debugger;
    } finally {
      this.#session.off('Debugger.paused', listener);
    }
    if (failure !== undefined) throw failure;
  }

  /** Calls `use` whenever the engine pauses, for whatever reason, until close(). */
  onPaused(use: (paused: Debugger.PausedEventDataType) => void): void {
    this.#session.on('Debugger.paused', ({ params }) => use(params));
  }

  /** Calls `use` at every throw from now on, caught or not, until close(). */
  pausedAtThrows(use: (frames: readonly Debugger.CallFrame[], thrown: unknown) => void): void {
    this.#session.on('Debugger.paused', ({ params }) => {
      if (params.reason !== 'exception' && params.reason !== 'promiseRejection') return;
      use(params.callFrames, this.#thrown(params.data as Runtime.RemoteObject | undefined));
    });
    this.post('Debugger.setPauseOnExceptions', { state: 'all' });
  }

  ignoreThrows(): void {
    this.post('Debugger.setPauseOnExceptions', { state: 'none' });
  }

  #thrown(data: Runtime.RemoteObject | undefined): unknown {
    if (data === undefined) return undefined;
    return data.objectId === undefined ? data.value : this.live([data.objectId])[0];
  }
}

/** Names and values of a scope; undefined for those that cannot be read. */
export function entriesOf(scope: object): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const name of Object.keys(scope)) {
    try {
      entries.push([name, (scope as Record<string, unknown>)[name]]);
    } catch {
      // Not initialised yet, or dropped by the engine: the source says which (names.ts).
      entries.push([name, undefined]);
    }
  }
  return entries;
}

/**
 * Calls `body` while nothing is optimised, so that frames keep all of their variables: an engine
 * that counts every call makes no optimised code, and throws away what it had.
 */
export function withoutOptimising<T>(body: () => T): T {
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    return body();
  } finally {
    session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}
