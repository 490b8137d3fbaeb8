/** The image that ran and its sources. See FORMAT.md, "IMAG" and "SRCS". */

import { ByteReader, ByteWriter } from '../codec/index.ts';
import type { Chunk } from '../container/index.ts';
import { CoreFileError } from '../errors.ts';
import { relativePath } from './paths.ts';
import { pieceChunk, readPieces, SECTION, sectionChunk } from './pieces.ts';
import type { ImageInfo, RecordedModule, RecordedSource } from './types.ts';

const MAX_MODULES = 65_536;
const MAX_FUNCTIONS = 1_000_000;
/** Characters of source in one chunk, about. */
const PIECE_CHARS = 256 * 1024;

/** The chunk of an image. Errors: invalid. */
export function imageChunk(image: ImageInfo): Chunk {
  const out = new ByteWriter();
  out.string(image.identity);
  out.string(image.compiler);
  out.varint(image.modules.length);
  for (const module of image.modules) writeModule(out, module);
  return sectionChunk(SECTION.image, out.take());
}

function writeModule(out: ByteWriter, module: RecordedModule): void {
  const { path, functions, functionHashes } = module;
  if (functions.length !== functionHashes.length) {
    throw new CoreFileError('invalid', `${path} has functions without hashes.`);
  }
  out.string(relativePath(path));
  out.string(module.hash);
  out.varint(functions.length);
  for (const name of functions) out.string(name);
  for (const hash of functionHashes) out.string(hash);
}

/** Errors: damaged. */
export function readImage(raw: Uint8Array): ImageInfo {
  const input = new ByteReader(raw);
  const image: ImageInfo = { identity: input.string(), compiler: input.string(), modules: [] };
  let room = MAX_FUNCTIONS;
  for (let n = input.count(3, MAX_MODULES); n > 0; n--) {
    const module = readModule(input, room);
    room -= module.functions.length;
    image.modules.push(module);
  }
  return image;
}

function readModule(input: ByteReader, room: number): RecordedModule {
  const path = input.string();
  const hash = input.string();
  const count = input.count(2, room);
  const functions = Array.from({ length: count }, () => input.string());
  const functionHashes = Array.from({ length: count }, () => input.string());
  return { path, hash, functions, functionHashes };
}

/** The chunks of the sources, several in each. Errors: invalid. */
export function sourceChunks(sources: readonly RecordedSource[]): Chunk[] {
  const chunks: Chunk[] = [];
  for (let first = 0; first < sources.length; ) {
    let end = first;
    for (let chars = 0; end < sources.length && chars < PIECE_CHARS; end++) {
      chars += sources[end].text.length;
    }
    const piece = sources.slice(first, end);
    chunks.push(
      pieceChunk(SECTION.sources, first, piece.length, (out) => {
        for (const { path, text } of piece) {
          out.string(relativePath(path));
          out.string(text);
        }
      }),
    );
    first = end;
  }
  return chunks;
}

/** The sources in the payloads, up to the first gap. Errors: damaged. */
export function readSources(raws: Iterable<Uint8Array>): {
  sources: RecordedSource[];
  gap: boolean;
} {
  const list = readPieces(raws, MAX_MODULES, 2, (input, count) =>
    Array.from({ length: count }, () => ({ path: input.string(), text: input.string() })),
  );
  return { sources: list.pieces.flat(), gap: list.gap };
}
