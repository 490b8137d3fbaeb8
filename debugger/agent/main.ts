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
import { refuseChanges } from '../run/changes.ts';
import { loadProgram, needsAccesses } from '../run/load.ts';
import { specOf } from '../run/record.ts';
import { Agent } from './agent.ts';
import { watchedProgram } from './data/index.ts';
import { openDoor } from './door.ts';
import type { Hello, TargetOrders } from './protocol.ts';
import { serveInspector } from './serve.ts';
import { Timeline } from './timeline.ts';

async function makeAgent(orders: TargetOrders): Promise<Agent> {
  const data = orders.recording === '' ? null : readRecording(orders.recording).data;
  const access = needsAccesses(data === null ? orders.spec : specOf(data));
  const loaded = await loadProgram(orders.program, { access, changed: watchedProgram });
  loadMapsOf(builtFiles());
  if (data !== null && !orders.adapt) refuseChanges(data.image, loaded.image);
  const spec = data === null ? calibrated(loaded, orders.spec) : specOf(data);
  const follows = orders.adapt ? 'adapted' : 'exactly';
  const timeline = (print: (text: string) => void) =>
    new Timeline(loaded, spec, data, print, follows);
  return new Agent(loaded, timeline, orders.exact);
}

async function main(): Promise<void> {
  const orders = JSON.parse(process.env['RUMPUS_TARGET'] ?? '{}') as TargetOrders;
  delete process.env['RUMPUS_TARGET'];
  const secret = randomBytes(16).toString('hex');
  const serving = serveInspector({ secret, survives: false, port: 0 });
  const agent = await makeAgent(orders);
  openDoor(agent);
  const { port } = await serving;
  tell({ kind: 'ready', port, secret, pid: process.pid });
}

function tell(hello: Hello): void {
  process.send?.(hello);
}

main().catch((error: unknown) => {
  tell({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 2;
  process.disconnect?.();
});
