/** Starts the worker that serves the inspector of this thread (inspector-worker.ts). */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InputError } from '../errors.ts';
import type { InspectorWorkerData } from './inspector-worker.ts';

/** The inspector, as it is served. */
export interface Served {
  readonly port: number;
  readonly worker: Worker;
}

/** Errors: InputError, when the port cannot be listened at. */
export function serveInspector(workerData: InspectorWorkerData): Promise<Served> {
  const file = resolve(fileURLToPath(import.meta.url), '../inspector-worker.cjs');
  const worker = new Worker(file, { workerData });
  return new Promise((ready, failed) => {
    worker.on('message', (message: { port?: number; error?: string }) => {
      if (message.port !== undefined) ready({ port: message.port, worker });
      else if (message.error !== undefined)
        failed(new InputError(`nobody can attach: ${message.error}`));
    });
    worker.on('error', failed);
  });
}
