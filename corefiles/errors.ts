/**
 * The one error class of corefiles/.
 *
 * Readers throw it only when there is nothing to open: the file cannot be read, is no Rumpus file,
 * has a newer major version, or has nothing left in it. Everything else that is wrong with a file is
 * a warning, a sentence beside what could still be read. Writers throw it for data that the format
 * cannot hold.
 */

/** Stable names for what went wrong, for programs. */
export type CoreFileErrorKind =
  | 'not-rumpus' // the bytes are not a Rumpus file
  | 'newer-version' // written by a later major version
  | 'unreadable' // the host refused to open or read the file
  | 'unwritable' // the host refused to create or write the file
  | 'damaged' // inside readers, which turn it into a warning; outside, nothing is left
  | 'invalid' // a writer was given what the format cannot hold
  | 'no-such-path'; // a query named something that a core does not have

export class CoreFileError extends Error {
  readonly kind: CoreFileErrorKind;
  /** Offset in the file (or, for 'damaged', in the chunk) where it was noticed, in bytes. */
  readonly offset: number | undefined;

  constructor(kind: CoreFileErrorKind, message: string, offset?: number) {
    super(message);
    this.name = 'CoreFileError';
    this.kind = kind;
    this.offset = offset;
  }
}

/** The sentence in anything that was thrown; a host error is reduced to its code and message. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return String(error);
}
