/**
 * A target within a process that somebody else has started: the run of a vitest test, which only
 * that test can make, stands where the test calls for it and never returns to it.
 *
 *   const enter = await readyWithin(orders, tell);    while the test is readied
 *   enter(loaded);                                    where it would run
 *
 * The debugger is told where the inspector is only then, and finds what it finds in a process of a
 * target's own (main.ts). When it goes the process goes, and with it the test.
 */

import { randomBytes } from 'node:crypto';
import { readRecording } from '../../corefiles/index.ts';
import { loadMapsOf } from '../../tracer/index.ts';
import { builtFiles } from '../print/print.ts';
import { refuseChanges } from '../run/changes.ts';
import type { LoadedProgram } from '../run/load.ts';
import { specOf } from '../run/record.ts';
import { Agent } from './agent.ts';
import { readyTaps } from './data/index.ts';
import { openDoor } from './door.ts';
import type { Hello, TargetOrders } from './protocol.ts';
import { serveInspector } from './serve.ts';
import { Timeline } from './timeline.ts';

/** How often the thread that waits looks whether it is to begin, ms. */
const LOOK_MS = 5;

/** Serves the inspector. What it gives throws InputError when the code is not the recorded one. */
export async function readyWithin(
  orders: TargetOrders,
  tell: (hello: Hello) => void,
): Promise<(loaded: LoadedProgram) => never> {
  const secret = randomBytes(16).toString('hex');
  const { port, worker } = await serveInspector({ secret, survives: false, port: 0 });
  // A test that does not get as far ends as any other.
  worker.unref();
  return (loaded) => {
    const { data } = readRecording(orders.recording);
    if (!orders.adapt) refuseChanges(data.image, loaded.image);
    readyTaps();
    loadMapsOf(builtFiles());
    const follows = orders.adapt ? 'adapted' : 'exactly';
    const timeline = (print: (text: string) => void) =>
      new Timeline(loaded, specOf(data), data, print, follows);
    const agent = new Agent(loaded, timeline, orders.exact);
    const begun = beginning(agent);
    tell({ kind: 'ready', port, secret, pid: process.pid });
    begun();
    agent.loop();
    throw new Error('the debugger has gone');
  };
}

/** Opens the door; gives a function that returns when the debugger has the agent run. */
function beginning(agent: Agent): () => void {
  let isBegun = false;
  openDoor(agent, () => {
    isBegun = true;
  });
  const never = new Int32Array(new SharedArrayBuffer(4));
  return () => {
    // What the debugger asks interrupts this.
    while (!isBegun) Atomics.wait(never, 0, 0, LOOK_MS);
  };
}
