/**
 * Making the run of a vitest test again, from outside: the recording says which test it is of, and
 * vitest runs that one test, in whose world the recording is followed (replaying.ts) or debugged
 * (standing.ts). A test's main is a closure in a test file: nothing but its test can make it.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { RecordingData } from '../../corefiles/index.ts';
import { InputError } from '../errors.ts';
import type { FailedStack } from './stacks.ts';

/** What a replay in a test came to. */
export type ReplayAnswer =
  | {
      readonly error: null;
      readonly verdict: string;
      readonly message: string;
      readonly icount: number;
      readonly virtualTimeNs: number;
      readonly digest: string;
      /** Where and how it left the recording; null when it did not. */
      readonly divergence: string | null;
      readonly console: string;
      readonly stacks: readonly FailedStack[];
    }
  | { readonly error: string };

/** A ReplayAnswer that is one. */
export type TestReplay = Extract<ReplayAnswer, { error: null }>;

/** Whether a recording was made by a test, and so is replayed by replayTest(). */
export function isTestRecording(data: RecordingData): boolean {
  return typeof data.config['test'] === 'string';
}

/** Why the run of a test was not the same again. */
export const UNREPEATABLE =
  'a variable outside of main carries state from one run to the next, or the test asks the host';

/** A test whose run is to be made again. */
export interface RecordedTest {
  /** Absolute path of its project. */
  readonly rootDir: string;
  /** The test file relative to that, with '/'. */
  readonly file: string;
  /** Names of its suites and its own, as `vitest -t` sees them. */
  readonly name: string;
}

/** The test that a file's recording is of. Throws InputError when its project is not here. */
export function recordedTest(file: string, data: RecordingData): RecordedTest {
  const testFile = String(data.config.program);
  // What stands in a file is anybody's, and this becomes a word of a command.
  if (!/^[^-./\\:][^\\:]*$/.test(testFile) || testFile.split('/').includes('..')) {
    throw new InputError(`${file} names no test file, but ${JSON.stringify(testFile)}`);
  }
  return {
    rootDir: projectOf(file, testFile),
    file: testFile,
    name: String(data.config['test']),
  };
}

/** The project: the current folder, or one above the core, in which the test file is. */
function projectOf(file: string, testFile: string): string {
  const candidates = [process.cwd(), dirname(resolve(file)), dirname(dirname(resolve(file)))];
  const found = candidates.find((folder) => existsSync(join(folder, testFile)));
  if (found !== undefined) return found;
  throw new InputError(`there is no ${testFile} here: replay in the project that the core is of`);
}

/** The words after `node` that run the test alone, in a process of its own, and once. */
export function vitestWords({ rootDir, file, name }: RecordedTest): string[] {
  const pattern = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  const once = ['--no-color', '--pool=forks', '--retry=0', '--coverage.enabled=false'];
  return [vitestCommand(rootDir), 'run', file, '-t', pattern, ...once];
}

/** vitest as the project has it. */
function vitestCommand(rootDir: string): string {
  try {
    const manifest = createRequire(join(rootDir, 'package.json')).resolve('vitest/package.json');
    return join(dirname(manifest), 'vitest.mjs');
  } catch {
    throw new InputError('the project has no vitest, which the test needs: run npm install');
  }
}

/** Why the recorded run was not made again, of what vitest has printed. */
export function notReached(name: string, printed: string): string {
  const lines = printed.trim().split('\n');
  const error = lines.find((line) => /Error:|No test/.test(line));
  if (error === undefined && /Tests +\d+ skipped/.test(printed)) {
    return `there is no test '${name}' any more`;
  }
  const said = error === undefined ? '' : ` vitest says: ${error.trim()}`;
  return `the test '${name}' did not get as far as the recorded run.${said}`;
}

/** Replays in vitest. Throws InputError when the test is gone, has changed, or cannot be run. */
export function replayTest(
  file: string,
  data: RecordingData,
  options: { readonly adapt?: boolean } = {},
): TestReplay {
  const test = recordedTest(file, data);
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-replay-'));
  try {
    const resultFile = join(folder, 'result.json');
    const printed = runVitest(test, {
      RUMPUS_ACCESSES: data.config['accesses'] === 'kernel' ? 'kernel' : 'program',
      RUMPUS_REPLAY: resolve(file),
      RUMPUS_REPLAY_RESULT: resultFile,
      RUMPUS_REPLAY_ADAPT: options.adapt === true ? '1' : '0',
    });
    if (!existsSync(resultFile)) throw new InputError(notReached(test.name, printed));
    const answer = JSON.parse(readFileSync(resultFile, 'utf8')) as ReplayAnswer;
    if (answer.error !== null) throw new InputError(answer.error);
    return answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runVitest(test: RecordedTest, variables: Readonly<Record<string, string>>): string {
  const { stdout, stderr } = spawnSync(process.execPath, vitestWords(test), {
    cwd: test.rootDir,
    env: { ...process.env, ...variables },
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`;
}
