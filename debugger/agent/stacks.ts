/**
 * Stacks of LWPs in the paused target, and the scopes of their frames.
 *
 * The running LWP's frames are the engine's down to the scheduler, then those of its frame list; a
 * sleeping one's are all on its frame list (kernel/hooks.ts). Variables are read when asked for.
 */

import type { Debugger } from 'node:inspector';
import {
  type CapturedFrame,
  type FrameReader,
  forgetModules,
  type Inspector,
  isAnnouncer,
  listedFrames,
  type PendingFrame,
  type Placed,
  placeFrames,
  type Precision,
  readPending,
  readVariables,
  sleepingFrames,
  SourceNames,
  type SourceView,
} from '../../corefiles/index.ts';
import { current, hooks, type Lwp, siteTable, type World } from '../../kernel/index.ts';
import { moduleOf } from '../target/modules.ts';
import { TargetError } from '../target/target.ts';
import type { AgentFrame } from './protocol.ts';
import { DEPTH_OF_FRAME } from './rules.ts';
import { type SiteFlags, SKIPPED } from './siteflags.ts';

/** Frames that are read together with one that was asked for. */
const READ_AHEAD = 64;

/** A frame that a client has a number for. */
export interface KnownFrame {
  readonly info: AgentFrame;
  /** Index in its stack, innermost 0. */
  readonly index: number;
  readonly lwp: Lwp | null;
  readonly placed: Placed | null;
  readonly pending: PendingFrame | null;
}

export class Stacks {
  readonly #flags: SiteFlags;
  readonly #reader: FrameReader;
  readonly #known = new Map<number, KnownFrame>();
  readonly #byLwp = new Map<number, readonly KnownFrame[]>();
  /** The next number; none is given twice. */
  next = 1;
  /** Counted functions above the innermost frame that is shown. */
  #hidden = 0;
  /** The engine's frames at the present pause. */
  callFrames: readonly Debugger.CallFrame[] = [];
  /** The site of the statement where the running LWP stands; 0 inside of one. */
  site = 0;

  constructor(flags: SiteFlags, inspector: Inspector, view: SourceView, exact: boolean) {
    this.#flags = flags;
    this.#reader = {
      inspector,
      names: new SourceNames(view.text, view.renames),
      mapPosition: view.mapPosition,
      precision: exact ? 'exact' : 'lossy',
      modules: {},
      moduleScopes: new Map(),
      around: new Map(),
    };
  }

  get precision(): Precision {
    return this.#reader.precision;
  }

  get names(): SourceNames {
    return this.#reader.names;
  }

  /** The target moves: all numbers are forgotten, and none is used again. */
  clear(): void {
    this.#known.clear();
    this.#byLwp.clear();
    this.callFrames = [];
    forgetModules(this.#reader);
  }

  frame(id: number): KnownFrame {
    const known = this.#known.get(id);
    if (known === undefined) {
      throw new TargetError(`there is no frame ${id}: the target has moved since`);
    }
    return known;
  }

  /** The frames of an LWP; 0 is what runs without one. */
  of(w: World, id: number): readonly KnownFrame[] {
    const known = this.#byLwp.get(id);
    if (known !== undefined) return known;
    // The boot path runs as LWP 0, which is not among the others; an interrupt as none.
    const l = id === (current.lwp?.id ?? 0) ? current.lwp : (w.lwps[id] ?? null);
    if (id !== 0 && l === null) throw new TargetError(`there is no LWP ${id} now`);
    const frames = l === current.lwp ? this.#running(l) : this.#sleeping(l);
    this.#byLwp.set(id, frames);
    return frames;
  }

  #running(l: Lwp | null): KnownFrame[] {
    const placed = placeFrames(this.#reader, this.callFrames);
    const top = siteTable.position(this.site);
    if (top !== undefined && placed.length > 0 && !isAnnouncer(top.path, top.function)) {
      placed[0].frame.lineBase1 = top.lineBase1;
      placed[0].frame.columnBase0 = top.columnBase0;
    }
    // How a failure is announced is on the stack too, and is no frame.
    this.#hidden = hooks.pd + hooks.fp - hooks.base - placed.length;
    const frames = placed.map((one, i) => this.#know(l, i, one.frame, one, null));
    const below = listedFrames();
    const listed = below.map((one, i) => this.#know(l, placed.length + i, one.frame, null, one));
    return [...frames, ...listed];
  }

  #sleeping(l: Lwp | null): KnownFrame[] {
    if (l === null) return [];
    return sleepingFrames(l).map((one, i) => this.#know(l, i, one.frame, null, one));
  }

  #know(
    lwp: Lwp | null,
    index: number,
    captured: CapturedFrame | null,
    placed: Placed | null,
    pending: PendingFrame | null,
  ): KnownFrame {
    const id = this.next++;
    const path = captured?.path ?? '';
    const info: AgentFrame = {
      id,
      lwp: lwp?.id ?? 0,
      function: captured?.function ?? '',
      path,
      lineBase1: captured?.lineBase1 ?? 0,
      columnBase0: captured?.columnBase0 ?? 0,
      module: moduleOf(path),
      subtle: this.#isSubtle(path, captured?.function ?? ''),
      running: placed !== null,
      native: placed?.index ?? -1,
      depth: placed === null ? this.#listedDepth(lwp, index) : nativeDepth(index + this.#hidden),
    };
    const known: KnownFrame = { info, index, lwp, placed, pending };
    this.#known.set(id, known);
    return known;
  }

  /** Generators below the engine's frames: the last is the outermost. */
  #listedDepth(l: Lwp | null, index: number): number {
    const running = l === current.lwp;
    const top = running ? hooks.fp : (l?.fp ?? 0);
    const skipped = running ? hooks.pd - this.#hidden : 0;
    return (top - (index - skipped)) * DEPTH_OF_FRAME;
  }

  #isSubtle(path: string, name: string): boolean {
    const loaded = siteTable.modules.findLast(({ table }) => table.path === path);
    if (loaded === undefined) return path === '';
    const ordinal = siteTable.positionsOf(path).findIndex((site) => site.function === name);
    return ordinal >= 0 && (this.#flags.of(loaded.base + ordinal) & SKIPPED) !== 0;
  }

  /** Fills in the variables of a frame. */
  read(known: KnownFrame): CapturedFrame | null {
    if (known.placed !== null) {
      const { frame } = known.placed;
      if (frame.locals === null) readVariables(this.#reader, [known.placed]);
      return frame;
    }
    if (known.pending === null) return null;
    if (known.pending.frame !== null && known.pending.frame.locals !== null) {
      return known.pending.frame;
    }
    const together = [known.pending, ...this.#likely(known.pending)];
    return readPending(this.#reader, together, () => true).frames[0] ?? null;
  }

  /**
   * Frames that will be asked for next, when one of a sleeping LWP is: the innermost ones of other
   * LWPs whose stacks were asked for. Read together they cost half of what they do one by one.
   */
  #likely(but: PendingFrame): PendingFrame[] {
    const likely: PendingFrame[] = [];
    for (const [top] of this.#byLwp.values()) {
      const pending = top?.pending;
      if (!pending || pending === but || pending.frame?.locals !== null) continue;
      likely.push(pending);
      if (likely.length === READ_AHEAD) break;
    }
    return likely;
  }

  /**
   * What a variable of the source is called in the engine's scopes of a frame on the host's stack:
   * the bundler gave another name to one that hides another.
   */
  nameIn({ info, placed }: KnownFrame): (name: string) => string {
    const { inspector, names } = this.#reader;
    const ids = (placed?.scopes ?? [])
      .filter(({ type }) => type !== 'global' && type !== 'script')
      .map(({ object }) => object.objectId ?? '');
    let scopes: Set<string>[] | undefined;
    return (name) => {
      const candidates = names.generated(name, info.path);
      if (candidates.length === 1) return name;
      scopes ??= (inspector.live(ids) as object[]).map((one) => new Set(Object.keys(one)));
      for (const scope of scopes) {
        const found = candidates.find((one) => scope.has(one));
        if (found !== undefined) return found;
      }
      return name;
    };
  }

  /** The value of a name at the top level of the module of a frame, imports among them. */
  inModule(path: string, name: string): { readonly value: unknown } | undefined {
    const scope = this.#reader.moduleScopes?.get(path);
    const words = scope && this.names.generated(name, path);
    const found = words?.find((one) => Object.hasOwn(scope as object, one));
    return found === undefined ? undefined : { value: (scope as Record<string, unknown>)[found] };
  }

  /** Variables at the top level of a program's module, as far as they have been seen. */
  moduleVariables(path: string): Record<string, unknown> | undefined {
    return this.#reader.modules[path];
  }
}

/** Plain functions above the innermost generator count one each. */
function nativeDepth(index: number): number {
  const { fp, pd } = hooks;
  if (index < pd) return fp * DEPTH_OF_FRAME + (pd - index);
  return (fp - (index - pd)) * DEPTH_OF_FRAME;
}
