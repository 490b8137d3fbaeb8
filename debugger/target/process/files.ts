/** Sources of a process target, and the files that it writes. */

import { writeFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { RecordedSource } from '../../../corefiles/index.ts';
import { Packages } from '../../../tracer/index.ts';
import { SourceFiles } from '../files.ts';
import { type BreakpointRequest, type SourceInfo, TargetError } from '../target.ts';
import type { Connection } from './connection.ts';

export class Files {
  readonly #connection: () => Connection;
  readonly #program: string;
  #files: Promise<SourceFiles> | undefined;
  readonly #packages = new Packages();

  constructor(connection: () => Connection, program: string) {
    this.#connection = connection;
    this.#program = program;
  }

  #sources(): Promise<SourceFiles> {
    this.#files ??= this.#connection()
      .ask<RecordedSource[]>('sources')
      .then((sources) => new SourceFiles(sources, [this.#program]));
    return this.#files;
  }

  async sources(): Promise<readonly SourceInfo[]> {
    const files = await this.#sources();
    return files.paths().map((path) => ({ path, file: files.fileOf(path) }));
  }

  async text(path: string): Promise<string> {
    const text = (await this.#sources()).text(path);
    if (text === undefined) throw new TargetError(`there is no source ${path} in this image`);
    return text;
  }

  /** A file's path as the image has it: the package's name is rarely that of its folder. */
  pathOf(file: string): string {
    return isAbsolute(file) ? this.#packages.portable(file) : file;
  }

  /** A request about a file, with the path that the image has for it. */
  portable(request: BreakpointRequest): BreakpointRequest {
    const { at } = request;
    return at.kind === 'source'
      ? { ...request, at: { ...at, path: this.pathOf(at.path) } }
      : request;
  }

  /** Writes what the agent gave as base64. */
  async write(file: string, base64: string): Promise<void> {
    try {
      await writeFile(file, Buffer.from(base64, 'base64'));
    } catch (error) {
      throw new TargetError(`${file} cannot be written: ${(error as Error).message}`);
    }
  }
}
