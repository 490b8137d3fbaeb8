/**
 * What a test fails with when its run did not end as it should.
 *
 *   kassert: a directory on a freed mount
 *     LWP 2 'main' running
 *       tmpfs_rmdir (rumpus/kernel/fs/tmpfs/tmpfs_vnops.ts:71:5)
 *       main (my-fs/test/rmdir.test.ts:12:12)
 *     seed    1755 (2 CPUs, random, sync), icount 8,412, 84.12 µs virtual time
 *     core    .rumpus/rmdir.test-kassert-1755.core
 *     replay  npx rumpus replay .rumpus/rmdir.test-kassert-1755.core
 */

import { printable, printableLines } from '../../corefiles/index.ts';
import { DEFAULT_CONFIG, type Outcome, SysError } from '../../kernel/index.ts';
import { frameText } from '../../tracer/index.ts';
import type { Shrunk } from '../hunt/shrink/index.ts';
import type { Execution } from '../run/execute.ts';
import { kernelSources } from '../run/load.ts';
import type { RunSpec } from '../run/spec.ts';
import { openLink } from '../vscode/link.ts';
import { SourceLines } from '../why/why.ts';
import { type FailedStack, originFrames } from './stacks.ts';

/** Frames shown of each stack. */
const FRAMES_SHOWN = 10;
/** Lines of the console shown, from its end. */
const CONSOLE_LINES = 10;

/** Everything that the message is made of. */
export interface FailureReport {
  readonly run: Execution;
  readonly spec: RunSpec;
  /** What the expectation has to say; '' when there was none. */
  readonly note: string;
  readonly stacks: readonly FailedStack[];
  /** Path of the core as it is shown. */
  readonly core: string;
  /** How the replay left the recording; null when it ended the same. */
  readonly divergence: string | null;
  /** What a hunt found, of which this is the run. */
  readonly found?: Pick<Shrunk, 'found' | 'schedule' | 'swap'>;
}

/** A run of a test that did not end as it should. */
export class KernelFailure extends Error {
  override name = 'KernelFailure';
  readonly outcome: Outcome;
  /** Path of the core as it is shown. */
  readonly core: string;
  // As vitest's own assertions have them, so that it prints the difference.
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(report: FailureReport) {
    const { outcome } = report.run;
    // A failed system call is said in full already.
    const shown = outcome.error instanceof SysError ? undefined : outcome.error;
    super(failureText(report), shown === undefined ? {} : { cause: shown });
    this.outcome = outcome;
    this.core = report.core;
    const { actual, expected } = (outcome.error ?? {}) as { actual?: unknown; expected?: unknown };
    if (actual !== undefined || expected !== undefined) Object.assign(this, { actual, expected });
  }
}

function failureText(report: FailureReport): string {
  const { run, note, stacks, divergence } = report;
  const { verdict, message, error } = run.outcome;
  const lines = [message === '' ? verdict : `${verdict}: ${printableLines(message)}`];
  if (note !== '') lines.push(`  ${note}`);
  for (const stack of stacks) lines.push(...stackLines(stack));
  if (error instanceof SysError) lines.push(...originLines(error).map((line) => `  ${line}`));
  lines.push(...consoleLines(run.console), ...circumstances(report));
  if (divergence !== null) lines.push(...divergenceLines(divergence));
  return lines.join('\n');
}

function stackLines({ lwp, name, state, frames }: FailedStack): string[] {
  const lines = [`  LWP ${lwp} '${printable(name)}' ${printable(state)}`];
  for (const frame of frames.slice(0, FRAMES_SHOWN))
    lines.push(`    ${printable(frameText(frame))}`);
  if (frames.length > FRAMES_SHOWN) lines.push(`    … ${frames.length - FRAMES_SHOWN} more`);
  return lines;
}

/** Where a failed system call's errno was made, in one or two lines; none when nobody knows. */
export function originLines(error: SysError): string[] {
  const { origin } = error;
  const [frame] = originFrames(error);
  if (origin === undefined || frame === undefined) return [];
  const text = new SourceLines(kernelSources()).line(frame.path, frame.lineBase1);
  const made = `${error.code} was made by ${frameText(frame)} at icount ${grouped(origin.icount)}`;
  return text === '' ? [made] : [made, `  ${text}`];
}

function consoleLines(text: string): string[] {
  if (text.trim() === '') return [];
  const lines = printableLines(text).trimEnd().split('\n').slice(-CONSOLE_LINES);
  return ['  console', ...lines.map((line) => `    ${line}`)];
}

function circumstances({ run, spec, core, found }: FailureReport): string[] {
  const { icount, virtualTimeNs } = run.outcome;
  const ncpu = run.options.ncpu ?? DEFAULT_CONFIG.ncpu;
  const cpus = ncpu === 1 ? '1 CPU' : `${ncpu} CPUs`;
  return [
    `  seed    ${spec.seed} (${cpus}, ${spec.strategy}, ${spec.grain}), icount ${grouped(icount)}, ` +
      `${(virtualTimeNs / 1000).toFixed(2)} µs virtual time`,
    ...huntLines(found),
    `  core    ${core}`,
    `  replay  npx rumpus replay ${core}`,
    ...editorLink(core),
  ];
}

/** Which schedule it was, and what would have made it pass. */
function huntLines(found: FailureReport['found']): string[] {
  if (found === undefined) return [];
  const lines = [`  found   in schedule ${grouped(found.found.index + 1)}: ${found.schedule}`];
  if (found.swap !== null) lines.push(`  passes  ${printable(found.swap.sentence)}`);
  return lines;
}

/** Where a person can click it: vitest tells its workers when it writes to a terminal. */
function editorLink(core: string): string[] {
  return process.env['FORCE_TTY'] === 'true' ? [`  VS Code ${openLink(core)}`] : [];
}

function divergenceLines(divergence: string): string[] {
  return [
    `  the run cannot be repeated: its replay diverged ${divergence}`,
    '  A variable outside of main or at the top of a module carries state from one run to the',
    '  next, or something in it asks the host. Make the state inside main.',
  ];
}

/** 1,234,567 */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
