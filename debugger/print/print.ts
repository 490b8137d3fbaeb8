/**
 * Printing into the past: a replay that prints at a line, without touching the source.
 *
 *   rumpus replay race.rumpus --dprintf kern_descrip.ts:120 'refcnt %d' ff.refcnt.value
 *
 * The image runs as it is. At the statement a breakpoint is set through a same-thread inspector
 * session whose condition prints and is always false, so nothing ever stops; its expressions see
 * the locals of that frame. They run with the counters paused: a print changes no icount.
 */

import { readdirSync } from 'node:fs';
import { Session } from 'node:inspector';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { current, formatText, hooks, siteTable } from '../../kernel/index.ts';
import { generatedPosition, loadMapsOf } from '../../tracer/index.ts';
import { InputError } from '../errors.ts';
import { isRepeating } from '../run/execute.ts';

/** One thing to print. */
export interface PrintRequest {
  /** Portable path, or as much of its end as is unique. */
  readonly file: string;
  readonly lineBase1: number;
  readonly format: string;
  readonly expressions: readonly string[];
}

/** One line printed. */
export interface Printed {
  readonly icount: number;
  readonly cpu: number;
  readonly lwp: number;
  readonly lwpName: string;
  readonly path: string;
  readonly lineBase1: number;
  readonly text: string;
}

/** Reads `file:line`. */
export function parsePlace(place: string): { file: string; lineBase1: number } {
  const match = /^(.+):(\d+)$/.exec(place);
  if (match === null) throw new InputError(`'${place}' is no place: write file:line`);
  return { file: match[1], lineBase1: Number(match[2]) };
}

interface Place {
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
}

/** The first statement at or after a line, in the module that the name means. */
function findPlace(request: PrintRequest): Place {
  const wanted = request.file.replaceAll('\\', '/').replace(/^\.\//, '');
  const paths = siteTable.modules.map((loaded) => loaded.table.path);
  const unique = [...new Set(paths)].filter(
    (path) => path === wanted || path.endsWith(`/${wanted}`) || wanted.endsWith(`/${path}`),
  );
  if (unique.length === 0) throw new InputError(`no module of this image is called ${wanted}`);
  if (unique.length > 1) {
    throw new InputError(`${wanted} may be any of ${unique.join(', ')}; give more of its path`);
  }
  return nearestStatement(unique[0], request.lineBase1);
}

function nearestStatement(path: string, lineBase1: number): Place {
  let best: Place | undefined;
  for (const position of siteTable.positionsOf(path)) {
    if (position.kind !== 's' || position.lineBase1 < lineBase1) continue;
    if (best === undefined || position.lineBase1 < best.lineBase1) best = position;
  }
  if (best === undefined)
    throw new InputError(`${path} has no statement at or after line ${lineBase1}`);
  return best;
}

/** Name of the global function that conditions call. */
const PRINT = '__rumpusPrint';

/** Runs `body` with the prints in place, and gives `print` each line as it comes. */
export function printing<T>(
  requests: readonly PrintRequest[],
  print: (line: Printed) => void,
  body: () => T,
): T {
  const session = new Session();
  session.connect();
  const scope = globalThis as Record<string, unknown>;
  try {
    post(session, 'Debugger.enable', {});
    loadMapsOf(builtFiles());
    const places = requests.map(findPlace);
    scope[PRINT] = (index: number, values: readonly (() => unknown)[]) => {
      if (!isRepeating()) printLine(requests[index], places[index], values, print);
      return false;
    };
    for (const [index, place] of places.entries()) arm(session, requests[index], place, index);
    return body();
  } finally {
    session.disconnect();
    delete scope[PRINT];
  }
}

function arm(session: Session, request: PrintRequest, place: Place, index: number): void {
  const generated = generatedPosition(place);
  if (generated === undefined) {
    throw new InputError(`line ${place.lineBase1} of ${place.path} is not in this image`);
  }
  const values = request.expressions.map((e) => `() => (${e})`).join(', ');
  const result = post(session, 'Debugger.setBreakpointByUrl', {
    urlRegex: `${escapeRegex(generated.file)}$`,
    lineNumber: generated.lineBase1 - 1,
    columnNumber: generated.columnBase0,
    condition: `${PRINT}(${index}, [${values}])`,
  }) as { locations: unknown[] };
  if (result.locations.length === 0) {
    throw new InputError(`nothing can be printed at ${place.path}:${place.lineBase1}`);
  }
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** One request over the session, which answers at once. */
function post(session: Session, method: string, parameters: object): unknown {
  let answer: unknown;
  let failure: Error | null = null;
  session.post(method, parameters, (error, result) => {
    failure = error;
    answer = result;
  });
  if (failure !== null) throw new InputError(`the engine refused: ${(failure as Error).message}`);
  return answer;
}

function printLine(
  request: PrintRequest,
  place: Place,
  values: readonly (() => unknown)[],
  print: (line: Printed) => void,
): void {
  const l = current.lwp;
  hooks.pause(0, place.lineBase1);
  try {
    const { path, lineBase1 } = place;
    print({
      icount: hooks.printIcount(),
      cpu: l === null ? 0 : l.cpu.index,
      lwp: l === null ? 0 : l.id,
      lwpName: l === null ? '' : l.name,
      path,
      lineBase1,
      text: formatText(request.format, values.map(evaluate)),
    });
  } finally {
    hooks.resume();
  }
}

/** A value, or what went wrong with it: a print must not change the run it looks at. */
function evaluate(value: () => unknown): unknown {
  try {
    return value();
  } catch (error) {
    return `<${error instanceof Error ? error.message : String(error)}>`;
  }
}

/** The package's built files, in which the kernel's code is. */
export function builtFiles(): string[] {
  const folder = dirname(fileURLToPath(import.meta.url));
  return [...readdirSync(folder), 'access/kernel.js']
    .filter((name) => name.endsWith('.js'))
    .map((name) => resolve(folder, name));
}
