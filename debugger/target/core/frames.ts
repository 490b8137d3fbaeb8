/** LWPs, stacks and scopes of a core, in the words of a Target. */

import {
  type Core,
  type CoreFrame,
  type CoreLwp,
  type GraphObject,
  printable,
  type Value,
} from '../../../corefiles/index.ts';
import { moduleOf } from '../modules.ts';
import { type FrameInfo, type LwpInfo, type Scope, TargetError } from '../target.ts';
import { countIndexed, countNamed } from './members.ts';
import { FIRST_HANDLE, type ScopeEntry, type Variables } from './variables.ts';

/** A frame by its place: what a re-run has under another number. */
export interface FramePlace {
  readonly lwp: CoreLwp;
  /** Innermost 0. */
  readonly index: number;
  readonly frame: CoreFrame;
}

export class Frames {
  readonly #core: Core;
  readonly #variables: Variables;
  /** By number, counted from FIRST_HANDLE. */
  readonly #places: FramePlace[] = [];
  readonly #firstOf = new Map<number, number>();
  readonly #subtle: (frame: { readonly path: string }) => boolean;

  constructor(
    core: Core,
    variables: Variables,
    subtle: (frame: { readonly path: string }) => boolean,
  ) {
    this.#core = core;
    this.#variables = variables;
    this.#subtle = subtle;
  }

  /** All but LWP 0: the boot path, or what interrupted. Its stack is asked for by that number. */
  lwps(): LwpInfo[] {
    const lwps = this.#core.lwps().filter(({ id }) => id !== 0);
    return lwps.map((l) => ({
      id: l.id,
      lid: l.lid,
      name: printable(l.name),
      kernel: printable(l.kernel),
      pid: l.pid,
      procName: printable(l.procName),
      cpu: l.cpu,
      stat: l.stat,
      wmesg: printable(l.wmesg),
      syscall: printable(l.syscall),
      current: l.current,
    }));
  }

  /** An LWP. Errors: there is no such one. */
  lwp(id: number): CoreLwp {
    const found = this.#core.lwps().find((l) => l.id === id);
    if (found !== undefined) return found;
    const have = this.#core.lwps().map((l) => l.id);
    const which = have.length === 0 ? 'the core has none' : `there are ${have.join(', ')}`;
    throw new TargetError(`there is no LWP ${id}; ${which}`);
  }

  stack(id: number): FrameInfo[] {
    const l = this.lwp(id);
    const first = this.#number(l);
    return l.frames.map((frame, index) => ({
      id: first + index,
      lwp: id,
      function: printable(frame.function),
      module: moduleOf(frame.path),
      path: frame.path,
      lineBase1: frame.lineBase1,
      columnBase0: frame.columnBase0,
      subtle: this.#subtle(frame),
      running: false,
    }));
  }

  /** Numbers the frames of an LWP; gives that of its innermost. */
  #number(lwp: CoreLwp): number {
    let first = this.#firstOf.get(lwp.id);
    if (first === undefined) {
      first = FIRST_HANDLE + this.#places.length + 1;
      this.#firstOf.set(lwp.id, first);
      lwp.frames.forEach((frame, index) => {
        this.#places.push({ lwp, index, frame });
      });
    }
    return first;
  }

  /** A frame by its number. Errors: the number is unknown. */
  place(frame: number): FramePlace {
    const place = this.#places[frame - FIRST_HANDLE - 1];
    if (place === undefined) throw new TargetError(`there is no frame ${frame}`);
    return place;
  }

  scopes(frame: number): Scope[] {
    const { lwp, frame: at } = this.place(frame);
    const entries = (kind: 'local' | 'captured') => at.locals.filter(({ scope }) => scope === kind);
    const scopes: Scope[] = [this.#scope('Locals', 'locals', entries('local'), frame)];
    const captured = entries('captured');
    if (captured.length > 0) scopes.push(this.#scope('Captured', 'other', captured, frame));
    const module = this.#moduleEntries(at.path);
    if (module.length > 0) scopes.push(this.#scope('Module', 'other', module, frame));
    return [...scopes, ...this.#records(lwp, frame)];
  }

  #scope(name: string, hint: Scope['hint'], entries: readonly ScopeEntry[], frame: number): Scope {
    const handle = this.#variables.scope(entries, frame);
    return { name, hint, handle, named: entries.length, indexed: 0, expensive: false };
  }

  /** The LWP and what belongs to it, as a running target has them (agent/values/scopes.ts). */
  #records(lwp: CoreLwp, frame: number): Scope[] {
    const { graph } = this.#core;
    const object = graph?.object(lwp.objectId);
    const of = (field: string) => graph?.deref(object?.get(field));
    const expression = `lwp(${lwp.id})`;
    const all: [string, GraphObject | undefined, string][] = [
      ['LWP', object, expression],
      ['Process', of('proc'), `${expression}.proc`],
      ['CPU', of('cpu'), `${expression}.cpu`],
      ['Held locks', of('held'), `${expression}.held`],
      ['Kernel', of('kernel'), `${expression}.kernel`],
    ];
    const scopes: Scope[] = [];
    for (const [name, record, text] of all) {
      if (record === undefined) continue;
      const handle = this.#variables.object(record, { expression: text, frame });
      if (handle === 0) continue;
      const hint = name === 'LWP' || name === 'CPU' ? 'registers' : 'other';
      const [named, indexed] = [countNamed(record), countIndexed(record)];
      scopes.push({ name, hint, handle, named, indexed, expensive: false });
    }
    return scopes;
  }

  #moduleEntries(path: string): ScopeEntry[] {
    const { graph } = this.#core;
    const module = graph?.deref(graph.deref(graph.root('modules'))?.get(path));
    const fields = module === undefined ? [] : [...module.fields()];
    return fields.map(([name, value]) => ({ name, value, optimizedAway: false }));
  }

  /** The names that an expression in a frame may begin with. */
  names(frame: number | undefined): Map<string, Value> {
    const { icount } = this.#core;
    if (frame === undefined) return new Map([['$icount', icount]]);
    const { lwp, frame: at } = this.place(frame);
    const kernel = this.#core.kernels().find(({ name }) => name === lwp.kernel);
    const names = new Map<string, Value>([
      ['$icount', icount],
      ['$lwp', lwp.id],
      ['$cpu', lwp.cpu],
      ['$pid', lwp.pid],
      ['$kernel', lwp.kernel],
    ]);
    if (kernel !== undefined) names.set('kernel', { kind: 'ref', id: kernel.objectId });
    for (const { name, value } of this.#moduleEntries(at.path)) names.set(name, value);
    for (const scope of ['captured', 'local'] as const) {
      for (const local of at.locals) if (local.scope === scope) names.set(local.name, local.value);
    }
    return names;
  }
}
