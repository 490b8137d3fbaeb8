/**
 * System calls: the table's rows and the dispatch. Follows NetBSD sys/sys/systm.h (struct sysent)
 * and sys/rump/librump/rumpkern/rump_syscalls.c.
 *
 * A table is data: name -> sysent(number, function, argument kinds). A component brings its table
 * with it; a call of a component that is not linked in answers ENOSYS. Example:
 *
 *   export const pipeSyscalls = { pipe: sysent(42, sys_pipe, []) };
 *
 * The function takes the LWP and the arguments and gives `MaySleep<T | Errno>`. For the program,
 * `yield* sys.pipe()` is a T, or a SysError that says where its errno was made.
 */

import { done, hooks } from '../hooks.ts';
import type { MaySleep } from '../maysleep.ts';
import { EV_SYSCALL_ENTER, EV_SYSCALL_EXIT } from '../trace/ring.ts';
import { trace, traceString, tracing } from '../trace/trace.ts';
import { curlwp } from '../world/current.ts';
import { conclude, thrownText, unwindWorld, WorldEnd } from '../world/outcome.ts';
import { digestMix } from '../world/world.ts';
import { type Errno, isErrno } from './errno.ts';
import { LW_USERRET, lwp_userret } from './kern_lwp.ts';
import { mi_switch, userret } from './kern_sleepq.ts';
import type { Lwp } from './lwp.ts';
import { lockdebug_barrier } from './subr_lockdebug.ts';
import { SysError } from './syserror.ts';

/** What an argument must be; a `?` makes it optional. */
export type ArgKind =
  | 'number'
  | 'string'
  | 'path'
  | 'bytes'
  | 'data'
  | 'buffers'
  | 'datas'
  | 'sysctlname'
  | 'array'
  | 'object'
  | 'function'
  | 'any'
  | 'number?'
  | 'string?'
  | 'array?'
  | 'object?'
  | 'any?';

/** A row of the table; `Call` is the type of its function. */
export interface Sysent<Call> {
  readonly number: number;
  readonly call: Call;
  readonly args: readonly ArgKind[];
  /** What `typeof` says of an argument that is surely right, or `bytes`; others are looked at. */
  readonly types: readonly string[];
}

export type SyscallFunction = (l: Lwp, ...args: never[]) => MaySleep<unknown>;

/** A table of system calls by name. */
export type SyscallTable = Readonly<Record<string, Sysent<SyscallFunction>>>;

const TYPES: Readonly<Partial<Record<ArgKind, string>>> = {
  number: 'number',
  'number?': 'number',
  string: 'string',
  'string?': 'string',
  path: 'string',
  function: 'function',
  bytes: 'bytes',
  data: 'bytes',
};

/** Makes a row. `number` is NetBSD's (sys/kern/syscalls.master), or 0 for one that is ours. */
export function sysent<Call>(number: number, call: Call, args: readonly ArgKind[]): Sysent<Call> {
  return { number, call, args, types: args.map((kind) => TYPES[kind] ?? '') };
}

type Arguments<Call> = Call extends (l: Lwp, ...args: infer A) => unknown ? A : never;
type Result<Call> = Call extends (l: Lwp, ...args: never[]) => MaySleep<infer T> ? T : never;

/** The methods that a table gives to a program. */
export type SysOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Sysent<infer Call>
    ? (...args: Arguments<Call>) => MaySleep<Exclude<Result<Call>, Errno>>
    : never;
};

/**
 * One system call of the running LWP: enters, calls, leaves. `errors` are SysErrors if thrown.
 *
 * A call that need not sleep makes no generator. The generator of one that may is handed on to
 * syscall_wait(): the only place where one is passed along before it runs.
 */
export function syscall(
  name: string,
  entry: Sysent<SyscallFunction>,
  args: readonly unknown[],
  errors: SyscallErrors = 'thrown',
): MaySleep<unknown> {
  const l = curlwp();
  const { types } = entry;
  for (let i = 0; i < types.length; i++) {
    if (typeof args[i] !== types[i] && !(types[i] === 'bytes' && args[i] instanceof Uint8Array)) {
      checkArgument(name, entry.args[i], args[i], i);
    }
  }
  const since = hooks.icount;
  const held = l.held.length;
  l.syscall = name;
  l.syscallArgs = args;
  if (tracing()) traceEnter(name, args);
  let going: unknown;
  try {
    going = invoke(entry.call as AnyCall, l, args);
  } catch (error) {
    trap(l, error);
  }
  if (going !== hooks.DONE) {
    hooks.pending = 0;
    return syscall_wait(l, going as MaySleep<unknown>, errors, since, held);
  }
  const result = hooks.take();
  const failure = leave(l, result, errors, since, held);
  const way = l.cpu.runq.length > 0 && userret(l) ? 'give way' : 'go on';
  if (way === 'give way' || asksUserret(l)) return syscall_return(l, way, result, failure);
  if (failure !== null) throw failure;
  return done(result);
}

/** Whether errors are thrown at the program, or are the call's result: for libraries. */
export type SyscallErrors = 'thrown' | 'returned';

/** The rest of a system call that may sleep. */
function* syscall_wait(
  l: Lwp,
  going: MaySleep<unknown>,
  errors: SyscallErrors,
  since: number,
  held: number,
): Generator<void, unknown, void> {
  let result: unknown;
  try {
    result = yield* going;
  } catch (error) {
    trap(l, error);
  }
  const failure = leave(l, result, errors, since, held);
  if (l.cpu.runq.length > 0 && userret(l)) yield* mi_switch();
  if (asksUserret(l)) yield* lwp_userret(l);
  if (failure !== null) throw failure;
  return result;
}

/**
 * An exception leaves the kernel's code. The run ends here: a program that catches everything
 * would otherwise go on over a broken kernel, and take the trap for an errno.
 */
function trap(l: Lwp, error: unknown): never {
  if (!(error instanceof WorldEnd)) {
    conclude(l.kernel.world, 'trap', thrownText(error), l, { error, site: hooks.site });
  }
  unwindWorld();
}

/** The end of a system call that gives way or takes signals before it returns. */
function* syscall_return(
  l: Lwp,
  way: 'give way' | 'go on',
  result: unknown,
  failure: SysError | null,
): Generator<void, unknown, void> {
  if (way === 'give way') yield* mi_switch();
  if (asksUserret(l)) yield* lwp_userret(l);
  if (failure !== null) throw failure;
  return result;
}

function asksUserret(l: Lwp): boolean {
  return (l.flag & LW_USERRET) !== 0 || l.sigrestore !== null;
}

/** The LWP is in no system call any more. Gives what is to be thrown, if anything is. */
function leave(
  l: Lwp,
  result: unknown,
  errors: SyscallErrors,
  since: number,
  held: number,
): SysError | null {
  if (tracing()) traceExit(l.syscall ?? '', result);
  if (l.held.length > held) lockdebug_barrier(l, held, `returns from ${l.syscall}()`);
  const failure = isErrno(result) && errors === 'thrown' ? sysError(l, result, since) : null;
  l.syscall = null;
  l.syscallArgs = null;
  digestMix(l.kernel.world, typeof result === 'number' ? result | 0 : errnoOf(result));
  return failure;
}

function sysError(l: Lwp, error: Errno, since: number): SysError {
  return new SysError(error, l.syscall ?? '', l.syscallArgs ?? [], l, since);
}

/** What an error adds to the digest; nothing for a result of another kind. */
function errnoOf(result: unknown): number {
  return isErrno(result) ? -result.errno : 0;
}

type AnyCall = (
  l: Lwp,
  a?: unknown,
  b?: unknown,
  c?: unknown,
  ...more: unknown[]
) => MaySleep<unknown>;

/**
 * Calls; gives a MaySleep. Few arguments are not spread, which costs as much as a short call does.
 */
function invoke(call: AnyCall, l: Lwp, args: readonly unknown[]): unknown {
  switch (args.length) {
    case 0:
      return call(l);
    case 1:
      return call(l, args[0]);
    case 2:
      return call(l, args[0], args[1]);
    case 3:
      return call(l, args[0], args[1], args[2]);
    default:
      return call(l, ...args);
  }
}

function traceEnter(name: string, args: readonly unknown[]): void {
  const numbers = [0, 0, 0];
  for (let i = 0; i < 3 && i < args.length; i++) {
    const arg = args[i];
    numbers[i] = typeof arg === 'number' ? arg | 0 : 0;
  }
  const path = args.find((arg) => typeof arg === 'string');
  trace(
    EV_SYSCALL_ENTER,
    traceString(name),
    numbers[0],
    numbers[1],
    traceString(String(path ?? '')),
  );
}

function traceExit(name: string, result: unknown): void {
  const error = isErrno(result) ? result.errno : 0;
  trace(EV_SYSCALL_EXIT, traceString(name), typeof result === 'number' ? result | 0 : 0, error);
}

/** Throws a TypeError, the program's own mistake, when an argument is of the wrong kind. */
function checkArgument(name: string, kind: ArgKind, arg: unknown, index: number): void {
  if (kind === 'any' || kind === 'any?') return;
  if (arg === undefined && kind.endsWith('?')) return;
  if (matches(kind, arg)) return;
  const wanted = kind.replace('?', '');
  throw new TypeError(
    `sys.${name}(): argument ${index + 1} must be ${WANTED[wanted] ?? wanted}, not ${show(arg)}`,
  );
}

const WANTED: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a string',
  path: 'a path (a string)',
  bytes: 'a Uint8Array',
  data: 'a Uint8Array or a string',
  buffers: 'an array of Uint8Arrays',
  datas: 'an array of Uint8Arrays and strings',
  sysctlname: 'a string or an array of numbers',
  array: 'an array',
  object: 'an object',
  function: 'a function',
};

function matches(kind: ArgKind, arg: unknown): boolean {
  switch (kind) {
    case 'number':
    case 'number?':
      return typeof arg === 'number';
    case 'string':
    case 'path':
    case 'string?':
      return typeof arg === 'string';
    case 'bytes':
      return arg instanceof Uint8Array;
    case 'data':
      return typeof arg === 'string' || arg instanceof Uint8Array;
    case 'buffers':
      return Array.isArray(arg) && arg.every((one) => matches('bytes', one));
    case 'datas':
      return Array.isArray(arg) && arg.every((one) => matches('data', one));
    case 'sysctlname':
      if (Array.isArray(arg)) return arg.every((one) => typeof one === 'number');
      return typeof arg === 'string';
    case 'array':
    case 'array?':
      return Array.isArray(arg);
    case 'object':
    case 'object?':
      return typeof arg === 'object' && arg !== null;
    case 'function':
      return typeof arg === 'function';
    default:
      return true;
  }
}

function show(arg: unknown): string {
  if (arg === null || arg === undefined) return String(arg);
  if (typeof arg === 'string') return `the string ${JSON.stringify(arg.slice(0, 40))}`;
  if (typeof arg === 'number' || typeof arg === 'boolean') return `the ${typeof arg} ${arg}`;
  return `a ${typeof arg}`;
}
