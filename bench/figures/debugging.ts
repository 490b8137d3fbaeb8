/**
 * The debugger as an editor meets it: `rumpus dap` over stdio, from a request to its `stopped`
 * event and the stack that an editor asks for then. The program does system calls on a file system.
 */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Adapter, atEntry, launch } from '../adapter.ts';
import { bestOf, type Figure, type Images, percentile, type Target } from '../figure.ts';
import { PlainSteps } from '../plain-steps.ts';
import { refreshDist } from './startup.ts';

const LAUNCHES = 8;
const STEPS = 40;
const JUMPS = 12;
const LOOKS = 8;
const SLEEPERS = 200;
/** A round is about 2,300 statements and calls `sum` twice. */
const ROUNDS = 5000;

interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
}

interface Debuggee {
  readonly adapter: Adapter;
  readonly program: string;
  /** The line of the program that has a text. */
  line(text: string): number;
}

/** A new adapter, closed when `body` is done. */
async function debugging<T>(images: Images, body: (d: Debuggee) => Promise<T>): Promise<T> {
  refreshDist(images.root);
  const program = resolve(images.root, 'bench/programs/debugged.ts');
  const lines = readFileSync(program, 'utf8').split('\n');
  const line = (text: string) => lines.findIndex((one) => one.includes(text)) + 1;
  const adapter = new Adapter(images.root);
  try {
    return await body({ adapter, program, line });
  } finally {
    await adapter.close();
  }
}

/** Host time, ms. */
async function timed(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

async function frames({ adapter }: Debuggee, threadId = 1): Promise<Frame[]> {
  return (await adapter.ask<{ stackFrames: Frame[] }>('stackTrace', { threadId })).stackFrames;
}

/** A motion, and the stack that is asked for when it stops. */
function moved(d: Debuggee, command: string, args: object = { threadId: 1 }): Promise<number> {
  return timed(async () => {
    await d.adapter.move(command, args);
    await frames(d);
  });
}

function setBreakpoint({ adapter, program }: Debuggee, lines: readonly number[]): Promise<unknown> {
  const breakpoints = lines.map((line) => ({ line }));
  return adapter.ask('setBreakpoints', { source: { path: program }, breakpoints });
}

async function measureLaunch(images: Images, from: 'request' | 'process'): Promise<number[]> {
  const windows: number[] = [];
  for (let i = 0; i <= LAUNCHES; i++) {
    const start = performance.now();
    await debugging(images, async ({ adapter, program }) => {
      await adapter.ask('initialize', { adapterID: 'rumpus', pathFormat: 'path' });
      const requested = performance.now();
      await launch(adapter, program, ['10', '0']);
      windows.push(performance.now() - (from === 'request' ? requested : start));
    });
  }
  // The first may have had to compile the program.
  return windows.slice(1);
}

/** The same step again and again, from the same line. */
async function measureSteps(images: Images, how: 'next' | 'stepIn' | 'stepOut'): Promise<number[]> {
  return debugging(images, async (d) => {
    await atEntry(d.adapter, d.program, [String(STEPS + 8), '0']);
    await setBreakpoint(d, [d.line('yield* sys.open(')]);
    const windows: number[] = [];
    for (let i = 0; i < STEPS; i++) {
      await d.adapter.move('continue');
      if (how === 'stepOut') await d.adapter.move('stepIn');
      windows.push(await moved(d, how));
    }
    return windows;
  });
}

/** Our step and the engine's steps, in turns, from the same line. */
async function measureBeside(images: Images, how: 'next' | 'stepIn') {
  const args = [String(STEPS + 8), '0'];
  return debugging(images, async (d) => {
    const line = d.line('yield* sys.open(');
    await atEntry(d.adapter, d.program, args);
    await setBreakpoint(d, [line]);
    const plain = await PlainSteps.start(images, 'debugged', args);
    try {
      await plain.runTo(line);
      const [ours, theirs]: [number[], number[]] = [[], []];
      let steps = 0;
      for (let i = 0; i < STEPS; i++) {
        await d.adapter.move('continue');
        ours.push(await moved(d, how));
        const { name } = (await frames(d))[0];
        theirs.push(
          await timed(async () => {
            steps = await (how === 'next' ? plain.stepOverLine() : plain.stepInto(name));
          }),
        );
        await plain.resume();
      }
      const best = bestOf(ours, undefined) / bestOf(theirs, undefined);
      const windows = ours.map((ms, i) => ms / theirs[i]);
      return { windows, best, ratio: best, against: `${steps} steps of the engine` };
    } finally {
      await plain.close();
    }
  });
}

async function measureBack(images: Images, icount: number): Promise<number[]> {
  return debugging(images, async (d) => {
    await atEntry(d.adapter, d.program, [String(ROUNDS), '0']);
    await d.adapter.move('rumpus/goto', { icount });
    const windows: number[] = [];
    for (let i = 0; i < JUMPS; i++) windows.push(await moved(d, 'stepBack'));
    return windows;
  });
}

async function measureReverse(images: Images): Promise<number[]> {
  return debugging(images, async (d) => {
    await atEntry(d.adapter, d.program, [String(ROUNDS), '0']);
    await setBreakpoint(d, [d.line('sys._exit(0)')]);
    await d.adapter.move('continue');
    await setBreakpoint(d, [d.line('let total = 0; // of a part')]);
    const windows: number[] = [];
    for (let i = 0; i < JUMPS / 2; i++) windows.push(await moved(d, 'reverseContinue'));
    return windows;
  });
}

/** Stacks of all LWPs and the locals of their innermost frames, asked for all at once. */
async function look(d: Debuggee): Promise<void> {
  const { threads } = await d.adapter.ask<{ threads: { id: number }[] }>('threads');
  const stacks = await Promise.all(threads.map(({ id }) => frames(d, id)));
  if (stacks.length <= SLEEPERS) throw new Error(`only ${stacks.length} LWPs are there`);
  const locals = stacks.map(async ([{ id }]) => {
    const { scopes } = await d.adapter.ask<{
      scopes: { name: string; variablesReference: number }[];
    }>('scopes', { frameId: id });
    const { variablesReference } = scopes[0];
    if (variablesReference > 0) await d.adapter.ask('variables', { variablesReference });
  });
  await Promise.all(locals);
}

async function measureStacks(images: Images): Promise<number[]> {
  return debugging(images, async (d) => {
    await atEntry(d.adapter, d.program, [String(LOOKS + 4), String(SLEEPERS)]);
    await setBreakpoint(d, [d.line('yield* sys.open(')]);
    const windows: number[] = [];
    for (let i = 0; i < LOOKS; i++) {
      await d.adapter.move('continue');
      windows.push(await timed(() => look(d)));
    }
    return windows;
  });
}

/** A figure whose verdict is the median: what an editor's user meets. */
function figure(
  name: string,
  target: Target | undefined,
  measure: (images: Images) => Promise<readonly number[]>,
): Figure {
  return {
    name,
    unit: 'ms',
    target,
    async measure(images) {
      const windows = await measure(images);
      return {
        windows,
        best: percentile(
          [...windows].sort((a, b) => a - b),
          0.5,
        ),
      };
    },
  };
}

function beside(name: string, how: 'next' | 'stepIn'): Figure {
  return {
    name,
    unit: '×',
    target: { atMost: 2 },
    measure: (images) => measureBeside(images, how),
  };
}

export const debuggingFigures: readonly Figure[] = [
  figure('debugger: launch to the first stop', { atMost: 400 }, (images) =>
    measureLaunch(images, 'request'),
  ),
  figure('debugger: the same, with the start of the adapter', undefined, (images) =>
    measureLaunch(images, 'process'),
  ),
  figure('debugger: step over, with stack', { atMost: 15 }, (images) =>
    measureSteps(images, 'next'),
  ),
  figure('debugger: step in, with stack', { atMost: 15 }, (images) =>
    measureSteps(images, 'stepIn'),
  ),
  figure('debugger: step out, with stack', { atMost: 15 }, (images) =>
    measureSteps(images, 'stepOut'),
  ),
  beside('debugger: step over beside single steps', 'next'),
  beside('debugger: step into a system call beside single steps', 'stepIn'),
  figure('debugger: step back at icount 1 M', { atMost: 50 }, (images) => measureBack(images, 1e6)),
  figure('debugger: step back at icount 10 M', { atMost: 300 }, (images) =>
    measureBack(images, 1e7),
  ),
  figure('debugger: reverse continue over 10 M statements', { atMost: 1500 }, measureReverse),
  figure('debugger: stacks and locals of 200 LWPs', { atMost: 100 }, measureStacks),
];
