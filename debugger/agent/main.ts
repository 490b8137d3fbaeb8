/**
 * The entry point of a target's process: loads the program, serves the inspector, and waits for a
 * debugger, who calls `run()` once and asks from then on.
 *
 * What it debugs comes as JSON in RUMPUS_TARGET (TargetOrders); the inspector's address goes to the
 * parent, over the channel that child_process gives.
 */

import { randomBytes } from 'node:crypto';
import { readRecording } from '../../corefiles/index.ts';
import { loadMapsOf } from '../../tracer/index.ts';
import { builtFiles } from '../print/print.ts';
import { calibrated } from '../run/execute.ts';
import { changesText, imageChanges } from '../run/changes.ts';
import { InputError } from '../errors.ts';
import { loadProgram, needsAccesses } from '../run/load.ts';
import { specOf } from '../run/record.ts';
import { Agent } from './agent.ts';
import { watchedProgram } from './data/index.ts';
import { openDoor } from './door.ts';
import type { TargetOrders } from './protocol.ts';
import { serveInspector } from './serve.ts';
import { Timeline } from './timeline.ts';

/** What the parent is told. */
export type Hello =
  | { readonly kind: 'ready'; readonly port: number; readonly secret: string }
  | { readonly kind: 'refused'; readonly message: string };

async function makeAgent(orders: TargetOrders): Promise<Agent> {
  const data = orders.recording === '' ? null : readRecording(orders.recording).data;
  const access = needsAccesses(data === null ? orders.spec : specOf(data));
  const loaded = await loadProgram(orders.program, { access, changed: watchedProgram });
  loadMapsOf(builtFiles());
  if (data !== null) {
    const changes = imageChanges(data.image, loaded.image);
    if (changes.length > 0 && !orders.adapt) {
      throw new InputError(
        `the recording was made with other sources: ${changesText(changes)} changed since`,
      );
    }
  }
  const spec = data === null ? calibrated(loaded, orders.spec) : specOf(data);
  return new Agent(loaded, (print) => new Timeline(loaded, spec, data, print), orders.exact);
}

async function main(): Promise<void> {
  const orders = JSON.parse(process.env['RUMPUS_TARGET'] ?? '{}') as TargetOrders;
  delete process.env['RUMPUS_TARGET'];
  const secret = randomBytes(16).toString('hex');
  const serving = serveInspector({ secret, survives: false, port: 0 });
  const agent = await makeAgent(orders);
  openDoor(agent);
  const { port } = await serving;
  tell({ kind: 'ready', port, secret });
}

function tell(hello: Hello): void {
  process.send?.(hello);
}

main().catch((error: unknown) => {
  tell({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 2;
  process.disconnect?.();
});
