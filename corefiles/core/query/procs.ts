/** The processes of a core: every Proc that a kernel's table has. */

import { SACTIVE, SDEAD, SZOMB } from '../../../kernel/index.ts';
import type { Core, CoreProc } from '../types.ts';
import { numberOf, objectOf, objectsOf, textOf } from './fields.ts';

const STATES: ReadonlyMap<number, string> = new Map([
  [SACTIVE, 'active'],
  [SZOMB, 'zombie'],
  [SDEAD, 'dead'],
]);

export function readProcs(core: Core): CoreProc[] {
  const { graph } = core;
  if (graph === undefined) return [];
  const procs: CoreProc[] = [];
  for (const kernel of core.kernels()) {
    const table = objectOf(graph, graph.object(kernel.objectId), 'procs');
    for (const [, value] of table?.entries() ?? []) {
      const proc = graph.deref(value);
      if (proc === undefined) continue;
      procs.push({
        kernel: kernel.name,
        pid: numberOf(proc, 'pid'),
        ppid: numberOf(objectOf(graph, proc, 'parent'), 'pid'),
        name: textOf(proc, 'name'),
        uid: numberOf(objectOf(graph, proc, 'cred'), 'euid'),
        stat: STATES.get(numberOf(proc, 'stat')) ?? '',
        lwps: objectsOf(graph, proc, 'lwps').map((lwp) => numberOf(lwp, 'id')),
        objectId: proc.id,
      });
    }
  }
  return procs;
}
