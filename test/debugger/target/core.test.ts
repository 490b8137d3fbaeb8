/** The core target: opened at its failure from the file alone, and re-run to go back. */

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCore } from '../../../corefiles/index.ts';
import { CoreTarget, type CoreTargetOptions } from '../../../debugger/target/core/index.ts';
import { type Breakpoint, type Motion, TargetError } from '../../../debugger/target/index.ts';
import { holdsContract } from './contract.ts';
import { type Calls, type FakeOptions, fakeRerun } from './fake.ts';
import { openCoreOf } from './processes.ts';
import { OVERDRAWN, OVERDRAWN_PATH, temporaryFolder, writeCoreOf } from './programs.ts';

const folder = temporaryFolder();
const file = folder.file('overdrawn.core');

beforeAll(() => writeCoreOf(OVERDRAWN, file));
afterAll(() => folder.remove());

interface Opened {
  readonly target: CoreTarget;
  readonly calls: Calls;
}

/** The core with a re-run that notes what is asked of it. */
function open(fake: Partial<FakeOptions> = {}, more: Partial<CoreTargetOptions> = {}): Opened {
  const core = openCore(file);
  const calls: Calls = [];
  const rerun = async () => {
    calls.push('rerun');
    return fakeRerun({ core, calls, ...fake });
  };
  return { target: new CoreTarget({ core, file, program: OVERDRAWN, rerun, ...more }), calls };
}

const BACK: Motion = { kind: 'step', how: 'back', lwp: 1 };

async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof TargetError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Number of the frame of a function of LWP 1. */
async function frameOf(target: CoreTarget, name: string): Promise<number> {
  const frame = (await target.stack(1)).find((one) => one.function === name);
  if (frame === undefined) throw new Error(`no frame of ${name}`);
  return frame.id;
}

async function evaluated(target: CoreTarget, expression: string, name?: string): Promise<string> {
  const frame = name === undefined ? undefined : await frameOf(target, name);
  return (await target.evaluate(expression, { frame, sideEffects: 'refused' })).value;
}

holdsContract({
  kind: 'core',
  open: async (program) => {
    const own = folder.file(`${basename(program)}.core`);
    await writeCoreOf(program, own);
    return openCoreOf(own, program);
  },
  skips: {},
});

describe('a core that was opened', () => {
  it('stands at its failure, and nothing was re-run for what it answers', async () => {
    const { target, calls } = open();
    expect(target.stop).toMatchObject({
      reason: 'verdict',
      lwp: 1,
      description: 'panic: alice is overdrawn',
      inside: true,
      outcome: { verdict: 'panic', message: 'alice is overdrawn', icount: target.lastIcount },
    });
    const [innermost] = await target.stack(1);
    expect(target.stop?.place).toEqual({
      path: innermost.path,
      lineBase1: innermost.lineBase1,
      columnBase0: innermost.columnBase0,
    });
    await target.setBreakpoints([{ id: 1, at: { kind: 'function', name: 'mkdir' } }]);
    await target.dataInfo('account.balance', undefined, await frameOf(target, 'spend'));
    await target.trace(10);
    await target.sources();
    expect(calls).toEqual([]);
  });

  it('evaluates paths as a running target spells them', async () => {
    const { target } = open();
    expect(await evaluated(target, 'account.balance', 'spend')).toBe('10');
    expect(await evaluated(target, 'squares[12]', 'main')).toBe('144');
    expect(await evaluated(target, 'squares.length', 'main')).toBe('250');
    expect(await evaluated(target, 'bytes[255]', 'main')).toBe('255');
    expect(await evaluated(target, 'friends.size', 'main')).toBe('2');
    expect(await evaluated(target, '$lwp', 'main')).toBe('1');
    expect(await evaluated(target, 'lwp(2).wmesg')).toBe('"nap"');
    expect(await evaluated(target, 'lwp[2]?.wmesg')).toBe('"nap"');
    expect(await evaluated(target, 'kernel.procs.get(1).name')).toBe('"init"');
  });

  it('refuses expressions that would have to be computed, and says what it can do', async () => {
    const { target } = open();
    const frame = await frameOf(target, 'main');
    for (const expression of ['account.balance + 1', 'squares.map((n) => n)', 'squares[lock.n]']) {
      const asked = target.evaluate(expression, { frame, sideEffects: 'allowed' });
      expect(await refusal(asked)).toMatch(/^a core evaluates only paths/);
    }
  });

  it('says how far a path that leads nowhere led', async () => {
    const { target } = open();
    expect(await refusal(evaluated(target, 'account.limit', 'spend'))).toMatch(
      /^account has no field 'limit'; it has owner, balance, past$/,
    );
    expect(await refusal(evaluated(target, 'acount', 'spend'))).toMatch(/^there is no 'acount'/);
  });

  it('refuses to run on and to be written, each in a sentence', async () => {
    const { target, calls } = open();
    const forward: Motion[] = [
      { kind: 'continue' },
      { kind: 'step', how: 'over', lwp: 1 },
      { kind: 'switch', backwards: false },
    ];
    for (const motion of forward) {
      expect(await refusal(target.move(motion))).toMatch(/only goes back/);
    }
    const beyond: Motion = { kind: 'goto', icount: target.lastIcount + 1 };
    expect(await refusal(target.move(beyond))).toMatch(/ends at icount/);
    expect(await refusal(target.setExpression('lwp(1).name', '"x"'))).toMatch(/cannot be written/);
    expect(await refusal(target.writeMemory('#1', 0, new Uint8Array(1)))).toMatch(
      /cannot be written/,
    );
    expect(target.capabilities()).toMatchObject({ forwards: false, backwards: true });
    expect(calls).toEqual([]);
  });

  it('knows of a source file only if its text is the very text that ran', async () => {
    const program = folder.file('away.ts');
    writeFileSync(folder.file('package.json'), '{"name":"away","keywords":["rumpus"]}');
    copyFileSync(OVERDRAWN, program);
    await writeCoreOf(program, folder.file('away.core'));
    const opened = () => open({}, { program, core: openCore(folder.file('away.core')) }).target;
    const fileOf = async (target: CoreTarget) =>
      (await target.sources()).find(({ path }) => path === 'away/away.ts')?.file;
    const at = { kind: 'source', path: program, lineBase1: 28 } as const;
    expect(await fileOf(opened())).toBe(program);
    expect(await opened().setBreakpoints([{ id: 1, at }])).toMatchObject([{ verified: true }]);
    writeFileSync(program, `${readFileSync(OVERDRAWN, 'utf8')}// changed\n`);
    expect(await fileOf(opened())).toBe('');
    const [answer] = await opened().setBreakpoints([{ id: 1, at }]);
    expect(answer).toMatchObject({
      verified: false,
      message: expect.stringMatching(/changed since/),
    });
    expect(await opened().sourceText('away/away.ts')).toBe(readFileSync(OVERDRAWN, 'utf8'));
  });

  it('verifies breakpoints against the sources that it brings, and moves them to a statement', async () => {
    const { target } = open();
    const lines = readFileSync(OVERDRAWN, 'utf8').split('\n');
    const push = lines.findIndex((line) => line.includes('past.push')) + 1;
    const brace = lines.findIndex((line) => line.startsWith('class Account')) + 1;
    const answers = await target.setBreakpoints([
      { id: 1, at: { kind: 'source', path: OVERDRAWN, lineBase1: push } },
      { id: 2, at: { kind: 'source', path: OVERDRAWN_PATH, lineBase1: brace } },
      { id: 3, at: { kind: 'source', path: OVERDRAWN, lineBase1: lines.length + 9 } },
      { id: 4, at: { kind: 'function', name: 'mkdir' } },
      { id: 5, at: { kind: 'function', name: 'no_such_function' } },
    ]);
    const place = { path: OVERDRAWN_PATH, lineBase1: push, columnBase0: 2 };
    expect(answers[0]).toEqual({ id: 1, verified: true, place, message: '' });
    expect(answers[1]).toMatchObject({
      verified: true,
      message: expect.stringMatching(/next one/),
    });
    expect(answers[1].place?.lineBase1).toBeGreaterThan(brace);
    expect(answers[2].message).toMatch(/no statement at or after/);
    expect(answers[3].place?.path).toMatch(/^rumpus\/kernel\//);
    expect(answers[4]).toMatchObject({ verified: false });
    const places = await target.breakpointPlaces(OVERDRAWN, push - 1, push + 1);
    expect(places.map(({ lineBase1 }) => lineBase1)).toEqual([push - 1, push, push + 1, push + 1]);
  });

  it('completes names of the frame and fields of what a path leads to', async () => {
    const { target } = open();
    const frame = await frameOf(target, 'spend');
    const labels = async (text: string) =>
      (await target.completions(text, text.length, frame)).map(({ label }) => label);
    expect(await labels('acc')).toEqual(['account']);
    expect(await labels('account.')).toEqual(['owner', 'balance', 'past']);
    expect(await labels('1 + account.ba')).toEqual(['balance']);
    expect(await labels('lwp(2).proc.na')).toEqual(['name']);
    expect(await labels('nothing.')).toEqual([]);
  });

  it('saves itself and the recording inside', async () => {
    const { target } = open();
    await target.saveCore(folder.file('copy.core'));
    expect(readFileSync(folder.file('copy.core'))).toEqual(readFileSync(file));
    await target.saveRecording(folder.file('copy.rumpus'));
    const recording = openCore(folder.file('copy.rumpus'));
    expect(recording.recording.complete).toBe(true);
    expect(recording.graph).toBeUndefined();
    expect(await refusal(target.saveCore(folder.file('no/such/folder')))).toMatch(/be written/);
  });
});

describe('going back from a core', () => {
  it('re-runs it once, to its failure and then back, and asks the re-run from then on', async () => {
    const { target, calls } = open();
    const stop = await target.move(BACK);
    expect(calls).toEqual([
      'rerun',
      'move {"kind":"start"}',
      'move {"kind":"continue"}',
      'move step back 1',
    ]);
    expect(stop.icount).toBe(target.lastIcount - 1);
    expect(target.stop).toBe(stop);
    expect(target.capabilities().forwards).toBe(true);
    await target.move({ kind: 'continue' });
    expect(calls.filter((call) => call === 'rerun')).toHaveLength(1);
  });

  it('hands over what was set, with data found in the frame that it was named in', async () => {
    const { target, calls } = open();
    const changed: Breakpoint[] = [];
    target.events = { breakpointChanged: (breakpoint) => void changed.push(breakpoint) };
    const frame = await frameOf(target, 'spend');
    const locals = (await target.scopes(frame))[0];
    const [account] = await target.variables(locals.handle);
    const { dataId } = await target.dataInfo('balance', account.handle);
    expect(await target.dataInfo('i', locals.handle)).toMatchObject({ dataId: null });
    await target.setExceptions({ errnos: 'all' });
    await target.setSkip(['a.ts']);
    const at = { kind: 'data', dataId: dataId ?? '', access: 'write' } as const;
    const source = { kind: 'source', path: OVERDRAWN, lineBase1: 28 } as const;
    await target.setBreakpoints([
      { id: 7, at },
      { id: 8, at: source },
    ]);
    await target.move({ kind: 'reverse-continue' });
    const handed = [
      { ...at, dataId: 'live:account.balance@3' },
      { ...source, path: OVERDRAWN_PATH },
    ];
    expect(calls.slice(3)).toEqual([
      'setSkip a.ts',
      'setExceptions {"errnos":"all"}',
      `setBreakpoints ${JSON.stringify(handed)}`,
      'move {"kind":"reverse-continue"}',
    ]);
    expect(changed.map(({ id, verified }) => [id, verified])).toEqual([
      [7, true],
      [8, true],
    ]);
  });

  it('makes every number of the file unknown', async () => {
    const { target } = open();
    const [scope] = await target.scopes(await frameOf(target, 'main'));
    await target.move(BACK);
    expect(await refusal(target.variables(scope.handle))).toMatch(/no variable/);
  });

  it('is refused in the words of whoever does not trust the file, and the core stays', async () => {
    const sentence = 'the core is from elsewhere: say --trust to run what it brings';
    const { target } = open({}, { rerun: () => Promise.reject(new TargetError(sentence)) });
    expect(await refusal(target.move(BACK))).toBe(sentence);
    expect(target.stop?.reason).toBe('verdict');
    expect(target.capabilities()).toMatchObject({ backwards: false });
    expect(target.capabilities().reason).toContain(sentence);
    expect(await evaluated(target, 'lwp(2).wmesg')).toBe('"nap"');
  });

  it('is refused when the re-run does not end as the core did, and no process is left', async () => {
    const { target, calls } = open({ endsAt: 17 });
    expect(await refusal(target.move(BACK))).toMatch(/ended with panic at icount 17, and the core/);
    expect(calls.at(-1)).toBe('close');
    expect(target.stop?.reason).toBe('verdict');
  });

  it('can be interrupted: the target then stands at the core', async () => {
    let opened: Opened | undefined;
    opened = open({ onContinue: () => void opened?.target.interrupt() });
    const stop = await opened.target.move(BACK);
    expect(stop).toBe(opened.target.stop);
    expect(stop.reason).toBe('verdict');
    expect(opened.calls).toContain('interrupt');
    expect(opened.calls.at(-1)).toBe('close');
  });

  it('is one at a time, and close() ends the re-run', async () => {
    const { target, calls } = open();
    const first = target.move(BACK);
    expect(target.stop).toBeNull();
    expect(await refusal(target.move(BACK))).toMatch(/moving already/);
    await first;
    await target.close();
    await target.close();
    expect(calls).toContain('close');
  });
});

describe('closing a core while it is re-run', () => {
  it('ends the move, and the re-run with it', async () => {
    const { target, calls } = open();
    const moving = target.move(BACK);
    await target.close();
    expect(await refusal(moving)).toBe('the target is closed');
    expect(calls.at(-1)).toBe('close');
    expect(await refusal(target.move(BACK))).toBe('the target is closed');
  });
});

describe('a damaged core', () => {
  it('answers as far as it goes, and refuses to be re-run when its recording is damaged', async () => {
    const whole = readFileSync(file);
    let refused = 0;
    for (let part = 1; part < 40; part++) {
      const cut = whole.subarray(0, Math.floor((whole.length * part) / 40));
      const core = openCore(new Uint8Array(cut));
      const rerun = () => Promise.reject(new TargetError('not asked'));
      const target = new CoreTarget({ core, file, rerun });
      expect(target.stop?.description).toBe('panic: alice is overdrawn');
      if (!target.capabilities().backwards) refused++;
      const lwp = target.stop?.lwp ?? 0;
      for (const { id } of await target.stack(lwp)) {
        for (const { handle } of await target.scopes(id)) await target.variables(handle);
      }
      await target.modules();
      await target.trace(5);
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(39);
  });

  it('that is only a recording has no stack to show, and still goes back', async () => {
    const { target } = open();
    const recording = folder.file('only.rumpus');
    await target.saveRecording(recording);
    copyFileSync(recording, folder.file('only.core'));
    const core = openCore(folder.file('only.core'));
    const bare = new CoreTarget({
      core,
      file: recording,
      rerun: () => Promise.reject(new TargetError('x')),
    });
    expect(await bare.lwps()).toEqual([]);
    expect(bare.stop).toMatchObject({ reason: 'verdict', lwp: 0 });
    expect(bare.capabilities().backwards).toBe(true);
  });
});
