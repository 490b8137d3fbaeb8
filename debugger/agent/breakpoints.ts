/**
 * Breakpoints inside the target.
 *
 * One without a condition, or with a condition of `$` variables alone, is a flag on its site and
 * costs a call while statements are looked at. One whose condition or message has variables of the
 * frame needs the engine: a breakpoint of the engine's own, whose condition calls back here.
 *
 * Hits are counted from the beginning of the run, so a hit count means the same moment in any
 * direction.
 */

import { current, hooks, type Position, siteTable } from '../../kernel/index.ts';
import {
  type GeneratedPosition,
  generatedPosition,
  inNames,
  renamesIn,
} from '../../tracer/index.ts';
import type { Breakpoint, BreakpointRequest, SourcePlace } from '../target/target.ts';
import type { EngineBreakpoints } from './engine.ts';
import { AGENT } from './protocol.ts';
import type { SiteFlags } from './siteflags.ts';

export interface Armed {
  readonly request: BreakpointRequest;
  readonly place: SourcePlace;
  /** The first of its sites. */
  readonly site: number;
  readonly isFunction: boolean;
  readonly hitCondition: ((count: number) => boolean) | null;
  /** Of `$` variables alone; null when the engine evaluates the condition, or there is none. */
  readonly quick: ((...values: unknown[]) => unknown) | null;
  /** Hits in this run. */
  count: number;
}

/** A breakpoint of the engine's. */
interface AtEngine {
  readonly place: GeneratedPosition;
  readonly calls: string[];
  /** '' while it is taken out. */
  id: string;
}

/** A condition or message, as a function in the frame that takes VARIABLES. */
export type InFrame = (...known: readonly unknown[]) => unknown;

/** Variables that a condition may use besides the frame's. */
const VARIABLES = ['$lwp', '$cpu', '$pid', '$kernel', '$icount', '$lwpName', '$proc'] as const;
/** Words of a condition that are no variables of a frame. */
const QUICK =
  /^(?:\$lwpName|\$lwp|\$cpu|\$pid|\$kernel|\$icount|\$proc|\d+(?:\.\d+)?|'[^'\\]*'|"[^"\\]*"|true|false|&&|\|\||[=!]==?|[<>]=?|[-+*/%!()\s])*$/;

export class Breakpoints {
  readonly #flags: SiteFlags;
  readonly #engine: EngineBreakpoints;
  readonly #bySite = new Map<number, Armed[]>();
  readonly #byId = new Map<number, Armed>();
  /** Breakpoints of the engine's, by their place in its code. */
  readonly #atEngine = new Map<string, AtEngine>();
  requests: readonly BreakpointRequest[] = [];

  constructor(flags: SiteFlags, engine: EngineBreakpoints) {
    this.#flags = flags;
    this.#engine = engine;
  }

  /** Some count hits, so that every run has to be watched from its beginning. */
  get counting(): boolean {
    return [...this.#byId.values()].some(({ hitCondition }) => hitCondition !== null);
  }

  get any(): boolean {
    return this.#byId.size > 0;
  }

  /** A new run begins. */
  reset(): void {
    for (const armed of this.#byId.values()) armed.count = 0;
  }

  /** Replaces all breakpoints at places in the code. */
  set(requests: readonly BreakpointRequest[]): Breakpoint[] {
    this.#flags.refresh();
    this.#flags.clearBreakpoints();
    this.#bySite.clear();
    this.#byId.clear();
    this.#takeOut();
    this.#atEngine.clear();
    this.requests = requests;
    return requests.map((request) => this.#arm(request));
  }

  #arm(request: BreakpointRequest): Breakpoint {
    try {
      return this.#armed(request);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { id: request.id, verified: false, place: null, message };
    }
  }

  #armed(request: BreakpointRequest): Breakpoint {
    const { at, id } = request;
    if (at.kind === 'data') throw new Error('data breakpoints are set elsewhere');
    const { sites, message } = at.kind === 'source' ? sourceSites(at) : functionSites(at.name);
    const quick = quickCondition(request.condition);
    const engine =
      request.logMessage !== undefined || (request.condition !== undefined && quick === null);
    const hitCondition = parseHitCondition(request.hitCondition);
    const place = placeOf(siteTable.position(sites[0]) as Position);
    const isFunction = at.kind === 'function';
    const armed: Armed = {
      request,
      place,
      site: sites[0],
      isFunction,
      hitCondition,
      quick,
      count: 0,
    };
    this.#byId.set(id, armed);
    for (const site of sites) {
      if (engine) this.#armEngine(armed, site);
      else this.#armSite(armed, site);
    }
    return { id, verified: true, place, message };
  }

  #armSite(armed: Armed, site: number): void {
    const list = this.#bySite.get(site) ?? [];
    list.push(armed);
    this.#bySite.set(site, list);
    this.#flags.setBreakpoint(site);
  }

  #armEngine({ request }: Armed, site: number): void {
    const place = placeOf(siteTable.position(site) as Position);
    const generated = generatedPosition(place);
    if (generated === undefined) {
      throw new Error(`line ${place.lineBase1} of ${place.path} is not in this image`);
    }
    const known = VARIABLES.join(', ');
    const named = (expression: string) => inNames(expression, probing(place.path));
    const condition = request.condition ? `(${known}) => (${named(request.condition)})` : 'null';
    const text = template(request.logMessage ?? '', named);
    const message = request.logMessage ? `(${known}) => \`${text}\`` : 'null';
    // The engine ignores a condition that it cannot parse.
    for (const text of [condition, message]) void new Function(text);
    const call = `${AGENT}.atEngineBreakpoint(${request.id}, ${condition}, ${message})`;
    this.#setEngine(generated, call);
  }

  /** The engine has one breakpoint at a place: that of several of ours asks all of them. */
  #setEngine({ file, lineBase1, columnBase0 }: GeneratedPosition, call: string): void {
    const at = `${file}:${lineBase1}:${columnBase0}`;
    const known = this.#atEngine.get(at);
    if (known !== undefined && known.id !== '') this.#engine.remove(known.id);
    const calls = [...(known?.calls ?? []), call];
    const place = { file, lineBase1, columnBase0 };
    const id = this.#engine.set(file, lineBase1 - 1, columnBase0, calls.join(' | '));
    if (id === undefined) throw new Error(`nothing can stop at line ${lineBase1} of ${file}`);
    this.#atEngine.set(at, { place, calls, id });
  }

  /**
   * A run begins or goes on, to stop at breakpoints or not. The engine's take a third of a
   * millisecond at every hit, so on the way to another moment they are taken out, unless they count
   * or print.
   */
  moving(stops: 'stops' | 'passes'): void {
    const printing = this.requests.some(({ logMessage }) => logMessage !== undefined);
    if (stops === 'passes' && !this.counting && !printing) {
      this.#takeOut();
      return;
    }
    for (const known of this.#atEngine.values()) {
      if (known.id !== '') continue;
      const { file, lineBase1, columnBase0 } = known.place;
      const calls = known.calls.join(' | ');
      known.id = this.#engine.set(file, lineBase1 - 1, columnBase0, calls) ?? '';
    }
  }

  #takeOut(): void {
    for (const known of this.#atEngine.values()) {
      if (known.id !== '') this.#engine.remove(known.id);
      known.id = '';
    }
  }

  /** Those at a site that are met there now; counts them. */
  metAt(site: number): Armed[] {
    const met: Armed[] = [];
    for (const armed of this.#bySite.get(site) ?? []) {
      if (armed.quick !== null && !armed.quick(...variables())) continue;
      if (this.#counts(armed)) met.push(armed);
    }
    return met;
  }

  /** A breakpoint of the engine's was reached; true when it is met. */
  met(id: number, condition: InFrame | null, known: readonly unknown[]): Armed | undefined {
    const armed = this.#byId.get(id);
    if (armed === undefined) return undefined;
    if (condition !== null && !condition(...known)) return undefined;
    return this.#counts(armed) ? armed : undefined;
  }

  #counts(armed: Armed): boolean {
    armed.count++;
    return armed.hitCondition === null || armed.hitCondition(armed.count);
  }
}

/** Values of VARIABLES, now; the icount is another while the world is paused. */
export function variables(icount = hooks.icount): unknown[] {
  const l = current.lwp;
  return [
    l?.id ?? 0,
    l?.cpu.index ?? 0,
    l?.proc.pid ?? 0,
    l?.kernel.name ?? '',
    icount,
    l?.name ?? '',
    l?.proc.name ?? '',
  ];
}

function quickCondition(text: string | undefined): Armed['quick'] {
  if (text === undefined || text.trim() === '' || !QUICK.test(text)) return null;
  return new Function(...VARIABLES, `return (${text});`) as Armed['quick'];
}

const HIT = /^\s*(>=|<=|==?=?|>|<|%)?\s*(\d+)\s*$/;

function parseHitCondition(text: string | undefined): Armed['hitCondition'] {
  if (text === undefined || text.trim() === '') return null;
  const match = HIT.exec(text);
  if (match === null) throw new Error(`'${text}' is no hit count: write 5, >5, >=5, <5 or %5`);
  const wanted = Number(match[2]);
  switch (match[1] ?? '=') {
    case '>':
      return (count) => count > wanted;
    case '>=':
      return (count) => count >= wanted;
    case '<':
      return (count) => count < wanted;
    case '<=':
      return (count) => count <= wanted;
    case '%':
      return (count) => wanted > 0 && count % wanted === 0;
    default:
      return (count) => count === wanted;
  }
}

/** `fd {fd} closed` as a template literal's inside. */
function template(message: string, named: (expression: string) => string): string {
  const escaped = message.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  return escaped.replace(
    /\{([^{}]+)\}/g,
    (_, inside: string) => `\${${AGENT}.text(${named(inside)})}`,
  );
}

/**
 * What to read for a variable of the source where the engine's scopes are not known yet: of what
 * the bundler calls it, the one that is there, the innermost first, which has the highest number.
 */
function probing(path: string): (name: string) => string | undefined {
  const renames = renamesIn(path);
  return (name) => {
    const known = renames.get(name);
    if (known === undefined) return undefined;
    const order = [...known].sort((a, b) => numberOf(b) - numberOf(a));
    const tries = order.map((one) => `try { return ${one}; } catch {}`).join(' ');
    return `(() => { ${tries} return ${name}; })()`;
  };
}

function numberOf(name: string): number {
  return Number(/\d*$/.exec(name)?.[0] ?? 0);
}

export function placeOf({ path, lineBase1, columnBase0 }: Position): SourcePlace {
  return { path, lineBase1, columnBase0 };
}

interface Sites {
  readonly sites: readonly number[];
  readonly message: string;
}

/** The portable path of a module that a client means by a path. */
export function modulePath(path: string): string | undefined {
  const wanted = path.replaceAll('\\', '/');
  const paths = [...new Set(siteTable.modules.map(({ table }) => table.path))];
  return (
    paths.find((one) => one === wanted) ??
    paths
      .filter(
        (one) => wanted.endsWith(`/${one}`) || one.endsWith(`/${wanted}`) || tail(wanted, one),
      )
      .sort((a, b) => b.length - a.length)[0]
  );
}

/** `/home/me/rumpus/kernel/x.ts` is rumpus/kernel/x.ts wherever the package was put. */
function tail(file: string, path: string): boolean {
  const inside = path.slice(path.indexOf('/') + 1);
  return path.startsWith('rumpus/kernel/') && file.endsWith(`/${inside}`);
}

function baseOf(path: string): number {
  const loaded = siteTable.modules.filter(({ table }) => table.path === path).pop();
  return loaded === undefined ? 0 : loaded.base;
}

const STOPS = new Set(['s', 'f', 'l']);

/** The site of a line: its own first one, or that of the next line that has one. */
function sourceSites(at: { path: string; lineBase1: number; columnBase0?: number }): Sites {
  const path = modulePath(at.path);
  if (path === undefined) {
    throw new Error(`${at.path} is not in the image of this program: it is not part of what runs`);
  }
  const base = baseOf(path);
  let best: { ordinal: number; position: Position } | undefined;
  siteTable.positionsOf(path).forEach((position, ordinal) => {
    if (!STOPS.has(position.kind) || position.lineBase1 < at.lineBase1) return;
    if (best === undefined || isBetter(position, best.position, at)) best = { ordinal, position };
  });
  if (best === undefined) {
    throw new Error(`${path} has no statement at or after line ${at.lineBase1}`);
  }
  const { ordinal, position } = best as { ordinal: number; position: Position };
  const message =
    position.lineBase1 === at.lineBase1
      ? ''
      : `line ${at.lineBase1} has no statement; the next one is at line ${position.lineBase1}`;
  return { sites: [base + ordinal], message };
}

function isBetter(
  one: Position,
  best: Position,
  at: { lineBase1: number; columnBase0?: number },
): boolean {
  if (one.lineBase1 !== best.lineBase1) return one.lineBase1 < best.lineBase1;
  const wanted = at.columnBase0;
  if (wanted === undefined || one.lineBase1 !== at.lineBase1) return rank(one) < rank(best);
  const distance = (position: Position) => Math.abs(position.columnBase0 - wanted);
  return distance(one) < distance(best);
}

/** Statements before entries and loops, from left to right. */
function rank({ kind, columnBase0 }: Position): number {
  return (kind === 's' ? 0 : 1 << 20) + columnBase0;
}

/** The entries of all functions of a name; a system call's own function comes first. */
function functionSites(name: string): Sites {
  const ofCall = entriesOf(`sys_${name}`);
  const sites = ofCall.length > 0 ? ofCall : entriesOf(name);
  if (sites.length === 0) throw new Error(`no function of this image is called ${name}`);
  return { sites, message: '' };
}

function entriesOf(name: string): number[] {
  const sites: number[] = [];
  for (const { base, table } of siteTable.modules) {
    const seen = new Set<string>();
    siteTable.positionsOf(table.path).forEach((position, ordinal) => {
      const known = position.function;
      if (known !== name && known.slice(known.lastIndexOf('.') + 1) !== name) return;
      if (position.kind !== 's' || seen.has(known)) return;
      seen.add(known);
      sites.push(base + ordinal);
    });
  }
  return sites;
}
