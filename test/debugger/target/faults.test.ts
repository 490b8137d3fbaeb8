/** What goes wrong in a target is a stop or one sentence, and leaves no process behind. */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { BreakpointRequest, Stop, Target } from '../../../debugger/target/index.ts';
import { openTarget } from '../../../debugger/target/open.ts';
import { frameOf, local, placeIn, refusal } from './claims/looking.ts';
import { build, openReplay, processesLeft } from './processes.ts';
import { OVERDRAWN, SPEC, temporaryFolder, writeCoreOf } from './programs.ts';

const FAULTY = fileURLToPath(new URL('./programs/faulty.ts', import.meta.url));
const PATH = 'rumpus/test/debugger/target/programs/faulty.ts';
const lines = readFileSync(FAULTY, 'utf8').split('\n');
const folder = temporaryFolder();
const opened: Target[] = [];

afterEach(async () => {
  for (const target of opened.splice(0)) await target.close();
});
afterAll(() => {
  folder.remove();
  expect(processesLeft()).toEqual([]);
});

/** The program, at the first statement of its main function. */
async function started(...args: string[]): Promise<Target> {
  build();
  const target = await openTarget({ kind: 'live', program: FAULTY, spec: { ...SPEC, args } });
  opened.push(target);
  await target.move({ kind: 'start' });
  return target;
}

function delay(ms: number): Promise<void> {
  return new Promise((later) => setTimeout(later, ms));
}

/** Runs on, and is paused after a while. */
async function paused(target: Target, afterMs: number): Promise<Stop> {
  const moving = target.move({ kind: 'continue' });
  await delay(afterMs);
  await target.interrupt();
  return moving;
}

async function ended(...args: string[]): Promise<[Target, Stop]> {
  const target = await started(...args);
  return [target, await target.move({ kind: 'continue' })];
}

function at(text: string, more: Partial<BreakpointRequest> = {}): BreakpointRequest {
  const [lineBase1] = placeIn(lines, text);
  return { id: 1, at: { kind: 'source', path: FAULTY, lineBase1 }, ...more };
}

describe('a program that never ends', () => {
  for (const name of ['statements', 'empty', 'plain', 'comparator']) {
    it(`is paused in a loop, and goes on: ${name}`, async () => {
      const target = await started(name);
      const first = await paused(target, 50);
      expect(first).toMatchObject({ reason: 'pause', lwp: 1, place: { path: PATH } });
      expect((await target.stack(1)).map((frame) => frame.function)).toContain('main');
      expect((await paused(target, 20)).icount).toBeGreaterThan(first.icount);
    });
  }

  it('is paused wherever it is in a system call, also where nothing is counted', async () => {
    const target = await started('chain');
    for (let i = 0; i < 12; i++) {
      expect(await paused(target, 5 + i)).toMatchObject({ reason: 'pause', lwp: 1 });
      const functions = (await target.stack(1)).map((frame) => frame.function);
      expect(functions.slice(-4)).toEqual(['inner', 'outer', 'main', 'runMain']);
    }
  });

  it('says so where the engine itself cannot be stopped, and can be closed', async () => {
    const target = await started('expression');
    const moving = refusal(target.move({ kind: 'continue' }));
    await delay(50);
    expect(await refusal(target.interrupt())).toContain('inside of a function of the engine');
    await target.close();
    expect(await moving).toBe('the target was closed');
  });

  it('takes breakpoints while it runs', async () => {
    const target = await started('statements');
    const moving = target.move({ kind: 'continue' });
    await delay(20);
    await target.setBreakpoints([at('turns++')]);
    expect(await moving).toMatchObject({ reason: 'breakpoint', breakpoints: [1] });
  });
});

describe('a heap that is full', () => {
  it('is a stop, from which one can save and go back', async () => {
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = '--max-old-space-size=100';
    const target = await started('memory').finally(() => {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    });
    const entry = target.stop?.icount ?? 0;
    const full = await target.move({ kind: 'continue' });
    expect(full.description).toContain('the heap of the target is full');
    expect((await target.stack(1)).map((frame) => frame.function)).toContain('main');
    const file = folder.file('memory.rumpus');
    await target.saveRecording(file);
    expect(await target.move({ kind: 'goto', icount: entry })).toMatchObject({ icount: entry });
    const replay = await openReplay(file, FAULTY);
    opened.push(replay);
    const stop = await replay.move({ kind: 'start' });
    expect(stop.icount).toBe(entry);
  });
});

describe('an expression', () => {
  it('that throws, does not end or is none is refused in a sentence', async () => {
    const target = await started('work');
    await target.setBreakpoints([at('account.balance +=')]);
    const stop = await target.move({ kind: 'continue' });
    const { id } = (await target.stack(1))[0];
    const asked: [string, RegExp][] = [
      ['(() => { throw new Error("boo") })()', /^Error: boo$/],
      ['(() => { for (;;); })()', /did not end within 300 ms/],
      ['(function again() { return again() + 1 })()', /^RangeError/],
      ['(() => { let s = "x"; for (;;) s += s })()', /^RangeError/],
      ['account.', /^SyntaxError/],
      ['', /an expression is missing/],
      [' \n', /an expression is missing/],
      ['nobody.name', /nobody/],
    ];
    for (const [expression, why] of asked) {
      const options = { frame: id, sideEffects: 'allowed', timeoutMs: 300 } as const;
      expect(await refusal(target.evaluate(expression, options))).toMatch(why);
    }
    expect(target.stop).toEqual(stop);
    expect((await local(target, 1, 'BODIES.work', 'account')).value).toContain('100');
  });

  it('may be very long', async () => {
    const target = await started('work');
    const text = `1${'+1'.repeat(1 << 19)}`;
    const { value } = await target.evaluate(text, { sideEffects: 'refused' });
    expect(value).toBe(String((1 << 19) + 1));
  });

  it('that kills the process ends the target, which says so once', async () => {
    const target = await started('work');
    const said: string[] = [];
    target.events = { died: (why) => void said.push(why) };
    const asked = target.evaluate('process.exit(7)', { sideEffects: 'allowed' });
    expect(await refusal(asked)).toBe('the target ended with 7');
    await delay(200);
    expect(said).toEqual(['the target ended with 7']);
    expect(await refusal(target.move({ kind: 'continue' }))).toBe('the target ended with 7');
  });

  it('that destroys the world leaves the moments before it as they were', async () => {
    const target = await started('work');
    await target.setBreakpoints([at('account.balance +=', { hitCondition: '3' })]);
    const { icount } = await target.move({ kind: 'continue' });
    await target.evaluate('kernel.procs.clear()', { sideEffects: 'allowed' });
    const size = async () =>
      (await target.evaluate('kernel.procs.size', { sideEffects: 'refused' })).value;
    expect(await size()).toBe('0');
    await target.move({ kind: 'goto', icount: icount - 1 });
    expect(await size()).not.toBe('0');
  });
});

describe('a program', () => {
  const TEXTS: Readonly<Record<string, [string, RegExp]>> = {
    'with a syntax error': ['export default program( {{{', /:1:\d+: /],
    'that throws at its top level': ["throw new Error('at the top');", /at the top/],
    'that is none': ['export default 5;', /is not a program/],
    'that is empty': ['', /is not a program/],
  };
  for (const [what, [text, why]] of Object.entries(TEXTS)) {
    it(`${what} is refused`, async () => {
      build();
      const program = folder.file('refused.ts');
      writeFileSync(program, text);
      expect(await refusal(openTarget({ kind: 'live', program, spec: SPEC }))).toMatch(why);
    });
  }

  it('is refused for the recording of another', async () => {
    const file = folder.file('other.core');
    await writeCoreOf(OVERDRAWN, file);
    expect(await refusal(openReplay(file, FAULTY))).toMatch(/made with other sources/);
  });

  for (const [what, shown] of Object.entries({
    null: 'null',
    undefined: 'undefined',
    number: '42',
    text: 'text',
    object: 'depth',
  })) {
    it(`may throw what is no error: ${what}`, async () => {
      const [target, stop] = await ended('throw', what);
      expect(stop).toMatchObject({ reason: 'verdict', lwp: 1, place: { path: PATH } });
      expect(stop.description).toContain(shown);
      expect((await target.stack(1))[0].function).toBe('main');
    });
  }
});

describe('a run that ends badly', () => {
  it('has all frames of a deep stack, with variables at both ends', async () => {
    const [target, stop] = await ended('deep');
    expect(stop.description).toBe('panic: the bottom');
    const stack = await target.stack(1);
    const names = stack.map((frame) => frame.function);
    expect(names.filter((name) => name === 'plain')).toHaveLength(1901);
    expect(names.filter((name) => name === 'nest')).toHaveLength(1901);
    const value = async (index: number) =>
      (await target.evaluate('mine', { frame: stack[index].id, sideEffects: 'refused' })).value;
    expect(await value(names.indexOf('plain'))).toBe('0');
    expect(await value(names.lastIndexOf('plain'))).toBe('3800');
    expect(await value(names.indexOf('nest'))).toBe('0');
    expect(await value(names.lastIndexOf('nest'))).toBe('5700');
  });

  it('has the stacks of 300 LWPs, with their variables', async () => {
    const [target] = await ended('many');
    const sleepers = (await target.lwps()).filter(({ wmesg }) => wmesg === 'rest');
    expect(sleepers).toHaveLength(300);
    const values = sleepers.map(async ({ id }) => (await local(target, id, 'rest', 'mine')).value);
    const sorted = (await Promise.all(values)).map(Number).sort((a, b) => a - b);
    expect(sorted).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('stands where it ended, and can be left backwards', async () => {
    const kinds: [string, string, string][] = [
      ['overflow', 'stack-overflow', 'plain'],
      ['reboot', 'reboot', 'sys_reboot'],
      ['exit', 'program-error', 'exit1'],
    ];
    for (const [name, verdict, inside] of kinds) {
      const [target, stop] = await ended(name);
      expect(stop).toMatchObject({ reason: 'verdict', lwp: 1, outcome: { verdict } });
      await frameOf(target, 1, inside);
      const back = await target.move({ kind: 'step', how: 'back', lwp: 1 });
      expect(back.icount).toBeLessThan(stop.icount);
    }
  });
});

describe('a motion', () => {
  it('to an icount that is none is refused; before the first is the first', async () => {
    const target = await started('work');
    for (const icount of [0, -1, 1]) {
      expect((await target.move({ kind: 'goto', icount })).icount).toBe(1);
    }
    expect((await target.move({ kind: 'goto', icount: 1e15 })).reason).toBe('end');
    expect(await refusal(target.move({ kind: 'goto', icount: Number.NaN }))).toMatch(/no icount/);
  });

  it('of an LWP that is not there is refused', async () => {
    const target = await started('work');
    for (const how of ['over', 'in', 'out', 'back'] as const) {
      const stepped = target.move({ kind: 'step', how, lwp: 77 });
      expect(await refusal(stepped)).toBe('there is no LWP 77 now');
    }
    expect(target.stop?.reason).toBe('entry');
  });

  it('of an LWP that sleeps for ever goes to the end', async () => {
    const target = await started('work');
    await target.setBreakpoints([at('account.balance +=', { hitCondition: '5' })]);
    await target.move({ kind: 'continue' });
    await target.setBreakpoints([]);
    const stop = await target.move({ kind: 'step', how: 'over', lwp: 2 });
    expect(stop.reason).toBe('end');
  });
});

describe('breakpoints', () => {
  it('that cannot be are refused with the reason, one by one', async () => {
    const target = await started('work');
    const none: [BreakpointRequest, RegExp][] = [
      [
        { ...at('spin'), at: { kind: 'source', path: '/no/such.ts', lineBase1: 1 } },
        /not in the im/,
      ],
      [{ ...at('spin'), at: { kind: 'source', path: FAULTY, lineBase1: 1e9 } }, /no statement/],
      [{ ...at('spin'), at: { kind: 'function', name: 'nobody' } }, /nobody/],
      [at('turns++', { condition: 'turns +' }), /Unexpected/],
      [at('turns++', { logMessage: '{turns +}' }), /Unexpected/],
      [at('turns++', { hitCondition: 'often' }), /is no hit count/],
    ];
    const answers = await target.setBreakpoints(none.map(([request], id) => ({ ...request, id })));
    answers.forEach(({ verified, message }, i) => {
      expect([verified, message]).toEqual([false, expect.stringMatching(none[i][1])]);
    });
  });

  it('may be many, and several in one place', async () => {
    const target = await started('work');
    const many = Array.from({ length: 500 }, (_, id) => at('account.balance +=', { id }));
    const conditions = many.slice(0, 20).map((one, i) => ({
      ...one,
      id: 1000 + i,
      condition: `turn === ${i}`,
    }));
    const answers = await target.setBreakpoints([...many.slice(20), ...conditions]);
    expect(answers.filter(({ verified }) => !verified)).toEqual([]);
    expect((await target.move({ kind: 'continue' })).reason).toBe('breakpoint');
    await target.setBreakpoints(conditions);
    expect((await target.move({ kind: 'continue' })).breakpoints).toEqual([1001]);
  });
});
