/**
 * Sources: the portable paths of a target, and what a client sees of them. A file that still holds
 * the very text that runs is named by its absolute path; any other is a reference, whose text comes
 * from the target by `source`.
 *
 *   rumpus/kernel/kern/kern_mutex.ts  ⇄  { path: '…/kernel/kern/kern_mutex.ts' }
 *   my-tests/race.ts                  ⇄  { path: 'my-tests/race.ts', sourceReference: 3 }
 */

import { basename, isAbsolute, normalize } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { SourceInfo, SourcePlace, Target } from '../target/index.ts';
import { type Arguments, argumentsOf, maybeNumber, maybeText } from './args.ts';
import { DapError } from './errors.ts';
import type { Requests, Session } from './session.ts';

export class Sources {
  readonly #files = new Map<string, string>();
  readonly #pathsByFile = new Map<string, string>();
  readonly #references = new Map<string, number>();
  readonly #pathsByReference = new Map<number, string>();

  /** Learns what a target is made of. References that were given out stay. */
  async load(target: Target): Promise<void> {
    const sources = await target.sources();
    this.#files.clear();
    this.#pathsByFile.clear();
    for (const { path, file } of sources) this.#add(path, file);
  }

  #add(path: string, file: string): void {
    this.#files.set(path, file);
    if (file !== '') this.#pathsByFile.set(fileKey(file), path);
  }

  /** Everything that is known, in order. */
  all(): SourceInfo[] {
    return [...this.#files].map(([path, file]) => ({ path, file }));
  }

  /** A source for the client. */
  source(path: string): DebugProtocol.Source {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const file = this.#files.get(path) ?? '';
    if (file !== '') return { name: basename(file), path: file };
    // Of what is not counted there is no text: a client is not to look there of its own accord.
    if (!this.#files.has(path)) return { name, path, presentationHint: 'deemphasize' };
    const origin = 'as the image was made from it; there is no such file here';
    return { name, path, sourceReference: this.#reference(path), origin };
  }

  /** Source, line and column for a frame, a breakpoint or an output line. */
  place(session: Session, { path, lineBase1, columnBase0 }: SourcePlace) {
    const { client } = session;
    return {
      source: this.source(path),
      line: client.line(lineBase1),
      column: client.column(columnBase0),
    };
  }

  /** The portable path that a client's source means; a file that is not known stays as it is. */
  pathOf(source: Arguments): string {
    const path = maybeText(source, 'path') ?? '';
    if (this.#files.has(path)) return path;
    const known = this.#pathsByFile.get(fileKey(path));
    if (known !== undefined) return known;
    const reference = maybeNumber(source, 'sourceReference') ?? 0;
    const referred = this.#pathsByReference.get(reference);
    if (referred !== undefined) return referred;
    if (path !== '') return path;
    throw new DapError('unknown', `There is no source ${reference} in this session.`);
  }

  #reference(path: string): number {
    const known = this.#references.get(path);
    if (known !== undefined) return known;
    const reference = this.#references.size + 1;
    this.#references.set(path, reference);
    this.#pathsByReference.set(reference, path);
    return reference;
  }
}

/** One spelling of an absolute file: clients on Windows differ in the case of the drive. */
function fileKey(file: string): string {
  if (!isAbsolute(file)) return file;
  return process.platform === 'win32' ? normalize(file).toLowerCase() : normalize(file);
}

async function sourceText(session: Session, args: Arguments): Promise<object> {
  const reference = maybeNumber(args, 'sourceReference') ?? 0;
  const wanted = { sourceReference: reference, ...argumentsOf(args['source']) };
  const content = await session.target.sourceText(session.sources.pathOf(wanted));
  return { content, mimeType: 'text/x-typescript' };
}

export const sourceRequests: Requests = {
  source: { when: 'open', handle: sourceText },
  loadedSources: {
    when: 'open',
    handle: async (session) => {
      await session.sources.load(session.target);
      return { sources: session.sources.all().map(({ path }) => session.sources.source(path)) };
    },
  },
};
