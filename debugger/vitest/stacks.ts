/**
 * The stacks of a failed run, taken at the moment of failure, while the running LWP's own frames
 * are still on the host's stack.
 */

import { current, type Lwp, type Outcome, siteTable, SysError } from '../../kernel/index.ts';
import { isAbsolute } from 'node:path';
import {
  currentStack,
  Packages,
  parseStack,
  sleepingStack,
  type StackFrame,
} from '../../tracer/index.ts';

/** The stack of one LWP that the verdict is about. */
export interface FailedStack {
  readonly lwp: number;
  readonly name: string;
  readonly cpu: number;
  /** `running`, `waits for mutex 'a'`, `sleeps on 'pipe'`. */
  readonly state: string;
  readonly frames: readonly StackFrame[];
}

/** Functions that say how a run failed, not where. */
const FAILING = ['panic', 'KASSERT', 'fail', 'failed', 'failedStacks', 'stackOf', 'framesOf'];
/** Functions below a program's main. */
const BELOW_MAIN = new Set(['runMain']);

/** The stacks that an outcome is about: of the LWPs in the cycle, or of the one that failed. */
export function failedStacks(outcome: Outcome): FailedStack[] {
  const w = current.world;
  if (w === null) return [];
  const about = outcome.lwps.length > 0 ? outcome.lwps : [outcome.lwp];
  const stacks: FailedStack[] = [];
  for (const id of about) {
    const l = w.lwps[id];
    if (l) stacks.push(stackOf(l, outcome));
  }
  return stacks;
}

function stackOf(l: Lwp, outcome: Outcome): FailedStack {
  const packages = new Packages();
  const frames = framesOf(l, outcome).map((frame) => portable(frame, packages));
  return {
    lwp: l.id,
    name: l.name,
    cpu: l.cpu.index,
    state: stateText(l),
    frames: frames.filter((frame) => !isForeign(frame) && !BELOW_MAIN.has(frame.function)),
  };
}

/** vitest gives positions in the sources already, under absolute paths. */
function portable(frame: StackFrame, packages: Packages): StackFrame {
  return isAbsolute(frame.path) ? { ...frame, path: packages.portable(frame.path) } : frame;
}

/** vitest's own, and what its assertions are made of. */
function isForeign({ path }: StackFrame): boolean {
  return path.includes('/node_modules/') || path.startsWith('node:');
}

function framesOf(l: Lwp, outcome: Outcome): StackFrame[] {
  if (l !== current.lwp) return sleepingStack(l);
  const { error } = outcome;
  if (error === undefined) return currentStack(FAILING);
  if (error instanceof SysError) return originFrames(error);
  const frames = error instanceof Error ? parseStack(error.stack ?? '') : [];
  return frames.length > 0 ? frames : siteFrames([outcome.site]);
}

/** A failed system call's stack is that of its errno's origin. */
export function originFrames(error: SysError): StackFrame[] {
  const { origin } = error;
  return origin === undefined ? [] : siteFrames([origin.site, ...origin.callSites]);
}

function siteFrames(sites: readonly number[]): StackFrame[] {
  return sites.flatMap((site) => {
    const position = siteTable.position(site);
    if (position === undefined) return [];
    const { path, lineBase1, columnBase0 } = position;
    return [{ function: position.function, path, lineBase1, columnBase0 }];
  });
}

function stateText(l: Lwp): string {
  if (l === current.lwp) return 'running';
  if (l.waitsFor !== null) {
    const { owner } = l.waitsFor;
    const holder = owner === null ? '' : `, which LWP ${owner.id} '${owner.name}' holds`;
    return `waits for ${l.waitsFor.name}${holder}`;
  }
  return l.wmesg === null ? 'ready' : `sleeps on '${l.wmesg}'`;
}
