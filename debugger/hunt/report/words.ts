/** Operations in a person's words. */

import { AtomicUint, Scope } from '../../../kernel/index.ts';
import type { Found } from '../found.ts';
import { changes } from './compare.ts';
import type { ObjectNames } from './objects.ts';
import type { Operation, Switch } from './record.ts';
import type { CallReport, SwitchReport } from './types.ts';
import { argumentsText, valueText } from './values.ts';

/** What texts need to know of a run. */
export interface Vocabulary {
  readonly names: ObjectNames;
  readonly found: Found;
  /** Variables that the finding is about, by their ids: the rows need not repeat whose they are. */
  readonly about: ReadonlySet<number>;
  /** `LWP 3 reader`; its name alone. */
  lwpName(lwp: number): string;
  nameOf(lwp: number): string;
}

/** What an operation is about: `FdFile#2.refcnt`, `mutex a`; '' for nothing. */
export function objectText({ object, key }: Operation, { names }: Vocabulary): string {
  return object === null ? '' : names.variable(object, key);
}

/** `reads`, `writes`, `takes`… */
export function verbOf(operation: Operation): string {
  switch (operation.kind) {
    case 'read':
      return 'reads';
    case 'write':
      return 'writes';
    case 'atomic':
      return changes(operation) ? 'updates' : 'reads';
    case 'lock':
      return 'takes';
    case 'unlock':
      return 'releases';
    case 'wait':
      return 'waits for';
    case 'sleep':
      return 'sleeps on';
    case 'wake':
      return 'wakes';
    case 'signal':
      return 'wakes nobody';
    case 'start':
      return 'starts';
    case 'exit':
      return 'exits';
    case 'join':
      return 'joins';
    case 'alloc':
      return 'allocates';
    case 'free':
      return 'frees';
    case 'fail':
      return 'fails';
  }
}

/** Before and after as texts; '' where there is none. */
export function valuesOf(operation: Operation, { names }: Vocabulary): [string, string] {
  const { before, after } = operation;
  const first = valueText(before, names.name);
  return [first, changes(operation) ? valueText(after, names.name) : ''];
}

/** One operation in a row: `refcnt: 1 → 2`, `takes mutex a`, `wakes LWP 3 reader`. */
export function rowText(operation: Operation, vocabulary: Vocabulary): string {
  const { kind, other, text } = operation;
  const [before, after] = valuesOf(operation, vocabulary);
  const name = shortName(operation, vocabulary);
  const verb = verbOf(operation);
  if (kind === 'fail') return vocabulary.found.verdict;
  if (kind === 'read' || kind === 'write' || kind === 'atomic') {
    if (changes(operation)) return `${name}: ${before === '' ? 'written' : `${before} → ${after}`}`;
    return before === '' ? `reads ${name}` : `${name} is ${before}`;
  }
  if (other !== 0) return `${verb} ${vocabulary.lwpName(other)}`;
  const about = objectText(operation, vocabulary);
  return `${verb} ${about === '' ? (text === '' ? '' : `'${text}'`) : about}`.trim();
}

/** The last part of a variable's name, where it is the one that all is about. */
function shortName(operation: Operation, { names, about }: Vocabulary): string {
  const { object, key, id } = operation;
  if (object === null) return '';
  if (object instanceof Scope) return String(key);
  const whole = names.variable(object, key);
  if (!about.has(id)) return whole;
  if (object instanceof AtomicUint || typeof key === 'string') {
    return /\.([^.[\]()]+)$/.exec(whole)?.[1] ?? whole;
  }
  return whole;
}

/** The system call that an LWP was in. */
export function callOf({ syscall, args }: Operation, { names }: Vocabulary): CallReport | null {
  if (syscall === null) return null;
  return { name: syscall, args: argumentsText(args ?? [], names.name) };
}

/** Why another LWP runs: `preempted`, `waits for mutex a`. */
export function switchText({ why, text }: Switch): string {
  switch (why) {
    case 'wait':
      return `waits for ${text}`;
    case 'sleep':
      return `sleeps on '${text}'`;
    case 'exit':
      return 'exits';
    default:
      return why;
  }
}

/** The switch as a sentence: `LWP 2 is preempted, LWP 1 runs, then LWP 3`. */
export function switchSentence({ from, to, next, why }: SwitchReport): string {
  const how = why === 'preempted' ? `LWP ${from} is preempted` : `LWP ${from} ${why}`;
  return `${how}, LWP ${to} runs${next === to ? '' : `, then LWP ${next}`}`;
}
