/**
 * What a core answers by itself: the moment of its failure, read from the file. Nothing runs.
 */

import {
  analyze,
  type Core,
  printable,
  type RecordedSource,
  recordingBytes,
} from '../../../corefiles/index.ts';
import { NS_PER_COUNT } from '../../../kernel/index.ts';
import { argsText, decodeEvents, type TraceEvent } from '../../../tracer/index.ts';
import type { SourceFiles } from '../files.ts';
import { moduleOf } from '../modules.ts';
import {
  type Completion,
  type EvaluateOptions,
  type EventLine,
  type FrameInfo,
  type LwpInfo,
  type ModuleInfo,
  type Page,
  type Scope,
  type SourceInfo,
  type SourcePlace,
  type Stop,
  type Target,
  TargetError,
  type Variable,
} from '../target.ts';
import { completionsAt, evaluatePath } from './expressions.ts';
import { Frames } from './frames.ts';
import { CoreSites } from './sites.ts';
import { Variables } from './variables.ts';
import { whyFromFile } from './why.ts';

/** What can be asked about a moment, whoever answers it. */
export type Inspection = Pick<
  Target,
  | 'breakpointPlaces'
  | 'stepTargets'
  | 'lwps'
  | 'stack'
  | 'scopes'
  | 'variables'
  | 'evaluate'
  | 'completions'
  | 'readMemory'
  | 'sources'
  | 'sourceText'
  | 'modules'
  | 'state'
  | 'trace'
  | 'why'
>;

export class CoreView implements Inspection {
  readonly core: Core;
  readonly files: SourceFiles;
  readonly sites: CoreSites;
  readonly variablesOf: Variables;
  readonly frames: Frames;
  readonly stop: Stop;
  #events: readonly TraceEvent[] | undefined;

  constructor(core: Core, files: SourceFiles, subtle: (frame: { path: string }) => boolean) {
    this.core = core;
    this.files = files;
    this.sites = new CoreSites(files, core.recording.data.image.modules);
    this.variablesOf = new Variables(core);
    this.frames = new Frames(core, this.variablesOf, subtle);
    this.stop = stopOf(core);
  }

  async breakpointPlaces(path: string, from: number, to: number): Promise<SourcePlace[]> {
    return this.sites.places(path, from, to);
  }

  /** None: a core runs no further. */
  async stepTargets(frame: number): Promise<string[]> {
    this.frames.place(frame);
    return [];
  }

  async lwps(): Promise<LwpInfo[]> {
    return this.frames.lwps();
  }

  async stack(lwp: number): Promise<FrameInfo[]> {
    return this.frames.stack(lwp);
  }

  async scopes(frame: number): Promise<Scope[]> {
    return this.frames.scopes(frame);
  }

  async variables(handle: number, page?: Page): Promise<Variable[]> {
    return this.variablesOf.list(handle, page);
  }

  async evaluate(expression: string, { frame }: EvaluateOptions): Promise<Variable> {
    const value = evaluatePath(this.core, expression, this.frames.names(frame));
    return this.variablesOf.variable(expression, value, { expression, frame: frame ?? 0 });
  }

  async completions(text: string, columnBase0: number, frame?: number): Promise<Completion[]> {
    return completionsAt(this.core, text, columnBase0, this.frames.names(frame));
  }

  async readMemory(memory: string, offset: number, count: number): Promise<Uint8Array> {
    const object = this.core.graph?.object(/^#\d+$/.test(memory) ? Number(memory.slice(1)) : -1);
    if (object?.kind !== 'view' && object?.kind !== 'buffer') {
      throw new TargetError(`there are no bytes ${memory}`);
    }
    const bytes = object.bytes();
    if (bytes === undefined) throw new TargetError(`the bytes ${memory} are not in the file`);
    const from = Math.max(0, offset);
    return bytes.slice(from, Math.max(from, offset + count));
  }

  async sources(): Promise<SourceInfo[]> {
    return this.files.paths().map((path) => ({ path, file: this.files.fileOf(path) }));
  }

  async sourceText(path: string): Promise<string> {
    const text = this.files.text(path);
    if (text === undefined) throw new TargetError(`the core has no source ${path}`);
    return text;
  }

  async modules(): Promise<ModuleInfo[]> {
    const { data, sources } = this.core.recording;
    const compiled = data.image.modules.map(({ path }) => path);
    const paths = compiled.length > 0 ? compiled : sources.map(({ path }) => path);
    const modules = new Map<string, string[]>();
    for (const path of paths) {
      const name = moduleOf(path);
      const list = modules.get(name);
      if (list === undefined) modules.set(name, [path]);
      else list.push(path);
    }
    return [...modules].map(([name, list]) => ({ name, paths: list.sort() }));
  }

  async state(): Promise<Core> {
    return this.core;
  }

  async trace(count: number): Promise<EventLine[]> {
    const last = count > 0 ? this.#decoded().slice(-count) : [];
    return last.map((event) => ({
      icount: event.icount,
      virtualTimeNs: event.virtualTimeNs ?? this.#timeOf(event),
      cpu: event.cpu,
      lwp: event.lwp,
      kind: event.kind,
      text: printable(argsText(event)),
    }));
  }

  /** The time of an event before which the ring does not say how long the world had idled. */
  #timeOf({ icount }: TraceEvent): number {
    const { core } = this;
    const idled = this.#decoded().some(({ kind }) => kind === 'cpu:idle');
    return idled ? -1 : core.virtualTimeNs - (core.icount - icount) * NS_PER_COUNT;
  }

  async why(): Promise<string> {
    const why = whyFromFile(this.core, this.#decoded());
    if (why !== undefined) return why;
    throw new TargetError(
      'the core tells of no failed system call: go back a step, which re-runs it, and ask again',
    );
  }

  #decoded(): readonly TraceEvent[] {
    const { events } = this.core;
    const names = new Map(this.core.lwps().map(({ id, name }) => [id, name]));
    this.#events ??= events === undefined ? [] : decodeEvents(events, names);
    return this.#events;
  }

  /** The recording inside, as a file. Errors: it is not whole. */
  recording(): Uint8Array {
    const { data, sources, missing } = this.core.recording;
    const needed = missing.filter((part) => NEEDED.has(part));
    if (needed.length > 0) {
      throw new TargetError(`the recording in this core is damaged (${needed.join(', ')} missing)`);
    }
    return recordingBytes(data, sources as RecordedSource[]);
  }
}

/** Parts without which a recording cannot be run again. */
export const NEEDED: ReadonlySet<string> = new Set([
  'config',
  'end',
  'image',
  'directives',
  'hypercalls',
]);

/** Where a core stands: at its failure, in the LWP that the failure is about. */
function stopOf(core: Core): Stop {
  const { verdict, message, icount, standsAt, virtualTimeNs } = core;
  const lwps = core.lwps();
  const main = analyze(core, { events: 0 }).main?.lwp ?? lwps[0]?.id ?? core.lwp;
  const frame = lwps.find(({ id }) => id === main)?.frames[0];
  const passed = verdict === 'passed';
  return {
    reason: passed ? 'end' : 'verdict',
    icount: standsAt,
    virtualTimeNs,
    lwp: main,
    place: {
      path: frame?.path ?? '',
      lineBase1: frame?.lineBase1 ?? 0,
      columnBase0: frame?.columnBase0 ?? 0,
    },
    description: printable(message === '' ? verdict : `${verdict}: ${message}`),
    inside: !passed,
    breakpoints: [],
    change: null,
    outcome: { verdict, message, icount },
    diverted: false,
  };
}
