/**
 * The core of a vitest test is debugged like any other: it opens at its failure, and goes back in a
 * run that the test makes again. By the terminal debugger and over DAP, in a project that has
 * rumpus installed, and in one that links it.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readRecording } from '../../../corefiles/index.ts';
import { openTarget, type Stop, type Target } from '../../../debugger/index.ts';
import { recordedTest } from '../../../debugger/vitest/rerun.ts';
import { place, stackOf, standing, variablesOf } from '../dap/live.ts';
import { build } from '../target/processes.ts';
import { rumpus } from '../../tui/cli.ts';
import { makeProject, type Packaged, type Project } from './project.ts';

const SUM = `import { expect } from 'vitest';
import { KASSERT, type Sys } from 'rumpus';
import { test } from 'rumpus/vitest';

function* adds(sys: Sys, n: number): Generator<void, number, void> {
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    yield* sys.mkdir(\`/dir\${i}\`, 0o755);
    sum += n;
  }
  return sum;
}

test.describe('a suite (of one)', () => {
  test('adds up', ({ kernel }) => {
    kernel.run((sys) => sys.getpid());
    kernel.run(function* main(sys) {
      const box = { total: 0 };
      box.total = yield* adds(sys, 3);
      expect(box.total).toBe(9);
      box.total++;
      KASSERT(box.total === 9, 'the total is nine');
    });
  });
});
`;

/** One test whose main keeps something outside, and one that asks the host. */
const UNREPEATABLE = {
  'outside.test.ts': `import { panic } from 'rumpus';
import { test } from 'rumpus/vitest';

test('counts outside', ({ kernel }) => {
  let runs = 0;
  kernel.run(function* main(sys) {
    runs++;
    for (let i = 0; i < runs; i++) yield* sys.getpid();
    panic('counted');
  });
});
`,
  'host.test.ts': `import { panic } from 'rumpus';
import { test } from 'rumpus/vitest';

test('asks the host', ({ kernel }) => {
  const { pid } = process;
  kernel.run(function* main(sys) {
    for (let i = 0; i < pid; i++) yield* sys.getpid();
    panic('asked');
  });
});
`,
};

function lineOf(text: string, of = SUM): number {
  return of.split('\n').findIndex((line) => line.includes(text)) + 1;
}

function opened(core: string): Promise<Target> {
  const target = openTarget({
    kind: 'core',
    file: core,
    rerun: recordedTest(core, readRecording(core).data),
  });
  onTestFinished(async () => (await target).close());
  return target;
}

/** Out of KASSERT(), to its call. */
async function backInMain(target: Target): Promise<Stop> {
  await target.move({ kind: 'step', how: 'back', lwp: 1 });
  return target.move({ kind: 'step', how: 'back-out', lwp: 1 });
}

/** What of vitest still runs for a project. */
function processesIn(project: Project): string[] {
  const all = execFileSync('ps', ['-A', '-o', 'stat=,args='], { encoding: 'utf8' });
  return all.split('\n').filter((line) => !line.startsWith('Z') && line.includes(project.folder));
}

async function localsOf(target: Target, name: string): Promise<Record<string, string>> {
  const frames = await target.stack(target.stop?.lwp ?? 0);
  const [scope] = await target.scopes(frames.find((one) => one.function === name)?.id ?? 0);
  const variables = await target.variables(scope.handle);
  return Object.fromEntries(variables.map((one) => [one.name, one.value]));
}

/** For a project to be made and its tests to fail, on a busy machine, ms. */
const READY_MS = 60_000;

beforeAll(build, READY_MS);

describe.each<Packaged>(['installed', 'linked'])('in a project with rumpus %s', (packaged) => {
  let project: Project;
  let core: string;

  beforeAll(() => {
    project = makeProject(packaged);
    core = project.coreOf('sum.test.ts', SUM);
  }, READY_MS);

  afterAll(() => rmSync(dirname(project.folder), { recursive: true, force: true }));

  test('it stands at the failure, with the frames of the test and nothing of vitest', async () => {
    const target = await opened(core);
    expect(target.stop).toMatchObject({ reason: 'verdict', outcome: { verdict: 'kassert' } });
    const frames = await target.stack(1);
    expect(frames.map((one) => one.function)).toEqual(['KASSERT', 'main', 'runMain']);
    expect(processesIn(project)).toEqual([]);
  });

  test('it goes back a step, to a breakpoint, to an icount, and is at the failure again', async () => {
    const target = await opened(core);
    const failed = target.stop;
    const path = join(project.folder, 'test/sum.test.ts');
    const back = await backInMain(target);
    expect(back.place.lineBase1).toBe(lineOf('KASSERT(box'));
    expect(await localsOf(target, 'main')).toMatchObject({ box: '{total: 10}' });
    const [set] = await target.setBreakpoints([
      {
        id: 1,
        at: { kind: 'source', path, lineBase1: lineOf('sum += n') },
        condition: 'i === 1',
      },
    ]);
    expect(set).toMatchObject({ verified: true });
    const hit = await target.move({ kind: 'reverse-continue' });
    expect(hit).toMatchObject({ reason: 'breakpoint', breakpoints: [1] });
    expect(await localsOf(target, 'adds')).toMatchObject({ sum: '3', i: '1', n: '3' });
    expect((await target.move({ kind: 'goto', icount: hit.icount - 50 })).icount).toBe(
      hit.icount - 50,
    );
    await target.setBreakpoints([]);
    expect(await target.move({ kind: 'continue' })).toMatchObject({
      icount: failed?.icount,
      outcome: failed?.outcome,
    });
  });

  test('what is written there is a diversion, and its recording stays as it is', async () => {
    const target = await opened(core);
    await backInMain(target);
    const [frame] = await target.stack(1);
    await target.setExpression('box.total', '9', frame.id);
    const end = await target.move({ kind: 'continue' });
    expect(end).toMatchObject({ diverted: true, outcome: { verdict: 'passed' } });
  });

  test('nothing of it is left when the debugger is closed', async () => {
    const target = await opened(core);
    await target.move({ kind: 'step', how: 'back', lwp: 1 });
    await target.close();
    await expect.poll(() => processesIn(project), { timeout: 10_000 }).toEqual([]);
  });
});

describe('what a debugger does with it', () => {
  let project: Project;
  let core: string;

  beforeAll(() => {
    project = makeProject('installed');
    core = project.coreOf('sum.test.ts', SUM);
  }, READY_MS);

  afterAll(() => rmSync(dirname(project.folder), { recursive: true, force: true }));

  test('in the terminal', () => {
    const commands = ['back', 'reverse-finish', 'print box', 'break adds', 'rc', 'print n'];
    const words = ['debug', core, ...commands.flatMap((one) => ['--command', one])];
    const { stdout, stderr, status } = rumpus(project.folder, words);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toContain('box = {total: 10}');
    expect(stdout).toContain(`adds (kernel-tests/test/sum.test.ts:${lineOf('let sum')}:3)`);
    expect(stdout).toMatch(/n = 3\n$/);
  });

  test('who wrote a field last, of the test or of the kernel, is found', () => {
    const commands = ['back', 'reverse-finish', 'last-write box.total', 'bt', 'rc', 'c'];
    commands.push('last-write lwp(1).syscall');
    const words = ['debug', core, ...commands.flatMap((one) => ['--command', one])];
    const { stdout, stderr, status } = rumpus(project.folder, words);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toContain('box.total 9 → 10');
    expect(stdout).toContain(`main (kernel-tests/test/sum.test.ts:${lineOf('box.total++')}:7)`);
    expect(stdout).toMatch(/lwp\(1\)\.syscall .*\n.*rumpus\/kernel\/kern\/syscall\.ts/);
  });

  test('a linked kernel, which vitest compiles, has no data breakpoints, and says so', async () => {
    const linked = makeProject('linked');
    onTestFinished(() => rmSync(dirname(linked.folder), { recursive: true, force: true }));
    const target = await opened(linked.coreOf('sum.test.ts', SUM));
    const { icount } = await backInMain(target);
    const [frame] = await target.stack(1);
    const { dataId } = await target.dataInfo('box.total', 0, frame.id);
    const [set] = await target.setBreakpoints([
      { id: 1, at: { kind: 'data', dataId: dataId ?? '', access: 'write' } },
    ]);
    expect(set).toMatchObject({ verified: false });
    expect(set.message).toMatch(/^rumpus is linked into the project, .* install it/);
    expect(target.stop?.icount).toBe(icount);
    expect(await localsOf(target, 'main')).toMatchObject({ box: '{total: 10}' });
  });

  test('over DAP', async () => {
    const path = join(project.folder, 'test/sum.test.ts');
    const { client, stopped } = await standing({ core }, (client) =>
      client.do('setBreakpoints', {
        source: { path },
        breakpoints: [{ line: lineOf('box.total++') }],
      }),
    );
    expect(stopped.body).toMatchObject({ reason: 'exception' });
    await client.move('reverseContinue');
    expect(await place(client)).toBe(`main:${lineOf('box.total++')}`);
    expect((await stackOf(client))[0].source?.path).toBe(path);
    const { variables } = await variablesOf(client, 1, 'Locals');
    expect(variables).toContainEqual(expect.objectContaining({ name: 'box', value: '{total: 9}' }));
    await client.move('stepBack');
    expect(await place(client)).toBe(`main:${lineOf('toBe(9)')}`);
    await client.do('disconnect');
  });

  test('every variable of every frame is there, when it is asked for', async () => {
    const target = await opened(core);
    const { icount } = await target.move({
      kind: 'goto',
      icount: (target.stop?.icount ?? 0) - 200,
    });
    await target.exact?.();
    expect(target.stop?.icount).toBe(icount);
  });

  test('a core that is saved on the way is of that test, and goes back too', async () => {
    const target = await opened(core);
    const { icount } = await target.move({ kind: 'step', how: 'back-out', lwp: 1 });
    const file = join(project.folder, 'saved.core');
    await target.saveCore(file);
    const saved = await opened(file);
    expect(saved.stop?.icount).toBe(icount);
    expect((await saved.move({ kind: 'goto', icount: icount - 9 })).icount).toBe(icount - 9);
  });
});

describe('what cannot be made again is refused in a sentence, and leaves nothing behind', () => {
  let project: Project;

  beforeAll(() => {
    project = makeProject('installed');
  }, READY_MS);

  afterAll(() => rmSync(dirname(project.folder), { recursive: true, force: true }));

  async function refusal(core: string): Promise<string> {
    const target = await opened(core);
    const { icount } = target.stop ?? {};
    const why = await target.move({ kind: 'step', how: 'back', lwp: 1 }).then(
      () => '',
      (error: Error) => error.message,
    );
    // It still stands at its failure, and can be looked at.
    expect(target.stop?.icount).toBe(icount);
    await expect.poll(() => processesIn(project), { timeout: 10_000 }).toEqual([]);
    return why;
  }

  test('a test that asks the host', async () => {
    const core = project.coreOf('host.test.ts', UNREPEATABLE['host.test.ts']);
    expect(await refusal(core)).toMatch(
      /^the replay diverged at icount \d+: it ended with panic there, and the recording with panic at \d+: a variable outside of main carries state from one run to the next, or the test asks the host$/,
    );
  });

  test('a test that keeps something outside of main, whose core has no state', () => {
    const core = project.coreOf('outside.test.ts', UNREPEATABLE['outside.test.ts']);
    const words = ['debug', core, '--command', 'c', '--command', 'back', '--command', 'c'];
    const { stdout, stderr } = rumpus(project.folder, words);
    expect(stdout + stderr).toContain('a variable outside of main carries state');
  });

  test('a test that is gone, that has changed, whose file is gone', async () => {
    const core = project.coreOf('sum.test.ts', SUM);
    const file = join(project.folder, 'test/sum.test.ts');
    writeFileSync(file, SUM.replace('adds up', 'sums up'));
    expect(await refusal(core)).toBe("there is no test 'a suite (of one) adds up' any more");
    writeFileSync(file, SUM.replace('sum += n', 'sum += n + 0'));
    expect(await refusal(core)).toBe(
      'the recording was made with other sources: kernel-tests/test/sum.test.ts (adds) changed since',
    );
    rmSync(file);
    const { stderr } = rumpus(project.folder, ['debug', core, '--command', 'back']);
    expect(stderr).toContain('there is no test/sum.test.ts here');
  });

  test('a recording whose test file is none of the project', () => {
    const core = project.coreOf('sum.test.ts', SUM);
    const { data } = readRecording(core);
    for (const program of ['--config=evil.ts', '../elsewhere.ts', '/etc/passwd', 'a/../../b.ts']) {
      const other = { ...data, config: { ...data.config, program } };
      expect(() => recordedTest(core, other)).toThrow(/names no test file/);
    }
    expect(recordedTest(core, data)).toMatchObject({ rootDir: project.folder });
    expect(readFileSync(join(project.folder, 'test/sum.test.ts'), 'utf8')).toBe(SUM);
  });
});
