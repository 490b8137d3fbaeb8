/**
 * The frames of LWPs that do not run, and those frames of the running one that are only on its
 * frame list: suspended generators (kernel/hooks.ts).
 *
 *   frames[i] stands at sites[i + 1], where it called frames[i + 1]
 *   the innermost stands at `site` when it was preempted, otherwise inside the switch itself
 *
 * Places come from there, so they are exact and cost nothing. Variables cost about half a
 * millisecond a frame (the engine makes the scope of the whole module each time), so the LWPs that
 * the failure is about come first, and the others as far as the time goes.
 */

import { type Frame, hooks, type Lwp, mi_switch, siteTable } from '../../kernel/index.ts';
import type { LiveGenerator } from './inspect.ts';
import { type FrameReader, noteModules, positionIn } from './native.ts';
import { addThis, kindOfScope, readScopes } from './scopes.ts';
import { CapturedFrame } from './state.ts';

const UNREAD: LiveGenerator = { location: undefined, receiver: undefined, scopes: [] };

/** A frame whose variables are still to be read from its generator. */
export interface PendingFrame {
  readonly frame: CapturedFrame | null;
  readonly generator: Frame;
}

/** The running LWP's frames below those that the host has on its stack, innermost first. */
export function listedFrames(): PendingFrame[] {
  return callers(hooks.frames, hooks.sites, hooks.base);
}

/** All frames of an LWP that does not run, innermost first. */
export function sleepingFrames(l: Lwp): PendingFrame[] {
  if (l.fp === 0) return [];
  const innermost = l.frames[l.fp - 1];
  const list = callers(l.frames, l.sites, l.fp - 1);
  const inSwitch = Object.getPrototypeOf(innermost) === mi_switch.prototype;
  if (!inSwitch)
    list.unshift({ frame: l.site === 0 ? null : frameAt(l.site), generator: innermost });
  return list;
}

/** frames[top - 1] … frames[0], each where it called the next. */
function callers(frames: readonly Frame[], sites: readonly number[], top: number): PendingFrame[] {
  const list: PendingFrame[] = [];
  for (let i = top - 1; i >= 0; i--) {
    list.push({ frame: frameAt(sites[i + 1]), generator: frames[i] });
  }
  return list;
}

function frameAt(site: number): CapturedFrame | null {
  const position = siteTable.position(site);
  return position === undefined ? null : new CapturedFrame(position.function, position);
}

/**
 * Reads the variables of the frames in order, while there is time, and places those that had no
 * site. Gives the frames, and how many were left without variables.
 */
export function readPending(
  reader: FrameReader,
  pending: readonly PendingFrame[],
  more: (count: number) => boolean,
): { frames: CapturedFrame[]; unread: number } {
  const { inspector, names, precision } = reader;
  const generators = pending.map(({ generator }) => generator);
  const live = inspector.generators(generators, more);
  const frames = pending.map(({ frame }, i) => {
    const { location, receiver, scopes } = live[i] ?? UNREAD;
    const named = scopes.map(({ description, object }) => ({
      kind: kindOfScope(description),
      object,
    }));
    const placed = frame ?? placedBy(reader, location, scopes[0]?.description ?? '');
    readScopes(placed, named, names, precision);
    addThis(placed, receiver);
    noteModules(reader, placed.path, named);
    return placed;
  });
  return { frames, unread: pending.length - live.length };
}

type Location = { scriptId: string; lineNumber: number; columnNumber?: number } | undefined;

/** A frame of code that was not instrumented, by what the engine says of it. */
function placedBy(reader: FrameReader, location: Location, description: string): CapturedFrame {
  if (location === undefined)
    return new CapturedFrame('', { path: '', lineBase1: 0, columnBase0: 0 });
  const { scriptId, lineNumber, columnNumber } = location;
  const position = positionIn(reader, scriptId, '', lineNumber, columnNumber ?? 0);
  const name = /\((.*)\)$/.exec(description)?.[1] ?? '';
  return new CapturedFrame(reader.names.original(name, position.path), position);
}
