/**
 * One entry of a corpus: a recording, of which the seed, the spec and the directives count. Its name
 * says which program, which kind and which bug or coverage it is of, so that two corpora are merged
 * by copying.
 *
 *   lost-update.fail-3f2a9c0d1b7e4a55.rumpus     a failure, by its signature
 *   lost-update.cover-90c1d2aa37f01c3b.rumpus    a schedule that covers something more
 */

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readRecording, writeRecording } from '../../../corefiles/index.ts';
import {
  type Monitor,
  type Outcome,
  plainReport,
  ReplayStrategy,
  type Report,
  type World,
} from '../../../kernel/index.ts';
import { InputError } from '../../errors.ts';
import { checkedSpecOf } from '../../run/checkspec.ts';
import { type Execution, execute } from '../../run/execute.ts';
import { type LoadedProgram, needsAccesses } from '../../run/load.ts';
import { directiveWords, recordingOf } from '../../run/record.ts';
import type { RunSpec } from '../../run/spec.ts';
import type { Found } from '../found.ts';
import { signatureOf } from '../signature.ts';

export type EntryKind = 'fail' | 'cover';

/** Number of a schedule that is of no hunt. */
const NO_INDEX = -1;
const SUFFIX = '.rumpus';
const NAME = /^(.+)\.(fail|cover)-[0-9a-f]{16}\.rumpus$/;

/** `lost-update` */
export function programSlug(name: string): string {
  return basename(name)
    .replace(/\.[cm]?[jt]s$/, '')
    .replace(/[^\w-]+/g, '-');
}

/** A file's name for what it is of. */
export function entryName(program: string, kind: EntryKind, of: string): string {
  const hash = createHash('sha256').update(of).digest('hex').slice(0, 16);
  return `${programSlug(program)}.${kind}-${hash}${SUFFIX}`;
}

/** What a file's name says; undefined for a file that is no entry. */
export function parseEntryName(
  name: string,
): { readonly program: string; readonly kind: EntryKind } | undefined {
  const [, program, kind] = NAME.exec(name) ?? [];
  return program === undefined ? undefined : { program, kind: kind as EntryKind };
}

/** A schedule as an entry keeps it. */
export interface Kept {
  readonly spec: RunSpec;
  readonly words: Int32Array;
}

/** Reads an entry. Throws CoreFileError or InputError when it is of no use. */
export function readEntry(file: string): Kept {
  const { data, missing } = readRecording(file);
  const lost = (['config', 'directives'] as const).filter((part) => missing.includes(part));
  if (lost.length > 0) throw new InputError(`${file} is damaged (${lost.join(', ')} missing)`);
  return { spec: checkedSpecOf(file, data), words: directiveWords(data) };
}

/** Writes the recording of a run, with the program's own sources. */
export function writeEntry(
  file: string,
  loaded: LoadedProgram,
  spec: RunSpec,
  run: Execution,
): void {
  const sources = loaded.compiled.modules.map(({ path, source }) => ({ path, text: source }));
  writeRecording(file, recordingOf(loaded, spec, run), sources);
}

/** What became of an entry's schedule in the program as it is now. */
export interface Trial {
  readonly run: Execution;
  /** What failed; null when it passed. */
  readonly found: Found | null;
  /** Every directive could be followed: the schedule is still one of this program. */
  readonly fits: boolean;
}

/** Follows an entry's schedule as far as it fits. Throws InputError when the image cannot. */
export function tryEntry(loaded: LoadedProgram, kept: Kept, monitor?: Monitor): Trial {
  const { spec, words } = kept;
  if (needsAccesses(spec) && !loaded.compiled.access) {
    throw new InputError('its schedule needs the access image');
  }
  let mismatched = false;
  const onMismatch = () => {
    mismatched = true;
  };
  const strategy = new ReplayStrategy(words, onMismatch);
  // Places in the code have moved with it: whatever a detector finds ends the run.
  const run = execute(loaded, { ...spec, ending: '' }, { strategy, monitor, checkpoints: false });
  const fits = !mismatched && strategy.unused() === 0;
  return { run, found: foundIn(run, spec.seed), fits };
}

/** A run's failure as what a hunt finds; null for a run that passed. */
export function foundIn({ world, outcome }: Execution, seed: number): Found | null {
  if (outcome.verdict === 'passed') return null;
  const { verdict, message, lwp, icount } = outcome;
  return {
    ...{ index: NO_INDEX, seed, verdict, message, lwp, icount },
    ...signed(world, outcome),
    words: world.directives.copy(),
  };
}

function signed(w: World, outcome: Outcome): { signature: string; reports: readonly Report[] } {
  const { verdict, message, site } = outcome;
  const reports = w.reports.map(plainReport);
  const own = reports.find((one) => one.verdict === verdict && one.message === message);
  if (own === undefined) return { signature: signatureOf(verdict, message, site), reports };
  return { signature: own.signature, reports: [own, ...reports.filter((one) => one !== own)] };
}
