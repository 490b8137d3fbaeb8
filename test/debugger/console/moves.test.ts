/** Commands that move a target, on a live run: forwards, backwards, and what stops it. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type CommandResult,
  OwnBreakpoints,
  runCommand,
  type Selection,
} from '../../../debugger/console/index.ts';
import type { Target } from '../../../debugger/target/index.ts';
import { openCoreOf, openLive } from '../target/processes.ts';
import { temporaryFolder } from '../target/programs.ts';
import { INN, lineOf, openInn } from './inn.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const HELLO = fileURLToPath(new URL('../../tui/programs/hello.ts', import.meta.url));
const source = readFileSync(INN, 'utf8');
const LEFT = lineOf('const left', source);
const CALL = lineOf('stay(guest, nights);', source);

let target: Target;
let breakpoints: OwnBreakpoints;

/** Types a line, as somebody whose choice of LWP and frame is `chosen`. */
async function type(line: string, chosen: Partial<Selection> = {}): Promise<CommandResult> {
  const result = await runCommand(target, line, { ...chosen, breakpoints });
  if (result === undefined) throw new Error(`'${line}' is no command`);
  return result;
}

function use(opened: Target): void {
  target = opened;
  breakpoints = new OwnBreakpoints(opened);
}

async function line(command: string, chosen: Partial<Selection> = {}): Promise<number> {
  return (await type(command, chosen)).stop?.place.lineBase1 ?? 0;
}

describe('on a live run', () => {
  beforeEach(async () => {
    use(await openLive(INN));
    await target.move({ kind: 'start' });
  });
  afterEach(() => target.close());

  test('a move says why it stopped, the moment, the LWP, the place and its source', async () => {
    await type('break stay');
    const { text, stop } = await type('continue');
    const icount = String(stop?.icount).replace(/\B(?=(\d{3})+$)/g, ',');
    const place = `stay (rumpus/test/debugger/console/programs/inn.ts:${LEFT}:3)`;
    const [why, where, shown] = text.split('\n');
    expect(why).toBe('breakpoint 1');
    expect(where).toBe(`icount ${icount}, LWP 1 (main), ${place}`);
    expect(shown).toBe(`${String(LEFT).padStart(6)}    const left = 3 - nights;`);
  });

  test('a step may be into one of the functions that the statement calls, by its name', async () => {
    await type(`break inn.ts:${lineOf('sys.mkdir', source)}`);
    await type('c');
    await expect(type('step sys_open')).rejects.toThrow('it calls sys_mkdir');
    expect((await type('step mkdir')).text).toMatch(/LWP 1 \(main\), sys_mkdir \(/);
  });

  test('finish and its reverse leave the frame that is chosen, with all that it called', async () => {
    await type('c');
    expect((await type('where')).text).toContain('#1 stay');
    expect(await line('reverse-finish', (await type('up')).selected)).toBe(CALL);
    await type('break stay');
    await type('goto start');
    await type('c');
    const stack = await target.stack(1);
    await type('finish');
    expect(await target.stack(1)).toHaveLength(stack.length - 1);
  });

  test('bt, where and the stop say the same place', async () => {
    await type('break stay');
    const { text } = await type('c');
    const place = `stay (rumpus/test/debugger/console/programs/inn.ts:${LEFT}:3)`;
    expect(text).toContain(`, ${place}\n`);
    expect((await type('where')).text).toContain(`\n> #0 ${place}\n`);
    expect((await type('bt')).text).toContain(`\n#0  ${place}\n`);
  });

  test('breakpoints are set by line, function and condition, listed, and deleted', async () => {
    await type(`break inn.ts:${LEFT} if nights === 3`);
    expect((await type('break mkdir')).text).toMatch(/^breakpoint 2: mkdir \(rumpus\/kernel\//);
    expect(breakpoints.list().map(({ request }) => request.id)).toEqual([1, 2]);
    const list = (await type('info breakpoints')).text.split('\n');
    expect(list[1]).toMatch(/^1 +break +rumpus\/.*inn\.ts:\d+:3 +if nights === 3$/);
    expect((await type('c')).stop?.breakpoints).toEqual([2]);
    expect((await type('delete 2')).text).toBe('deleted 2');
    expect((await type('c')).stop?.breakpoints).toEqual([1]);
    expect((await type('print nights')).text).toBe('nights = 3');
    await type('delete');
    expect((await type('i b')).text).toBe('There are no breakpoints.');
    expect((await type('c')).stop?.reason).toBe('verdict');
  });

  test('a place where nothing can stop is refused, and not kept', async () => {
    for (const place of ['nowhere.ts:3', 'inn.ts:99999', 'no_such_function', '?']) {
      await expect(type(`break ${place}`), place).rejects.toThrow(/\S/);
    }
    expect(breakpoints.list()).toEqual([]);
  });

  test('hits are counted, and log points print instead of stopping', async () => {
    const said: string[] = [];
    target.events = { output: ({ kind, text }) => kind === 'log' && said.push(text) };
    await type(`log inn.ts:${LEFT} 'night {nights}'`);
    await type(`break inn.ts:${CALL} hits 3`);
    await type('c');
    expect((await type('print nights')).text).toBe('nights = 3');
    expect(said).toEqual(['night 1\n', 'night 2\n']);
  });

  test('steps go over, into and out of calls; their reverses go back', async () => {
    await type(`break inn.ts:${CALL}`);
    await type('c');
    await type('delete');
    const at = target.stop?.icount;
    expect(await line('step')).toBe(LEFT);
    expect(await line('next 2')).toBe(LEFT + 2);
    expect(await line('back')).toBe(LEFT + 1);
    expect(await line('reverse-finish')).toBe(CALL);
    expect(target.stop?.icount).toBe(at);
    expect(await line('next')).not.toBe(LEFT);
    expect(await line('reverse-step')).toBeGreaterThan(LEFT);
    expect(await line('finish')).not.toBe(LEFT);
  });

  test('reverse-continue goes to the previous hit, and then to the beginning', async () => {
    await type('break stay if nights === 2');
    await type('c');
    const hit = target.stop?.icount;
    await type('c');
    expect(target.stop?.reason).toBe('verdict');
    expect((await type('rc')).stop).toMatchObject({ icount: hit, breakpoints: [1] });
    expect((await type('rc')).stop?.reason).toBe('start');
  });

  test('goto goes to an icount, there and back, by as many, and to both ends', async () => {
    await type('c');
    const end = target.stop?.icount ?? 0;
    for (const [typed, icount] of [
      [`goto ${end - 40}`, end - 40],
      ['goto +10', end - 30],
      ['goto -15', end - 45],
      ['goto 1,000', 1000],
      ['goto end', end],
    ] as const) {
      expect((await type(typed)).stop?.icount, typed).toBe(icount);
    }
    const start = (await type('goto start')).stop;
    expect(start?.place.lineBase1).toBe(lineOf('const door', source));
  });

  test('steps are of the chosen LWP, whatever runs in between', async () => {
    await type('break keeper');
    await type('c');
    expect(target.stop?.lwp).toBe(2);
    await type('next');
    const stepped = (await type('next', { lwp: 1 })).stop;
    expect(stepped?.lwp).toBe(1);
  });

  test('a watchpoint stops where a field changes; its last write is gone back to', async () => {
    await type('break stay');
    await type('c');
    expect((await type('watch guest.nights')).text).toBe('watchpoint 2: guest.nights');
    expect((await type('info breakpoints')).text).toMatch(/^2 +watch \(change\) +guest\.nights$/m);
    await type('delete 1');
    const { text, stop } = await type('c');
    const made = lineOf('guest.nights = nights', source);
    expect(text).toMatch(/^watchpoint 2: guest\.nights 0 → 1, at icount [\d,]+\nicount /);
    await type('delete');
    await type('c');
    const last = (await type('last-write guest.nights', (await type('up')).selected)).stop;
    expect(last?.place.lineBase1).toBe(made);
    expect(last?.icount).toBeGreaterThan(stop?.icount ?? 0);
    await expect(type('watch guest')).rejects.toThrow(/a field/);
  });

  test('what is written in the past is a diversion, and said to be one', async () => {
    await type('break stay if nights === 2');
    await type('c');
    expect((await type('set guest.name = "joseph"')).text).toBe('guest.name = "joseph"');
    await type('delete');
    const { text } = await type('c');
    expect(text).toMatch(/^diversion: panic: no bed for joseph\n/);
  });

  test('at the end of a run nothing leads on, and back leads to its last statement', async () => {
    await type('c');
    for (const on of ['c', 'step', 'next', 'finish', 'switch', 'point', 'event lock']) {
      await expect(type(on), on).rejects.toThrow(/^the run ends here/);
    }
    expect((await type('back')).stop?.lwp).toBe(1);
  });

  test('what was caught is kept until it is set otherwise', async () => {
    expect((await type('catch errno ENOENT')).text).toBe('catch errno ENOENT');
    const made = (await type('c')).stop;
    expect(made).toMatchObject({ reason: 'errno' });
    expect((await type('catch throw')).text).toBe('catch errno ENOENT\ncatch throw kernel');
    expect((await type('catch off')).text).toBe('Failures stop a run; nothing else is caught.');
    expect((await type('c')).stop?.reason).toBe('verdict');
  });

  test('a core and a recording of the moment are saved', async () => {
    await type('break stay');
    await type('c');
    const icount = target.stop?.icount;
    const core = folder.file('here.core');
    expect((await type(`save core ${core}`)).text).toBe(`a core of this moment is in ${core}`);
    const opened = await openCoreOf(core, INN);
    expect(opened.stop?.icount).toBe(icount);
    await opened.close();
    const missing = `save recording ${folder.file('none/x.rumpus')}`;
    await expect(type(missing)).rejects.toThrow(/cannot be written/);
  });
});

test('when a run has passed, commands say that nothing is left, and back leads into it', async () => {
  use(await openLive(HELLO));
  try {
    await target.move({ kind: 'start' });
    const { text, stop } = await type('c');
    expect(text).toBe(`passed\nicount ${String(stop?.icount).replace(/(?=...$)/, ',')}`);
    for (const look of ['ps', 'bt', 'show vnode', 'frame', 'locals', 'print 1', 'list', 'lwp 1']) {
      await expect(type(look), look).rejects.toThrow(/^the run is over/);
    }
    expect((await type('dmesg')).text).toBe('hello world');
    const last = (await type('back')).stop;
    expect(last).toMatchObject({ icount: stop?.icount, lwp: 1 });
    expect((await type('ps')).text).toMatch(/ running /);
  } finally {
    await target.close();
  }
});

test('a breakpoint that is set in a core is met on the way back from it', async () => {
  use(await openInn('core', folder));
  try {
    await type('break stay if nights === 2');
    const { text, stop } = await type('reverse-continue');
    expect(stop).toMatchObject({ breakpoints: [1], place: { lineBase1: LEFT } });
    expect(text).toContain('const left = 3 - nights;');
    expect((await type('print nights')).text).toBe('nights = 2');
  } finally {
    await target.close();
  }
});
