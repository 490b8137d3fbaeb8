/**
 * Sites: the places in the source that instrumented code names by number.
 *
 * Every instrumented module registers a table when it is loaded; a site is the module's base plus
 * its ordinal. Tables are text until somebody asks for a position:
 *
 *   sites      "12:4:0s;13:6:0c;…"   line (base 1) : column (base 0) : function index, kind
 *   functions  ["tmpfs_lookup", "Sys.open", …]
 *
 * Sites of accesses (accesses.ts) are counted apart, downwards from -1, so that the two images of
 * a module agree on all others. Their kind is r or w, and the name of what is accessed follows:
 *
 *   accesses   "12:4:0r value;12:12:0w value;…"
 *
 * A u is a write of what the same expression has read (`v.n++`); to who asks for positions it is a w.
 *
 * Kinds  s statement, f function entry, l loop iteration, c call with yield*, e errno constant,
 *        a atomic operation, g generator made, r read, w write.
 */

/** How an access stands in a table. */
export type AccessSite = 'r' | 'w' | 'u';
export type SiteKind = 's' | 'f' | 'l' | 'c' | 'e' | 'a' | 'g' | 'r' | 'w';

/** What the compiler knows of one module. */
export interface ModuleTable {
  /** Package-relative path with the package's name in front: `rumpus/kernel/kern/kern_mutex.ts`. */
  readonly path: string;
  /** Hash (hex) of the source as image identity sees it: without dprintf statements. */
  readonly hash: string;
  readonly functions: readonly string[];
  /** Hash (hex) of each function's own text, in the order of `functions`. */
  readonly functionHashes: readonly string[];
  readonly sites: string;
}

/** What the compiler knows of the accesses of one module. */
export interface AccessTable {
  readonly path: string;
  readonly hash: string;
  readonly functions: readonly string[];
  readonly accesses: string;
}

/** A site, decoded. */
export interface Position {
  readonly path: string;
  readonly lineBase1: number;
  readonly columnBase0: number;
  readonly function: string;
  readonly kind: SiteKind;
}

interface LoadedModule {
  readonly base: number;
  readonly count: number;
  readonly table: ModuleTable;
  positions: Position[] | null;
}

interface LoadedAccesses {
  /** The first site; the others count down from it. */
  readonly base: number;
  readonly count: number;
  readonly table: AccessTable;
  positions: Position[] | null;
}

function decodeAccesses({ path, functions, accesses }: AccessTable): Position[] {
  return accesses.split(';').map((text) => {
    const [line, column, rest] = text.split(' ', 1)[0].split(':');
    return {
      path,
      lineBase1: Number(line),
      columnBase0: Number(column),
      function: functions[Number(rest.slice(0, -1))] ?? '',
      kind: rest.endsWith('r') ? 'r' : 'w',
    };
  });
}

/** By the negated site: whether it is a write of what the same expression has read. */
export const accessUpdates: boolean[] = [false];

/** Names of what is accessed, by the negated site; '' where the key is computed. */
export const accessNames: string[] = [''];

function countSites(sites: string): number {
  if (sites === '') return 0;
  let count = 1;
  for (let at = sites.indexOf(';'); at >= 0; at = sites.indexOf(';', at + 1)) count++;
  return count;
}

function decode(table: ModuleTable): Position[] {
  if (table.sites === '') return [];
  return table.sites.split(';').map((text) => {
    const [line, column, rest] = text.split(':');
    return {
      path: table.path,
      lineBase1: Number(line),
      columnBase0: Number(column),
      function: table.functions[Number(rest.slice(0, -1))] ?? '',
      kind: rest.slice(-1) as SiteKind,
    };
  });
}

/** All modules of the image, in the order in which they were loaded. */
export class SiteTable {
  readonly modules: LoadedModule[] = [];
  /** Site 0 means "no site". */
  #next = 1;

  /** Adds a module, or gives the base it already has when the same code is loaded again. */
  register(table: ModuleTable): number {
    for (const loaded of this.modules) {
      const same = loaded.table.path === table.path && loaded.table.sites === table.sites;
      if (same && loaded.table.hash === table.hash) return loaded.base;
    }
    const count = countSites(table.sites);
    const base = this.#next;
    this.#next += count;
    this.modules.push({ base, count, table, positions: null });
    return base;
  }

  readonly #accesses: LoadedAccesses[] = [];

  /** Adds a module's accesses, or gives the base that they already have. */
  registerAccesses(table: AccessTable): number {
    for (const loaded of this.#accesses) {
      const same = loaded.table.path === table.path && loaded.table.accesses === table.accesses;
      if (same && loaded.table.hash === table.hash) return loaded.base;
    }
    const base = -accessNames.length;
    const texts = table.accesses === '' ? [] : table.accesses.split(';');
    for (const text of texts) {
      const blank = text.indexOf(' ');
      accessNames.push(text.slice(blank + 1));
      accessUpdates.push(text[blank - 1] === 'u');
    }
    this.#accesses.push({ base, count: texts.length, table, positions: null });
    return base;
  }

  /** Whether modules below this path tell of their accesses. */
  tellsAccesses(folder: string): boolean {
    return this.#accesses.some(({ table }) => table.path.startsWith(folder));
  }

  /** The name of the field or variable that an access site is about; '' for computed keys. */
  accessName(site: number): string {
    return accessNames[-site] ?? '';
  }

  #accessPosition(site: number): Position | undefined {
    for (const loaded of this.#accesses) {
      if (site > loaded.base || site <= loaded.base - loaded.count) continue;
      loaded.positions ??= decodeAccesses(loaded.table);
      return loaded.positions[loaded.base - site];
    }
    return undefined;
  }

  #moduleOf(site: number): LoadedModule | undefined {
    let low = 0;
    let high = this.modules.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const loaded = this.modules[middle];
      if (site < loaded.base) high = middle - 1;
      else if (site >= loaded.base + loaded.count) low = middle + 1;
      else return loaded;
    }
    return undefined;
  }

  /** Where a site is; undefined for 0 and for numbers that no loaded module has. */
  position(site: number): Position | undefined {
    if (site < 0) return this.#accessPosition(site);
    const loaded = this.#moduleOf(site);
    if (loaded === undefined) return undefined;
    loaded.positions ??= decode(loaded.table);
    return loaded.positions[site - loaded.base];
  }

  /** Path of the module whose base is `base`. */
  modulePath(base: number): string | undefined {
    return this.#moduleOf(base)?.table.path;
  }

  /** All sites of a module, by its path; those of its newest version when it was loaded twice. */
  positionsOf(path: string): readonly Position[] {
    const loaded = this.modules.filter((module) => module.table.path === path).pop();
    if (loaded === undefined) return [];
    loaded.positions ??= decode(loaded.table);
    return loaded.positions;
  }

  /** A site as (module path, ordinal), which is the same in every image of the same sources. */
  portable(site: number): { path: string; ordinal: number } | undefined {
    const loaded = this.#moduleOf(site);
    return loaded && { path: loaded.table.path, ordinal: site - loaded.base };
  }
}

export const siteTable = new SiteTable();
