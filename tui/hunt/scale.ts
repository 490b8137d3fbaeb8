/** Options of `rumpus hunt` for many machines, for what earlier hunts found, and for every change. */

import type { Command } from 'commander';
import type { Corpus, CorpusFailure } from '../../debugger/hunt/corpus/index.ts';
import {
  type Begun,
  Bugs,
  type HuntResult,
  InputError,
  type LoadedProgram,
  type Pooled,
  type RunSpec,
  scheduleSeed,
  type Shard,
  shardOf,
} from '../../debugger/index.ts';
import { huntOnFleet } from '../fleet.ts';
import { grouped, note, plural } from '../output.ts';

/** Schedules in a batch: those of threads (BATCH in pool.ts), so that a fleet finds the same. */
const FLEET_BATCH = 256;
/** Schedules that are looked at for new coverage after a hunt, and host time for it, ms. */
const COVER_SCHEDULES = 200;
const COVER_MS = 1000;

export interface ScaleFlags {
  readonly shard?: string;
  readonly fleet?: string;
  readonly resume?: boolean;
  readonly corpus?: string;
  readonly merge?: string;
  readonly watch?: boolean;
}

export function addScaleOptions(command: Command): void {
  command.option(
    '--shard <i/n>',
    'run the i-th of n parts: the n hunts together are the whole one',
  );
  command.option('--fleet <address>', 'put batches on a Redis server, for rumpus hunt-worker');
  command.option('--resume', 'with --fleet: go on with a hunt that was stopped (it always does)');
  command.option('--corpus <dir>', 'keep schedules of what is found there, and try them first');
  command.option('--merge <dir>', "with --corpus: add another's entries first");
  command.option('--watch', 'hunt again whenever the program or what it imports changes');
}

/** Throws InputError for options that do not go together. */
export function checkScale(flags: ScaleFlags): { readonly shard: Shard | undefined } {
  const wrong = (text: string): InputError => new InputError(text);
  if (flags.merge !== undefined && flags.corpus === undefined) {
    throw wrong('--merge needs --corpus: the corpus that is added to');
  }
  if (flags.resume === true && flags.fleet === undefined) {
    throw wrong('--resume needs --fleet: the server knows what was done');
  }
  if (flags.watch === true && flags.fleet !== undefined) {
    throw wrong('--watch and --fleet do not go together: a round is over before a fleet has begun');
  }
  return { shard: flags.shard === undefined ? undefined : shardOf(flags.shard) };
}

/** Says at once when there is no server to be used. Throws InputError. */
export async function checkFleet({ fleet }: ScaleFlags): Promise<void> {
  if (fleet === undefined) return;
  const { checkReachable, fleetAddress } = await import('../../debugger/hunt/fleet/index.ts');
  await checkReachable(fleetAddress(fleet));
}

/** What the fleet runs in place of threads; undefined without --fleet. */
export function fleetPart(
  loaded: LoadedProgram,
  spec: RunSpec,
  told: {
    readonly flags: ScaleFlags & { readonly all?: boolean };
    readonly schedules: number;
    readonly shard: Shard | undefined;
    readonly signal: AbortSignal;
    readonly quiet: boolean;
  },
): ((begun: Begun) => Promise<Pooled>) | undefined {
  const { flags, schedules, shard, signal, quiet } = told;
  const { fleet, all } = flags;
  if (fleet === undefined) return undefined;
  return (begun) =>
    huntOnFleet(loaded, spec, {
      ...{ ...begun, fleet, schedules, shard, signal, quiet },
      batch: FLEET_BATCH,
      seek: all === true ? 'all' : 'first',
    });
}

/** The corpus, with another's entries if it was told so; undefined without --corpus. */
export async function openCorpus(flags: ScaleFlags): Promise<Corpus | undefined> {
  if (flags.corpus === undefined) return undefined;
  const { Corpus, mergeCorpus } = await import('../../debugger/hunt/corpus/index.ts');
  const corpus = new Corpus(flags.corpus, note);
  if (flags.merge === undefined) return corpus;
  const { added, known, damaged } = mergeCorpus(corpus, flags.merge, note);
  const more = damaged === 0 ? '' : `, ${grouped(damaged)} damaged`;
  note(`${flags.merge}: ${grouped(added)} added to the corpus, ${grouped(known)} known${more}`);
  return corpus;
}

/** Tries what the corpus has, and says so in a line; gives what still fails. */
export function tryCorpus(
  corpus: Corpus | undefined,
  loaded: LoadedProgram,
  signal?: AbortSignal,
): readonly CorpusFailure[] {
  if (corpus === undefined) return [];
  const { tried, failures, dropped } = corpus.replay(loaded, signal);
  if (tried === 0) return [];
  const gone = dropped === 0 ? '' : `, ${grouped(dropped)} dropped`;
  note(
    `${corpus.dir}: ${plural(tried, 'schedule')} tried, ${grouped(failures.length)} failed${gone}`,
  );
  return failures;
}

/** The first of them that is what the hunt is for. */
export function goalOf(
  loaded: LoadedProgram,
  failures: readonly CorpusFailure[],
): CorpusFailure | undefined {
  const { expect } = loaded.instance().options;
  return failures.find(({ found }) => {
    const bugs = new Bugs(expect, 'first');
    bugs.add({ ...found, index: 0 });
    return bugs.end === 1;
  });
}

/** Keeps what a hunt found, and schedules that cover something more. */
export function addToCorpus(
  corpus: Corpus | undefined,
  loaded: LoadedProgram,
  spec: RunSpec,
  result: HuntResult,
): void {
  if (corpus === undefined) return;
  for (const { found } of result.bugs) corpus.keepFailure(loaded, spec, found);
  if (result.interrupted || !loaded.compiled.access) return;
  const startedAt = performance.now();
  const count = Math.min(COVER_SCHEDULES, result.schedules);
  for (let i = 0; i < count && performance.now() - startedAt < COVER_MS; i++) {
    corpus.keepIfNew(loaded, spec, scheduleSeed(spec.seed, i));
  }
}
