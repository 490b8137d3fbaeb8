/** Targets with a process of their own, which runs the built package. */

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { openTarget } from '../../../debugger/target/open.ts';
import type { Target } from '../../../debugger/target/index.ts';
import { SPEC } from './programs.ts';

let isBuilt = false;

/** The process of a target runs dist/: it is made of the sources that are being tested. */
export function build(): void {
  if (isBuilt) return;
  execFileSync(process.execPath, [resolve('scripts/build.mjs')], { stdio: 'ignore' });
  isBuilt = true;
}

export function openLive(program: string): Promise<Target> {
  build();
  return openTarget({ kind: 'live', program, spec: SPEC });
}

export function openReplay(recording: string, program: string): Promise<Target> {
  build();
  return openTarget({ kind: 'replay', recording, program });
}

/** A core as it is opened: at its failure, with nothing run. */
export function openCoreOf(file: string, program: string): Promise<Target> {
  build();
  return openTarget({ kind: 'core', file, rerun: program });
}

/** Processes of targets that this process has started, and that are still there. */
export function processesLeft(): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'ppid=,stat=,args='], { encoding: 'utf8' });
  const own = new RegExp(`^\\s*${process.pid}\\s+[^Z]\\S*\\s.*\\btarget\\.js`);
  return all.split('\n').filter((line) => own.test(line));
}

/** Runs a target to the end of its run. */
export async function atEnd(target: Target): Promise<Target> {
  try {
    await target.move({ kind: 'start' });
    await target.move({ kind: 'continue' });
    return target;
  } catch (error) {
    await target.close();
    throw error;
  }
}
