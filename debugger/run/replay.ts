/**
 * Replaying a recording: the same schedule, the same answers from the host, and a check at every
 * checkpoint that the run is still the same.
 *
 * The first difference ends a strict replay, and is said with its place. `adapt` goes on for as
 * long as the schedule can be followed, which is what makes an edited program worth replaying.
 */

import type { RecordingData } from '../../corefiles/index.ts';
import {
  conclude,
  digestText,
  hooks,
  type Observer,
  ReplayStrategy,
  type World,
} from '../../kernel/index.ts';
import { InputError } from '../errors.ts';
import { changesText, imageChanges, type ModuleChange } from './changes.ts';
import { type ExecuteOptions, type Execution, execute } from './execute.ts';
import type { LoadedProgram } from './load.ts';
import { directiveWords, finalDigest, hypercallsOf, specOf } from './record.ts';

export interface ReplayOptions extends ExecuteOptions {
  /** Go on although the program or kernel has changed. */
  readonly adapt?: boolean;
}

export interface Replayed {
  readonly run: Execution;
  readonly digest: string;
  /** Where and how the replay left its recording; null when it did not. */
  readonly divergence: string | null;
  readonly changes: readonly ModuleChange[];
}

/** Replays. Throws InputError when the image differs and `adapt` was not asked for. */
export function replay(
  loaded: LoadedProgram,
  data: RecordingData,
  options: ReplayOptions = {},
): Replayed {
  const changes = imageChanges(data.image, loaded.image);
  if (changes.length > 0 && options.adapt !== true) {
    throw new InputError(
      `the recording was made with other sources: ${changesText(changes)} changed since. ` +
        'Replay with --adapt to go on as far as the schedule fits.',
    );
  }
  let divergence: string | null = null;
  const diverged = (what: string, w: World | null) => {
    divergence ??= `at icount ${hooks.icount}: ${what}`;
    if (w !== null && options.adapt !== true) {
      conclude(w, 'invariant', `the replay diverged ${divergence}`, null);
    }
  };
  let world: World | null = null;
  const strategy = new ReplayStrategy(directiveWords(data), ({ lwp, at, expected, found }) => {
    diverged(`point ${at} of LWP ${lwp}: the recording says ${expected}, but ${found}`, world);
  });
  const observer: Observer = {
    ...options.observer,
    diverged: (what) => diverged(what, world),
    checkpoint: (index, icount, a, b) => {
      const expected = data.checkpoints[index];
      if (expected === undefined) return;
      const { digest } = expected;
      if (expected.icount === icount && digest[0] === a >>> 0 && digest[1] === b >>> 0) return;
      diverged(`the state differs from the recording's (checkpoint ${index})`, world);
    },
  };
  const run = execute(loaded, specOf(data), {
    ...options,
    strategy,
    hypercalls: hypercallsOf(data),
    observer,
    prepare: (w) => {
      world = w;
      options.prepare?.(w);
    },
  });
  const digest = finalDigest(run.world);
  divergence ??= finalDifference(strategy, run, digest, data);
  return { run, digest, divergence, changes };
}

/** What differs at the end of a run that followed its recording so far. */
function finalDifference(
  strategy: ReplayStrategy,
  run: Execution,
  digest: string,
  data: RecordingData,
): string | null {
  const { outcome } = run;
  const { end } = data;
  if (outcome.verdict !== end.verdict) {
    return `at icount ${outcome.icount}: ended with ${outcome.verdict} instead of ${end.verdict}`;
  }
  if (outcome.icount !== end.icount) {
    return `at icount ${outcome.icount}: ended there instead of at ${end.icount}`;
  }
  const unused = strategy.unused();
  if (unused > 0) {
    return `at icount ${outcome.icount}: ${unused} directives of the recording were never reached`;
  }
  if (digest !== end.digest && end.digest !== '') {
    const rolling = digestText(run.world);
    const what = end.digest.startsWith(rolling) ? 'the final state' : 'the course';
    return `at icount ${outcome.icount}: ${what} differs from the recording's`;
  }
  return null;
}
