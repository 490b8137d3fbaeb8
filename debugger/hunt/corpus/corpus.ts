/**
 * A corpus: a folder with one recording for each distinct failure, and for each schedule that covered
 * something more. A hunt replays them first; what has become of no use is dropped.
 *
 * Entries are followed as far as they fit, so they survive edits of the program. One that fails is
 * kept as a failure; one that passes although it fits is kept for its coverage; the rest goes. Only
 * schedules are taken from the files, never code: a stranger's corpus is as good as one's own.
 */

import { copyFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../folder.ts';
import { InputError } from '../../errors.ts';
import { execute } from '../../run/execute.ts';
import type { LoadedProgram } from '../../run/load.ts';
import type { RunSpec } from '../../run/spec.ts';
import { following, specOfFound } from '../again.ts';
import type { Found } from '../found.ts';
import {
  type EntryKind,
  entryName,
  type Kept,
  parseEntryName,
  programSlug,
  readEntry,
  type Trial,
  tryEntry,
  writeEntry,
} from './entry.ts';
import { pairsText, ReadsFrom } from './readsfrom.ts';

/** What a corpus has at most; the oldest schedules that only cover go first. */
const ENTRIES_MAX = 2000;
const BYTES_MAX = 256 * 1024 * 1024;

/** A failure that an entry still has: with its spec it is complete. */
export interface CorpusFailure {
  readonly file: string;
  readonly spec: RunSpec;
  readonly found: Found;
}

export interface CorpusReplay {
  readonly tried: number;
  readonly failures: readonly CorpusFailure[];
  readonly dropped: number;
}

export class Corpus {
  readonly dir: string;
  readonly #say: (text: string) => void;
  /** Pairs that some entry covers; known once they were replayed. */
  readonly #covered = new Set<number>();
  #saidUnwritable = false;

  /** Opens or makes the folder. `say` hears of damaged entries. Throws InputError. */
  constructor(dir: string, say: (text: string) => void) {
    this.dir = dir;
    this.#say = say;
    try {
      makeFolder(resolve(dir));
      readdirSync(dir);
    } catch (error) {
      throw new InputError(`${dir} cannot be a corpus: ${reason(error)}`);
    }
  }

  /** Names of a program's entries: failures first, then by name. */
  names(program: string): string[] {
    const own = programSlug(program);
    const names = readdirSync(this.dir).filter((name) => parseEntryName(name)?.program === own);
    const rank = (name: string) => (parseEntryName(name)?.kind === 'fail' ? 0 : 1);
    return names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  }

  /** Follows all entries of a program, tidies them up, and gives the failures. */
  replay(loaded: LoadedProgram, signal?: AbortSignal): CorpusReplay {
    const failures = new Map<string, CorpusFailure>();
    let tried = 0;
    let dropped = 0;
    for (const name of this.names(loaded.name)) {
      if (signal?.aborted === true) break;
      const outcome = this.#replayOne(loaded, name);
      if (outcome === undefined) continue;
      tried++;
      if (outcome === 'dropped') dropped++;
      else if (outcome !== 'kept' && !failures.has(outcome.found.signature)) {
        failures.set(outcome.found.signature, outcome);
      }
    }
    return { tried, failures: [...failures.values()], dropped };
  }

  /** Undefined for an entry that is of no use, which was said. */
  #replayOne(loaded: LoadedProgram, name: string): CorpusFailure | 'kept' | 'dropped' | undefined {
    const file = join(this.dir, name);
    const kind = parseEntryName(name)?.kind ?? 'cover';
    try {
      const kept = readEntry(file);
      const trial = tryEntry(loaded, kept, undefined);
      if (trial.found !== null) return this.#stillFails(loaded, name, kept, trial);
      if (trial.fits && this.#cover(loaded, kept) && kind === 'cover') return 'kept';
      rmSync(file, { force: true });
      if (kind === 'cover' || !trial.fits) return 'dropped';
      this.#write(loaded, 'cover', this.#coverage(loaded, kept), { ...kept.spec }, kept.words);
      return 'dropped';
    } catch (error) {
      this.#say(`warning: the corpus entry ${file} is left out: ${reason(error)}`);
      return undefined;
    }
  }

  /** An edit may have moved the place that names the bug. */
  #stillFails(loaded: LoadedProgram, name: string, kept: Kept, trial: Trial): CorpusFailure {
    const found = trial.found as Found;
    const isName = entryName(loaded.name, 'fail', found.signature);
    if (isName !== name) {
      this.keepFailure(loaded, kept.spec, found);
      rmSync(join(this.dir, name), { force: true });
    }
    return { file: join(this.dir, isName), spec: kept.spec, found };
  }

  /** Keeps a failure that is not there yet. Gives the file; undefined when it cannot be written. */
  keepFailure(loaded: LoadedProgram, hunted: RunSpec, found: Found): string | undefined {
    const spec = specOfFound(hunted, found);
    return this.#write(loaded, 'fail', found.signature, spec, found.words);
  }

  /** Keeps the schedule of `seed` if it reads from writes that no entry's schedule reads from. */
  keepIfNew(loaded: LoadedProgram, hunted: RunSpec, seed: number): boolean {
    const spec = { ...hunted, seed, detectors: [], ending: '' };
    const monitor = new ReadsFrom();
    const { world, outcome } = execute(loaded, spec, { monitor, checkpoints: false });
    if (outcome.verdict !== 'passed' || !this.#isNew(monitor.pairs)) return false;
    const of = pairsText(monitor.pairs);
    return this.#write(loaded, 'cover', of, spec, world.directives.copy()) !== undefined;
  }

  /** Whether an entry's schedule covers more than those before it. */
  #cover(loaded: LoadedProgram, kept: Kept): boolean {
    const monitor = new ReadsFrom();
    tryEntry(loaded, { ...kept, spec: { ...kept.spec, detectors: [] } }, monitor);
    return this.#isNew(monitor.pairs);
  }

  #coverage(loaded: LoadedProgram, kept: Kept): string {
    const monitor = new ReadsFrom();
    tryEntry(loaded, { ...kept, spec: { ...kept.spec, detectors: [] } }, monitor);
    return pairsText(monitor.pairs);
  }

  #isNew(pairs: ReadonlySet<number>): boolean {
    const before = this.#covered.size;
    for (const pair of pairs) this.#covered.add(pair);
    return this.#covered.size > before;
  }

  #write(
    loaded: LoadedProgram,
    kind: EntryKind,
    of: string,
    spec: RunSpec,
    words: Int32Array,
  ): string | undefined {
    const name = entryName(loaded.name, kind, of);
    const file = join(this.dir, name);
    try {
      if (readdirSync(this.dir).includes(name)) return file;
      const run = execute(loaded, spec, following({ words } as Found));
      writeEntry(file, loaded, spec, run);
      this.#prune();
      return file;
    } catch (error) {
      if (!this.#saidUnwritable)
        this.#say(`the corpus ${this.dir} cannot be added to: ${reason(error)}`);
      this.#saidUnwritable = true;
      return undefined;
    }
  }

  /** Keeps the folder within its limits. */
  #prune(): void {
    const entries = readdirSync(this.dir).flatMap((name) => {
      const kind = parseEntryName(name)?.kind;
      if (kind === undefined) return [];
      const { mtimeMs, size } = statSync(join(this.dir, name));
      return [{ name, mtimeMs, size, rank: kind === 'cover' ? 0 : 1 }];
    });
    let bytes = entries.reduce((sum, { size }) => sum + size, 0);
    let count = entries.length;
    entries.sort((a, b) => a.rank - b.rank || a.mtimeMs - b.mtimeMs);
    for (const { name, size } of entries) {
      if (count <= ENTRIES_MAX && bytes <= BYTES_MAX) return;
      rmSync(join(this.dir, name), { force: true });
      bytes -= size;
      count--;
    }
  }
}

export interface Merged {
  readonly added: number;
  readonly known: number;
  readonly damaged: number;
}

/** Copies the entries of another corpus that this one does not have. Throws InputError. */
export function mergeCorpus(into: Corpus, from: string, say: (text: string) => void): Merged {
  let names: string[];
  try {
    names = readdirSync(from).filter((name) => parseEntryName(name) !== undefined);
  } catch (error) {
    throw new InputError(`${from} is no corpus: ${reason(error)}`);
  }
  const there = new Set(readdirSync(into.dir));
  const merged = { added: 0, known: 0, damaged: 0 };
  for (const name of names.sort()) {
    if (there.has(name)) {
      merged.known++;
      continue;
    }
    try {
      readEntry(join(from, name));
      copyFileSync(join(from, name), join(into.dir, name));
      merged.added++;
    } catch (error) {
      merged.damaged++;
      say(`warning: the corpus entry ${join(from, name)} is left out: ${reason(error)}`);
    }
  }
  return merged;
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ...{ ENOENT: 'there is no such folder', ENOTDIR: 'it is no folder', EEXIST: 'it is no folder' },
    ...{ EACCES: 'no permission', EROFS: 'the file system is read-only' },
    ENOSPC: 'no space is left',
  };
  return known[code ?? ''] ?? message?.split('\n')[0] ?? String(error);
}
