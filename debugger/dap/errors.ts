/**
 * Errors of the adapter: each a sentence with a number, as the protocol wants them.
 *
 * The numbers let an extension tell them apart; the sentence is what people read. `notStopped` and
 * `cancelled` are words of the protocol that clients act on.
 */

import type { DebugProtocol } from '@vscode/debugprotocol';
import { CoreFileError } from '../../corefiles/index.ts';
import { CompileError } from '../../tracer/index.ts';
import { InputError } from '../errors.ts';
import { TargetError } from '../target/index.ts';

export const ERROR_IDS = {
  /** An argument is missing or wrong. */
  argument: 1001,
  /** The request does not fit where the session stands. */
  order: 1002,
  /** The program runs; again when it has stopped. */
  notStopped: 1003,
  /** A frame, handle, thread or source that is not known (any more). */
  unknown: 1004,
  /** The target cannot do this, or not now. */
  target: 1005,
  /** A program, recording or core cannot be opened. */
  input: 1006,
  cancelled: 1007,
  /** There is no such request. */
  unsupported: 1008,
  internal: 1009,
} as const;

export type ErrorKind = keyof typeof ERROR_IDS;

/** Kinds that a client need not put before the user's eyes. */
const QUIET: ReadonlySet<ErrorKind> = new Set(['notStopped', 'cancelled', 'unknown']);

/** What the adapter refuses, in one sentence. */
export class DapError extends Error {
  override name = 'DapError';
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, sentence: string) {
    super(sentence);
    this.kind = kind;
  }
}

/** What a response says about an error. */
export interface Told {
  /** The protocol's word where it has one, else the sentence. */
  readonly word: string;
  readonly error: DebugProtocol.Message;
}

/** The response to whatever was thrown. */
export function tell(thrown: unknown): Told {
  const kind = kindOf(thrown);
  const sentence = sentenceFor(thrown, kind);
  const protocolWord = kind === 'notStopped' || kind === 'cancelled';
  return {
    word: protocolWord ? kind : sentence,
    error: { id: ERROR_IDS[kind], format: sentence, showUser: !QUIET.has(kind) },
  };
}

function kindOf(thrown: unknown): ErrorKind {
  if (thrown instanceof DapError) return thrown.kind;
  if (thrown instanceof TargetError) return 'target';
  const input = [InputError, CoreFileError, CompileError];
  if (input.some((type) => thrown instanceof type) || isFileError(thrown)) return 'input';
  return 'internal';
}

/** The sentence in whatever was thrown. */
export function sentenceFor(thrown: unknown, kind: ErrorKind = kindOf(thrown)): string {
  if (!(thrown instanceof Error)) return `internal error: ${String(thrown)}`;
  if (kind !== 'internal') return thrown.message;
  const where = process.env['RUMPUS_DEBUG'] === '1' ? `\n${thrown.stack}` : '';
  return `internal error: ${thrown.name}: ${thrown.message.split('\n')[0]}${where}`;
}

/** An error of the host that is about a file which the user named. */
function isFileError(thrown: unknown): boolean {
  const { code, path } = (thrown ?? {}) as { code?: unknown; path?: unknown };
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) && typeof path === 'string';
}
