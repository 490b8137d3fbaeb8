/**
 * What the debugger may ask of the paused target: stacks, scopes, values, sources, a core.
 *
 * Everything asked is answered from live records, without counting: kernel functions that are used
 * on the way run with the counters paused.
 */

import { printable } from '../../corefiles/index.ts';
import { current, LSONPROC, type Lwp, siteTable, type World } from '../../kernel/index.ts';
import * as rumpus from '../../kernel/index.ts';
import { argsText, decodeEvents, inNames, wordsOf } from '../../tracer/index.ts';
import { sourcesOf } from '../run/load.ts';
import { eventsOf } from '../run/record.ts';
import { sourceView } from '../run/view.ts';
import { explanationText } from '../why/text.ts';
import { whyUntil } from '../why/why.ts';
import { moduleOf } from '../target/modules.ts';
import {
  type Completion,
  type EventLine,
  type LwpInfo,
  type ModuleInfo,
  type Page,
  type Scope,
  type SourcePlace,
  TargetError,
  type Variable,
} from '../target/target.ts';
import type { Agent } from './agent.ts';
import { modulePath, placeOf } from './breakpoints.ts';
import type { AgentFrame, Intervention } from './protocol.ts';
import { coreNow, recordingNow } from './saving.ts';
import type { KnownFrame } from './stacks.ts';
import {
  assign,
  beforeCursor,
  completions,
  countsOf,
  describeLive,
  generatorNames,
  Handles,
  readMemory,
  recordScopes,
  type ScopeEntry,
  type Trail,
  variableOf,
  variables,
  writeMemory,
} from './values/index.ts';

/** LSRUN and so on, as people say them. */
const STATES: ReadonlyMap<number, string> = new Map([
  [rumpus.LSIDL, 'new'],
  [rumpus.LSRUN, 'runnable'],
  [rumpus.LSSLEEP, 'sleeping'],
  [rumpus.LSSTOP, 'stopped'],
  [rumpus.LSZOMB, 'zombie'],
  [rumpus.LSDEAD, 'dead'],
  [LSONPROC, 'running'],
  [rumpus.LSSUSPENDED, 'suspended'],
]);

export class Questions {
  readonly #agent: Agent;
  readonly #handles = new Handles({ generatorName: (generator) => this.#generatorName(generator) });
  #generatorName: (generator: object) => string = () => '';
  /** Scopes of frames whose variables the engine can write: handle → frame. */
  readonly #frames = new Map<number, number>();
  /** Variables of those frames, as clients have them. */
  readonly #entries = new Map<number, readonly ScopeEntry[]>();
  /** Scope objects for the evaluation in a suspended frame. */
  scopeObjects: readonly object[] = [];

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  get #world(): World {
    const w = this.#agent.world ?? this.#agent.finished?.world;
    if (w === undefined) throw new TargetError('nothing runs');
    return w;
  }

  /** Forgets all handles: the target moves. */
  moved(): void {
    this.#handles.clear();
    this.#frames.clear();
    this.#entries.clear();
    this.#generatorName = generatorNames(this.#agent.world?.lwps ?? []);
  }

  // Stacks.

  lwps(): LwpInfo[] {
    if (this.#agent.world === null) return [];
    return this.#world.lwps.filter((l) => l !== null).map((l) => this.#lwpInfo(l));
  }

  #lwpInfo(l: Lwp): LwpInfo {
    const args = (l.syscallArgs ?? []).map((arg) => describeLive(this.#handles, arg)).join(', ');
    return {
      id: l.id,
      lid: l.lid,
      name: l.name,
      kernel: l.kernel.name,
      pid: l.proc.pid,
      procName: l.proc.name,
      cpu: l.cpu.index,
      stat: l === current.lwp ? 'running' : (STATES.get(l.stat) ?? ''),
      wmesg: l.wmesg ?? '',
      syscall: l.syscall === null ? '' : `${l.syscall}(${args})`,
      current: l === current.lwp,
    };
  }

  stack(lwp: number): AgentFrame[] {
    if (this.#agent.world === null) return [];
    return this.#agent.stacks.of(this.#world, lwp).map(({ info }) => info);
  }

  scopes(id: number): Scope[] {
    const known = this.#agent.stacks.frame(id);
    const captured = this.#agent.stacks.read(known);
    const scopes: Scope[] = [];
    const away = new Set(captured?.optimizedAway ?? []);
    const locals = entriesOf(captured?.locals, away, known.info.running);
    scopes.push(this.#scope('Locals', 'locals', locals, known));
    const around = entriesOf(captured?.captured, new Set(), false);
    if (around.length > 0) scopes.push(this.#scope('Captured', 'locals', around, known));
    const top = entriesOf(this.#agent.stacks.moduleVariables(known.info.path), new Set(), false);
    if (top.length > 0) scopes.push(this.#scope('Module', 'other', top, known));
    const kernel = known.lwp?.kernel ?? this.#world.kernels[0] ?? null;
    return [...scopes, ...recordScopes(this.#handles, known.lwp, kernel, id)];
  }

  #scope(
    name: string,
    hint: Scope['hint'],
    entries: readonly ScopeEntry[],
    known: KnownFrame,
  ): Scope {
    const { lwp, id } = known.info;
    const depth = this.#depthOf(known);
    const trail: Trail = { root: { kind: 'frame', lwp, depth, scope: name }, steps: [] };
    const handle = this.#handles.addScope(entries, { evaluateName: '', frame: id, trail });
    if (name === 'Locals' && known.info.running) {
      this.#frames.set(handle, id);
      this.#entries.set(id, entries);
    }
    return { name, hint, handle, ...countsOf(this.#handles, handle), expensive: false };
  }

  /** Frames from the outermost one, 0: a number that stays while inner ones come and go. */
  #depthOf(known: KnownFrame): number {
    return this.stack(known.info.lwp).length - 1 - known.index;
  }

  /** The value at the end of a trail, now. */
  root(root: Trail['root']): unknown {
    switch (root.kind) {
      case 'lwp':
        return this.#world.lwps[root.id];
      case 'kernel':
        return this.#world.kernels[root.index];
      case 'frame': {
        const frames = this.#agent.stacks.of(this.#world, root.lwp);
        const known = frames[frames.length - 1 - root.depth];
        if (known === undefined) throw new TargetError('that frame is gone');
        const captured = this.#agent.stacks.read(known);
        return root.scope === 'Locals' ? captured?.locals : captured?.captured;
      }
      default:
        throw new TargetError('the value cannot be found again');
    }
  }

  // Values.

  get handles(): Handles {
    return this.#handles;
  }

  variables(handle: number, page: Page): Variable[] {
    return variables(this.#handles, handle, page);
  }

  /** The frame whose variables a handle is the scope of; 0 for none. */
  frameOfScope(handle: number): number {
    return this.#frames.get(handle) ?? 0;
  }

  /** A value that the engine evaluated. */
  keep(name: string, value: unknown, frame: number): Variable {
    const known = frame === 0 ? null : this.#agent.stacks.frame(frame);
    const lwp = known?.info.lwp ?? 0;
    const depth = known === null ? -1 : this.#depthOf(known);
    const trail: Trail = { root: { kind: 'expression', text: name, lwp, depth }, steps: [] };
    const how = { evaluateName: name, frame: frame === 0 ? undefined : frame, trail };
    return variableOf(this.#handles, name, value, how);
  }

  frame(id: number): AgentFrame {
    return this.#agent.stacks.frame(id).info;
  }

  /** Where a write to a frame is to be repeated. */
  standing(frame: number): Omit<Intervention, 'code'> {
    const { icount } = this.#agent.where().stop;
    if (frame === 0) return { icount, lwp: 0, frame: -1 };
    const { info, index } = this.#agent.stacks.frame(frame);
    return { icount, lwp: info.lwp, frame: index };
  }

  /** The expression that names a member of a handle's value, and the frame that it is for. */
  placeName(handle: number, name: string): { expression: string; frame: number } {
    const { how } = this.#handles.get(handle);
    const variable = this.variables(handle, {}).find((one) => one.name === name);
    return { expression: variable?.evaluateName ?? '', frame: how.frame ?? 0 };
  }

  /** A variable of a frame was written through the engine. */
  localWritten(frame: number, name: string, value: unknown): void {
    const captured = this.#agent.stacks.read(this.#agent.stacks.frame(frame));
    if (captured?.locals && name in captured.locals) captured.locals[name] = value;
    for (const entry of this.#entries.get(frame) ?? []) {
      if (entry.name === name) Object.assign(entry, { value, optimizedAway: false });
    }
  }

  /** Writes a field, an element, a map's entry. */
  assign(handle: number, name: string, value: unknown): Variable {
    return assign(this.#handles, handle, name, value);
  }

  /** An expression of a frame that is on the host's stack, in the engine's names. */
  inEngineNames(expression: string, frame: number): string {
    return inNames(expression, this.#agent.stacks.nameIn(this.#agent.stacks.frame(frame)));
  }

  /** Readies an evaluation in a suspended frame; gives the text for the engine. */
  evaluation(expression: string, frame: number): string {
    const known = this.#agent.stacks.frame(frame);
    const captured = this.#agent.stacks.read(known);
    const own = { ...captured?.captured, ...captured?.locals };
    const module: Record<string, unknown> = {};
    for (const word of wordsOf(expression)) {
      const found = this.#agent.stacks.inModule(known.info.path, word);
      if (found !== undefined) module[word] = found.value;
    }
    this.scopeObjects = [unwritable(module), unwritable(own), { this: own['this'] }];
    const objects = '__rumpusAgent.questions.scopeObjects';
    const inner = `return (${expression});`;
    const body = `with (${objects}[0]) with (${objects}[1]) { ${inner} }`;
    return `(function () { ${body} }).call(${objects}[2].this)`;
  }

  /** What stands before the last dot at the cursor; '' for nothing. */
  completionOf(text: string, column: number): string {
    return beforeCursor(text, column)?.of ?? '';
  }

  completions(text: string, column: number, frame: number, value: unknown): Completion[] {
    const scopes: ScopeEntry[][] = [];
    if (frame !== 0) {
      const captured = this.#agent.stacks.read(this.#agent.stacks.frame(frame));
      scopes.push(entriesOf(captured?.locals, new Set(), false));
      scopes.push(entriesOf(captured?.captured, new Set(), false));
    }
    scopes.push(Object.entries(rumpus).map(([name, value]) => ({ name, value })));
    const resolve = () => (value === undefined ? undefined : { value });
    return completions(text, column, { scopes, resolve });
  }

  readMemory(memory: string, offset: number, count: number): string {
    return Buffer.from(readMemory(this.#handles, memory, offset, count)).toString('base64');
  }

  /** An expression that writes bytes again in another run, and the frame that it is for. */
  memoryWrite(memory: string, offset: number, base64: string): { code: string; frame: number } {
    const { evaluateName, frame = 0 } = this.#handles.howOfMemory(memory);
    if (evaluateName === '') {
      throw new TargetError('no expression names these bytes, so a later run could not write them');
    }
    const bytes = [...Buffer.from(base64, 'base64')].join();
    const view = 'new Uint8Array(b.buffer ?? b, b.byteOffset ?? 0, b.byteLength)';
    return { code: `((b) => void ${view}.set([${bytes}], ${offset}))(${evaluateName})`, frame };
  }

  writeMemory(memory: string, offset: number, base64: string): number {
    return writeMemory(this.#handles, memory, offset, Buffer.from(base64, 'base64'));
  }

  // The image.

  breakpointPlaces(path: string, from: number, to: number): SourcePlace[] {
    const known = modulePath(path);
    if (known === undefined) return [];
    const places = siteTable
      .positionsOf(known)
      .filter(({ kind, lineBase1 }) => kind === 's' && lineBase1 >= from && lineBase1 <= to);
    return places.map(placeOf);
  }

  /** Functions that are called by the statement where a frame stands, by their names in it. */
  stepTargets(frame: number): string[] {
    const { info } = this.#agent.stacks.frame(frame);
    const text = sourceView(this.#agent.loaded).text(info.path);
    const line = text.split('\n')[info.lineBase1 - 1] ?? '';
    const names = [...line.slice(info.columnBase0).matchAll(/([\p{L}_$][\p{L}\p{N}_$]*)\s*\(/gu)];
    const known = new Set(siteTable.modules.flatMap(({ table }) => table.functions));
    const called = names.map((match) =>
      known.has(`sys_${match[1]}`) ? `sys_${match[1]}` : match[1],
    );
    return [...new Set(called)].filter((name) => known.has(name));
  }

  modules(): ModuleInfo[] {
    const byName = new Map<string, string[]>();
    for (const { path } of this.#agent.loaded.image.modules) {
      const name = moduleOf(path);
      const paths = byName.get(name) ?? [];
      paths.push(path);
      byName.set(name, paths);
    }
    return [...byName].map(([name, paths]) => ({ name, paths }));
  }

  sources(): { path: string; text: string }[] {
    return sourcesOf(this.#agent.loaded).map(({ path, text }) => ({ path, text }));
  }

  /** What the last failing system call failed of; the run up to here is made once more. */
  why(): string {
    const { loaded, timeline } = this.#agent;
    const { stop } = this.#agent.where();
    const explanations = whyUntil(loaded, timeline.spec, this.#world, stop.icount);
    const last = explanations.at(-1);
    if (last === undefined) return 'no system call has failed so far';
    return explanationText(last).join('\n');
  }

  trace(count: number): EventLine[] {
    const events = eventsOf(this.#world);
    if (events === undefined) return [];
    return decodeEvents(events)
      .slice(-count)
      .map((event) => ({
        icount: event.icount,
        virtualTimeNs: event.virtualTimeNs ?? -1,
        cpu: event.cpu,
        lwp: event.lwp,
        kind: event.kind,
        text: printable(argsText(event)),
      }));
  }

  // Files.

  recording(): string {
    return recordingNow(this.#agent).toString('base64');
  }

  /** A core of this moment; without sources for who has them. */
  core(withSources: boolean): string {
    return coreNow(this.#agent, withSources ? sourcesOf(this.#agent.loaded) : []).toString(
      'base64',
    );
  }
}

function entriesOf(
  scope: Record<string, unknown> | null | undefined,
  away: ReadonlySet<string>,
  writable: boolean,
): ScopeEntry[] {
  return Object.entries(scope ?? {}).map(([name, value]) => ({
    name,
    value,
    optimizedAway: away.has(name),
    writable,
  }));
}

/** Variables of a suspended frame: they can be read, and a write is refused instead of lost. */
function unwritable(variables: Readonly<Record<string, unknown>>): object {
  const scope = Object.create(null) as object;
  for (const [name, value] of Object.entries(variables)) {
    Object.defineProperty(scope, name, {
      get: () => value,
      set() {
        throw new TargetError(
          `${name} is a variable of a function that is suspended: the engine cannot write it`,
        );
      },
    });
  }
  return scope;
}
