/**
 * Starting the process of a target: one of its own for a program, and for a test vitest, in whose
 * worker the test then stands (vitest/debugged.ts).
 */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConfig } from '../../../corefiles/index.ts';
import { InputError } from '../../errors.ts';
import type { Hello, TargetOrders } from '../../agent/protocol.ts';
import { packageFile } from '../../run/load.ts';
import { notReached, type RecordedTest, vitestWords } from '../../vitest/rerun.ts';
import { TargetError } from '../target.ts';

/** What a process that is ready says. */
export type Ready = Extract<Hello, { kind: 'ready' }>;

/** A process on its way. */
export interface Starting {
  readonly child: ChildProcess;
  /** Errors: TargetError, with why it cannot be debugged. `lastWords` says why it ended. */
  ready(lastWords: () => string): Promise<Ready>;
}

/**
 * The engine compiles what is hot on the thread that runs it. On another it may be at a function
 * just when a pause prepares that one for debugging, and Node 20 then ends the process.
 */
const OPTIMISED = ['--no-concurrent-recompilation'];
const UNOPTIMISED = ['--max-lazy', '--no-opt', '--no-maglev'];

export function startProcess(orders: TargetOrders): Starting {
  return orders.test === null ? startOwn(orders) : startTest(orders, orders.test);
}

function startOwn(orders: TargetOrders): Starting {
  const child = fork(packageFile('dist/target.js'), [], {
    env: variablesFor(orders),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: orders.exact ? UNOPTIMISED : OPTIMISED,
  });
  return {
    child,
    async ready(lastWords) {
      const hello = await new Promise<Hello>((said, failed) => {
        child.once('message', said);
        child.once('error', (error) => failed(new TargetError(error.message)));
        child.once('exit', () => failed(new TargetError(lastWords())));
      });
      const ready = accepted(hello);
      child.disconnect();
      return ready;
    },
  };
}

/** What the process is told, and which of the two kernels it is to have. */
function variablesFor(orders: TargetOrders): NodeJS.ProcessEnv {
  const { recording, spec } = orders;
  const config = recording === '' ? spec : (readConfig(recording) ?? spec);
  const RUMPUS_ACCESSES = config.accesses === 'kernel' ? 'kernel' : 'program';
  return { ...process.env, RUMPUS_ACCESSES, RUMPUS_TARGET: JSON.stringify(orders) };
}

/** How often it is looked whether a test has got to its run, ms. */
const LOOK_MS = 10;
/** What vitest has printed last. */
const PRINTED_MAX = 10_000;

function startTest(orders: TargetOrders, test: RecordedTest): Starting {
  const folder = mkdtempSync(join(tmpdir(), 'rumpus-target-'));
  const answer = join(folder, 'hello.json');
  const child = spawn(process.execPath, wordsFor(test), {
    cwd: test.rootDir,
    env: { ...environmentFor(orders, test), RUMPUS_TARGET_HELLO: answer },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      printed = (printed + data.toString('utf8')).slice(-PRINTED_MAX);
    });
  }
  return {
    child,
    async ready() {
      try {
        await appeared(answer, child);
        if (!existsSync(answer)) throw new TargetError(notReached(test.name, printed));
        return accepted(JSON.parse(readFileSync(answer, 'utf8')) as Hello);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** What has fields watched is loaded before anything else (vitest/watching.ts). */
function environmentFor(orders: TargetOrders, test: RecordedTest): NodeJS.ProcessEnv {
  const env = variablesFor(orders);
  if (orders.fields.length === 0 && !orders.elements) return env;
  const first = `--import ${pathToFileURL(watchingIn(test.rootDir)).href}`;
  return { ...env, NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${first}`.trim() };
}

/** That of the package which the project has: its kernel is the one that runs. */
function watchingIn(folder: string): string {
  const file = join(folder, 'node_modules/rumpus/dist/watching.js');
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? packageFile('dist/watching.js') : watchingIn(dirname(folder));
}

/** Errors: TargetError, when the project has no vitest. */
function wordsFor(test: RecordedTest): string[] {
  try {
    return vitestWords(test);
  } catch (error) {
    throw error instanceof InputError ? new TargetError(error.message) : error;
  }
}

/** Resolves when the file is there, or the process is not. */
function appeared(file: string, child: ChildProcess): Promise<void> {
  return new Promise((done, failed) => {
    const looking = setInterval(() => existsSync(file) && finish(), LOOK_MS);
    const finish = () => {
      clearInterval(looking);
      done();
    };
    child.once('close', finish);
    child.once('error', (error) => {
      clearInterval(looking);
      failed(new TargetError(error.message));
    });
  });
}

function accepted(hello: Hello): Ready {
  if (hello.kind === 'ready') return hello;
  throw new TargetError(hello.message);
}
