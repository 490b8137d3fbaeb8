/**
 * Expressions read from the right: what stands before the last dot or bracket.
 *
 *   splitExpression('vp.mount.name')    {of: 'vp.mount', step: 'name'}
 *   splitExpression('files[3]')         {of: 'files', step: {index: 3}}
 *   splitExpression('map.get("a")')     {of: 'map', step: {mapKey: …}}
 *   beforeCursor('print(vp.mo', 11)     {of: 'vp', prefix: 'mo'}
 */

import { plainKey, type TrailStep } from './trail.ts';

const WORD_BEFORE = /[\p{L}\p{N}_$]*$/u;
const LAST_FIELD = /^(.+?)\??\.\s*([\p{L}_$][\p{L}\p{N}_$]*)$/su;
const LAST_GET = /^(.+?)\??\.get\(\s*([^()]*|"(?:[^"\\]|\\.)*")\s*\)$/su;
const LAST_INDEX = /^(.+?)(?:\?\.)?\[\s*(\d+|"(?:[^"\\]|\\.)*")\s*\]$/su;

export interface SplitExpression {
  /** Expression of the object. */
  readonly of: string;
  readonly step: TrailStep;
}

/** The object and the member that an expression names; undefined when it is no such path. */
export function splitExpression(text: string): SplitExpression | undefined {
  const expression = text.trim();
  const get = LAST_GET.exec(expression);
  if (get !== null) {
    const key = literalValue(get[2].trim());
    const mapKey = key && plainKey(key.value);
    return mapKey && checked(expression, { of: get[1], step: { mapKey } });
  }
  const index = LAST_INDEX.exec(expression);
  if (index !== null) {
    const key = literalValue(index[2])?.value;
    const step = typeof key === 'number' ? { index: key } : String(key);
    return checked(expression, { of: index[1], step });
  }
  const field = LAST_FIELD.exec(expression);
  return field === null ? undefined : checked(expression, { of: field[1], step: field[2] });
}

/** The split, if what is before the member is one expression that belongs to it whole. */
function checked(expression: string, split: SplitExpression): SplitExpression | undefined {
  const start = operandStart(split.of);
  return start === 0 && expression !== '' ? split : undefined;
}

function literalValue(text: string): { value: unknown } | undefined {
  if (/^-?\d+n$/.test(text)) return { value: BigInt(text.slice(0, -1)) };
  if (text === 'undefined') return { value: undefined };
  try {
    const value: unknown = JSON.parse(text.replace(/^'([^'"\\]*)'$/, '"$1"'));
    return typeof value === 'object' && value !== null ? undefined : { value };
  } catch {
    return undefined;
  }
}

export interface AtCursor {
  /** Expression before the last dot; '' when a plain name is being written. */
  readonly of: string;
  /** What of the name is there. */
  readonly prefix: string;
}

/** What is being written at a column; undefined in a string, or behind a dot with nothing before. */
export function beforeCursor(text: string, columnBase0: number): AtCursor | undefined {
  const before = text.slice(0, Math.max(0, columnBase0));
  if (isInString(before)) return undefined;
  const prefix = WORD_BEFORE.exec(before)?.[0] ?? '';
  const rest = before.slice(0, before.length - prefix.length).trimEnd();
  const dot = /\?\.$|\.$/.exec(rest);
  if (dot === null) return { of: '', prefix };
  const operand = rest.slice(0, dot.index).trimEnd();
  const start = operandStart(operand);
  return start === operand.length ? undefined : { of: operand.slice(start), prefix };
}

function isInString(text: string): boolean {
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (quote === '' && /["'`]/.test(text[i])) quote = text[i];
    else if (text[i] === quote) quote = '';
  }
  return quote !== '';
}

/** Where the operand that ends a text starts: names, fields, brackets and calls, going left. */
function operandStart(text: string): number {
  let at = text.length;
  for (;;) {
    const word = WORD_BEFORE.exec(text.slice(0, at))?.[0] ?? '';
    if (word !== '') at -= word.length;
    else if (/[)\]]/.test(text[at - 1] ?? '')) at = bracketStart(text, at - 1);
    else return at;
    const next = text[at - 1] ?? '';
    if (next === '.') at -= text[at - 2] === '?' ? 2 : 1;
    // What ends in a name or a bracket goes on to the left only by a dot, or as what is indexed.
    else if (word !== '' || !/[\p{L}\p{N}_$)\]]/u.test(next)) return at;
  }
}

/** The opening bracket of the closing one at `end`; quotes inside are skipped. */
function bracketStart(text: string, end: number): number {
  let depth = 0;
  for (let i = end; i >= 0; i--) {
    const c = text[i];
    if (c === '"' || c === "'" || c === '`') {
      i = text.lastIndexOf(c, i - 1);
      if (i < 0) return 0;
    } else if (c === ')' || c === ']') depth++;
    else if ((c === '(' || c === '[') && --depth === 0) return i;
  }
  return 0;
}
