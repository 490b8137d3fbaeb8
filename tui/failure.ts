/**
 * The stacks of a failed run, taken at the moment of failure: while the running LWP's own frames
 * are still on the host's stack.
 */

import {
  current,
  LSZOMB,
  type Lwp,
  type Observer,
  type Outcome,
  SysError,
  type World,
} from '../kernel/index.ts';
import { siteTable } from '../kernel/index.ts';
import {
  kernelStack,
  frameText,
  parseStack,
  sleepingStack,
  type StackFrame,
} from '../tracer/index.ts';
import { printable } from '../corefiles/index.ts';

/** One LWP that the verdict is about. */
export interface LwpStack {
  readonly lwp: number;
  readonly name: string;
  readonly cpu: number;
  /** What it did: `running`, `waits for mutex 'a'`, `sleeps on 'pipe'`. */
  readonly state: string;
  readonly frames: readonly StackFrame[];
}

/** Functions that say how a run failed, not where. */
const FAILING = ['panic', 'KASSERT', 'fail'];
/** Frames shown of each stack. */
const FRAMES_SHOWN = 8;

/** Takes the stacks when the run fails. Its methods are fields, so that it can be spread. */
export class FailureObserver implements Observer {
  stacks: readonly LwpStack[] = [];

  readonly failed = (outcome: Outcome): void => {
    const w = current.world;
    if (w !== null) this.stacks = stacksOf(w, outcome);
  };
}

function stacksOf(w: World, outcome: Outcome): LwpStack[] {
  const about = outcome.lwps.length > 0 ? outcome.lwps : [outcome.lwp];
  const stacks: LwpStack[] = [];
  for (const id of about) {
    const l = w.lwps[id];
    if (!l) continue;
    stacks.push({
      lwp: id,
      name: l.name,
      cpu: l.cpu.index,
      state: lwpState(l),
      frames: framesOf(l, outcome),
    });
  }
  return stacks;
}

function framesOf(l: Lwp, outcome: Outcome): StackFrame[] {
  if (l !== current.lwp) return sleepingStack(l);
  const { error } = outcome;
  if (error === undefined) return kernelStack(FAILING);
  return error instanceof Error ? errorFrames(error) : [];
}

/** A failed system call's stack is its errno's origin; any other error brought its own. */
function errorFrames(error: Error): StackFrame[] {
  if (!(error instanceof SysError)) return parseStack(error.stack ?? '');
  const { origin } = error;
  if (origin === undefined) return [];
  const sites = [origin.site, ...origin.callSites];
  return sites.flatMap((site) => {
    const position = siteTable.position(site);
    return position === undefined ? [] : [{ ...position }];
  });
}

/** What an LWP does, in a few words. */
export function lwpState(l: Lwp): string {
  if (l === current.lwp) return 'running';
  if (l.stat === LSZOMB) return 'has exited';
  if (l.waitsFor !== null) {
    const owner = l.waitsFor.owner;
    const holder = owner === null ? '' : `, held by LWP ${owner.id} '${owner.name}'`;
    return `waits for ${l.waitsFor.name}${holder}`;
  }
  return l.wmesg === null ? 'ready' : `sleeps on '${l.wmesg}'`;
}

/** The stacks as text: a line an LWP, then its innermost frames. */
export function stacksText(stacks: readonly LwpStack[]): string[] {
  return stacks.flatMap(({ lwp, name, cpu, state, frames }) => {
    const shown = frames
      .slice(0, FRAMES_SHOWN)
      .map((frame) => `      ${printable(frameText(frame))}`);
    const more = frames.length - shown.length;
    if (more > 0) shown.push(`      … ${more} more`);
    return [`    LWP ${lwp} '${printable(name)}' on CPU ${cpu}: ${printable(state)}`, ...shown];
  });
}

/** The stacks for --json. */
export function stacksJson(stacks: readonly LwpStack[]): object[] {
  return stacks.map(({ lwp, name, cpu, state, frames }) => ({
    lwp,
    name,
    cpu,
    state,
    frames: frames.map(({ function: name_, path, lineBase1, columnBase0 }) => ({
      function: name_,
      file: path,
      line: lineBase1,
      column: columnBase0 + 1,
    })),
  }));
}
