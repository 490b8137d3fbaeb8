/**
 * The report of a finding: the failing schedule is run again with everything watched, the operations
 * that matter are chosen, and all that a person wants to know of them is put into plain data.
 *
 * Three runs, each of the length of the failing one: the first to see what there is (watch.ts), one
 * of the nearest schedule that passes, to see what is different there (compare.ts), and one for the
 * stacks of what is shown.
 */

import { DEFAULT_CONFIG, DIRECTIVE_WORDS, ReplayStrategy } from '../../../kernel/index.ts';
import { timelineOf } from '../../../tracer/index.ts';
import { effectiveOptions, execute } from '../../run/execute.ts';
import { type LoadedProgram, sourcesOf } from '../../run/load.ts';
import type { RunSpec } from '../../run/spec.ts';
import { specOfFound } from '../again.ts';
import type { Bug, Found } from '../found.ts';
import { completeText } from '../shrink/head.ts';
import { scheduleText } from '../shrink/text.ts';
import type { Shrunk } from '../shrink/types.ts';
import { type Chosen, choose } from './choose.ts';
import { headlineOf } from './headline.ts';
import { loopText } from './loop.ts';
import { ObjectNames } from './objects.ts';
import type { Operation } from './record.ts';
import { Rows } from './rowreports.ts';
import { columnsOf, forcedSwitches, shownOperations } from './rows.ts';
import { preemptionsIn } from './schedule.ts';
import { marksOf, sideReports } from './sides.ts';
import { Sources } from './sources.ts';
import { frameOfSite } from './stacks.ts';
import { type HuntCounts, statisticsOf } from './statistics.ts';
import { swapOf } from './swap.ts';
import type { HuntReport, ShrinkReport, SideReport } from './types.ts';
import { UNSEEN } from './values.ts';
import { eventsOfRun, type WatchedRun, watchRun, without } from './watch.ts';
import type { Vocabulary } from './words.ts';

/** What else goes into a report. */
export interface ReportFiles {
  readonly recording?: string;
  readonly core?: string;
  /** The command line that repeats the run. Default: `npx rumpus replay … --schedule '…'`. */
  readonly reproduce?: string;
}

/** Schedules that are tried for one that passes, when nobody else has looked for it. */
const TRIES_MAX = 24;

/** Makes the report of a bug; `spec` is the hunt's. */
export function reportOfFound(
  loaded: LoadedProgram,
  spec: RunSpec,
  shrunk: Shrunk | null,
  bug: Bug,
  counts: HuntCounts,
  files: ReportFiles = {},
): HuntReport {
  const found = shrunk?.found ?? bug.found;
  const own = shrunk?.spec ?? specOfFound(spec, bug.found);
  const passing =
    shrunk === null ? nearestPassing(loaded, own, found) : (shrunk.swap?.words ?? null);
  const story = tell(loaded, own, found, passing);
  const { run, chosen, vocabulary, rows, sides, columns } = story;
  const object = objectOf(found, chosen, vocabulary);
  const { outcome } = run;
  const circumstances = circumstancesOf(loaded, spec, own);
  const schedule = scheduleText(found.words);
  const complete = shrunk?.schedule ?? completeText(own, found.words);
  return {
    ...circumstances,
    verdict: found.verdict,
    message: found.message,
    headline: headlineOf({
      verdict: found.verdict,
      message: found.message,
      object: object.object,
      sides,
      loop: found.verdict === 'timeout' ? loopText(run.log) : '',
    }),
    ...object,
    icount: found.icount,
    virtualTimeNs: outcome.virtualTimeNs,
    schedulesToFailure: bug.found.index + 1,
    times: bug.times,
    schedule,
    preemptions: preemptionsIn(found.words),
    sides,
    columns: columns.map((lwp) => ({ lwp, name: vocabulary.nameOf(lwp) })),
    rows: rows.list,
    omitted: rows.omittedAtEnd,
    swap: swapOf(chosen.swapped, rows, passing, shrunk?.swap?.sentence ?? ''),
    shrink: shrunk === null ? null : shrinkOf(shrunk),
    notes: notesOf(found),
    timeline: timelineOf(eventsOfRun(run), {
      icount: found.icount,
      lastIcount: outcome.icount,
      ncpu: circumstances.ncpu,
      names: run.log.lwpNames,
    }),
    statistics: statisticsOf(counts),
    reproduce: files.reproduce ?? `npx rumpus replay ${loaded.name} --schedule '${complete}'`,
    recording: files.recording,
    core: files.core,
  };
}

/** What was run, and how; `spec` is the hunt's, `own` that of the failing run. */
function circumstancesOf(loaded: LoadedProgram, spec: RunSpec, own: RunSpec) {
  const { ncpu, preempt } = effectiveOptions(loaded.instance(), own);
  return {
    program: loaded.name,
    seed: own.seed,
    ncpu: ncpu ?? DEFAULT_CONFIG.ncpu,
    preempt: preempt ?? DEFAULT_CONFIG.preempt,
    strategy: spec.strategy,
    grain: spec.grain,
    image: loaded.image.identity,
  };
}

/** What the watched runs tell. */
interface Story {
  readonly run: WatchedRun;
  readonly chosen: Chosen;
  readonly columns: readonly number[];
  readonly vocabulary: Vocabulary;
  readonly rows: Rows;
  readonly sides: readonly SideReport[];
}

function tell(
  loaded: LoadedProgram,
  spec: RunSpec,
  found: Found,
  passing: Int32Array | null,
): Story {
  const { words, icount } = found;
  const run = watchRun(loaded, spec, words, { until: icount });
  const other =
    passing === null ? undefined : watchRun(loaded, spec, passing, { until: icount * 2 + MORE });
  const chosen = choose(found, run, other);
  const forced = forcedSwitches(run, words);
  const columns = columnsOf(chosen, forced);
  const { shown, all } = shownOperations(run, chosen, columns);
  const wanted = new Set([...shown, ...chosen.sides].map(({ index }) => index));
  const { stacks, values } = watchRun(loaded, spec, words, { until: icount, stacksOf: wanted });
  fillCaptured([...shown, ...chosen.sides], values);
  const stackOf = (operation: Operation) => {
    const stack = stacks.get(operation.index) ?? [];
    const alone = frameOfSite(operation.site);
    const none = stack.length > 0 || operation.kind === 'exit' || alone === undefined;
    return none ? stack : [alone];
  };
  const sources = new Sources(sourcesOf(loaded));
  const vocabulary = vocabularyOf(run, found, chosen, sources);
  const marks = marksOf(chosen.sides);
  const frameOf = (operation: Operation) => stackOf(operation)[0];
  const rows = new Rows({
    run,
    shown,
    all,
    columns,
    forced,
    words,
    marks,
    vocabulary,
    sources,
    frameOf,
  });
  const sides = sideReports({ sides: chosen.sides, rows, vocabulary, sources, stackOf });
  return { run, chosen, columns, vocabulary, rows, sides };
}

/** Values of captured variables: what one has before an operation, it had after the one before. */
function fillCaptured(
  operations: readonly Operation[],
  values: ReadonlyMap<number, unknown>,
): void {
  const last = new Map<number, Operation>();
  for (const operation of operations.toSorted((a, b) => a.index - b.index)) {
    if (!values.has(operation.index)) continue;
    const value = values.get(operation.index);
    operation.before = value;
    operation.after = operation.kind === 'write' ? UNSEEN : value;
    const before = last.get(operation.id);
    if (before !== undefined && before !== operation) before.after = value;
    last.set(operation.id, operation);
  }
}

/** Statements that the passing run may take more than twice as many as the failing one. */
const MORE = 100_000;

function vocabularyOf(
  { world, log }: WatchedRun,
  found: Found,
  { sides }: Chosen,
  sources: Sources,
): Vocabulary {
  const nameOf = (lwp: number) => log.lwpNames.get(lwp) ?? '';
  return {
    names: new ObjectNames(world, log.operations, (site) => sources.expression(site)),
    found,
    about: new Set(sides.map(({ id }) => id)),
    nameOf,
    lwpName: (lwp) => `LWP ${lwp} ${nameOf(lwp)}`.trim(),
  };
}

/** What the finding is about: what its sides are about, else as a detector says. */
function objectOf(
  found: Found,
  { sides }: Chosen,
  { names }: Vocabulary,
): Pick<HuntReport, 'object' | 'objectType' | 'objectPath'> {
  const about = sides.find(({ object }) => object !== null);
  const object = about?.object ?? null;
  const objectPath = object === null ? '' : names.path(object);
  const report = found.reports.find(({ verdict }) => verdict === found.verdict);
  if (object === null) {
    return { object: report?.object ?? '', objectType: report?.objectType ?? '', objectPath };
  }
  return {
    object: names.variable(object, about?.key),
    objectType: names.typeOf(object),
    objectPath,
  };
}

/** The schedule without its last directive that can go so that the run passes. */
function nearestPassing(loaded: LoadedProgram, spec: RunSpec, found: Found): Int32Array | null {
  const count = found.words.length / DIRECTIVE_WORDS;
  for (let i = count - 1; i >= Math.max(0, count - TRIES_MAX); i--) {
    const words = without(found.words, i);
    const strategy = new ReplayStrategy(words);
    const { outcome } = execute(loaded, spec, { strategy, checkpoints: false });
    if (outcome.verdict === 'passed') return words;
  }
  return null;
}

function shrinkOf({ after, before, replays, certificate }: Shrunk): ShrinkReport {
  return {
    directives: after.directives,
    directivesBefore: before.directives,
    replays,
    minimal: certificate.sentence,
  };
}

/** What else is known: how a detector came to it, and what others saw on the way. */
function notesOf(found: Found): string[] {
  return found.reports.flatMap(({ verdict, message, explanation }) =>
    verdict === found.verdict ? [...explanation] : [`${verdict} on the way: ${message}`],
  );
}
