/**
 * The frames that are on the host's own stack: those of the LWP that runs, down to the frame that
 * the scheduler resumed. The engine shows them when it pauses.
 *
 * Above them on the host's stack is what found the failure, below them the scheduler and the tool
 * that runs the world; neither is the kernel's, and neither is kept. Of very deep stacks only the
 * ends get their variables.
 */

import type { Debugger } from 'node:inspector';
import { hooks, siteTable } from '../../kernel/index.ts';
import type { Inspector } from './inspect.ts';
import type { SourceNames } from './names.ts';
import {
  addThis,
  isModule,
  moduleVariables,
  type NamedScope,
  type Precision,
  readScopes,
} from './scopes.ts';
import { CapturedFrame } from './state.ts';
import type { CorePosition } from './types.ts';

/** Maps a place in generated code to its source. */
export type MapPosition = (
  url: string,
  lineBase1: number,
  columnBase0: number,
  sourceMapUrl: string,
) => CorePosition;

/** What is needed to read frames. */
export interface FrameReader {
  readonly inspector: Inspector;
  readonly names: SourceNames;
  readonly mapPosition: MapPosition;
  readonly precision: Precision;
  /** Collects the variables of programs' modules by path. */
  readonly modules: Record<string, Record<string, unknown>>;
  /** Collects the scopes of those modules, as generated code has them. */
  readonly moduleScopes?: Map<string, object>;
  /** How many scopes the functions of a source have around them, its module's being the first. */
  readonly around: Map<string, number>;
}

/** What is needed to say where frames are. */
export type Placing = Pick<FrameReader, 'inspector' | 'names' | 'mapPosition'>;

/** Frames at either end of a deep stack whose variables are kept. */
const ENDS = 64;
/** Where the LWP's stack ends and the scheduler's begins. */
const BOTTOM = new Set([
  'resumeInnermost',
  'unwind',
  'onBootPath',
  'execute',
  'fireTimers',
  'interrupt',
  'idle',
  'loop',
]);
/** Code that runs kernels, and is not one. */
const TOOLS = /^(?:rumpus\/(?:corefiles|debugger|tracer|tui|bench(?!\/programs\/)|dist)\/|node:|$)/;
const MACHINERY = /^rumpus\/kernel\/(?:world|trace|hooks|maysleep|sites)\b/;
/** How a failure is announced: after panic() and KASSERT(), which stay. */
const ANNOUNCERS = new Set(['fail', 'conclude', 'unwindWorld']);

/** A frame in its place, whose variables are still to be read from the engine's scopes. */
export interface Placed {
  readonly frame: CapturedFrame;
  readonly scopes: readonly Debugger.Scope[];
  /** The engine's name for its `this`; '' for none. */
  readonly receiver: string;
  /** Its index among the frames of the engine. */
  readonly index: number;
}

/** The frames of the running LWP among the host's, innermost first. */
export function nativeFrames(
  reader: FrameReader,
  callFrames: readonly Debugger.CallFrame[],
): CapturedFrame[] {
  const placed = placeFrames(reader, callFrames);
  const read = placed.filter((_, i) => i < ENDS || i >= placed.length - ENDS);
  readVariables(reader, read);
  return placed.map(({ frame }) => frame);
}

/** The same frames without their variables. */
export function placeFrames(reader: Placing, callFrames: readonly Debugger.CallFrame[]): Placed[] {
  const placed: Placed[] = [];
  for (const [index, callFrame] of callFrames.entries()) {
    const frame = placeOf(reader, callFrame);
    if (isBottom(frame)) break;
    if (isOurs(frame)) continue;
    const receiver = callFrame.this.objectId ?? '';
    placed.push({ frame, scopes: callFrame.scopeChain, receiver, index });
  }
  placeCalls(placed.map(({ frame }) => frame));
  return placed;
}

/**
 * Generators among the frames: the frame list knows exactly which call each of them is in, where
 * the engine gives some place in the code that the compiler made of that call.
 */
function placeCalls(frames: readonly CapturedFrame[]): void {
  let next = 0;
  for (let i = hooks.fp - 1; i > hooks.base; i--) {
    const site = siteTable.position(hooks.sites[i]);
    if (site === undefined) continue;
    const found = frames.findIndex(
      (frame, at) => at >= next && frame.path === site.path && frame.function === site.function,
    );
    if (found < 0) continue;
    frames[found].lineBase1 = site.lineBase1;
    frames[found].columnBase0 = site.columnBase0;
    next = found + 1;
  }
}

function placeOf(reader: Placing, callFrame: Debugger.CallFrame): CapturedFrame {
  const { scriptId, lineNumber, columnNumber } = callFrame.location;
  const position = positionIn(reader, scriptId, callFrame.url, lineNumber, columnNumber ?? 0);
  const bare = reader.names.original(callFrame.functionName, position.path);
  return new CapturedFrame(qualified(bare, position), position);
}

/**
 * The name that the frame list has for a function: the engine calls a method by its last name, a
 * constructor by its class, and has no name for a function that the source gives none.
 */
function qualified(bare: string, { path, lineBase1, columnBase0 }: CorePosition): string {
  if (path.startsWith('rumpus/kernel/') && bare !== '') return bare;
  const names = [bare === '' ? '<anonymous>' : bare, `${bare}.constructor`];
  const site = siteTable
    .positionsOf(path)
    .findLast(
      (one) =>
        (one.lineBase1 < lineBase1 ||
          (one.lineBase1 === lineBase1 && one.columnBase0 <= columnBase0)) &&
        names.some((name) => one.function === name || one.function.endsWith(`.${name}`)),
    );
  return site?.function ?? bare;
}

/** The source of a place in a script; the engine counts lines from 0. */
export function positionIn(
  reader: Pick<FrameReader, 'inspector' | 'mapPosition'>,
  scriptId: string,
  fallbackUrl: string,
  lineBase0: number,
  columnBase0: number,
): CorePosition {
  const script = reader.inspector.scripts.get(scriptId);
  const url = script?.url || fallbackUrl;
  return reader.mapPosition(url, lineBase0 + 1, columnBase0, script?.sourceMapUrl ?? '');
}

function isBottom({ path, function: name }: CapturedFrame): boolean {
  return path.startsWith('rumpus/kernel/world/') && BOTTOM.has(name);
}

function isOurs({ path, function: name }: CapturedFrame): boolean {
  return TOOLS.test(path) || MACHINERY.test(path) || isAnnouncer(path, name);
}

/** Whether a function announces a failure: it is in no stack, so nothing stands in it. */
export function isAnnouncer(path: string, name: string): boolean {
  return path.startsWith('rumpus/kernel/') && ANNOUNCERS.has(name);
}

/** Reads the variables of frames in their places. */
export function readVariables(reader: FrameReader, placed: readonly Placed[]): void {
  const wanted = placed.map(({ scopes }) => scopes.filter(({ type }) => isRead(type)));
  const receivers = placed.map(({ receiver }) => receiver).filter((id) => id !== '');
  const ids = [...wanted.flat().map(({ object }) => object.objectId ?? ''), ...receivers];
  const objects = reader.inspector.live(ids) as object[];
  let next = 0;
  let nextReceiver = ids.length - receivers.length;
  placed.forEach(({ frame, receiver }, i) => {
    const scopes = wanted[i].map(({ type }) => ({ kind: type, object: objects[next++] }));
    readScopes(frame, scopes, reader.names, reader.precision);
    if (receiver !== '') addThis(frame, objects[nextReceiver++]);
    noteModules(reader, frame.path, scopes);
  });
}

function isRead(type: string): boolean {
  return type !== 'global' && type !== 'script' && type !== 'module';
}

/** The program moves: what its modules' variables are is to be read again. */
export function forgetModules({ modules, moduleScopes, around }: FrameReader): void {
  for (const path of Object.keys(modules)) delete modules[path];
  moduleScopes?.clear();
  for (const path of around.keys()) if (!isKernel(path)) around.delete(path);
}

function isKernel(path: string): boolean {
  return path.startsWith('rumpus/kernel/');
}

/** Keeps the variables of the program's module that is among the scopes. */
export function noteModules(
  reader: FrameReader,
  path: string,
  scopes: readonly NamedScope[],
): void {
  if (isKernel(path) || Object.hasOwn(reader.modules, path)) return;
  const scope = scopes.find(({ object }) => isModule(object));
  if (scope === undefined) return;
  reader.moduleScopes?.set(path, scope.object);
  const variables = moduleVariables(scope.object, path, reader.names);
  if (variables !== null) reader.modules[path] = variables;
}
