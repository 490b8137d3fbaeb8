/** Data breakpoints and the last write of a place, forwards and backwards. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { BreakpointPlace, DataInfo, Stop, Target } from '../../../debugger/target/index.ts';
import { openTarget } from '../../../debugger/target/open.ts';
import type { RunSpec } from '../../../debugger/index.ts';
import { openLive, openReplay } from './processes.ts';
import { SPEC, temporaryFolder } from './programs.ts';

const WATCHED = fileURLToPath(new URL('../programs/watched.ts', import.meta.url));
const KERNELS = fileURLToPath(new URL('../programs/kernels.ts', import.meta.url));
const SOURCE = readFileSync(WATCHED, 'utf8').split('\n');
const folder = temporaryFolder();
afterAll(() => folder.remove());

type Access = Extract<BreakpointPlace, { kind: 'data' }>['access'];

let target: Target;

afterEach(() => target.close());

const lineOf = (text: string): number => SOURCE.findIndex((line) => line.includes(text)) + 1;
const textAt = (stop: Stop): string => SOURCE[stop.place.lineBase1 - 1].trim();

/** Has the target stand at a line of the program. */
async function runTo(text: string): Promise<Stop> {
  const at = { kind: 'source', path: WATCHED, lineBase1: lineOf(text) } as const;
  await target.setBreakpoints([{ id: 1, at }]);
  const stop = await target.move({ kind: 'continue' });
  await target.setBreakpoints([]);
  return stop;
}

async function live(text: string): Promise<Stop> {
  target = await openLive(WATCHED);
  await target.move({ kind: 'start' });
  return runTo(text);
}

async function infoOf(expression: string): Promise<DataInfo> {
  const [frame] = await target.stack(target.stop?.lwp ?? 0);
  return target.dataInfo(expression, undefined, frame.id);
}

async function watch(expression: string, access: Access): Promise<string> {
  const { dataId, description } = await infoOf(expression);
  if (dataId === null) throw new Error(description);
  const [set] = await target.setBreakpoints([{ id: 7, at: { kind: 'data', dataId, access } }]);
  expect(set).toMatchObject({ id: 7, verified: true, message: '' });
  return dataId;
}

const go = () => target.move({ kind: 'continue' });
const goBack = () => target.move({ kind: 'reverse-continue' });

/** What a stop says of an access. */
function said(stop: Stop): string {
  const { reason, description, breakpoints } = stop;
  return `${reason} ${breakpoints.join()}: ${description}`;
}

async function onwards(times: number): Promise<string[]> {
  const lines: string[] = [];
  for (let i = 0; i < times; i++) lines.push(said(await go()));
  return lines;
}

async function backwards(times: number): Promise<string[]> {
  const lines: string[] = [];
  for (let i = 0; i < times; i++) {
    const stop = await goBack();
    lines.push(`${said(stop)} at ${textAt(stop)}`);
  }
  return lines;
}

describe('a field of an object', () => {
  it('stops a run after each write, whoever makes it', async () => {
    await live('yield* sys._lwp_create');
    await watch('counter.value', 'write');
    expect(await onwards(6)).toEqual([
      'data breakpoint 7: counter.value: 0 → 3',
      'data breakpoint 7: counter.value: 3 → 3',
      'data breakpoint 7: counter.value: 3 → 13',
      'data breakpoint 7: counter.value: 13 → 23',
      'data breakpoint 7: counter.value: 23 → 33',
      expect.stringContaining('verdict'),
    ]);
  });

  it('stops when its value changes, with what it was and is, after the statement', async () => {
    await live('counter.value = computed(1)');
    await watch('counter.value', 'change');
    const stop = await go();
    expect(stop.change).toMatchObject({ name: 'counter.value', before: '0', after: '3' });
    expect(textAt(stop)).toBe('counter.value = 3;');
    expect((await go()).change).toMatchObject({ before: '3', after: '13', access: 'write' });
  });

  it('stops when it is read', async () => {
    await live('other.value = 99');
    await watch('counter.value', 'read');
    expect(await onwards(1)).toEqual(['data breakpoint 7: counter.value read: 3']);
    expect(textAt(target.stop as Stop)).toBe('yield* nap();');
  });

  it('stops a run that goes back before the statement that makes the access', async () => {
    await live('for (let i = 0; i < 4');
    await watch('counter.value', 'write');
    expect(await backwards(6)).toEqual([
      'data breakpoint 7: counter.value: 13 → 23 at counter.value += 10;',
      'data breakpoint 7: counter.value: 3 → 13 at counter.value += 10;',
      'data breakpoint 7: counter.value: 3 → 3 at counter.value = 3;',
      'data breakpoint 7: counter.value: 0 → 3 at counter.value = computed(1);',
      "data breakpoint 7: counter.value: nothing → 0 at const counter = new Counter('watched');",
      "start : the beginning of the program at const counter = new Counter('watched');",
    ]);
  });

  it('has a last and a next write without a breakpoint', async () => {
    await live('fill(shelf, counter)');
    const { dataId } = await infoOf('counter.value');
    const move = (goesBack: boolean) =>
      target.move({ kind: 'write', backwards: goesBack, dataId: dataId ?? '' });
    expect(textAt(await move(true))).toBe('counter.value += 10;');
    expect(textAt(await move(true))).toBe('counter.value = 3;');
    expect(said(await move(false))).toContain('counter.value: 3 → 3');
    expect(said(await move(false))).toContain('counter.value: 3 → 13');
  });

  it('is that of one object: others have fields of the same name', async () => {
    await live('other.value = 99');
    await watch('other.value', 'write');
    expect(await onwards(2)).toEqual([
      'data breakpoint 7: other.value: 0 → 99',
      expect.stringContaining('verdict'),
    ]);
  });

  it('may be of an object that was made after the first stop', async () => {
    await live('shelf.late.value = 1');
    await watch('shelf.late.value', 'change');
    expect(said(await go())).toContain('0 → 1');
    await goBack();
    expect(textAt(await goBack())).toBe("shelf.late = new Counter('late');");
  });
});

describe('elements and entries', () => {
  it('an element of an array', async () => {
    await live('fill(shelf, counter)');
    await watch('shelf.slots[2]', 'write');
    expect(said(await go())).toBe('data breakpoint 7: shelf.slots[2]: 0 → 5');
    expect(textAt(await goBack())).toBe('shelf.slots[2] = 5;');
  });

  it('an entry of a map, until it is deleted', async () => {
    await live('fill(shelf, counter)');
    await watch('shelf.labels["a"]', 'change');
    expect(await onwards(2)).toEqual([
      'data breakpoint 7: shelf.labels.get("a"): 1 → 2',
      'data breakpoint 7: shelf.labels.get("a"): 2 → nothing',
    ]);
    await goBack();
    expect(textAt(await goBack())).toBe("shelf.labels.set('a', 2);");
  });

  it('an entry of a map by an object', async () => {
    await live('fill(shelf, counter)');
    const [frame] = await target.stack(target.stop?.lwp ?? 0);
    const owners = await target.evaluate('shelf.owners', {
      frame: frame.id,
      sideEffects: 'refused',
    });
    const [entry] = await target.variables(owners.handle, { filter: 'indexed' });
    const { dataId } = await target.dataInfo('value', entry.handle);
    await target.setBreakpoints([
      { id: 7, at: { kind: 'data', dataId: dataId ?? '', access: 'write' } },
    ]);
    expect(said(await go())).toContain(': 0 → 1');
    await goBack();
    expect(textAt(await goBack())).toBe('shelf.owners.set(counter, 0);');
  });

  it('a byte of a buffer is compared, and says so', async () => {
    await live('fill(shelf, counter)');
    const { accesses, description } = await infoOf('shelf.bytes[3]');
    expect(accesses).toEqual(['change']);
    expect(description).toContain('compared at every statement');
    await watch('shelf.bytes[3]', 'change');
    expect(said(await go())).toContain('shelf.bytes[3]: 0 → 7');
    expect(textAt(await goBack())).toBe('shelf.bytes[3] = 7;');
  });
});

describe('the kernel', () => {
  it('a field of one of its records', async () => {
    await live('yield* sys.write');
    const at = { kind: 'function', name: 'write' } as const;
    await target.setBreakpoints([{ id: 1, at }]);
    await go();
    const [lwp] = await target.lwps();
    const { handle } = await target.evaluate(`lwp(${lwp.id})`, { sideEffects: 'refused' });
    const { dataId, description } = await target.dataInfo('stat', handle);
    expect(description).toBe(`lwp(${lwp.id}).stat`);
    await target.setBreakpoints([
      { id: 7, at: { kind: 'data', dataId: dataId ?? '', access: 'change' } },
    ]);
    const stop = await go();
    expect(stop.reason).toBe('data breakpoint');
    expect(stop.place.path).toContain('rumpus/kernel/');
  });
});

describe('a world of several kernels', () => {
  /** Standing in the first write of a file system's record, whichever kernel it is of. */
  async function inResize(strategy: RunSpec['strategy'], seed: number): Promise<string> {
    const spec = { ...SPEC, strategy, seed };
    target = await openTarget({ kind: 'live', program: KERNELS, spec });
    await target.move({ kind: 'start' });
    await target.setBreakpoints([{ id: 1, at: { kind: 'function', name: 'tmpfs_reg_write' } }]);
    const { lwp } = await go();
    const kernel = (await target.lwps()).find(({ id }) => id === lwp)?.kernel ?? '';
    const { dataId } = await infoOf('node.size');
    await target.setBreakpoints([
      { id: 7, at: { kind: 'data', dataId: dataId ?? '', access: 'change' } },
    ]);
    return kernel;
  }

  /** Changes of the one file's size, up to the end of the run, and by which kernel. */
  async function changes(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const stop = await go();
      if (stop.change === null) return lines;
      lines.push(`${stop.change.icount} ${stop.change.before} → ${stop.change.after}`);
    }
  }

  it.each([
    ['default', 1],
    ['random', 3],
    ['random', 4],
    ['pct', 5],
  ] as const)('changes of one file are those of its kernel: %s %i', async (strategy, seed) => {
    const kernel = await inResize(strategy, seed);
    const length = kernel === 'left' ? 11 : 5;
    const seen = await changes();
    const values = seen.map((line) => line.replace(/^\d+ /, ''));
    expect(values).toEqual([
      `0 → ${length}`,
      `${length} → ${2 * length}`,
      `${2 * length} → ${3 * length}`,
      `${3 * length} → ${length}`,
    ]);
    // Going back meets the same ones, in the other order.
    const back: string[] = [];
    for (let stop = await goBack(); stop.change !== null; stop = await goBack()) {
      back.push(`${stop.change.icount} ${stop.change.before} → ${stop.change.after}`);
    }
    expect(back.slice(0, 4)).toEqual(seen.reverse());
  });
});

describe('an image that tells of accesses', () => {
  /** The recording of a whole run, which has the digest of what it did. */
  async function recordingOf(program: string, seed: number, fields: string[]): Promise<Buffer> {
    const spec = { ...SPEC, strategy: 'random', seed } as const;
    target = await openTarget({ kind: 'live', program, spec, fields });
    await target.move({ kind: 'start' });
    if (fields.length > 0) {
      const owner = await target.evaluate('kernel', { sideEffects: 'refused' });
      const [array] = (await target.variables(owner.handle)).filter(({ type }) => type === 'Array');
      const { dataId } = await target.dataInfo('[0]', array.handle);
      const at = { kind: 'data', dataId: dataId ?? '', access: 'write' } as const;
      const [set] = await target.setBreakpoints([{ id: 7, at }]);
      expect(set).toMatchObject({ verified: true });
      await target.setBreakpoints([]);
    }
    await go();
    const file = folder.file(`image${fields.length}.rumpus`);
    await target.saveRecording(file);
    await target.close();
    return readFileSync(file);
  }

  it.each([
    [WATCHED, 2],
    [KERNELS, 3],
  ])('runs as any other: %#', async (program, seed) => {
    const fields = [
      'size',
      'stat',
      'type',
      'flags',
      'name',
      'proc',
      'kernel',
      'value',
      'cpu',
      'fp',
    ];
    const told = await recordingOf(program, seed, fields);
    expect(told.equals(await recordingOf(program, seed, []))).toBe(true);
  });
});

describe('a failure', () => {
  it('is where what led to it can be looked for', async () => {
    await live('yield* sys._lwp_create');
    const verdict = await go();
    expect(verdict.reason).toBe('verdict');
    const stack = await target.stack(verdict.lwp);
    const main = stack.find((frame) => frame.path.endsWith('watched.ts'));
    const { dataId } = await target.dataInfo('counter.value', undefined, main?.id);
    const stop = await target.move({ kind: 'write', backwards: true, dataId: dataId ?? '' });
    expect(textAt(stop)).toBe('counter.value += 10;');
    expect(stop.change).toMatchObject({ before: '23', after: '33' });
  });

  it('and what a user wrote belongs to the run', async () => {
    await live('fill(shelf, counter)');
    const [frame] = await target.stack(target.stop?.lwp ?? 0);
    await target.setExpression('counter.value', '500', frame.id);
    await watch('counter.value', 'change');
    expect(said(await go())).toContain('500 → 510');
    expect((target.stop as Stop).diverted).toBe(true);
  });
});

describe('what is refused', () => {
  it.each([
    ['seen', /variable/],
    ['shelf.total', /computed|there is no/],
    ['counter.nothing', /there is no/],
    ['1 + 2', /path/],
  ])('%s', async (expression, why) => {
    await live('fill(shelf, counter)');
    const told = await infoOf(expression).catch(({ message }: Error) => ({
      dataId: null,
      description: message,
    }));
    expect(told.dataId).toBeNull();
    expect(told.description).toMatch(why);
  });
});

describe('what names no place', () => {
  it('is told of, and hinders nothing else', async () => {
    await live('counter.value = computed(1)');
    const { dataId } = await infoOf('counter.value');
    const answers = await target.setBreakpoints([
      { id: 7, at: { kind: 'data', dataId: dataId ?? '', access: 'change' } },
      { id: 8, at: { kind: 'data', dataId: 'nonsense', access: 'change' } },
      { id: 9, at: { kind: 'data', dataId: dataId ?? '', access: 'change' }, condition: 'a > 1' },
    ]);
    expect(answers.map(({ id, verified }) => [id, verified])).toEqual([
      [7, true],
      [8, false],
      [9, false],
    ]);
    expect(said(await go())).toContain('0 → 3');
    const move = target.move({ kind: 'write', backwards: true, dataId: 'nonsense' });
    await expect(move).rejects.toThrow('names no place');
    expect(said(await go())).toContain('3 → 13');
  });
});

describe('the process that takes over', () => {
  it('stands where the other did, and prints nothing again', async () => {
    const stop = await live('fill(shelf, counter)');
    const before = await target.stack(stop.lwp);
    const lines: string[] = [];
    let isTold = false;
    target.events = {
      output: ({ text }) => lines.push(text),
      renumbered: () => {
        isTold = true;
      },
    };
    await watch('counter.value', 'write');
    expect(target.stop).toEqual(stop);
    const places = (frames: typeof before) =>
      frames.map(({ function: name, lineBase1, columnBase0 }) => [name, lineBase1, columnBase0]);
    const after = await target.stack(stop.lwp);
    expect(places(after)).toEqual(places(before));
    expect(lines).toEqual([]);
    expect(isTold).toBe(true);
  });

  it('makes the same run, which may be a recording', async () => {
    await live('fill(shelf, counter)');
    const end = await go();
    const file = folder.file('watched.rumpus');
    await target.saveRecording(file);
    await target.close();
    target = await openReplay(file, WATCHED);
    await target.move({ kind: 'start' });
    await runTo('fill(shelf, counter)');
    await watch('counter.value', 'change');
    await target.setBreakpoints([]);
    expect(await go()).toMatchObject({ icount: end.icount, description: end.description });
  });
});
