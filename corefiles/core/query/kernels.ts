/** The kernels of a core. */

import type { Core, CoreKernel } from '../types.ts';
import { elementsOf, flagOf, objectOf, objectsOf, textOf } from './fields.ts';

export function readKernels(core: Core): CoreKernel[] {
  const { graph } = core;
  if (graph === undefined) return [];
  return objectsOf(graph, graph.object(0), 'kernels').map((kernel) => {
    const name = textOf(kernel, 'name');
    const texts = (field: string) =>
      elementsOf(graph, kernel, field).filter((one) => typeof one === 'string');
    return {
      name,
      ncpu: objectOf(graph, kernel, 'cpus')?.size ?? 0,
      components: texts('components'),
      halted: flagOf(kernel, 'halted'),
      procs: objectOf(graph, kernel, 'procs')?.size ?? 0,
      lwps: core.lwps().filter((l) => l.kernel === name).length,
      dmesg: texts('dmesg'),
      objectId: kernel.id,
    };
  });
}
