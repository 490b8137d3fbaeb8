/**
 * Replaying the core of a vitest test from outside: `rumpus replay` finds in the recording which
 * test it is of, and has vitest run that one test, in whose world the recording is followed
 * (replaying.ts). A test's main is a closure in a test file: nothing but its test can make it.
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

/** Replays in vitest. Throws InputError when the test is gone, has changed, or cannot be run. */
export function replayTest(
  file: string,
  data: RecordingData,
  options: { readonly adapt?: boolean } = {},
): TestReplay {
  const testFile = String(data.config.program);
  const rootDir = projectOf(file, testFile);
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-replay-'));
  try {
    const resultFile = join(folder, 'result.json');
    const printed = runVitest(rootDir, testFile, String(data.config['test']), {
      RUMPUS_REPLAY: resolve(file),
      RUMPUS_REPLAY_RESULT: resultFile,
      RUMPUS_REPLAY_ADAPT: options.adapt === true ? '1' : '0',
    });
    if (!existsSync(resultFile)) throw new InputError(notReached(data, printed));
    const answer = JSON.parse(readFileSync(resultFile, 'utf8')) as ReplayAnswer;
    if (answer.error !== null) throw new InputError(answer.error);
    return answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The project: the current folder, or one above the core, in which the test file is. */
function projectOf(file: string, testFile: string): string {
  const candidates = [process.cwd(), dirname(resolve(file)), dirname(dirname(resolve(file)))];
  const found = candidates.find((folder) => existsSync(join(folder, testFile)));
  if (found !== undefined) return found;
  throw new InputError(`there is no ${testFile} here: replay in the project that the core is of`);
}

function runVitest(
  rootDir: string,
  testFile: string,
  fullName: string,
  variables: Readonly<Record<string, string>>,
): string {
  const pattern = `^${fullName.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  const args = [vitestCommand(rootDir), 'run', testFile, '-t', pattern, '--no-color'];
  const env = { ...process.env, ...variables };
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: rootDir,
    env,
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`;
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

function notReached(data: RecordingData, printed: string): string {
  const lines = printed.trim().split('\n');
  const error = lines.find((line) => /Error:|No test/.test(line));
  const said = error === undefined ? '' : ` vitest says: ${error.trim()}`;
  return `the test '${String(data.config['test'])}' did not get as far as the recorded run.${said}`;
}
