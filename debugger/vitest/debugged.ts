/**
 * The test's side of debugging its recording: the debugger (target/process/starting.ts) starts
 * vitest on the one test with these set, and where the recorded run would be made, the process
 * becomes what is debugged (agent/within.ts).
 *
 *   RUMPUS_TARGET        TargetOrders, as JSON
 *   RUMPUS_TARGET_HELLO  where the answer goes, as JSON (Hello)
 */

import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { type RecordingData, readRecording } from '../../corefiles/index.ts';
import { installedTaps } from '../../tracer/index.ts';
import type { Hello, TargetOrders } from '../agent/protocol.ts';
import { InputError } from '../errors.ts';
import type { LoadedProgram } from '../run/load.ts';
import type { TestPlace } from './loaded.ts';

/**
 * As in every target's process: see target/process/starting.ts. What decides how functions are
 * parsed cannot be set any more once some have been.
 */
const OPTIMISED = ['--no-concurrent-recompilation'];
const UNOPTIMISED = [...OPTIMISED, '--no-opt', '--no-maglev'];

interface Wanted {
  readonly orders: TargetOrders;
  readonly data: RecordingData;
  readonly tell: (hello: Hello) => void;
}

const wanted = readWanted();
let enter: ((loaded: LoadedProgram) => never) | null = null;

/** What is wanted of this process. What the test itself starts knows nothing of it. */
function readWanted(): Wanted | null {
  const { RUMPUS_TARGET: text, RUMPUS_TARGET_HELLO: answer = '' } = process.env;
  if (text === undefined) return null;
  delete process.env['RUMPUS_TARGET'];
  delete process.env['RUMPUS_TARGET_HELLO'];
  const orders = JSON.parse(text) as TargetOrders;
  for (const flag of orders.exact ? UNOPTIMISED : OPTIMISED) setFlagsFromString(flag);
  const tell = (hello: Hello) => {
    // Whoever waits for it finds all of it or nothing.
    writeFileSync(`${answer}.part`, JSON.stringify(hello), { mode: 0o600 });
    renameSync(`${answer}.part`, answer);
  };
  return { orders, data: readRecording(orders.recording).data, tell };
}

/** Readies the process, when a run of this test is to be debugged. */
export async function readyDebugging(place: TestPlace): Promise<void> {
  if (wanted === null || wanted.data.config['test'] !== place.fullName) return;
  const { readyWithin } = await import('../agent/within.ts');
  enter = await readyWithin(wanted.orders, wanted.tell);
}

/** Whether this run of the test is to be debugged. */
export function isDebugged(runNumber: number): boolean {
  return wanted !== null && enter !== null && wanted.data.config['run'] === runNumber;
}

/** Refuses to watch fields where the kernel that runs is not the one that was patched. */
function refuseUntold({ fields, elements }: TargetOrders): void {
  if (fields.length === 0 && !elements) return;
  const folder = dirname(fileURLToPath(import.meta.url));
  const patched = [...(installedTaps()?.shifts.keys() ?? [])].some(
    (one) => dirname(one) === folder,
  );
  // What vitest has compiled, as it does with packages that are linked, has this.
  const isCompiled = (import.meta as { env?: unknown }).env !== undefined;
  if (patched && !isCompiled) return;
  throw new InputError(
    'rumpus is linked into the project, so that vitest compiles its kernel without what data ' +
      'breakpoints need: install it, or watch the field in a program',
  );
}

/** Becomes what is debugged, for good. Throws InputError, which is told to the debugger. */
export function enterDebugging(loaded: LoadedProgram): never {
  if (wanted === null || enter === null) throw new Error('nothing is to be debugged here');
  try {
    refuseUntold(wanted.orders);
    return enter(loaded);
  } catch (error) {
    wanted.tell({
      kind: 'refused',
      message: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
