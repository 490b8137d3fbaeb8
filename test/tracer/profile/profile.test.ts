import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DEFAULT_SPEC, execute, type LoadedProgram, loadProgram } from '../../../debugger/index.ts';
import { current, type Observer, type World } from '../../../kernel/index.ts';
import {
  childOf,
  currentStack,
  flamegraphHtml,
  foldedText,
  functionTotals,
  graphData,
  Profiler,
  ProfileNode,
  totalOf,
} from '../../../tracer/index.ts';

const programs = fileURLToPath(new URL('../../tui/programs', import.meta.url));

function profiled(loaded: LoadedProgram, seed: number): { profiler: Profiler; icount: number } {
  const profiler = new Profiler();
  const spec = { ...DEFAULT_SPEC, seed };
  const run = execute(loaded, spec, {
    observer: profiler.observer,
    prepare: (w) => profiler.prepare(w),
  });
  profiler.finish(run.outcome.icount);
  return { profiler, icount: run.outcome.icount };
}

test('the counts of a profile add up to the icount of its run', async () => {
  for (const name of ['hello.ts', 'works.ts', 'abba.ts', 'kassert.ts', 'throws.ts', 'endless.ts']) {
    const loaded = await loadProgram(resolve(programs, name));
    for (const seed of [1, 2, 3]) {
      const { profiler, icount } = profiled(loaded, seed);
      expect(totalOf(profiler.root), `${name} ${seed}`).toBe(icount);
    }
  }
});

test('two profiles of the same run are the same text', async () => {
  const loaded = await loadProgram(resolve(programs, 'works.ts'));
  const first = foldedText(profiled(loaded, 1).profiler.root);
  expect(foldedText(profiled(loaded, 1).profiler.root)).toBe(first);
});

/** Functions of the scheduler and of this test, and one of the kernel: they count nothing. */
const NOT_PROGRAM = /^(reached|hit|hitYield|marked)$/;

/** The oracle: the host's own stack at every count, by function name. */
function stackCounts(loaded: LoadedProgram): Map<string, number> {
  const counts = new Map<string, number>();
  let world: World | null = null;
  const observer: Observer = {
    reached: (icount) => {
      world!.watchStop = icount + 1;
      if (current.lwp === null) return;
      const names = currentStack()
        .map((frame) => lastName(frame.function))
        .filter((name) => !NOT_PROGRAM.test(name));
      const key = names.reverse().join(';');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  };
  execute(loaded, DEFAULT_SPEC, {
    observer,
    prepare: (w) => {
      world = w;
      w.watchStop = w.icount + 1;
    },
  });
  return counts;
}

/** Engines and the compiler name nested functions differently; the last part is the same. */
function lastName(name: string): string {
  const own = name.replace(/\.constructor$/, '');
  const last = own.slice(own.lastIndexOf('.') + 1);
  return /^(<anonymous>|\(anonymous\))?$/.test(last) ? '' : last;
}

test("each stack is the one that the host has there: the profiler's shortcut is exact", async () => {
  const loaded = await loadProgram(resolve(programs, 'works.ts'));
  const expected = stackCounts(loaded);
  const actual = new Map<string, number>();
  for (const line of foldedText(profiled(loaded, 1).profiler.root).trim().split('\n')) {
    const [stack, count] = line.split(/ (?=\d+$)/);
    const [root, ...functions] = stack.split(';');
    if (!root.startsWith('main#')) continue;
    const key = functions.map(lastName).join(';');
    actual.set(key, (actual.get(key) ?? 0) + Number(count));
  }
  expect(actual.get('runMain;main;worker;twice;leaf')).toBeGreaterThan(100);
  expect([...actual].sort()).toEqual([...expected].sort());
});

/** a calls b twice over, b calls itself. */
function smallTree(): ProfileNode {
  const root = new ProfileNode('all', null);
  const a = childOf(childOf(root, 'main#1'), 'a');
  a.self = 2;
  const b = childOf(a, 'b');
  b.self = 3;
  childOf(b, 'b').self = 4;
  childOf(a, 'c;d\n').self = 1;
  return root;
}

test('folded text is one line a stack, names made safe (flamegraph.pl)', () => {
  expect(foldedText(smallTree())).toBe(
    'main#1;a 2\nmain#1;a;b 3\nmain#1;a;b;b 4\nmain#1;a;c_d_ 1\n',
  );
});

test('a recursive function counts once in its total', () => {
  expect(functionTotals(smallTree())).toEqual([
    { name: 'b', self: 7, total: 7 },
    { name: 'a', self: 2, total: 10 },
    { name: 'c;d\n', self: 1, total: 1 },
  ]);
});

test('a node of the graph is worth its own counts and its children', () => {
  const data = graphData(smallTree());
  expect(data.value).toBe(10);
  expect(data.children[0].children[0]).toMatchObject({ name: 'a', value: 10 });
});

test('no name can leave its place in the page', () => {
  const root = new ProfileNode('all', null);
  childOf(root, '</script><script>alert(1)</script>').self = 1;
  const title = '<img src=x onerror=alert(1)>';
  const html = flamegraphHtml(root, { title, subtitle: '&"', unit: 'x', script: '', style: '' });
  expect(html).not.toContain('alert(1)</script>');
  expect(html).not.toContain('<img');
  expect(html).toContain('&#60;img');
});
