/**
 * The cache of compiled programs, on disk, in the user's cache folder.
 *
 *   <entry hash>.manifest.json   the files that a program was made from, with their hashes
 *   <content hash>.program       a checksum on the first line, then the CompiledProgram (JSON)
 *
 * A look-up costs a stat for each input. Anything unreadable, damaged or out of date is a miss;
 * a folder that cannot be written is no cache. Writes are atomic. RUMPUS_CACHE=off turns it off.
 */

import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { COMPILER_VERSION } from './identity.ts';
import type { CompiledProgram } from './program.ts';

/** A file this fresh may change again without its time stamp changing. */
const FRESH_MS = 50;
const MAX_FILES = 400;

interface Input {
  readonly file: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly hash: string;
}

/** A program, and the files that it was made from. */
export interface Made {
  readonly files: readonly string[];
  readonly program: CompiledProgram;
}

interface Manifest {
  readonly versions: string;
  readonly inputs: readonly Input[];
  readonly writtenMs: number;
}

function sha(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 40);
}

/** The user's cache folder by the custom of the host, and `rumpus` in it. */
export function defaultCacheDir(env: NodeJS.ProcessEnv, platform: string): string {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'rumpus');
  if (platform === 'win32' && env['LOCALAPPDATA']) return join(env['LOCALAPPDATA'], 'rumpus');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'rumpus');
  return join(homedir(), '.cache', 'rumpus');
}

function describeInput(file: string): Input {
  const { mtimeMs, size } = statSync(file);
  return { file, mtimeMs, size, hash: sha(readFileSync(file)) };
}

/** True when a file still has the content it had; reads it only when its stamp differs. */
function isSame(input: Input, writtenMs: number): boolean {
  const { mtimeMs, size } = statSync(input.file);
  if (size !== input.size) return false;
  if (mtimeMs === input.mtimeMs && mtimeMs < writtenMs - FRESH_MS) return true;
  return sha(readFileSync(input.file)) === input.hash;
}

function isManifest(value: unknown): value is Manifest {
  const { versions, inputs, writtenMs } = (value ?? {}) as Partial<Manifest>;
  return typeof versions === 'string' && typeof writtenMs === 'number' && Array.isArray(inputs);
}

let writes = 0;

function writeAtomic(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.${++writes}.tmp`;
  writeFileSync(temporary, text);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export class ProgramCache {
  readonly dir: string;
  readonly versions: string;

  constructor(dir: string, versions: string) {
    this.dir = dir;
    this.versions = versions;
  }

  /** undefined when the cache is off. */
  static open(dir: string | false | undefined, rumpusVersion: string): ProgramCache | undefined {
    if (dir === false || process.env['RUMPUS_CACHE'] === 'off') return undefined;
    const folder = dir ?? defaultCacheDir(process.env, process.platform);
    return new ProgramCache(folder, `${COMPILER_VERSION} ${rumpusVersion}`);
  }

  /** The program as it was compiled from exactly these files, or undefined. */
  find(entry: string): CompiledProgram | undefined {
    try {
      const manifest: unknown = JSON.parse(readFileSync(this.#manifestPath(entry), 'utf8'));
      if (!isManifest(manifest) || manifest.versions !== this.versions) return undefined;
      if (!manifest.inputs.every((input) => isSame(input, manifest.writtenMs))) return undefined;
      return this.#read(this.#programPath(entry, manifest.inputs));
    } catch {
      // A miss: not there, damaged, or one of the inputs is gone. Compiling says what is wrong.
      return undefined;
    }
  }

  /**
   * Remembers a program whose compilation began at `startedMs`, unless a file changed since.
   * Failing to is no error: the next run compiles again.
   */
  store(entry: string, made: Made, startedMs: number): void {
    try {
      const { files, program } = made;
      const writtenMs = Date.now();
      const inputs = files.map(describeInput);
      // Time stamps are finer than the clock that gave startedMs.
      if (inputs.some((input) => input.mtimeMs > startedMs + 1)) return;
      mkdirSync(this.dir, { recursive: true });
      this.#prune();
      const text = JSON.stringify(program);
      writeAtomic(this.#programPath(entry, inputs), `${sha(text)}\n${text}`);
      const manifest: Manifest = { versions: this.versions, inputs, writtenMs };
      writeAtomic(this.#manifestPath(entry), JSON.stringify(manifest));
    } catch {
      // An unwritable folder is no cache.
    }
  }

  #manifestPath(entry: string): string {
    return join(this.dir, `${sha(`${this.versions} ${entry}`)}.manifest.json`);
  }

  #programPath(entry: string, inputs: readonly Input[]): string {
    const parts = inputs.map(({ file, hash }) => `${file} ${hash}`).sort();
    return join(this.dir, `${sha([this.versions, entry, ...parts].join('\n'))}.program`);
  }

  #read(path: string): CompiledProgram | undefined {
    const content = readFileSync(path, 'utf8');
    const end = content.indexOf('\n');
    const text = content.slice(end + 1);
    if (content.slice(0, end) !== sha(text)) return undefined;
    return JSON.parse(text) as CompiledProgram;
  }

  /** Keeps the folder small: the older half goes when there are too many. */
  #prune(): void {
    const files = readdirSync(this.dir).map((name) => join(this.dir, name));
    if (files.length <= MAX_FILES) return;
    const dated = files.map((file) => ({ file, mtimeMs: statSync(file).mtimeMs }));
    dated.sort((a, b) => a.mtimeMs - b.mtimeMs);
    for (const { file } of dated.slice(0, MAX_FILES / 2)) rmSync(file, { force: true });
  }
}
