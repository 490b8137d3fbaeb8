/**
 * What is leaked or used after it was freed is reported with the statement that called kmem(9) or
 * pool(9): the lines of each program here that end in `// here`, in their order.
 */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  DEFAULT_SPEC,
  execute,
  hunt,
  loadProgram,
  recordingOf,
  replay,
  scheduleSeed,
} from '../../debugger/index.ts';

const folder = join(mkdtempSync(join(tmpdir(), 'rumpus-callers-')), 'work');
mkdirSync(folder);

const HEAD = `import { curkernel, KM_SLEEP, kmem_alloc, kmem_free, PR_WAITOK, pool_cache_get,
  pool_cache_init, pool_get, pool_init, pool_put, program, kmem_zalloc, preempt } from 'rumpus';
class Node { next: Node | null = null; }
const nodes = () => pool_init(curkernel(), 'node', 100, () => new Node());
`;

interface Case {
  readonly claim: string;
  readonly module?: string;
  readonly options?: string;
  readonly main: string;
}

const LEAKS: readonly Case[] = [
  {
    claim: "the program's main",
    main: `const pp = nodes();
yield* pool_get(pp, PR_WAITOK); // here
yield* kmem_alloc(64, KM_SLEEP); // here
yield* sys.getpid();`,
  },
  { claim: 'a loop', main: 'for (let i = 0; i < 3; i++) yield* kmem_zalloc(8, KM_SLEEP); // here' },
  {
    claim: 'a statement of several lines',
    main: `const bytes = (yield* kmem_alloc( // here
  64,
  KM_SLEEP,
  'bytes',
))!;
bytes;`,
  },
  {
    claim: 'a helper of the program',
    module: `function* helper() {
  return yield* pool_cache_get(pool_cache_init(curkernel(), 'pc', 8, () => ({})), PR_WAITOK); // here
}`,
    main: 'yield* helper();',
  },
  {
    claim: 'a function that is no generator',
    module: `function plain(size: number) {
  return kmem_alloc(size, KM_SLEEP); // here
}
const arrow = () =>
  kmem_alloc(8, KM_SLEEP); // here`,
    main: 'yield* plain(16);\nyield* arrow();',
  },
  {
    claim: 'a component, which starts before main',
    module: `function* start() {
  yield* kmem_alloc(100, KM_SLEEP, 'softc'); // here
}`,
    options: "components: [{ name: 'disk', requires: [], start }]",
    main: '',
  },
  {
    claim: 'an LWP that had to wait for the memory',
    options: 'memlimitBytes: 100_000',
    main: `const big = (yield* kmem_alloc(90_000, KM_SLEEP))!;
const child = yield* sys._lwp_create(function* () {
  yield* kmem_alloc( // here
    50_000,
    KM_SLEEP,
    'small',
  );
});
yield* sys.nanosleep(1e6);
kmem_free(big, 90_000);
yield* sys._lwp_wait(child);`,
  },
  {
    claim: 'a pool of a kernel whose memory is limited',
    options: 'memlimitBytes: 1000',
    main: `const pp = nodes();
yield* pool_get( // here
  pp,
  PR_WAITOK,
);`,
  },
  {
    claim: 'a function that was called through a variable',
    main: 'const get = pool_get;\nyield* get(nodes(), PR_WAITOK); // here',
  },
];

const FREED: readonly Case[] = [
  {
    claim: "the program's main",
    main: `const pp = nodes();
const node = (yield* pool_get(pp, PR_WAITOK))!;
pool_put(pp, node); // here
node.next = null;`,
  },
  {
    claim: 'a function of the program',
    module: `function put(pp: ReturnType<typeof nodes>, node: Node) {
  if (node.next === null) pool_put(pp, node); // here
}`,
    main: `const pp = nodes();
const node = (yield* pool_get(pp, PR_WAITOK))!;
put(pp, node);
void node.next;`,
  },
];

function source({ module = '', options = 'components: []', main }: Case): string {
  return `${HEAD}${module}\nexport default program({ ${options} }, function* main(sys) {\nsys;\n${main}\n});\n`;
}

/** The program in a file, with the places that are to be named. */
async function written(name: string, one: Case) {
  const text = source(one);
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, text);
  const lines = text.split('\n').flatMap((line, at) => (line.endsWith('// here') ? [at + 1] : []));
  const places = lines.map((line) => `work/${name}.ts:${line}`);
  return { loaded: await loadProgram(file), places };
}

function placesIn(message: string): string[] {
  return [...message.matchAll(/(?:allocated|freed) at (\S+?)[),]* /g)].map(([, place]) => place);
}

for (const [index, one] of LEAKS.entries()) {
  test(`a leak is reported at the statement that allocated: ${one.claim}`, async () => {
    const { loaded, places } = await written(`leak${index}`, one);
    const { outcome } = execute(loaded, DEFAULT_SPEC);
    expect(outcome.verdict).toBe('leak');
    expect(placesIn(outcome.message)).toEqual(places);
  });
}

for (const [index, one] of FREED.entries()) {
  test(`a use after free is reported with the statement that freed: ${one.claim}`, async () => {
    const { loaded, places } = await written(`freed${index}`, one);
    const { outcome } = execute(loaded, DEFAULT_SPEC);
    expect(outcome.verdict).toBe('use-after-free');
    expect(placesIn(outcome.message)).toEqual(places);
  });
}

test('a leak that a hunt found names its statement, and replays with the same digest', async () => {
  const { loaded, places } = await written('hunted', {
    claim: 'one schedule in some',
    main: `let first = 0;
const child = yield* sys._lwp_create(function* () {
  yield* preempt();
  if (first === 1) yield* kmem_alloc(64, KM_SLEEP); // here
});
first = 1;
yield* preempt();
first = 2;
yield* sys._lwp_wait(child);`,
  });
  const { bugs } = await hunt(loaded, DEFAULT_SPEC, { schedules: 500, workers: 1 });
  const found = bugs[0]?.found;
  expect(found?.verdict).toBe('leak');
  const spec = { ...DEFAULT_SPEC, seed: scheduleSeed(DEFAULT_SPEC.seed, found?.index ?? -1) };
  const run = execute(loaded, spec);
  expect(placesIn(run.outcome.message)).toEqual(places);
  const again = replay(loaded, recordingOf(loaded, spec, run));
  expect(again.divergence).toBe(null);
  expect(again.run.outcome.message).toBe(run.outcome.message);
});
