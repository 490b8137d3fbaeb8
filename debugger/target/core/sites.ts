/**
 * Where breakpoints may be in the sources that a core brings.
 *
 * The compiler reads a source again to find its sites; that runs nothing of it. Sites of a source
 * that it cannot read are not known, and neither are those of code that was compiled differently:
 * what the file says of the module (its hash) tells.
 */

import type { RecordedModule } from '../../../corefiles/index.ts';
import type { ModuleTable } from '../../../kernel/index.ts';
import { CompileError, instrument } from '../../../tracer/index.ts';
import type { SourceFiles } from '../files.ts';
import {
  type Breakpoint,
  type BreakpointPlace,
  type BreakpointRequest,
  type SourcePlace,
  TargetError,
} from '../target.ts';

interface Site extends SourcePlace {
  readonly function: string;
  /** Of a statement, a function's entry, or a loop's iteration. */
  readonly kind: 's' | 'f' | 'l';
}

export class CoreSites {
  readonly #files: SourceFiles;
  readonly #modules: ReadonlyMap<string, RecordedModule>;
  readonly #sites = new Map<string, readonly Site[]>();

  constructor(files: SourceFiles, modules: readonly RecordedModule[]) {
    this.#files = files;
    this.#modules = new Map(modules.map((module) => [module.path, module]));
  }

  /** Statements from one line to another. Errors: no such source. */
  places(path: string, fromLineBase1: number, toLineBase1: number): SourcePlace[] {
    const portable = this.#files.pathOf(path);
    if (this.#files.text(portable) === undefined) {
      throw new TargetError(`the core has no source ${path}`);
    }
    return this.#of(portable)
      .filter(({ kind, lineBase1: line }) => kind === 's' && line >= fromLineBase1)
      .filter(({ lineBase1 }) => lineBase1 <= toLineBase1)
      .sort((a, b) => a.lineBase1 - b.lineBase1 || a.columnBase0 - b.columnBase0)
      .map(placeOf);
  }

  /** What becomes of a request, as far as the sources tell. */
  verify({ id, at }: BreakpointRequest): Breakpoint {
    if (at.kind === 'source') return { id, ...this.#verifySource(at) };
    if (at.kind === 'function') return { id, ...this.#verifyFunction(at.name) };
    const message = 'what it watches is looked for when the core is re-run';
    return { id, verified: false, place: null, message };
  }

  #verifySource(at: BreakpointPlace & { kind: 'source' }): Verified {
    const path = this.#files.pathOf(at.path);
    if (this.#files.text(path) === undefined) {
      return unverified(`${at.path} is not in the image of this core: it is not part of what ran`);
    }
    if (path !== at.path && this.#files.fileOf(path) === '') {
      return unverified(`${at.path} is not the text that ran: it was changed since`);
    }
    const sites = this.#of(path).filter(({ lineBase1 }) => lineBase1 >= at.lineBase1);
    if (sites.length === 0) {
      return unverified(`${path} has no statement at or after line ${at.lineBase1}`);
    }
    const best = sites.reduce((one, other) => (isBetter(other, one, at) ? other : one));
    const message =
      best.lineBase1 === at.lineBase1
        ? ''
        : `line ${at.lineBase1} has no statement; the next one is at line ${best.lineBase1}`;
    return { verified: true, place: placeOf(best), message };
  }

  /** A function by its name, or the system call of that name. */
  #verifyFunction(name: string): Verified {
    const names = new Set([name, `sys_${name}`]);
    const isNamed = (known: string) =>
      names.has(known) || names.has(known.slice(known.lastIndexOf('.') + 1));
    for (const { path, functions } of this.#modules.values()) {
      if (!functions.some(isNamed)) continue;
      const entry = this.#of(path).find((site) => site.kind !== 'l' && isNamed(site.function));
      return { verified: true, place: entry === undefined ? null : placeOf(entry), message: '' };
    }
    return unverified(`no function of this image is called ${name}`);
  }

  /** Sites of a module in the order of the source; none when it cannot be read. */
  #of(path: string): readonly Site[] {
    let sites = this.#sites.get(path);
    if (sites === undefined) {
      const table = this.#tableOf(path);
      sites = table === undefined ? [] : decodeSites(table);
      this.#sites.set(path, sites);
    }
    return sites;
  }

  #tableOf(path: string): ModuleTable | undefined {
    const text = this.#files.text(path);
    const module = this.#modules.get(path);
    if (text === undefined || module === undefined) return undefined;
    // Of a test file only the generators are programs.
    for (const onlyGenerators of [false, true]) {
      try {
        const { table } = instrument(text, { path, onlyGenerators });
        if (table.hash === module.hash) return table;
      } catch (error) {
        if (!(error instanceof CompileError)) throw error;
      }
    }
    return undefined;
  }
}

type Verified = Omit<Breakpoint, 'id'>;

function unverified(message: string): Verified {
  return { verified: false, place: null, message };
}

function placeOf({ path, lineBase1, columnBase0 }: SourcePlace): SourcePlace {
  return { path, lineBase1, columnBase0 };
}

/** Statements before entries and loops, the nearest to the column that was asked for first. */
function isBetter(one: Site, best: Site, at: BreakpointPlace & { kind: 'source' }): boolean {
  if (one.lineBase1 !== best.lineBase1) return one.lineBase1 < best.lineBase1;
  const column = at.columnBase0;
  if (column === undefined || one.lineBase1 !== at.lineBase1) return rank(one) < rank(best);
  return Math.abs(one.columnBase0 - column) < Math.abs(best.columnBase0 - column);
}

function rank({ kind, columnBase0 }: Site): number {
  return (kind === 's' ? 0 : 1 << 20) + columnBase0;
}

/** `12:4:0s;13:6:0c;…`: line, column, function, kind (kernel/sites.ts). */
function decodeSites({ path, sites, functions }: ModuleTable): Site[] {
  const list: Site[] = [];
  for (const [, line, column, index, kind] of sites.matchAll(/(\d+):(\d+):(\d+)([sfl])/g)) {
    list.push({
      path,
      lineBase1: Number(line),
      columnBase0: Number(column),
      function: functions[Number(index)] ?? '',
      kind: kind as Site['kind'],
    });
  }
  return list;
}
