/**
 * Opens a target.
 *
 *   await openTarget({ kind: 'live', program: 'race.ts', spec });
 *   await openTarget({ kind: 'replay', recording: 'race.rumpus', program: 'race.ts' });
 *   await openTarget({ kind: 'attach', port: 9230 });
 *   await openTarget({ kind: 'core', file: 'race.core', rerun: 'race.ts' });
 *   await openTarget({ kind: 'core', file: 'a-test.core', rerun: recordedTest(file, data) });
 *
 * Opening a core runs nothing. Whether what a file brings may be run is decided by who calls: a
 * recording needs its program's file, and a core says why it cannot be run again, or with what.
 */

import { basename, resolve } from 'node:path';
import { openCore } from '../../corefiles/index.ts';
import { DEFAULT_SPEC, type RunSpec } from '../run/spec.ts';
import type { RecordedTest } from '../vitest/rerun.ts';
import { CoreTarget } from './core/index.ts';
import { ProcessTarget } from './process/index.ts';
import { type Target, TargetError } from './target.ts';

/** How a target's process is made. */
export interface ProcessOptions {
  /** Frames keep every variable; runs are slower. */
  readonly exact?: boolean;
  /** A recording may be of sources that changed since. */
  readonly adapt?: boolean;
  /** Fields whose accesses can be watched from the start. */
  readonly fields?: readonly string[];
}

/** What a recording is of: a program, by its file, or a vitest test. */
export type Rerun = string | RecordedTest;

export type TargetRequest =
  | ({ readonly kind: 'live'; readonly program: string; readonly spec?: RunSpec } & ProcessOptions)
  | ({
      readonly kind: 'replay';
      readonly recording: string;
      readonly program: Rerun;
    } & ProcessOptions)
  | ({
      readonly kind: 'core';
      readonly file: string;
      /** What runs the recording again; or, as an Error, why it may not be. */
      readonly rerun: Rerun | Error;
    } & ProcessOptions)
  /** What `rumpus run --inspect` runs. */
  | { readonly kind: 'attach'; readonly port: number };

/** Errors: TargetError, InputError, CoreFileError, each with one sentence. */
export async function openTarget(request: TargetRequest): Promise<Target> {
  switch (request.kind) {
    case 'live':
      return openProcess('live', request.program, '', request.spec ?? DEFAULT_SPEC, request);
    case 'replay':
      return openProcess('replay', request.program, request.recording, DEFAULT_SPEC, request);
    case 'attach':
      return ProcessTarget.attach(request.port);
    case 'core': {
      const { file, rerun } = request;
      return new CoreTarget({
        core: openCore(file),
        file,
        ...(rerun instanceof Error ? { refusal: rerun.message } : { program: fileOf(rerun) }),
        rerun: async () => {
          if (rerun instanceof Error) throw new TargetError(rerun.message);
          return openProcess('replay', rerun, file, DEFAULT_SPEC, request);
        },
      });
    }
  }
}

/** Absolute. */
function fileOf(rerun: Rerun): string {
  return typeof rerun === 'string' ? resolve(rerun) : resolve(rerun.rootDir, rerun.file);
}

function openProcess(
  kind: 'live' | 'replay',
  rerun: Rerun,
  recording: string,
  spec: RunSpec,
  { exact, adapt, fields }: ProcessOptions,
): Promise<ProcessTarget> {
  const program = fileOf(rerun);
  return ProcessTarget.open({
    kind,
    name: basename(program),
    orders: {
      program,
      test: typeof rerun === 'string' ? null : rerun,
      spec,
      recording: recording === '' ? '' : resolve(recording),
      adapt: adapt ?? false,
      fields: fields ?? [],
      elements: false,
      exact: exact ?? false,
    },
  });
}
