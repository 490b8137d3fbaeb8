/** Starts the worker that serves the inspector of this thread (inspector-worker.ts). */

import { Worker } from 'node:worker_threads';
import { InputError } from '../errors.ts';
import { packageFile } from '../run/load.ts';
import type { InspectorWorkerData } from './inspector-worker.ts';

/** The inspector, as it is served. */
export interface Served {
  readonly port: number;
  readonly worker: Worker;
}

/** Errors: InputError, when the port cannot be listened at. */
export function serveInspector(workerData: InspectorWorkerData): Promise<Served> {
  const worker = new Worker(packageFile('dist/inspector-worker.cjs'), { workerData });
  return new Promise((ready, failed) => {
    worker.on('message', (message: { port?: number; error?: string }) => {
      if (message.port !== undefined) ready({ port: message.port, worker });
      else if (message.error !== undefined)
        failed(new InputError(`nobody can attach: ${message.error}`));
    });
    worker.on('error', failed);
  });
}
