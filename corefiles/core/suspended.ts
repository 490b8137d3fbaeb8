/**
 * The frames of LWPs that do not run, and those frames of the running one that are only on its
 * frame list: suspended generators (kernel/hooks.ts).
 *
 *   frames[i] stands at sites[i + 1], where it called frames[i + 1]
 *   the innermost stands at `site` when it was preempted, otherwise inside the switch itself
 *
 * Places come from there, so they are exact and cost nothing. Variables cost about 20 µs a frame,
 * because only the scopes inside of its module are made (innermost.ts); those of frames that the
 * inspector is asked for, which makes all of them, half a millisecond. So the LWPs that the failure
 * is about come first, and the others as far as the time goes.
 */

import { type Frame, hooks, type Lwp, mi_switch, siteTable } from '../../kernel/index.ts';
import { type ScopeReader, scopeReader } from './innermost.ts';
import type { LiveGenerator, LiveScope } from './inspect.ts';
import { type FrameReader, noteModules, positionIn } from './native.ts';
import { addThis, isMethod, isOutside, kindOfScope, readScopes } from './scopes.ts';
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
 * Reads the variables of the frames, while there is time, and places those that had no site. Gives
 * the frames, and how many were left without variables.
 */
export function readPending(
  reader: FrameReader,
  pending: readonly PendingFrame[],
  more: (count: number) => boolean,
): { frames: CapturedFrame[]; unread: number } {
  const scopes = scopeReader();
  const asked = pending.filter(({ frame }) => scopes === null || needsInspector(frame));
  const answers = reader.inspector.generators(
    asked.map(({ generator }) => generator),
    more,
  );
  const live = new Map(answers.map((answer, i) => [asked[i], answer]));
  let unread = 0;
  const frames = pending.map((one, i) => {
    const { frame, generator } = one;
    if (scopes !== null && frame !== null && !needsInspector(frame) && more(i)) {
      const found = scopesInside(reader, scopes, generator, frame.path);
      return fillIn(reader, frame, { ...UNREAD, scopes: found });
    }
    const answer = live.get(one);
    if (answer === undefined) unread++;
    return fillIn(reader, frame, answer ?? UNREAD);
  });
  return { frames, unread };
}

/** Where a generator stands, and its `this`, the inspector alone says. */
function needsInspector(frame: CapturedFrame | null): boolean {
  return frame === null || isMethod(frame);
}

/**
 * The scopes of a generator inside of its module. The first time in a source also the module's own,
 * to know how many there are from there on outwards: as many as for its other functions.
 */
function scopesInside(
  reader: FrameReader,
  scopes: ScopeReader,
  generator: Frame,
  path: string,
): LiveScope[] {
  const count = scopes.count(generator);
  const around = reader.around.get(path);
  const inside: LiveScope[] = [];
  for (let i = 0; i < count - (around ?? 0); i++) {
    const scope = scopes.scope(generator, i);
    inside.push(scope);
    if (!isOutside(kindOfScope(scope.description), scope.object)) continue;
    reader.around.set(path, count - i);
    break;
  }
  return inside;
}

function fillIn(
  reader: FrameReader,
  frame: CapturedFrame | null,
  { location, receiver, scopes }: LiveGenerator,
): CapturedFrame {
  const named = scopes.map(({ description, object }) => ({
    kind: kindOfScope(description),
    object,
  }));
  const placed = frame ?? placedBy(reader, location, scopes[0]?.description ?? '');
  readScopes(placed, named, reader.names, reader.precision);
  addThis(placed, receiver);
  noteModules(reader, placed.path, named);
  return placed;
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
