/** The one container for everything that is saved. */

export { type Chunk, LIMITS, type Limits } from './format.ts';
export { ContainerReader, type FoundChunk, openContainer } from './reader.ts';
export { BufferSink, FileSink, type Sink } from './sink.ts';
export { ContainerWriter, containerBytes, writeContainerFile } from './writer.ts';
