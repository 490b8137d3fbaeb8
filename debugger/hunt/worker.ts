/**
 * A worker thread of a hunt: loads the program once and runs batches until it is told to go.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { loadProgram, needsAccesses } from '../run/load.ts';
import type { Batch, BatchAnswer, WorkerSetup } from './protocol.ts';
import { runRange } from './schedules.ts';

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  const { file, spec, seek, learned, stop } = workerData as WorkerSetup;
  const stopWord = new Int32Array(stop);
  const loaded = await loadProgram(file, { access: needsAccesses(spec) });
  port.on('message', ({ from, to }: Batch) => {
    const answer = (message: BatchAnswer) => port.postMessage(message);
    const stopBefore = () => Atomics.load(stopWord, 0);
    try {
      const result = runRange(loaded, spec, from, to, { seek, learned, stopBefore });
      answer({ kind: 'done', batch: { from, to }, result });
    } catch (error) {
      answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  });
  port.postMessage('ready');
}

await main();
