/** What the debugger asks about places that can be watched. */

import { deserialize, serialize } from 'node:v8';
import { type DataInfo, TargetError } from '../../target/target.ts';
import type { Agent } from '../agent.ts';
import type { KnownFrame } from '../stacks.ts';
import type { Questions } from '../questions.ts';
import type { Belongings } from '../timeline.ts';
import { placeOf, type TrailRoot } from '../values/index.ts';
import type { DataNeeds } from './dataid.ts';
import { infoOf, placeByExpression, refused, splitPlace } from './info.ts';
import { ownerAt, type Roots } from './places.ts';

/** What one process hands to another; numbers that clients may still have are not given again. */
interface Handed extends Belongings {
  readonly shownUntil: number;
  readonly logged: ReadonlyMap<string, number>;
  readonly numbers: { readonly frames: number; readonly handles: number };
}

/** Globals that expressions may name (door.ts). */
const GLOBALS = new Set(['kernel', 'kernels', 'world']);

export class DataQuestions implements Roots {
  readonly #agent: Agent;
  readonly #questions: Questions;

  constructor(agent: Agent, questions: Questions) {
    this.#agent = agent;
    this.#questions = questions;
  }

  dataInfo(name: string, handle: number, frame: number): DataInfo {
    if (this.#agent.world === null) return refused('the run is over: go to a moment of it first');
    const { icount, inside } = this.#agent.where().stop;
    const { handles } = this.#questions;
    if (handle !== 0) return infoOf(placeOf(handles, handle, name), name, { icount, inside });
    const split = splitPlace(name);
    if (split === undefined) {
      return refused(`${name} is a variable or no path; watch a field, as in vp.size`);
    }
    const known = frame === 0 ? undefined : this.#agent.stacks.frame(frame);
    const at = { lwp: known?.info.lwp ?? 0, depth: known === undefined ? -1 : this.#depth(known) };
    const root = { kind: 'expression', text: split.owner, ...at } as const;
    const owner = ownerAt(this, { root, steps: [] });
    const place = placeByExpression(handles, owner, split, { frame, ...at });
    return infoOf(place, name, { icount, inside });
  }

  dataNeeds(ids: readonly string[]): DataNeeds {
    return this.#agent.data.needs(ids);
  }

  /** From its beginning, the next run names the objects that it sees; or no longer. */
  nameObjects(on: boolean): void {
    this.#agent.data.watches.naming(on);
  }

  /** Finds the objects of data ids, at their moment. */
  dataFound(ids: readonly string[]): void {
    const { watches } = this.#agent.data;
    for (const id of ids) {
      const watch = watches.get(id);
      if (watch === undefined) continue;
      try {
        watches.name(watch, ownerAt(this, watch.data.of));
      } catch (error) {
        watch.failed(error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** The moment at which an object is known that nothing told of before. */
  dataSight(id: string): void {
    const watch = this.#agent.data.watches.get(id);
    if (watch !== undefined) watch.found(ownerAt(this, watch.data.of));
  }

  /** All that belongs to the runs of this process, for one that takes its place. */
  belongings(): string {
    const { timeline, output, stacks } = this.#agent;
    const { shownUntil, logged } = output;
    const numbers = { frames: stacks.next, handles: this.#questions.handles.next };
    const all: Handed = { ...timeline.belongings(), shownUntil, logged, numbers };
    return serialize(all).toString('base64');
  }

  takeOver(belongings: string): void {
    const { timeline, output, stacks } = this.#agent;
    const all = deserialize(Buffer.from(belongings, 'base64')) as Handed;
    timeline.takeOver(all);
    output.shownUntil = all.shownUntil;
    for (const [point, icount] of all.logged) output.logged.set(point, icount);
    stacks.next = all.numbers.frames;
    this.#questions.handles.next = all.numbers.handles;
  }

  // Roots.

  root(root: TrailRoot): unknown {
    if (root.kind !== 'frame' || root.scope !== 'Module') return this.#questions.root(root);
    const known = this.#frameAt(root.lwp, root.depth);
    return known && this.#agent.stacks.moduleVariables(known.info.path);
  }

  variable(lwp: number, depth: number, name: string): { readonly value: unknown } | undefined {
    const known = depth < 0 ? undefined : this.#frameAt(lwp, depth);
    if (known !== undefined) {
      const captured = this.#agent.stacks.read(known);
      const module = this.#agent.stacks.moduleVariables(known.info.path);
      for (const scope of [captured?.locals, captured?.captured, module]) {
        if (scope && Object.hasOwn(scope, name)) return { value: scope[name] };
      }
    }
    const numbered = /^lwp\((\d+)\)$/.exec(name);
    if (numbered !== null) return { value: this.#agent.world?.lwps[Number(numbered[1])] };
    const scope = globalThis as Record<string, unknown>;
    return GLOBALS.has(name) ? { value: scope[name] } : undefined;
  }

  #depth(known: KnownFrame): number {
    return this.#frames(known.info.lwp).length - 1 - known.index;
  }

  #frameAt(lwp: number, depth: number): KnownFrame | undefined {
    const frames = this.#frames(lwp);
    return frames[frames.length - 1 - depth];
  }

  #frames(lwp: number): readonly KnownFrame[] {
    const { world } = this.#agent;
    if (world === null) throw new TargetError('nothing runs');
    return this.#agent.stacks.of(world, lwp);
  }
}
