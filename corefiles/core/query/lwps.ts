/** The LWPs of a core, with their frames. */

import {
  LSDEAD,
  LSIDL,
  LSONPROC,
  LSRUN,
  LSSLEEP,
  LSSTOP,
  LSSUSPENDED,
  LSZOMB,
} from '../../../kernel/index.ts';
import type { Graph, GraphObject } from '../../codec/index.ts';
import type { Core, CoreFrame, CoreLocal, CoreLwp } from '../types.ts';
import { elementsOf, flagOf, numberOf, objectOf, objectsOf, textOf } from './fields.ts';
import { describe } from './values.ts';

/** LSRUN and so on, as people say them. */
const STATES: ReadonlyMap<number, string> = new Map([
  [LSIDL, 'new'],
  [LSRUN, 'runnable'],
  [LSSLEEP, 'sleeping'],
  [LSSTOP, 'stopped'],
  [LSZOMB, 'zombie'],
  [LSDEAD, 'dead'],
  [LSONPROC, 'running'],
  [LSSUSPENDED, 'suspended'],
]);

/** All LWPs by number; the one that ran alone, by the head's stack, when the state is lost. */
export function readLwps(core: Core): CoreLwp[] {
  const { graph } = core;
  const stacks = graph === undefined ? [] : objectsOf(graph, graph.object(0), 'stacks');
  if (graph === undefined || stacks.length === 0)
    return core.stack.length > 0 ? [fromHead(core)] : [];
  const lwps: CoreLwp[] = [];
  for (const stack of stacks) lwps.push(readLwp(core, graph, stack));
  return lwps;
}

function readLwp(core: Core, graph: Graph, stack: GraphObject): CoreLwp {
  const lwp = objectOf(graph, stack, 'lwp');
  const proc = objectOf(graph, lwp, 'proc');
  const current = flagOf(stack, 'current');
  const frames = objectsOf(graph, stack, 'frames').map((frame) => readFrame(core, graph, frame));
  const wmesg = textOf(lwp, 'wmesg');
  return {
    id: numberOf(lwp, 'id'),
    lid: numberOf(lwp, 'lid'),
    name: lwp === undefined ? 'interrupt' : textOf(lwp, 'name'),
    kernel: textOf(objectOf(graph, lwp, 'kernel'), 'name'),
    pid: numberOf(proc, 'pid'),
    procName: textOf(proc, 'name'),
    cpu: numberOf(objectOf(graph, lwp, 'cpu'), 'index'),
    priority: numberOf(lwp, 'priority'),
    stat: statOf(lwp, current),
    current,
    wmesg,
    waitsFor: textOf(objectOf(graph, lwp, 'waitsFor'), 'name'),
    holds: objectsOf(graph, lwp, 'held').map((lock) => textOf(lock, 'name')),
    syscall: syscallOf(core, graph, lwp),
    icount: numberOf(lwp, 'icount'),
    frames,
    objectId: lwp?.id ?? -1,
  };
}

/** The one that ran is running even if it was about to sleep when the failure was found. */
function statOf(lwp: GraphObject | undefined, current: boolean): string {
  return current ? 'running' : (STATES.get(numberOf(lwp, 'stat')) ?? '');
}

function syscallOf(core: Core, graph: Graph, lwp: GraphObject | undefined): string {
  const name = textOf(lwp, 'syscall');
  if (name === '') return '';
  const args = elementsOf(graph, lwp, 'syscallArgs').map((arg) => describe(core, arg));
  return `${name}(${args.join(', ')})`;
}

function readFrame(core: Core, graph: Graph, frame: GraphObject): CoreFrame {
  const path = textOf(frame, 'path');
  const lineBase1 = numberOf(frame, 'lineBase1');
  const undecided = new Set(elementsOf(graph, frame, 'optimizedAway'));
  const locals: CoreLocal[] = [];
  for (const [name, value] of objectOf(graph, frame, 'locals')?.fields() ?? []) {
    locals.push({ name, value, scope: 'local', optimizedAway: undecided.has(name) });
  }
  for (const [name, value] of objectOf(graph, frame, 'captured')?.fields() ?? []) {
    locals.push({ name, value, scope: 'captured', optimizedAway: false });
  }
  return {
    function: textOf(frame, 'function'),
    path,
    lineBase1,
    columnBase0: numberOf(frame, 'columnBase0'),
    source: core.sourceLine(path, lineBase1),
    locals,
  };
}

function fromHead(core: Core): CoreLwp {
  return {
    id: core.lwp,
    lid: 0,
    name: '',
    kernel: '',
    pid: 0,
    procName: '',
    cpu: 0,
    priority: 0,
    stat: 'running',
    current: true,
    wmesg: '',
    waitsFor: '',
    holds: [],
    syscall: '',
    icount: 0,
    frames: core.stack,
    objectId: -1,
  };
}
