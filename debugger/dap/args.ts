/**
 * Arguments of requests. They come over a wire, so nothing about them is believed: each is read
 * with its type, and a wrong one is a sentence that names it.
 */

import { DapError } from './errors.ts';

export type Arguments = Readonly<Record<string, unknown>>;

/** The arguments of a request, whatever was sent as such. */
export function argumentsOf(sent: unknown): Arguments {
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent)
    ? (sent as Arguments)
    : {};
}

function wrong(name: string, wanted: string, value: unknown): DapError {
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return new DapError('argument', `${name} must be ${wanted}, not ${short}`);
}

/** A whole number that must be there. */
export function wholeNumber(args: Arguments, name: string, min = 0): number {
  const value = args[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
  throw wrong(name, `a whole number of at least ${min}`, value);
}

/** A whole number, or undefined when there is none. */
export function maybeNumber(args: Arguments, name: string, min = 0): number | undefined {
  return args[name] === undefined || args[name] === null ? undefined : wholeNumber(args, name, min);
}

/** A text that must be there. */
export function text(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
}

/** A text, or undefined when there is none. */
export function maybeText(args: Arguments, name: string): string | undefined {
  return args[name] === undefined || args[name] === null ? undefined : text(args, name);
}

/** Whether something is wanted; undefined when nothing was said. */
export function maybeFlag(args: Arguments, name: string): boolean | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw wrong(name, 'true or false', value);
}

/** One of some words, or undefined when nothing was said. */
export function maybeWord<T extends string>(
  args: Arguments,
  name: string,
  words: readonly T[],
): T | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw wrong(name, words.join(' or '), value);
  return word;
}

/** A list of records; empty when there is none. */
export function records(args: Arguments, name: string): Arguments[] {
  const value = args[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(name, 'a list', value);
  return value.map(argumentsOf);
}

/** A list of texts, or undefined when there is none. */
export function maybeTexts(args: Arguments, name: string): string[] | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrong(name, 'a list of texts', value);
}
