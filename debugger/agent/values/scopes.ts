/**
 * Scopes: variables of frames as the source names them, and the records that belong to an LWP.
 *
 *   Locals…            scopeEntries(), of what the engine gives
 *   LWP  Process  CPU  Held locks  Kernel      recordScopes(), of the LWP's record
 */

import {
  type CorePosition,
  entriesOf,
  isHelper,
  type SourceNames,
} from '../../../corefiles/index.ts';
import type { Kernel, Lwp } from '../../../kernel/index.ts';
import type { Scope } from '../../target/index.ts';
import type { Handles, ScopeEntry } from './handles.ts';
import type { TrailRoot } from './trail.ts';
import { countsOf } from './variables.ts';

export interface ScopeReading {
  readonly names: SourceNames;
  /** Where the frame stands. */
  readonly position: CorePosition;
  /**
   * `own` are the function's variables; `captured` and `module` are those around it, without
   * functions and imports, which are the same in every frame.
   */
  readonly kind: 'own' | 'captured' | 'module';
  /** Whether the engine may have dropped values that the code does not need any more. */
  readonly precision: 'exact' | 'lossy';
  readonly writable?: boolean;
}

/** The variables of a scope of the engine: without the compiler's, under their source's names. */
export function scopeEntries(scope: object, reading: ScopeReading): ScopeEntry[] {
  const { names, position, kind, precision, writable } = reading;
  const entries: ScopeEntry[] = [];
  for (const [generated, value] of entriesOf(scope)) {
    if (isHelper(generated)) continue;
    if (kind !== 'own' && (typeof value === 'function' || value === undefined)) continue;
    if (kind === 'module' && (generated === 'module' || generated === 'exports')) continue;
    const name = names.original(generated, position.path);
    if (value === undefined && names.isDeclaredLater(name, position)) continue;
    const optimizedAway = value === undefined && precision === 'lossy';
    entries.push({ name, value, optimizedAway, writable: writable === true });
  }
  return entries;
}

/** What is worth seeing first. */
const LWP_FIRST = ['id', 'lid', 'name', 'stat', 'wmesg', 'wchan', 'waitsFor', 'held', 'syscall']
  .concat(['syscallArgs', 'cpu', 'proc', 'priority', 'flag', 'sleepError', 'timeoutNs'])
  .concat(['nopreempt', 'spinLocks', 'icount', 'points', 'kernel']);
const PROC_FIRST = ['pid', 'name', 'stat', 'lwps', 'fd', 'cwdi', 'cred', 'parent', 'children'];
const CPU_FIRST = ['index', 'curlwp', 'runq', 'interrupted', 'softPending', 'switches'];
const KERNEL_FIRST = [
  'name',
  'id',
  'components',
  'procs',
  'cpus',
  'vfs',
  'files',
  'bufcache',
].concat(['dmesg', 'callouts', 'softints', 'kmem', 'halted', 'config']);

interface RecordScope {
  readonly name: string;
  readonly record: object;
  readonly first: readonly string[];
  readonly steps: readonly string[];
}

/**
 * The scopes of an LWP besides its frames' variables: LWP, Process, CPU, Held locks (if any) and
 * Kernel. For an interrupt or the boot path `l` is null, and there is only the kernel.
 */
export function recordScopes(
  handles: Handles,
  l: Lwp | null,
  kernel: Kernel | null,
  frame?: number,
): Scope[] {
  if (l !== null) {
    const root: TrailRoot = { kind: 'lwp', id: l.id };
    return scopesOfLwp(l).map((one) => toScope(handles, one, `lwp(${l.id})`, root, frame));
  }
  if (kernel === null) return [];
  const root: TrailRoot = { kind: 'kernel', index: kernel.id };
  const expression = kernel.id === 0 ? 'kernel' : '';
  return [toScope(handles, { ...kernelScope(kernel), steps: [] }, expression, root, frame)];
}

function kernelScope(k: Kernel): RecordScope {
  return { name: 'Kernel', record: k, first: KERNEL_FIRST, steps: ['kernel'] };
}

function scopesOfLwp(l: Lwp): RecordScope[] {
  const held: RecordScope = { name: 'Held locks', record: l.held, first: [], steps: ['held'] };
  return [
    { name: 'LWP', record: l, first: LWP_FIRST, steps: [] },
    { name: 'Process', record: l.proc, first: PROC_FIRST, steps: ['proc'] },
    { name: 'CPU', record: l.cpu, first: CPU_FIRST, steps: ['cpu'] },
    ...(l.held.length > 0 ? [held] : []),
    kernelScope(l.kernel),
  ];
}

function toScope(
  handles: Handles,
  { name, record, first, steps }: RecordScope,
  expression: string,
  root: TrailRoot,
  frame: number | undefined,
): Scope {
  const evaluateName = expression === '' ? '' : [expression, ...steps].join('.');
  const handle = handles.addRecord(record, first, { evaluateName, frame, trail: { root, steps } });
  const hint = name === 'LWP' || name === 'CPU' ? 'registers' : 'other';
  return { name, hint, handle, ...countsOf(handles, handle), expensive: false };
}
