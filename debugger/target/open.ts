/**
 * Opens a target.
 *
 *   await openTarget({ kind: 'live', program: 'race.ts', spec });
 *   await openTarget({ kind: 'replay', recording: 'race.rumpus', program: 'race.ts' });
 *   await openTarget({ kind: 'attach', port: 9230 });
 *   await openTarget({ kind: 'core', file: 'race.core', rerun: 'race.ts' });
 *
 * Opening a core runs nothing. Whether what a file brings may be run is decided by who calls: a
 * recording needs its program's file, and a core says why it cannot be run again, or with what.
 */

import { basename, resolve } from 'node:path';
import { openCore } from '../../corefiles/index.ts';
import { DEFAULT_SPEC, type RunSpec } from '../run/spec.ts';
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

export type TargetRequest =
  | ({ readonly kind: 'live'; readonly program: string; readonly spec?: RunSpec } & ProcessOptions)
  | ({
      readonly kind: 'replay';
      readonly recording: string;
      readonly program: string;
    } & ProcessOptions)
  | ({
      readonly kind: 'core';
      readonly file: string;
      /** The program, to run the recording again; or, as an Error, why it may not be. */
      readonly rerun: string | Error;
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
        ...(rerun instanceof Error ? { refusal: rerun.message } : { program: resolve(rerun) }),
        rerun: async () => {
          if (rerun instanceof Error) throw new TargetError(rerun.message);
          return openProcess('replay', rerun, file, DEFAULT_SPEC, request);
        },
      });
    }
  }
}

function openProcess(
  kind: 'live' | 'replay',
  program: string,
  recording: string,
  spec: RunSpec,
  { exact, adapt, fields }: ProcessOptions,
): Promise<ProcessTarget> {
  return ProcessTarget.open({
    kind,
    name: basename(program),
    orders: {
      program: resolve(program),
      spec,
      recording: recording === '' ? '' : resolve(recording),
      adapt: adapt ?? false,
      fields: fields ?? [],
      elements: false,
      exact: exact ?? false,
    },
  });
}
