/**
 * The records that belong to an LWP, as scopes beside the variables of its frames.
 *
 *   LWP   Process   CPU   Held locks   Kernel
 *
 * Each shows first what one looks for, and then the other fields in the record's own order.
 */

import type { Kernel, Lwp } from '../../../kernel/index.ts';
import type { Scope } from '../../target/index.ts';
import type { Handles } from './handles.ts';
import type { TrailRoot } from './trail.ts';
import { countsOf } from './variables.ts';

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
